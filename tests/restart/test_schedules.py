"""The program dies between the time a schedule is due and the start of its run."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from memory.model.base import ProjectId
from memory.model.crash import arm
from memory.model.timing.firing import FiringState
from memory.model.timing.stored_schedule import StoredSchedule
from memory.model.work.run import RunState
from memory.store import tables
from memory.store.engine.database import Database
from memory.store.running import overview
from memory.store.scheduling import firings, schedules
from memory.store.traffic import jobs, outbox
from tests.conftest import SetClock
from tests.fakes.slack.workspace import open_workspace
from tests.flows.bench import bench, person
from tests.flows.platform import RecordingPlatform
from tests.flows.scripted import ScriptedExecutor
from tests.restart.nursery import PATIENCE_S
from tests.restart.test_conversation import Died, Killer
from tests.restart.whole.program import (
    World,
    forks,
    key,
    living,
    open_database,
)

HOURLY = "every hour: load sales.csv, total the revenue by region, write a report to reports/q3.md"
POINTS = ("after_firing", "after_claim_event", "in_decision", "after_decision")


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    for point in POINTS:
        arm(point, lambda: None)


@pytest.mark.parametrize("point", POINTS)
async def test_dying_after_it_was_due_loses_no_run_and_repeats_none(
    point: str, database: Database, clock: SetClock, tmp_path: Path
) -> None:
    platform = RecordingPlatform()
    executor = ScriptedExecutor(database, clock, asked=person("kim"))
    async with bench(database, clock, tmp_path, platform=platform, executor=executor) as ready:
        await ready.say("ana", "every hour: write the report")
        await ready.say("ana", "run")
    clock.forward(minutes=70)
    arm(point, Killer(1))
    with pytest.raises(BaseExceptionGroup) as death:
        async with bench(database, clock, tmp_path, platform=platform, executor=executor) as ready:
            await ready.settled()
    assert death.value.subgroup(Died) is not None
    async with bench(database, clock, tmp_path, platform=platform, executor=executor) as ready:
        await ready.settled()
    assert executor.starts == 1
    async with database.reading() as connection:
        one = await schedules.get(connection, ProjectId("test"), 1)
        rows = await firings.of_schedule(connection, one.id, 10)
    assert [row.state for row in rows] == [FiringState.STARTED]
    told = [message.key for message in platform.messages if message.key.startswith("done:")]
    assert len(told) == 1


@pytest.mark.timeout(200)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_kill_9_between_the_due_time_and_the_start_runs_it_exactly_once(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = "" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    async with (
        forks(tmp_path) as forked,
        open_workspace(redeliver_after_s=2.0, patient=True) as workspace,
    ):
        world = World(forked, workspace, tmp_path / "bot", url=url, point="after_firing")
        database = open_database(world)
        try:
            async with living(world):
                ana = workspace.user("ana")
                workspace.say(ana, HOURLY)
                workspace.react(ana, await world.shown("plan:"), "white_check_mark")
                due = await _made_due(world, database)
                await world.shown("done:")
                await _at_rest(world, database)
            assert world.deaths == 1
            await _ran_once(world, database, due)
        finally:
            await database.close()


async def _made_due(world: World, database: Database) -> datetime:
    """Wait for the schedule, and let the last full hour be its next time."""

    async def only() -> StoredSchedule | None:
        async with database.reading() as connection:
            known = await overview.project_named(connection, "sales")
            found = await schedules.of_project(connection, known) if known else ()
        return found[0] if found else None

    async with asyncio.timeout(PATIENCE_S):
        while (one := await only()) is None:
            await asyncio.sleep(0.05)
    assert one.next_due is not None
    due = one.next_due - timedelta(hours=1)
    async with database.transaction() as tx:
        assert await schedules.advance(tx, one.id, due, only_from=one.next_due)
    return due


async def _at_rest(world: World, database: Database) -> None:
    """Until nothing that came in is left to be dealt with, and no message to go out."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with database.reading() as connection:
                left = await jobs.open_count(connection)
                left += await outbox.open_count(connection, ("slack",))
            if not left:
                return
            await asyncio.sleep(0.05)


async def _ran_once(world: World, database: Database, due: datetime) -> None:
    async with database.reading() as connection:
        fired = (await connection.execute(tables.firings.select())).all()
        ran = (await connection.execute(tables.runs.select())).all()
    assert [(row.due_at, row.state) for row in fired] == [(due, FiringState.STARTED)]
    assert [(row.id, row.state) for row in ran] == [(fired[0].run_id, RunState.SUCCEEDED)]
    assert (world.files / "reports/q3.md").is_file()
    said = [key(message) for message in world.from_bot() if key(message)]
    assert len(said) == len(set(said))
    assert len([one for one in said if one.startswith("done:")]) == 1
