"""Who does a task of the project's own type: by the type's records, though its verb is a usual one."""

from datetime import timedelta
from pathlib import Path

from memory.model.agents.signal import Signal, SignalKind
from memory.model.base import RequestId, RunId
from memory.model.work.graph import Task
from memory.recall.keywords import KeywordEmbedder
from memory.recall.opening import open_recall
from memory.recall.service import Recall
from memory.store.engine.database import Database
from memory.store.knowledge import learning
from planner.port import Ready
from planner.service import Planner
from tests.conftest import SetClock
from tests.unit.planner.world import ALL, NOW, ask

LETTERS = [f"Write a letter to the client {name} about the fee" for name in "ABCDEFGHIJKLM"]
CLAUSES = [f"Draft a clause on liability for the {name} contract" for name in "ABCDEFGHIJKLM"]
BEST = {"letters": "claude", "clauses": "gemini"}


async def seen(database: Database) -> None:
    """Each type's best agent does it well, the other badly."""
    async with database.transaction() as tx:
        for kind, texts in (("letters", LETTERS), ("clauses", CLAUSES)):
            for number, text in enumerate(texts):
                for agent in BEST.values():
                    grade = 0.95 if agent == BEST[kind] else 0.2
                    ended = learning.Ended(
                        project=ask("x").project,
                        attempt=f"{kind}{number}{agent}",
                        run=RunId("r"),
                        agent=agent,
                        task_type=kind,
                        text=text,
                        succeeded=True,
                        cost_micro_usd=1_000,
                        latency_ms=1_000,
                        at=NOW - timedelta(hours=1),
                        signals=(Signal(kind=SignalKind.GRADED, value=grade),),
                    )
                    await learning.record(tx, ended)


async def planned(database: Database, folder: Path, recall: Recall | None, words: str) -> Task:
    request = ask(words, catalogue=ALL).model_copy(update={"request": RequestId(words)})
    async with Planner(folder / "plans.db", (), database, recall, SetClock(NOW)) as planner:
        result = await planner.plan(request)
    assert isinstance(result, Ready), result
    return next(task for task in result.plan.graph.tasks if task.type == "draft")


async def test_the_same_verb_goes_to_whom_its_type_says(sqlite: Database, tmp_path: Path) -> None:
    await seen(sqlite)
    async with open_recall(tmp_path / "data", sqlite, choose=KeywordEmbedder) as recall:
        await recall.catch_up()
        letter = await planned(
            sqlite, tmp_path, recall, "Draft a letter to the client about the fee"
        )
        clause = await planned(
            sqlite, tmp_path, recall, "Draft a clause on liability for a contract"
        )
    assert (letter.counted_as, letter.agent) == ("letters", "claude")
    assert (clause.counted_as, clause.agent) == ("clauses", "gemini")
    assert clause.work is not None
    assert clause.work.of == len(CLAUSES)


async def test_what_is_guessed_teaches_nothing_until_people_like_it(
    sqlite: Database, tmp_path: Path
) -> None:
    await seen(sqlite)
    async with open_recall(tmp_path / "data", sqlite, choose=KeywordEmbedder) as recall:
        await recall.catch_up()
        before = await recall.type_of(ask("x").project, CLAUSES[0])
        async with sqlite.transaction() as tx:
            for number in range(40):
                liked = (Signal(kind=SignalKind.LIKED),) if number < 20 else ()
                ended = learning.Ended(
                    project=ask("x").project, attempt=f"new{number}", run=RunId("r"),
                    agent="claude", task_type="letters", text=f"Write letter number {number}",
                    succeeded=True, cost_micro_usd=1, latency_ms=1, at=NOW, signals=liked,
                    guessed=True,
                )  # fmt: skip
                await learning.record(tx, ended)
        await recall.catch_up()
        after = await recall.type_of(ask("x").project, CLAUSES[0])
    assert before is not None
    assert after is not None
    assert (before.of["letters"], after.of["letters"]) == (13, 33)


async def test_without_an_index_the_usual_types_stand(sqlite: Database, tmp_path: Path) -> None:
    await seen(sqlite)
    task = await planned(sqlite, tmp_path, None, "Draft a clause on liability for a contract")
    assert (task.work, task.counted_as) == (None, "draft")
