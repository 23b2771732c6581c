"""What is due is fired once, whoever looks, whenever they die, however the clock is set."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.workers.scheduler import Scheduler, sorted_out
from memory.model.agents.spec import Catalogue
from memory.model.base import PlanHash, ProjectId, RunId
from memory.model.identity import Identity
from memory.model.timing.firing import FiringState
from memory.model.timing.schedule import Every, Missed, Schedule
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule
from memory.model.work.run import RunState
from memory.store.engine.database import Database
from memory.store.planning import plans
from memory.store.running import runs, switches
from memory.store.running.runs import StoredRun
from memory.store.scheduling import firings, schedules
from tests.conftest import SetClock
from tests.flows.bench import THREAD, Bench, bench
from tests.flows.scripted import WRITER, ScriptedExecutor

TEST = ProjectId("test")
ANA = Identity(platform="testchat", workspace="w", user_id="U-ana")


@asynccontextmanager
async def scheduled(
    database: Database, clock: SetClock, folder: Path, words: str, **more: object
) -> AsyncIterator[Bench]:
    """The bot, with a schedule that ana said and approved."""
    async with bench(database, clock, folder, **more) as ready:  # type: ignore[arg-type]  # passed on
        await ready.say("ana", words)
        await ready.say("ana", "run")
        yield ready


async def fired(ready: Bench) -> list[tuple[datetime, FiringState]]:
    async with ready.services.database.reading() as connection:
        one = await schedules.get(connection, TEST, 1)
        rows = await firings.of_schedule(connection, one.id, 100)
    return [(row.firing.due_at, row.state) for row in reversed(rows)]


async def executor_of(ready: Bench) -> ScriptedExecutor:
    assert isinstance(ready.services.executor, ScriptedExecutor)
    return ready.services.executor


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def stored(missed: Missed) -> StoredSchedule:
    return StoredSchedule(
        id="sch_1",
        project=TEST,
        number=1,
        plan=PlanHash("0" * 64),
        thread=THREAD,
        title="the report",
        schedule=Schedule(when=Every(seconds=3600), zone="UTC", missed=missed),
        state=ScheduleState.ACTIVE,
        created_by=ANA,
        created_at=at(9),
        next_due=at(10),
    )


async def test_a_due_schedule_starts_a_run_exactly_once_with_many_who_look(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with scheduled(database, clock, tmp_path, "every hour: write the report") as ready:
        clock.forward(minutes=70)
        looking = [Scheduler(ready.services) for _ in range(4)]
        await asyncio.gather(*(one.look() for one in looking for _ in range(2)))
        await ready.settled()
        assert await fired(ready) == [(at(10), FiringState.STARTED)]
        assert (await executor_of(ready)).starts == 1


async def test_a_clock_set_back_and_forward_repeats_nothing_and_stops_nothing(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with scheduled(sqlite, clock, tmp_path, "every hour: write the report") as ready:
        clock.forward(minutes=70)
        await ready.settled()
        clock.forward(minutes=-65)
        look = Scheduler(ready.services)
        await look.look()
        clock.forward(minutes=65)
        await look.look()
        await ready.settled()
        assert (await executor_of(ready)).starts == 1
        clock.forward(days=400)
        await look.look()
        await ready.settled()
        assert (await executor_of(ready)).starts == 2
        clock.forward(days=-400)
        await look.look()  # the next time is not a year away
        async with sqlite.reading() as connection:
            assert (await schedules.get(connection, TEST, 1)).next_due == at(11)
        clock.forward(hours=1)
        await look.look()
        await ready.settled()
        assert (await executor_of(ready)).starts == 3


@pytest.mark.parametrize(
    ("missed", "hours", "wanted", "left"),
    [
        ("skip", 3, [], [at(12)]),
        ("skip", 0, [at(10)], []),
        ("once", 3, [at(12)], []),
        ("all", 3, [at(10), at(11), at(12)], []),
    ],
)
def test_what_was_missed_is_left_made_up_for_once_or_all(
    missed: Missed, hours: int, wanted: list[datetime], left: list[datetime]
) -> None:
    now = at(10, 2) if hours == 0 else at(12, 30)
    assert sorted_out(stored(missed), at(10), now) == (tuple(wanted), tuple(left))


def test_a_year_of_missed_hours_is_made_up_for_in_bounds() -> None:
    wanted, _ = sorted_out(stored("all"), at(10), at(10) + timedelta(days=365))
    assert len(wanted) == 24
    assert wanted[-1] == at(10) + timedelta(days=365)


async def test_all_that_was_missed_is_done_one_after_the_other(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    words = "every hour, run all missed: write the report"
    async with scheduled(sqlite, clock, tmp_path, words) as ready:
        clock.forward(hours=3, minutes=10)
        await ready.settled()
        assert [due for due, _ in await fired(ready)] == [at(10), at(11), at(12)]
        assert (await executor_of(ready)).starts == 3


async def test_a_paused_project_fires_nothing_and_a_released_one_once(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with scheduled(sqlite, clock, tmp_path, "every hour: write the report") as ready:
        async with sqlite.transaction() as tx:
            await switches.throw(tx, "project:test", by="ana", reason="for now", at=clock.now())
        clock.forward(hours=5)
        assert await Scheduler(ready.services).look() == 0
        async with sqlite.transaction() as tx:
            await switches.release(tx, "project:test")
        await ready.settled()
        assert await fired(ready) == [(at(14), FiringState.STARTED)]


async def test_an_agent_that_is_gone_makes_it_ask_anew_and_nothing_runs(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    class Without(ScriptedExecutor):
        gone = False

        def catalogue(self) -> Catalogue:
            other = WRITER.model_copy(update={"name": "other", "title": "Other"})
            return Catalogue(agents=(other if self.gone else WRITER,))

    executor = Without(sqlite, clock)
    async with scheduled(
        sqlite, clock, tmp_path, "every hour: write the report", executor=executor
    ) as ready:
        executor.gone = True
        clock.forward(minutes=70)
        ready.mark = ready.platform.stamp
        await ready.settled()
        said = ready.heard()
        assert "Schedule 1 (Mon 2 Mar 10:00) didn't run: An agent in its plan" in said
        assert 'Plan "write the report"' in said
        assert executor.starts == 0
        assert await fired(ready) == [(at(10), FiringState.ASKED)]
        executor.gone = False
        clock.forward(hours=2)
        await ready.settled()
        assert executor.starts == 0, "nothing runs before the new plan is approved"
        await ready.react("ana", "✅")
        assert "It is schedule 1" in ready.heard()
        clock.forward(hours=1)
        await ready.settled()
        assert executor.starts == 1


async def test_a_schedule_nobody_stands_for_does_not_run(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with scheduled(sqlite, clock, tmp_path, "every hour: write the report") as ready:
        async with sqlite.transaction() as tx:
            one = await schedules.get(tx, TEST, 1)
            await schedules.end_approvals(tx, one.id, at=clock.now())
        clock.forward(minutes=70)
        ready.mark = ready.platform.stamp
        await ready.settled()
        assert "still needs approval from someone" in ready.heard()
        assert (await executor_of(ready)).starts == 0


async def under_way(ready: Bench, database: Database) -> RunId:
    """The run that was fired, as the store knows it: under way."""
    async with database.transaction() as tx:
        one = await schedules.get(tx, TEST, 1)
        run = (await firings.of_schedule(tx, one.id, 1))[0].run
        plan = (await plans.load(tx, TEST, one.plan)).plan
        made = StoredRun(
            id=run,
            project=TEST,
            plan=one.plan,
            thread_key=one.thread.key,
            state=RunState.RUNNING,
            simulated=False,
            started_by="ana",
            problem="",
            cost_micro_usd=0,
            unpriced=False,
            started_at=ready.clock.now(),
            finished_at=None,
        )
        await runs.create(tx, made, plan.graph)
    return run


@pytest.mark.parametrize(
    ("rule", "becomes", "afterwards"),
    [
        ("skip if still running", FiringState.SKIPPED, FiringState.SKIPPED),
        ("queue if still running", FiringState.WAITING, FiringState.STARTED),
        ("cancel the old run", FiringState.STARTED, FiringState.STARTED),
    ],
)
async def test_what_is_due_while_the_run_before_is_under_way(
    rule: str,
    becomes: FiringState,
    afterwards: FiringState,
    database: Database,
    clock: SetClock,
    tmp_path: Path,
) -> None:
    words = f"every hour, {rule}: slow report"
    async with scheduled(database, clock, tmp_path, words) as ready:
        clock.forward(minutes=70)
        await ready.settled()
        first = await under_way(ready, database)
        clock.forward(hours=1)
        await ready.settled()
        assert await fired(ready) == [(at(10), FiringState.STARTED), (at(11), becomes)]
        cancelled = (await executor_of(ready)).views[first].state is RunState.CANCELLED
        assert cancelled == (rule == "cancel the old run")
        over = RunState.SUCCEEDED
        async with database.transaction() as tx:
            await runs.move(tx, first, over, only_from=[RunState.RUNNING], at=clock.now())
        await Scheduler(ready.services).look()
        await ready.settled()
        assert (await fired(ready))[1] == (at(11), afterwards)
