"""Pausing, resuming and ending a schedule, from wherever it is said."""

from datetime import datetime

from memory.model.errors import Conflict
from memory.model.timing.occurrences import following
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule
from memory.store.engine.database import Connection
from memory.store.scheduling import firings, schedules


async def pause(tx: Connection, one: StoredSchedule, now: datetime) -> bool:
    """Nothing more is due; False where it was not active, nor asked about its new plan."""
    await firings.drop_waiting(tx, one.id, "the schedule was paused", at=now)
    going = (ScheduleState.ACTIVE, ScheduleState.ASKING)
    return await schedules.move(tx, one.id, ScheduleState.PAUSED, only_from=going)


async def pause_refused(tx: Connection, schedule: str, now: datetime) -> StoredSchedule | None:
    """The plan that it asked about was refused: the schedule, paused; None if it did not ask."""
    one = await schedules.find(tx, schedule) if schedule else None
    if one is None or one.state is not ScheduleState.ASKING:
        return None
    return one if await pause(tx, one, now) else None


async def resume(tx: Connection, one: StoredSchedule, now: datetime) -> bool:
    """Due again from now on; what was due meanwhile is not made up for. False if not paused."""
    due = following(one.schedule, now)
    if due is None and one.state is ScheduleState.PAUSED:
        raise Conflict("The time of that schedule is over; give it another one.")
    return await schedules.move(
        tx, one.id, ScheduleState.ACTIVE, only_from=(ScheduleState.PAUSED,), next_due=due
    )


async def delete(tx: Connection, one: StoredSchedule, now: datetime) -> bool:
    """Never due again, and nobody's approval stands for it any more."""
    await firings.drop_waiting(tx, one.id, "the schedule was deleted", at=now)
    await schedules.end_approvals(tx, one.id, at=now)
    wanted = tuple(state for state in ScheduleState if state is not ScheduleState.DELETED)
    return await schedules.move(tx, one.id, ScheduleState.DELETED, only_from=wanted)
