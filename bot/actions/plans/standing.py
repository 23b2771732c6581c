"""An approved plan with a schedule: from now on it runs when it is due, under that approval."""

from bot.queries.plans.cards import home_of
from bot.services import Desk
from memory.model.errors import Conflict
from memory.model.timing.occurrences import following
from memory.model.timing.schedule import At, Schedule
from memory.model.timing.stored_schedule import ScheduleState, Standing, StoredSchedule
from memory.model.work.approval import PlanState, StoredPlan
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.planning import plans, requests
from memory.store.scheduling import firings, schedules


async def seal(
    tx: Connection, desk: Desk, stored: StoredPlan, schedule: Schedule
) -> StoredSchedule:
    """Let the approved plan run by its schedule from now on.

    The approvals given to the plan stand for every time it is due, for this plan and this price.
    Raises Conflict where it was made for a schedule that is over.
    """
    plan, now = stored.plan, desk.clock.now()
    placed = await _placed(tx, desk, stored, schedule)
    await plans.move(tx, plan.hash, PlanState.STARTED, only_from=PlanState.APPROVED)
    await schedules.end_approvals(tx, placed.id, at=now)
    for given in await plans.decisions(tx, plan.hash):
        if given.decision == "approve" and given.holds:
            standing = Standing(
                schedule=placed.id,
                plan=plan.hash,
                person=given.person,
                role=given.role,
                cost_cap_micro_usd=plan.estimate.cost_high_micro_usd,
                effects=tuple(f"{effect.effect}:{effect.target}" for effect in plan.effects()),
                at=given.at,
            )
            await schedules.approve(tx, plan.project, standing)
    return placed


async def pause_refused(tx: Connection, desk: Desk, plan: Plan) -> StoredSchedule | None:
    """Pause the schedule that asked for the plan that was refused; None where none did."""
    schedule = plan.schedule.of if plan.schedule else ""
    asked = await schedules.find(tx, schedule) if schedule else None
    if asked is None or asked.state is not ScheduleState.ASKING:
        return None
    await firings.drop_waiting(tx, asked.id, "the schedule was paused", at=desk.clock.now())
    asking = (ScheduleState.ASKING,)
    paused = await schedules.move(tx, asked.id, ScheduleState.PAUSED, only_from=asking)
    return asked if paused else None


async def _placed(
    tx: Connection, desk: Desk, stored: StoredPlan, schedule: Schedule
) -> StoredSchedule:
    """The schedule's row: a new one, or the one this plan is for."""
    plan, now = stored.plan, desk.clock.now()
    old = await schedules.by_id(tx, schedule.of) if schedule.of else None
    when = schedule.when
    author = (await requests.load(tx, plan.request)).author
    placed = StoredSchedule(
        id=old.id if old else f"sch_{plan.hash[:20]}",
        project=plan.project,
        number=old.number if old else await schedules.next_number(tx, plan.project),
        plan=plan.hash,
        thread=await home_of(tx, stored.thread_key),
        title=plan.title,
        schedule=schedule.model_copy(update={"of": ""}),
        state=ScheduleState.ACTIVE,
        created_by=old.created_by if old else author,
        created_at=old.created_at if old else now,
        next_due=when.due if isinstance(when, At) else following(schedule, now),
    )
    if not old:
        await schedules.keep(tx, placed)
    elif not await schedules.replace(tx, placed):
        raise Conflict("That schedule is over; say what you want done, and when, as a new one.")
    return placed
