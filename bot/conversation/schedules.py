"""Schedules: listed, paused, resumed, changed, deleted, run at once."""

import asyncio
from typing import Final, assert_never

from bot.conversation import ask
from bot.conversation.context import Turn
from bot.conversation.jobs import FiringDue, put_off
from bot.conversation.planning import drawn, put_down
from bot.conversation.schedule_steps import delete, pause, resume
from bot.conversation.timing import restamped
from bot.language.intents import ScheduleOrder, Steer
from bot.render.schedules import (
    NEXT_TIMES,
    Shown,
    detail_message,
    list_message,
    next_times,
)
from memory.model.authority import About, Action
from memory.model.base import RunId
from memory.model.errors import BadInput, Conflict
from memory.model.timing.schedule import Firing
from memory.store.engine.database import Connection
from memory.store.planning import plans
from memory.store.scheduling import firings, schedules
from memory.store.scheduling.firings import FiringState, StoredFiring
from memory.store.scheduling.schedules import ScheduleState, StoredSchedule
from memory.store.traffic import audit
from planner.offline.time.schedules import Unreadable, Zone, read_alone

NO_RUN: Final = RunId("")
ZONE_SLOT: Final = "time zone"
"""The preference that holds a person's zone."""
GOING: Final = (ScheduleState.ACTIVE, ScheduleState.PAUSED, ScheduleState.ASKING)


async def obey(turn: Turn, order: ScheduleOrder) -> None:
    """Do what a command about schedules says. Raises NotFound, NotAllowed, BadInput."""
    match order.what:
        case "list":
            await _list(turn)
        case "show":
            await _show(turn, order.number)
        case "pause" | "resume" | "delete":
            await _move(turn, order)
        case "run":
            await _run_now(turn, order.number)
        case "change":
            await _change(turn, order)
        case _:
            assert_never(order.what)


async def steered(turn: Turn, command: Steer) -> bool:
    """Whether an emoji on a plan's message was meant for its schedule, of which nothing runs now."""
    if not command.plan or command.what == "retry":
        return False
    async with turn.services.database.reading() as connection:
        one = await schedules.of_plan(connection, command.plan)
        if one is None or await firings.open_runs(connection, one.id):
            return False
    if command.what == "cancel":
        raise Conflict(f"Nothing of it runs now; `delete schedule {one.number}` ends the schedule.")
    await _move(turn, ScheduleOrder(what=command.what, number=one.number))
    return True


async def _list(turn: Turn) -> None:
    turn.must(Action.SEE)
    async with turn.deciding() as tx:
        known = await schedules.of_project(tx, turn.project)
        shown_ = [Shown(one, await _last(tx, one)) for one in known]
        await turn.reply(tx, list_message(shown_, turn.services.clock.now()))


async def _show(turn: Turn, number: int) -> None:
    turn.must(Action.SEE)
    async with turn.deciding() as tx:
        one = await schedules.get(tx, turn.project, number)
        out = detail_message(Shown(one, await _last(tx, one)), turn.services.clock.now())
        await turn.reply(tx, out)


async def _last(connection: Connection, one: StoredSchedule) -> StoredFiring | None:
    found = await firings.of_schedule(connection, one.id, 1)
    return found[0] if found else None


async def _move(turn: Turn, order: ScheduleOrder) -> None:
    """Pause, resume or delete."""
    async with turn.deciding() as tx:
        one = await schedules.get(tx, turn.project, order.number)
        _must(turn, one, Action.STEER if order.what == "pause" else Action.CHANGE)
        now = turn.services.clock.now()
        match order.what:
            case "pause":
                done = await pause(tx, one, now)
                text = f"Schedule {one.number} is paused; `resume schedule {one.number}` goes on."
            case "resume":
                done = await resume(tx, one, now)
                times = next_times(one.schedule, now, NEXT_TIMES)
                text = f"Schedule {one.number} goes on. Next: {times}."
            case _:
                done = await delete(tx, one, now)
                text = f"Schedule {one.number} is deleted. What runs already goes on."
        if done:
            await _audit(tx, turn, f"schedule.{order.what}d", one)
        await turn.reply(tx, text if done else f"Schedule {one.number} is {one.state} already.")


async def _run_now(turn: Turn, number: int) -> None:
    """Once more, now, under the approval that stands."""
    async with turn.deciding() as tx:
        one = await schedules.get(tx, turn.project, number)
        _must(turn, one, Action.CHANGE)
        if one.state not in {ScheduleState.ACTIVE, ScheduleState.PAUSED}:
            raise Conflict(f"Schedule {one.number} is {one.state}; it cannot be run now.")
        now = turn.services.clock.now()
        firing = Firing(schedule=one.id, due_at=now)
        if await firings.fire(tx, one.project, firing, FiringState.CLAIMED, at=now):
            due = FiringDue(project=one.project, thread=one.thread, firing=firing)
            await put_off(tx, due, f"firing:{one.id}:{turn.event.event_id}", at=now)
            await _audit(tx, turn, "schedule.run", one)


async def _change(turn: Turn, order: ScheduleOrder) -> None:
    """Show the schedule's plan with other times, or changed; it holds when that is approved."""
    now = turn.services.clock.now()
    async with turn.services.database.reading() as connection:
        one = await schedules.get(connection, turn.project, order.number)
        _must(turn, one, Action.CHANGE)
        zone = Zone(one.schedule.zone, "")
        stored = await plans.load(connection, turn.project, one.plan)
    if one.state not in GOING:
        raise Conflict(f"Schedule {one.number} is {one.state}; say the work and its times anew.")
    found = read_alone(order.text, now=now, zone=zone, like=one.schedule)
    if isinstance(found, Unreadable) and order.work:
        await ask.fork(turn, one.plan, order.text)
        return
    if isinstance(found, Unreadable):
        raise BadInput(found.text)
    plan = restamped(stored.plan, found.model_copy(update={"of": one.id}), now)
    data = await asyncio.to_thread(drawn, plan)
    async with turn.deciding() as tx:
        remark = f"Schedule {one.number} keeps its times until this is approved."
        await put_down(tx, turn.services, turn.thread, plan, data, remarks=(remark,))


def _must(turn: Turn, one: StoredSchedule, action: Action) -> None:
    turn.must(action, About(requester=one.created_by.key, alone=turn.alone))


async def _audit(
    tx: Connection, turn: Turn, action: str, one: StoredSchedule, ids: dict[str, str] | None = None
) -> None:
    now, who = turn.services.clock.now(), turn.person.key
    await audit.record(tx, one.project, actor=who, action=action, on=one.id, at=now, ids=ids)
