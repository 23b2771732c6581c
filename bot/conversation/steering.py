"""Pausing, resuming and ending a schedule, from wherever it is said."""

from datetime import datetime

from memory.model.errors import Conflict
from memory.model.occurrences import following
from memory.store import firings, schedules
from memory.store.database import Connection
from memory.store.schedules import ScheduleState, StoredSchedule


async def pause(tx: Connection, one: StoredSchedule, now: datetime) -> bool:
    """Nothing more is due; False where it was not active."""
    await firings.drop_waiting(tx, one.id, "the schedule was paused", at=now)
    return await schedules.move(tx, one.id, ScheduleState.PAUSED, only_from=(ScheduleState.ACTIVE,))


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
