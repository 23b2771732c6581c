"""Whether a run may start under a schedule's standing approval (law 3, looked at again each time)."""

from datetime import datetime

from memory.model.base import RunId
from memory.model.errors import Conflict, NotAllowed
from memory.model.timing.firing import FiringState
from memory.model.timing.schedule import Firing
from memory.model.timing.stored_schedule import ScheduleState, Standing, StoredSchedule
from memory.model.work.approval import StoredPlan
from memory.store.engine.database import Connection
from memory.store.scheduling import firings, schedules


async def stands(tx: Connection, stored: StoredPlan, firing: Firing, *, now: datetime) -> str:
    """The people whose word this run stands on, as keys joined by spaces.

    Raises NotFound, Conflict or NotAllowed: the schedule is gone or has another plan, nobody
    approved it for good, the approval covers less than the plan costs, or it was not due.
    """
    schedule = await schedules.by_id(tx, firing.schedule)
    given = await _given(tx, stored, schedule)
    was = await firings.get(tx, firing)
    if was is None or was.state is not FiringState.CLAIMED or firing.due_at > now:
        raise Conflict("That schedule is not due, or was dealt with already.")
    return " ".join(one.person for one in given)


async def still_stands(tx: Connection, stored: StoredPlan, run: RunId) -> bool:
    """Whether what this run was started under holds still: its schedule's word for this plan.

    It does not once the schedule is paused or gone, or has or asks about another plan.
    """
    firing = await firings.of_run(tx, run)
    one = await schedules.find(tx, firing.firing.schedule) if firing else None
    if one is None or one.state not in {ScheduleState.ACTIVE, ScheduleState.DONE}:
        return False
    try:
        await _given(tx, stored, one)
    except (Conflict, NotAllowed):
        return False
    return True


async def _given(
    tx: Connection, stored: StoredPlan, schedule: StoredSchedule
) -> tuple[Standing, ...]:
    """The approvals that cover the plan and its price. Raises Conflict, NotAllowed."""
    plan = stored.plan
    if schedule.plan != plan.hash or schedule.project != plan.project:
        raise Conflict("That schedule has another plan now; the old one does not run.")
    if schedule.state is ScheduleState.ASKING:
        raise NotAllowed("That schedule waits for its new plan to be approved.")
    given = await schedules.standing(tx, schedule.id, plan.hash)
    if not given:
        raise NotAllowed("Nobody who may approve this schedule stands for it; it does not run.")
    if plan.estimate.cost_high_micro_usd > min(one.cost_cap_micro_usd for one in given):
        raise NotAllowed("The plan costs more than was approved for this schedule.")
    return given
