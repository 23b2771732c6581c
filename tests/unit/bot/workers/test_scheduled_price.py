"""A standing approval holds up to its price: what costs more asks anew, with both prices."""

from pathlib import Path

import sqlalchemy as sa

from memory.model.agents.spec import AgentKind, Catalogue
from memory.model.timing.firing import FiringState
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule
from memory.store.engine.database import Database
from memory.store.scheduling import firings, schedules
from memory.store.tables import runs
from tests.conftest import SetClock
from tests.flows.bench import Bench
from tests.flows.scripted import WRITER, ScriptedExecutor
from tests.unit.bot.workers.test_scheduler import TEST, scheduled

CHEAP, DEAR = "gpt-4o-mini", "gpt-4o"
HOURLY = "every hour: write the report"


class Priced(ScriptedExecutor):
    """Its writer is a model that costs money, and may cost more tomorrow."""

    model = ""

    def catalogue(self) -> Catalogue:
        if not self.model:
            return Catalogue(agents=(WRITER,))
        priced = {"kind": AgentKind.MODEL, "price_model": self.model, "provider": "openai"}
        return Catalogue(agents=(WRITER.model_copy(update=priced),))


async def stored(ready: Bench) -> StoredSchedule:
    async with ready.services.database.reading() as connection:
        return await schedules.get(connection, TEST, 1)


async def fired(ready: Bench) -> list[FiringState]:
    async with ready.services.database.reading() as connection:
        one = await schedules.get(connection, TEST, 1)
        return [row.state for row in reversed(await firings.of_schedule(connection, one.id, 9))]


async def hour(ready: Bench) -> str:
    """What the bot says by itself in the next hour."""
    ready.mark = ready.platform.stamp
    ready.clock.forward(hours=1)
    await ready.settled()
    return ready.heard()


async def test_a_price_that_rises_asks_anew_with_both_and_goes_on_when_approved(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    executor = Priced(database, clock)
    async with scheduled(database, clock, tmp_path, HOURLY, executor=executor) as ready:
        assert "Done in" in await hour(ready)
        executor.model = CHEAP
        said = await hour(ready)
        assert "didn't run: It may cost $0.0" in said
        assert "now; up to $0 was approved. Please approve the new plan:" in said
        assert 'Plan "write the report"' in said
        assert "Runs every hour" in said
        assert executor.starts == 1
        assert await hour(ready) == "", "it asks once"
        await ready.react("ana", "✅")
        assert "It is schedule 1 and runs every hour" in ready.heard()
        assert "Done in" in await hour(ready)
        cheap = (await stored(ready)).plan
        executor.model = DEAR
        said = await hour(ready)
        assert "didn't run: It may cost $" in said
        assert "up to $0 was approved" not in said
        assert await fired(ready) == [
            FiringState.STARTED,
            FiringState.ASKED,
            FiringState.STARTED,
            FiringState.ASKED,
        ]
        executor.model = CHEAP  # dear for a moment only; what was shown is asked for all the same
        assert await hour(ready) == ""
        assert (await stored(ready)).plan == cheap
        assert executor.starts == 2


async def test_who_refuses_the_new_price_pauses_the_schedule(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    executor = Priced(database, clock)
    async with scheduled(database, clock, tmp_path, HOURLY, executor=executor) as ready:
        executor.model = DEAR
        assert "didn't run: It may cost" in await hour(ready)
        await ready.react("ana", "❌")
        assert "schedule 1 is paused" in ready.heard()
        assert (await stored(ready)).state is ScheduleState.PAUSED
        assert await hour(ready) == ""
        await ready.say("ana", "resume schedule 1")
        assert "didn't run: It may cost" in await hour(ready), "still dearer, so it asks again"
        assert executor.starts == 0
        await ready.say("ana", "pause schedule 1")
        assert "Schedule 1 is paused" in ready.heard()
        executor.model = ""
        await ready.say("ana", "resume schedule 1")
        assert "Done in" in await hour(ready), "as cheap as approved: the approval stands"
        assert executor.starts == 1


async def test_a_refused_change_leaves_the_schedule_as_it_was(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    executor = Priced(sqlite, clock)
    async with scheduled(sqlite, clock, tmp_path, HOURLY, executor=executor) as ready:
        await ready.say("ana", "change schedule 1 to every day at 17:00")
        await ready.react("ana", "❌")
        assert "Dropped; nothing was done" in ready.heard()
        assert (await stored(ready)).state is ScheduleState.ACTIVE
        assert "Done in" in await hour(ready)


async def test_no_more_runs_than_the_quota_begin_by_schedule_either(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    row = {"id": "r", "project_id": TEST, "plan_hash": "r", "thread_key": "t", "state": "running"}
    row |= {"started_by": "testchat:w:bo", "schedule_id": "", "template": ""}
    async with scheduled(sqlite, clock, tmp_path, HOURLY) as ready:
        await ready.say("ana", "quota runs 1")
        async with sqlite.transaction() as tx:
            times = {"started_at": clock.now(), "simulated": False, "cost_micro_usd": 0}
            await tx.execute(sa.insert(runs).values(**row, **times))
        assert "runs are under way in this project as it may have: 1." in await hour(ready)
        async with sqlite.transaction() as tx:
            await tx.execute(sa.update(runs).values(state="succeeded"))
        assert "Done in" in await hour(ready)
