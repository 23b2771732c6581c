"""Schedules: listed, paused, resumed, changed, deleted, run at once."""

import asyncio
from typing import Final, assert_never

from bot.conversation import ask
from bot.conversation.context import Context
from bot.conversation.planning import drawn, put_down
from bot.conversation.schedule_steps import delete, pause, resume
from bot.jobs import FiringJob, enqueue_job
from bot.language.intents import ScheduleOrder, Steer
from bot.queries.plans.timing import restamped
from bot.render.schedules import (
    NEXT_TIMES,
    Shown,
    detail_message,
    list_message,
    next_times,
)
from memory.model.authority import About, Right
from memory.model.base import RunId
from memory.model.errors import BadInput, Conflict
from memory.model.timing.firing import FiringState, StoredFiring
from memory.model.timing.schedule import Firing
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule
from memory.store.engine.database import Connection
from memory.store.planning import plans
from memory.store.scheduling import firings, schedules
from memory.store.traffic import audit
from planner.offline.time.schedules import Unreadable, Zone, read_alone

NO_RUN: Final = RunId("")
ZONE_SLOT: Final = "time zone"
"""The preference that holds a person's zone."""
GOING: Final = (ScheduleState.ACTIVE, ScheduleState.PAUSED, ScheduleState.ASKING)


async def obey(context: Context, order: ScheduleOrder) -> None:
    """Do what a command about schedules says. Raises NotFound, NotAllowed, BadInput."""
    match order.what:
        case "list":
            await _list(context)
        case "show":
            await _show(context, order.number)
        case "pause" | "resume" | "delete":
            await _move(context, order)
        case "run":
            await _run_now(context, order.number)
        case "change":
            await _change(context, order)
        case _:
            assert_never(order.what)


async def steered(context: Context, command: Steer) -> bool:
    """Whether an emoji on a plan's message was meant for its schedule, of which nothing runs now."""
    if not command.plan or command.what == "retry":
        return False
    async with context.services.database.reading() as connection:
        one = await schedules.of_plan(connection, command.plan)
        if one is None or await firings.open_runs(connection, one.id):
            return False
    if command.what == "cancel":
        raise Conflict(
            "Nothing of it runs now; `delete schedule {number}` ends the schedule.",
            number=one.number,
        )
    await _move(context, ScheduleOrder(what=command.what, number=one.number))
    return True


async def _list(context: Context) -> None:
    context.must(Right.SEE)
    async with context.deciding() as tx:
        known = await schedules.of_project(tx, context.project)
        shown_ = [Shown(one, await _last(tx, one)) for one in known]
        await context.reply(
            tx, list_message(context.services.locale, shown_, context.services.clock.now())
        )


async def _show(context: Context, number: int) -> None:
    context.must(Right.SEE)
    async with context.deciding() as tx:
        one = await schedules.get(tx, context.project, number)
        out = detail_message(
            context.services.locale, Shown(one, await _last(tx, one)), context.services.clock.now()
        )
        await context.reply(tx, out)


async def _last(connection: Connection, one: StoredSchedule) -> StoredFiring | None:
    found = await firings.of_schedule(connection, one.id, 1)
    return found[0] if found else None


async def _move(context: Context, order: ScheduleOrder) -> None:
    """Pause, resume or delete."""
    async with context.deciding() as tx:
        one = await schedules.get(tx, context.project, order.number)
        _must(context, one, Right.STEER if order.what == "pause" else Right.CHANGE)
        now = context.services.clock.now()
        match order.what:
            case "pause":
                done = await pause(tx, one, now)
                text = f"Schedule {one.number} is paused; `resume schedule {one.number}` goes on."
            case "resume":
                done = await resume(tx, one, now)
                times = next_times(context.services.locale, one.schedule, now, NEXT_TIMES)
                text = f"Schedule {one.number} goes on. Next: {times}."
            case _:
                done = await delete(tx, one, now)
                text = f"Schedule {one.number} is deleted. What runs already goes on."
        if done:
            await _audit(tx, context, f"schedule.{order.what}d", one)
        await context.reply(tx, text if done else f"Schedule {one.number} is {one.state} already.")


async def _run_now(context: Context, number: int) -> None:
    """Once more, now, under the approval that stands."""
    async with context.deciding() as tx:
        one = await schedules.get(tx, context.project, number)
        _must(context, one, Right.CHANGE)
        if one.state not in {ScheduleState.ACTIVE, ScheduleState.PAUSED}:
            raise Conflict(
                "Schedule {number} is {state}; it cannot be run now.",
                number=one.number,
                state=one.state,
            )
        now = context.services.clock.now()
        firing = Firing(schedule=one.id, due_at=now)
        if await firings.fire(tx, one.project, firing, FiringState.CLAIMED, at=now):
            due = FiringJob(project=one.project, thread=one.thread, firing=firing)
            await enqueue_job(tx, due, f"firing:{one.id}:{context.event.event_id}", at=now)
            await _audit(tx, context, "schedule.run", one)


async def _change(context: Context, order: ScheduleOrder) -> None:
    """Show the schedule's plan with other times, or changed; it holds when that is approved."""
    now = context.services.clock.now()
    async with context.services.database.reading() as connection:
        one = await schedules.get(connection, context.project, order.number)
        _must(context, one, Right.CHANGE)
        zone = Zone(one.schedule.zone, "")
        stored = await plans.load(connection, context.project, one.plan)
    if one.state not in GOING:
        raise Conflict(
            "Schedule {number} is {state}; say the work and its times anew.",
            number=one.number,
            state=one.state,
        )
    found = read_alone(order.text, now=now, zone=zone, like=one.schedule)
    if isinstance(found, Unreadable) and order.work:
        await ask.fork(context, one.plan, order.text)
        return
    if isinstance(found, Unreadable):
        raise BadInput(found.text)
    plan = restamped(stored.plan, found.model_copy(update={"of": one.id}), now)
    data = await asyncio.to_thread(drawn, plan)
    async with context.deciding() as tx:
        remark = f"Schedule {one.number} keeps its times until this is approved."
        await put_down(tx, context.services, context.thread, plan, data, remarks=(remark,))


def _must(context: Context, one: StoredSchedule, action: Right) -> None:
    context.must(action, About(requester=one.created_by.key, alone=context.alone))


async def _audit(
    tx: Connection,
    context: Context,
    action: str,
    one: StoredSchedule,
    ids: dict[str, str] | None = None,
) -> None:
    now, who = context.services.clock.now(), context.person.key
    await audit.record(tx, one.project, actor=who, action=action, on=one.id, at=now, ids=ids)
