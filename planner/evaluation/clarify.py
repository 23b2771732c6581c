"""`orchestra eval clarify`: tell vague tasks from clear ones, and score the verdicts."""

from collections.abc import Sequence

from pydantic import JsonValue

from planner.evaluation.cases import Case, VagueGold, matched
from planner.evaluation.scores import VagueScores, score_vague
from planner.experience.vagueness import Judgement, VagueJudge


def verdicts(judge: VagueJudge, cases: Sequence[Case]) -> dict[str, Judgement]:
    """A verdict per case, by its id."""
    return {case.id: judge.judge(case.request) for case in cases}


def verdict_rows(found: dict[str, Judgement]) -> list[dict[str, JsonValue]]:
    """A row per case: `{"id", "vague"}`."""
    return [{"id": name, "vague": verdict.vague} for name, verdict in found.items()]


def score_verdicts(found: dict[str, Judgement], gold: Sequence[VagueGold]) -> VagueScores:
    """The figures over the gold cases. Raises BadInput where one was not judged."""
    pairs = matched(found, gold)
    return score_vague([ours.vague for ours, _ in pairs], [theirs.vague for _, theirs in pairs])
