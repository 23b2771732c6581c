"""An approved plan with a schedule: from now on it runs when it is due, under that approval."""

from datetime import datetime

from bot.conversation import messages
from bot.language.catalogue import ENGLISH
from bot.render.schedules import NEXT_TIMES, moment, next_times, when_words
from bot.services import Services
from memory.model.base import RunId
from memory.model.errors import Conflict
from memory.model.identity import Identity, ThreadRef
from memory.model.timing.occurrences import following
from memory.model.timing.schedule import At, Schedule
from memory.model.timing.stored_schedule import ScheduleState, Standing, StoredSchedule
from memory.model.work.approval import PlanState, StoredPlan
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.planning import plans, requests
from memory.store.scheduling import firings, schedules
from memory.store.traffic import audit


async def set_up(
    tx: Connection, services: Services, stored: StoredPlan, thread: ThreadRef, by: Identity
) -> str:
    """Let the approved plan run by its schedule from now on; what to say of it.

    The approvals given to the plan stand for every time it is due, for this plan and this price.
    """
    plan, now = stored.plan, services.clock.now()
    schedule = plan.schedule
    if schedule is None:
        raise Conflict("That plan has no schedule.")
    one = await _placed(tx, services, stored, schedule, thread)
    await plans.move(tx, plan.hash, PlanState.STARTED, only_from=PlanState.APPROVED)
    await schedules.end_approvals(tx, one.id, at=now)
    for given in await plans.decisions(tx, plan.hash):
        if given.decision == "approve":
            standing = Standing(
                schedule=one.id,
                plan=plan.hash,
                person=given.person,
                role=given.role,
                cost_cap_micro_usd=plan.estimate.cost_high_micro_usd,
                effects=tuple(f"{effect.effect}:{effect.target}" for effect in plan.effects()),
                at=now,
            )
            await schedules.approve(tx, plan.project, standing)
    await audit.record(
        tx, plan.project, actor=by.key, action="schedule.set", on=one.id, at=now,
        ids={"plan": plan.hash},
    )  # fmt: skip
    return _set_up_words(one, now)


async def heading(connection: Connection, run: RunId) -> str:
    """`Schedule 2, due Tue 3 Mar 09:00; next: Wed 4 Mar 09:00`, "" for a run without one."""
    firing = await firings.of_run(connection, run)
    one = await schedules.find(connection, firing.firing.schedule) if firing else None
    if firing is None or one is None:
        return ""
    due = moment(ENGLISH, firing.firing.due_at, one.schedule.tz)
    text = f"Schedule {one.number}, due {due}"
    if one.state is ScheduleState.ACTIVE and one.next_due is not None:
        text += f"; next: {moment(ENGLISH, one.next_due, one.schedule.tz)}"
    return text


async def _placed(
    tx: Connection, services: Services, stored: StoredPlan, schedule: Schedule, thread: ThreadRef
) -> StoredSchedule:
    """The schedule's row: a new one, or the one this plan is for."""
    plan, now = stored.plan, services.clock.now()
    old = await schedules.by_id(tx, schedule.of) if schedule.of else None
    when = schedule.when
    due = when.due if isinstance(when, At) else following(schedule, now)
    told = await messages.thread_of(tx, stored.thread_key)
    one = StoredSchedule(
        id=old.id if old else f"sch_{plan.hash[:20]}",
        project=plan.project,
        number=old.number if old else await schedules.next_number(tx, plan.project),
        plan=plan.hash,
        thread=told or thread,
        title=plan.title,
        schedule=schedule.model_copy(update={"of": ""}),
        state=ScheduleState.ACTIVE,
        created_by=old.created_by if old else await _author(tx, plan),
        created_at=old.created_at if old else now,
        next_due=due,
    )
    if not old:
        await schedules.keep(tx, one)
    elif not await schedules.replace(tx, one):
        raise Conflict("That schedule is over; say what you want done, and when, as a new one.")
    return one


async def _author(connection: Connection, plan: Plan) -> Identity:
    return (await requests.load(connection, plan.request)).author


def _set_up_words(one: StoredSchedule, now: datetime) -> str:
    words = f"It is schedule {one.number} and runs {when_words(ENGLISH, one.schedule)}."
    if isinstance(one.schedule.when, At):
        return words if one.schedule.when.due > now else f"{words} That is over, so it runs now."
    return f"{words} Next: {next_times(ENGLISH, one.schedule, now, NEXT_TIMES)}."
