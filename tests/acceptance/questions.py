"""Questions to other people's files, written by people who never saw the bot, with the SQL of the answers.

Each goes through `Planner.plan` without a model and through the real tools. A question back is followed by its
default, and where that is wrong by its other options.
"""

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from memory.model.errors import OrchestraError
from memory.model.work.value import Table
from planner.service import Planner
from tests.acceptance.cases import DATA, Case, Score, Verdict, keep, share
from tests.acceptance.numbers import Row, database_of, gives_any
from tests.conftest import SetClock
from tests.flows.jobs import Jobs, Outcome

SETS = DATA / "questions"
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


async def measure(folder: Path, every: int = 1) -> tuple[Score, ...]:
    """What part is right at once, right after a question back, wrong in silence, or refused."""
    verdicts: list[Verdict] = []
    async with Planner(folder / "plans.db", (), None, None, SetClock(NOW)) as planner:
        for place in sorted(path.parent for path in SETS.glob("*/*/q.jsonl")):
            root = folder / f"{place.parent.name}-{place.name}"
            shutil.copytree(place / "files", root)
            asked = Asked(planner, root)
            cases = [json.loads(line) for line in (place / "q.jsonl").read_text().splitlines()]
            verdicts += [await asked.verdict(case) for case in cases[::every]]
    keep("questions", verdicts)
    of = len(verdicts)
    return (
        Score("questions: right at once, %", share(verdicts, "right"), of),
        Score("questions: right, or among what is asked back, %",
              share(verdicts, "right", "right default", "right option"), of, least=80),
        Score("questions: wrong in silence, %", share(verdicts, "wrong"), of, most=0),
        Score("questions: asked back without a right option, %", share(verdicts, "asked"), of),
        Score("questions: broken, %", share(verdicts, "broken"), of, most=0),
        Score("questions: refused, %", share(verdicts, "refused"), of, most=5),
    )  # fmt: skip


class Asked:
    """The questions to one folder of files."""

    def __init__(self, planner: Planner, root: Path) -> None:
        self._planner = planner
        self._root = root
        self._truth = database_of(root)

    async def verdict(self, case: Case) -> Verdict:
        """What became of a question."""
        words = case["text"]
        try:
            return await self._judged(words, case)
        except OrchestraError as error:
            return Verdict(self._root.name, words, "broken", "", error.user_text)

    async def _judged(self, words: str, case: Case) -> Verdict:
        outcome = await self._done(words)
        gold = [self._truth.execute(sql).fetchall() for sql in case.get("sql", ())]
        said = outcome.told or "; ".join(question for question, _ in outcome.questions)
        if not gold:  # a question back, or a refusal, is what was wanted
            back = bool(outcome.questions) or outcome.plan is None
            return Verdict(self._root.name, words, "right" if back else "wrong", "none", said)
        return Verdict(self._root.name, words, await self._of(words, outcome, gold), "", said)

    async def _of(self, words: str, outcome: Outcome, gold: Sequence[Sequence[Row]]) -> str:
        if _is_right(outcome, gold):
            return "right default" if outcome.questions else "right"
        if not outcome.questions:
            return "wrong" if outcome.plan is not None else "refused"
        for option in outcome.questions[0][1]:
            if _is_right(await self._done(words, option), gold):
                return "right option"
        return "asked"

    async def _done(self, words: str, first: str = "") -> Outcome:
        """The request done, with this answer to its first question and the defaults of others."""
        return await Jobs(self._root, self._planner, SetClock(NOW)).do(words, first)


def _is_right(outcome: Outcome, gold: Sequence[Sequence[Row]]) -> bool:
    return gives_any(gold, (v for v in outcome.values.values() if isinstance(v, Table)))
