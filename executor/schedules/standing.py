"""Whether a run may start under a schedule's standing approval (law 3, looked at again each time)."""

from datetime import datetime

from memory.model.errors import Conflict, NotAllowed
from memory.model.schedule import Firing
from memory.store import firings, schedules
from memory.store.database import Connection
from memory.store.firings import FiringState
from memory.store.plans import StoredPlan
from memory.store.schedules import ScheduleState


async def stands(tx: Connection, stored: StoredPlan, firing: Firing, *, now: datetime) -> str:
    """The people whose word this run stands on, as keys joined by spaces.

    Raises NotFound, Conflict or NotAllowed: the schedule is gone or has another plan, nobody
    approved it for good, the approval covers less than the plan costs, or it was not due.
    """
    plan = stored.plan
    schedule = await schedules.by_id(tx, firing.schedule)
    if schedule.plan != plan.hash or schedule.project != plan.project:
        raise Conflict("That schedule has another plan now; the old one does not run.")
    if schedule.state is ScheduleState.ASKING:
        raise NotAllowed("That schedule waits for its new plan to be approved.")
    given = await schedules.standing(tx, schedule.id, plan.hash)
    if not given:
        raise NotAllowed("Nobody who may approve this schedule stands for it; it does not run.")
    if plan.estimate.cost_high_micro_usd > min(one.cost_cap_micro_usd for one in given):
        raise NotAllowed("The plan costs more than was approved for this schedule.")
    was = await firings.get(tx, firing)
    if was is None or was.state is not FiringState.CLAIMED or firing.due_at > now:
        raise Conflict("That schedule is not due, or was dealt with already.")
    return " ".join(one.person for one in given)
