"""What runs say of their agents: reviews, checks, failures, and what people do afterwards."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from executor.data.media import written as written_file
from executor.port import Call, Reply
from memory.model.agents.routing import Choice, Considered
from memory.model.agents.spec import AgentKind
from memory.model.base import AgentName, RunId, TaskKey
from memory.model.errors import AgentRejected, AgentUnavailable
from memory.model.work.check import Contains, Review
from memory.model.work.graph import Task
from memory.model.work.plan import Continues
from memory.model.work.run import Usage
from memory.store.engine.database import Database
from memory.store.knowledge import learning, signals
from memory.store.tables import task_records
from tests.unit.executor.world import PROJECT, Does, plan, says, scripted, task, world, writes


def model(name: str = "writer", does: Does | None = None) -> Any:
    return scripted(name, does, title=name.title(), kind=AgentKind.MODEL)


def written(key: str = "a", *needs: str, agent: str = "writer", **more: Any) -> Task:
    return task(key, *needs, agent=agent, instruction="Write about bees.", **more)


async def reasons(database: Database) -> dict[str, list[str]]:
    """The reasons on record, by attempt without its run; of the first run that has it."""
    async with database.reading() as connection:
        rows = await connection.execute(sa.select(task_records).order_by(task_records.c.seq))
        return {row.id.partition(":")[2]: row.reasons for row in reversed(rows.all())}


@pytest.mark.parametrize(
    ("verdicts", "reason"),
    [(["OK"], "approved"), (["More bees.", "OK"], "changed"), (["No.", "No."], "unapproved")],
)
async def test_a_reviewers_verdict_is_kept(
    database: Database, tmp_path: Path, verdicts: list[str], reason: str
) -> None:
    left = list(verdicts)

    async def looks(_: Call) -> Reply:
        return says(left.pop(0))

    review = Review(agent=AgentName("critic"), rounds=2, criteria="tone")
    async with world(database, tmp_path, [model(), model("critic", looks)]) as here:
        await here.run(written(review=review))
    assert await reasons(database) == {"a:1": [reason]}


async def test_checks_failures_and_the_price_nobody_knows_are_kept(
    sqlite: Database, tmp_path: Path
) -> None:
    answers = iter(["wasps", "bees"])

    async def works(call: Call) -> Reply:
        if call.task.key == "b":
            raise AgentRejected("Not that.")
        return says(next(answers), Usage(requests=1, cost_micro_usd=None))

    async with world(sqlite, tmp_path, [model(does=works)]) as here:
        await here.run(written(checks=(Contains(text="bees"),)), written("b"))
    found = await reasons(sqlite)
    assert (found["a:1"], found["a:2"]) == (["invalid"], ["checked"])
    assert found["b:1"] == ["broke"]
    async with sqlite.reading() as connection:
        (profile,) = await learning.profiles_of(connection, PROJECT)
    assert profile.unpriced >= 1
    assert profile.mean_cost_micro_usd is None or profile.mean_cost_micro_usd == 0


async def test_the_failure_that_pauses_an_agent_says_so(sqlite: Database, tmp_path: Path) -> None:
    async def out(_: Call) -> Reply:
        raise AgentUnavailable("Out.")

    async with world(sqlite, tmp_path, [model(does=out), model("other")]) as here:
        for number in range(3):
            await here.run(written(f"a{number}", fallbacks=(AgentName("other"),)))
    kept = [kinds for kinds in (await reasons(sqlite)).values() if "unreachable" in kinds]
    assert kept.count(["paused", "unreachable"]) == 1
    assert len(kept) >= 5


async def test_what_was_tried_out_is_booked_as_such(sqlite: Database, tmp_path: Path) -> None:
    async def works(_: Call) -> Reply:
        return says("bees", Usage(requests=1, cost_micro_usd=70))

    def chosen(explored: bool) -> Choice:
        writer = Considered(agent=AgentName("writer"), quality=0.6, evidence=0, samples=0)
        return Choice(chosen=writer, explored=explored)

    async with world(sqlite, tmp_path, [model(does=works)]) as here:
        await here.run(written("a", choice=chosen(True)), written("b", choice=chosen(False)))
    async with sqlite.reading() as connection:
        (profile,) = await learning.profiles_of(connection, PROJECT)
    assert (profile.explored, profile.explored_micro_usd, profile.cost_micro_usd) == (1, 70, 140)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({}, "rerun"),
        ({"instruction": "Write about wild bees."}, "edited"),
        ({"agent": "other"}, "replaced"),
    ],
)
async def test_doing_a_task_again_speaks_against_its_result(
    database: Database, tmp_path: Path, change: dict[str, Any], kind: str
) -> None:
    async with world(database, tmp_path, [model(), model("other")]) as here:
        first = await here.run(written("a"), written("b", "a"), written("c", "b"))
        again = plan(
            written("a"), written("b", "a").model_copy(update=change), written("c", "b"),
            title="again",
        ).model_copy(update={"continues": Continues(run=RunId(first.id), kept=(TaskKey("a"),))})  # fmt: skip
        before = await reasons(database)
        await here.over(await here.start(again))
    after = await reasons(database)
    assert before["b:1"] == ["arrived"]
    assert (after["a:1"], after["b:1"], after["c:1"]) == (["arrived"], [kind], ["arrived"])


async def test_a_dry_run_of_it_speaks_against_nothing(sqlite: Database, tmp_path: Path) -> None:
    async with world(sqlite, tmp_path, [model()]) as here:
        first = await here.run(written("a"), written("b", "a"))
        again = plan(written("a"), written("b", "a"), title="again").model_copy(
            update={"continues": Continues(run=RunId(first.id), kept=(TaskKey("a"),))}
        )
        await here.over(await here.start(again, simulated=True))
    assert set(map(tuple, (await reasons(sqlite)).values())) == {("arrived",)}


async def test_attempts_of_a_run_are_found_with_their_tasks(
    database: Database, tmp_path: Path
) -> None:
    async with world(database, tmp_path, [model()]) as here:
        view = await here.run(written("a"), written("b", "a"))
    async with database.reading() as connection:
        found = await signals.succeeded_in(connection, PROJECT, view.id)
    assert list(found.values()) == ["a", "b"]


async def test_a_file_that_a_person_changes_soon_speaks_against_who_wrote_its_words(
    database: Database, tmp_path: Path
) -> None:
    async def keeps(call: Call) -> Reply:
        return Reply(value=written_file(call.files, call.task.effects[0].target, b"Bees.\n"))

    keeper = scripted("keeper", keeps, output="file")

    def saved(key: str, *needs: str) -> Task:
        return writes(key, *needs, agent="keeper", target=f"{key}.txt")

    async with world(database, tmp_path, [model(), keeper]) as here:
        await here.run(written("a"), written("b"), saved("mended", "a"), saved("left", "b"))
        await here.run(written("c"))
        assert (await reasons(database))["a:1"] == ["arrived"]
        (tmp_path / "mended.txt").write_text("Wild bees.\n")
        await here.run(written("d"))
        after = await reasons(database)
        await here.run(saved("mended"))  # written anew: nobody's hand is in it now
        await here.run(written("e"))
    assert (after["a:1"], after["b:1"]) == (["mended"], ["arrived"])
    assert (await reasons(database))["a:1"] == ["mended"]
