"""Whether a run may start under a schedule's standing approval (law 3, looked at again each time)."""

from datetime import datetime

from executor.runs.approval import broken
from memory.model.base import RunId
from memory.model.errors import Conflict, NotAllowed
from memory.model.timing.firing import FiringState
from memory.model.timing.schedule import Firing
from memory.model.timing.stored_schedule import ScheduleState, Standing, StoredSchedule
from memory.model.work.approval import StoredPlan
from memory.store.engine.database import Connection
from memory.store.scheduling import firings, schedules


async def stands(
    tx: Connection, stored: StoredPlan, firing: Firing, *, now: datetime
) -> tuple[Standing, ...]:
    """The approvals this run relies on.

    Raises NotFound, Conflict or NotAllowed: the schedule is gone or has another plan, nobody
    approved it for good, the approval covers less than the plan costs, or it was not due.
    """
    schedule = await schedules.by_id(tx, firing.schedule)
    given = await _given(tx, stored, schedule)
    was = await firings.get(tx, firing)
    if was is None or was.state is not FiringState.CLAIMED or firing.due_at > now:
        raise Conflict("That schedule isn't due, or has already run.")
    return given


async def still_stands(tx: Connection, stored: StoredPlan, run: RunId) -> bool:
    """Whether the approval this run was started under still holds: its schedule's, for this plan.

    It does not once the schedule is paused or gone, or has or asks about another plan.
    """
    firing = await firings.of_run(tx, run)
    schedule = await schedules.find(tx, firing.firing.schedule) if firing else None
    if schedule is None or schedule.state not in {ScheduleState.ACTIVE, ScheduleState.DONE}:
        return False
    try:
        await _given(tx, stored, schedule)
    except (Conflict, NotAllowed):
        return False
    return True


async def _given(
    tx: Connection, stored: StoredPlan, schedule: StoredSchedule
) -> tuple[Standing, ...]:
    """The approvals that cover the plan and its price. Raises Conflict, NotAllowed."""
    plan = stored.plan
    if schedule.plan != plan.hash or schedule.project != plan.project:
        raise Conflict("That schedule has a new plan now, so the old one can't run.")
    if schedule.state is ScheduleState.ASKING:
        raise NotAllowed("That schedule is waiting for its new plan to be approved.")
    given = await schedules.standing(tx, schedule.id, plan.hash)
    if not given:
        raise NotAllowed(
            "This schedule still needs approval from someone who's allowed to give it."
        )
    unsealed = broken(given)
    if unsealed is not None:
        raise NotAllowed(unsealed.message)
    if plan.estimate.cost_high_micro_usd > min(standing.cost_cap_micro_usd for standing in given):
        raise NotAllowed("The plan costs more than was approved for this schedule.")
    return given
