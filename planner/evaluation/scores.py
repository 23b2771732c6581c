"""The figures of an evaluation."""

from collections.abc import Collection, Hashable, Sequence
from math import ceil

from memory.model.base import Model


class PlanScores(Model):
    """Mean F1 of tools and links, in per cent."""

    cases: int
    node_f1: float
    edge_f1: float


class VagueScores(Model):
    """How well vague tasks are told from clear ones, in per cent."""

    cases: int
    balanced_accuracy: float
    precision: float
    recall: float


def f1(predicted: Collection[Hashable], gold: Collection[Hashable]) -> float:
    """The F1 of two sets; 1 where both are empty."""
    ours, theirs = set(predicted), set(gold)
    if not ours and not theirs:
        return 1.0
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


def score_vague(predicted: Sequence[bool], gold: Sequence[bool]) -> VagueScores:
    """Compare verdicts case by case; a class without cases counts as fully right."""
    pairs = list(zip(predicted, gold, strict=True))
    hits = sum(ours and theirs for ours, theirs in pairs)
    vague = sum(gold)
    clear_hits = sum(not ours and not theirs for ours, theirs in pairs)
    clear = len(pairs) - vague
    recall = hits / vague if vague else 1.0
    clear_recall = clear_hits / clear if clear else 1.0
    called = sum(predicted)
    return VagueScores(
        cases=len(pairs),
        balanced_accuracy=50 * (recall + clear_recall),
        precision=100 * hits / called if called else 0.0,
        recall=100 * recall,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of the values do not exceed; 0 without values."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, max(0, ceil(share * len(ordered)) - 1))]
