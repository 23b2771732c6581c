"""Notes asked for in other words: the real index and the embedder that comes with the program."""

from pathlib import Path

from memory.model.base import ProjectId
from memory.model.timing.clock import SystemClock
from memory.model.work.value import Label
from memory.recall.opening import open_recall
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.knowledge import notes
from tests.acceptance.cases import Score, Verdict, keep, lines, share

PROJECT = ProjectId("p")


async def measure(folder: Path, every: int = 1) -> tuple[Score, ...]:
    """The share of questions whose note comes first, and comes at all among five."""
    known = lines("recall.jsonl")
    database = Database(database_url(folder))
    await schema.upgrade(database)
    verdicts: list[Verdict] = []
    try:
        async with database.transaction() as tx:
            for at, case in enumerate(known):
                await notes.keep_note(
                    tx,
                    PROJECT,
                    "note",
                    "Note",
                    case["note"],
                    f"m{at}",
                    Label.UNTRUSTED,
                    SystemClock().now(),
                )
        async with open_recall(folder, database) as recall:
            await recall.catch_up()
            for at, case in enumerate([case for case in known if "query" in case][::every]):
                found = [hit.text for hit in await recall.search(PROJECT, case["query"], limit=5)]
                place = found.index(case["note"]) if case["note"] in found else -1
                verdict = "first" if place == 0 else "found" if place > 0 else "missed"
                verdicts.append(
                    Verdict(
                        f"recall-{at:02}", case["query"], verdict, case["note"], " / ".join(found)
                    )
                )
            model = recall.model
    finally:
        await database.close()
    keep("recall", verdicts)
    of = len(verdicts)
    return (
        Score(f"recall ({model}): first, %", share(verdicts, "first"), of),
        Score(f"recall ({model}): among five, %", share(verdicts, "first", "found"), of, least=75),
    )
