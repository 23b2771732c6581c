"""Schedules in the chat: list, pause, resume, change, delete, run at once."""

import asyncio
from typing import Final, assert_never

from bot.actions import schedules
from bot.actions.act import Action
from bot.actions.schedules import OfSchedule, ScheduleMoved
from bot.conversation.context import Context
from bot.conversation.plans import ask
from bot.conversation.plans.planning import drawn, put_down
from bot.language.intents import ScheduleOrder, Steer
from bot.queries.plans.timing import restamped
from bot.queries.roles import identities
from bot.queries.schedules import all_schedules, idle_schedule_of, schedule, schedule_and_plan
from bot.render.schedules.changes import schedule_moved, schedule_unmoved
from bot.render.schedules.message import Shown, detail_message, list_message
from memory.model.authority import About, Right
from memory.model.base import PlanHash
from memory.model.errors import BadInput, Conflict
from memory.model.timing.stored_schedule import ScheduleState
from planner.timing.schedules import Unreadable, read_alone
from planner.timing.zone import Zone

CHANGEABLE: Final = (ScheduleState.ACTIVE, ScheduleState.PAUSED, ScheduleState.ASKING)
_MOVES: Final[dict[str, Action[OfSchedule, ScheduleMoved]]] = {
    "pause": schedules.pause,
    "resume": schedules.resume,
    "delete": schedules.delete,
}


async def obey(context: Context, order: ScheduleOrder) -> None:
    """Do what a command about schedules says. Raises NotFound, NotAllowed, BadInput."""
    match order.what:
        case "list":
            await _list(context)
        case "show":
            await _show(context, order.number)
        case "pause" | "resume" | "delete":
            await _move(context, order.what, order.number)
        case "run":
            async with context.acting() as act:
                await schedules.run(act, OfSchedule(number=order.number))
        case "change":
            await _change(context, order)
        case _:
            assert_never(order.what)


async def steered(context: Context, command: Steer) -> bool:
    """Whether an emoji on a plan's message, or words where nothing runs, were meant for the schedule
    that the plan became, of which nothing runs now.
    """
    plan = command.plan or await _last_plan(context, command)
    if not plan or command.what == "retry":
        return False
    async with context.asking() as asking:
        stored = await idle_schedule_of(asking, plan)
    if stored is None:
        return False
    if command.what == "cancel":
        raise Conflict(
            "Nothing is running. To end the schedule, say `delete schedule {number}`.",
            number=stored.number,
        )
    await _move(context, command.what, stored.number)
    return True


async def _last_plan(context: Context, command: Steer) -> PlanHash:
    """The newest plan of the thread, "" where a run is named or under way."""
    named = command.run or command.named or command.number
    running = await context.services.executor.runs(
        context.project, thread_key=context.thread.key, running_only=True, limit=1
    )
    return PlanHash("") if named or running else context.state.last_plan


async def _list(context: Context) -> None:
    async with context.asking() as asking:
        known = [Shown(*pair) for pair in await all_schedules(asking)]
        await context.just_reply(list_message(context.locale, known, asking.now))


async def _show(context: Context, number: int) -> None:
    async with context.asking() as asking:
        shown = Shown(*await schedule(asking, number))
        await context.just_reply(detail_message(context.locale, shown, asking.now))


async def _move(context: Context, what: str, number: int) -> None:
    async with context.acting() as act:
        result = await _MOVES[what](act, OfSchedule(number=number))
        text = (
            schedule_moved(context.locale, what, result.was, act.now)
            if result.done
            else schedule_unmoved(context.locale, result.was)
        )
        await context.reply(act.tx, text)


async def _change(context: Context, order: ScheduleOrder) -> None:
    """Show the schedule's plan with other times, or changed; it holds when that is approved."""
    now = context.services.clock.now()
    async with context.asking() as asking:
        stored, plan = await schedule_and_plan(asking, order.number)
        known = await identities(asking)
    requester = stored.created_by.key
    context.must(Right.CHANGE, About(requester=requester, alone=context.alone, people=known))
    if stored.state not in CHANGEABLE:
        raise Conflict(
            "Schedule {number} is {state}. Ask for the work and its times again.",
            number=stored.number,
            state=stored.state,
        )
    zone = Zone(stored.schedule.zone, "")
    times = read_alone(order.text, now=now, zone=zone, like=stored.schedule)
    if isinstance(times, Unreadable) and order.work:
        await ask.fork(context, stored.plan, order.text)
        return
    if isinstance(times, Unreadable):
        raise BadInput("{reason}", reason=times.text)
    changed = restamped(plan, times.model_copy(update={"of": stored.id}), now)
    data = await asyncio.to_thread(drawn, changed)
    _ = context.locale
    remark = _("Schedule {number} keeps its times until you approve this.")
    async with context.deciding() as tx:
        remarks = (remark.format(number=stored.number),)
        await put_down(
            tx,
            context.services,
            context.thread,
            changed,
            data,
            of=plan.hash,
            by=(context.person.key,),
            remarks=remarks,
        )
