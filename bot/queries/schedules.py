"""Schedules, and what became of the last time each was due."""

from bot.queries.asking import Asking
from memory.model.base import PlanHash
from memory.model.timing.firing import StoredFiring
from memory.model.timing.stored_schedule import StoredSchedule
from memory.model.work.plan import Plan
from memory.store.planning import plans
from memory.store.scheduling import firings, schedules

WithLast = tuple[StoredSchedule, StoredFiring | None]
"""A schedule, and the last time it was due; None before the first."""


async def all_schedules(asking: Asking) -> tuple[WithLast, ...]:
    """Every schedule of the project that wasn't deleted, by number."""
    asking.must_see()
    known = await schedules.of_project(asking.connection, asking.project)
    return tuple([await _with_last(asking, stored) for stored in known])


async def schedule(asking: Asking, number: int) -> WithLast:
    """The schedule with this number. Raises NotFound."""
    asking.must_see()
    return await _with_last(asking, await schedules.get(asking.connection, asking.project, number))


async def schedule_and_plan(asking: Asking, number: int) -> tuple[StoredSchedule, Plan]:
    """The schedule with this number and the plan it runs. Raises NotFound."""
    asking.must_see()
    stored = await schedules.get(asking.connection, asking.project, number)
    return stored, (await plans.load(asking.connection, asking.project, stored.plan)).plan


async def idle_schedule_of(asking: Asking, plan: PlanHash) -> StoredSchedule | None:
    """The schedule that runs this plan, if there is one and none of its runs is under way."""
    asking.must_see()
    stored = await schedules.of_plan(asking.connection, plan)
    if stored is None or await firings.open_runs(asking.connection, stored.id):
        return None
    return stored


async def _with_last(asking: Asking, stored: StoredSchedule) -> WithLast:
    last = await firings.of_schedule(asking.connection, stored.id, 1)
    return stored, last[0] if last else None
