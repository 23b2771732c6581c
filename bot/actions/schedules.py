"""What people do with schedules: pause, resume, delete, and run one now."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.actions.act import Act, action
from bot.jobs import FiringJob, enqueue_job
from memory.model.authority import About, Right
from memory.model.base import Model
from memory.model.errors import Conflict
from memory.model.timing.firing import FiringState
from memory.model.timing.occurrences import following
from memory.model.timing.schedule import Firing
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule
from memory.store.engine.database import Connection
from memory.store.scheduling import firings, schedules

_RUNNABLE = {ScheduleState.ACTIVE, ScheduleState.PAUSED}


class OfSchedule(Model):
    """The schedule that the project's people call by this number."""

    number: int


class ScheduleMoved(Model):
    """`was`: as it was before; `done` is False where there was nothing to change."""

    was: StoredSchedule
    done: bool


@action("schedule.pause")
async def pause(act: Act, given: OfSchedule) -> ScheduleMoved:
    """Nothing of it is due any more until it's resumed. Raises NotFound, NotAllowed."""
    return await _move(act, given, Right.STEER, _pause, "schedule.paused")


@action("schedule.resume")
async def resume(act: Act, given: OfSchedule) -> ScheduleMoved:
    """Due again from now on, without what was due meanwhile.

    Raises NotFound, NotAllowed, Conflict (it would never be due).
    """
    return await _move(act, given, Right.CHANGE, _resume, "schedule.resumed")


@action("schedule.delete")
async def delete(act: Act, given: OfSchedule) -> ScheduleMoved:
    """End it and the approvals it runs under, for good. Raises NotFound, NotAllowed."""
    return await _move(act, given, Right.CHANGE, _delete, "schedule.deleted")


@action("schedule.run")
async def run(act: Act, given: OfSchedule) -> ScheduleMoved:
    """Once more, now, under the approval it has. Raises NotFound, NotAllowed, Conflict."""
    stored = await schedules.get(act.tx, act.project, given.number)
    _must(act, stored, Right.CHANGE)
    if stored.state not in _RUNNABLE:
        raise Conflict(
            "Schedule {number} can't run now: it's {state}.",
            number=stored.number,
            state=stored.state,
        )
    firing = Firing(schedule=stored.id, due_at=act.now)
    done = await firings.fire(act.tx, act.project, firing, FiringState.CLAIMED, at=act.now)
    if done:
        job = FiringJob(project=act.project, thread=stored.thread, firing=firing)
        await enqueue_job(act.tx, job, f"firing:{stored.id}:{act.actor.event}", at=act.now)
        await act.record("schedule.run", on=stored.id)
    return ScheduleMoved(was=stored, done=done)


async def _move(
    act: Act,
    given: OfSchedule,
    right: Right,
    change: Callable[[Connection, StoredSchedule, datetime], Awaitable[bool]],
    audited: str,
) -> ScheduleMoved:
    stored = await schedules.get(act.tx, act.project, given.number)
    _must(act, stored, right)
    done = await change(act.tx, stored, act.now)
    if done:
        await act.record(audited, on=stored.id)
    return ScheduleMoved(was=stored, done=done)


async def _pause(tx: Connection, stored: StoredSchedule, now: datetime) -> bool:
    await firings.drop_waiting(tx, stored.id, "the schedule was paused", at=now)
    going = (ScheduleState.ACTIVE, ScheduleState.ASKING)
    return await schedules.move(tx, stored.id, ScheduleState.PAUSED, only_from=going)


async def _resume(tx: Connection, stored: StoredSchedule, now: datetime) -> bool:
    due = following(stored.schedule, now)
    if due is None and stored.state is ScheduleState.PAUSED:
        raise Conflict("All its times are past. Give the schedule new ones.")
    paused = (ScheduleState.PAUSED,)
    return await schedules.move(tx, stored.id, ScheduleState.ACTIVE, only_from=paused, next_due=due)


async def _delete(tx: Connection, stored: StoredSchedule, now: datetime) -> bool:
    await firings.drop_waiting(tx, stored.id, "the schedule was deleted", at=now)
    await schedules.end_approvals(tx, stored.id, at=now)
    others = tuple(state for state in ScheduleState if state is not ScheduleState.DELETED)
    return await schedules.move(tx, stored.id, ScheduleState.DELETED, only_from=others)


def _must(act: Act, stored: StoredSchedule, right: Right) -> None:
    act.must(right, About(requester=stored.created_by.key, alone=act.alone))
