"""Words read against where the thread stands: changes of its newest plan, orders that lack something."""

import asyncio

from bot.conversation.context import Context
from bot.language import phrases
from bot.language.commands import answered
from bot.language.intents import (
    ChangePlan,
    Command,
    Fork,
    NewRequest,
    ScheduleOrder,
    Unclear,
)
from bot.queries.plans import material
from bot.queries.plans.cards import stored_plan
from bot.queries.schedules import idle_schedule_of
from memory.model.base import PlanHash, RequestId
from memory.model.work.graph import constants
from memory.model.work.request import StoredRequest
from planner.coverage.cover import newest_words
from planner.jobs.answers import lists_files
from planner.jobs.results import asks_of_making, asks_of_result, with_row_named
from planner.missing.asking import lacking
from planner.missing.readings import READINGS
from planner.port import PlanRequest
from planner.timing.moving import added, moved
from planner.timing.reminders import WHEN
from planner.timing.schedules import Timed, read
from planner.timing.zone import Zone
from planner.understanding import follow_ups
from planner.understanding.follow_ups import follows, is_question, leans, points_back
from planner.understanding.things import is_of_the_bot


async def following(context: Context, text: str) -> Command | None:
    """The change that the words make of the thread's newest plan, where every word can be read as
    one; a question about its result; None for words that stand on their own.
    """
    if context.incoming.attachments or context.state.waits:
        return None
    if _says_when(context, text):
        return answered(text, context.state)
    return await _going_on(context, text)


async def _going_on(context: Context, text: str) -> Command | None:
    state = context.state
    if not (state.last_plan or state.questions):
        return NewRequest(text=text) if await _lacks_something(context, text) else None
    told = await _told_back(context, text)
    if told is not None:
        return told
    files = await context.services.executor.list_files(context.project)
    change = phrases.change(text)
    if not leans(change, tuple(files), outright=bool(state.questions)):
        return None
    if state.questions:
        return await _beside(context, change, text)
    return await _change(context, change)


async def _told_back(context: Context, text: str) -> Command | None:
    """What the words mean of the thread's plan, its times or its result, without changing it."""
    if _asks_back(context, text):
        return NewRequest(text=text)
    timed = await retimed(context, text)
    if timed is not None:
        return timed
    named = await _of_row(context, text)
    return NewRequest(text=named) if named else None


def _asks_back(context: Context, text: str) -> bool:
    """Whether the words ask about the thread's plan or what came of it."""
    state = context.state
    if state.questions:
        return False
    return asks_of_making(text) or (
        not state.plan and asks_of_result(text) and not _names_bot(text)
    )


async def _beside(context: Context, change: str, text: str) -> Command | None:
    """The change together with the one whose questions are open."""
    before = await _asked_before(context)
    if before is None:  # what it would change isn't planned yet
        return await _change(context, change) or await _completed(context, text)
    return await _change(context, f"{before}; {change}" if before else change)


async def _completed(context: Context, text: str) -> Command:
    """The request that is asked about with more said of it, where that can be read; else what is
    wrong with the words as an answer.
    """
    answer = answered(text, context.state)
    if not isinstance(answer, Unclear) or points_back(text):
        return answer
    stored, _ = await material.request_of(context.services, context.state.request)
    whole = f"{newest_words(stored.text).rstrip(' .?!')}, {text}"
    return NewRequest(text=whole) if await is_a_request(context, whole) else answer


async def _of_row(context: Context, text: str) -> str:
    """The words with the row of the newest result in them that they mean, "" for none."""
    if context.state.questions:
        return ""
    return with_row_named(text, (await _alone(context, text)).conversation)


async def retimed(context: Context, text: str) -> Command | None:
    """Other times for the schedule that the thread's newest plan became, or one more of them."""
    state, now = context.state, context.services.clock.now()
    if state.plan or state.questions or not state.last_plan:
        return None
    async with context.asking() as asking:
        stored = await idle_schedule_of(asking, state.last_plan)
        tasks = (await stored_plan(asking, state.last_plan)).plan.graph.tasks
    if stored is None:
        return None
    times = moved(text, stored.schedule, now)
    if times:
        return ScheduleOrder(what="change", number=stored.number, text=times)
    more = added(text, stored.schedule, now)
    reminds = len(tasks) == 1 and tasks[0].type == "chat.remind"
    words = " ".join(constants(tasks[0].inputs["text"])) if more and reminds else ""
    return NewRequest(text=f"remind me {more} to {words}") if words else None


def _names_bot(text: str) -> bool:
    """Whether something of the bot's own is named."""
    return any(map(is_of_the_bot, text.casefold().split()))


def _says_when(context: Context, text: str) -> bool:
    """Whether a reminder's time is asked for, and the words are one."""
    if not any(asked.open and asked.slot == WHEN for asked in context.state.questions):
        return False
    now = context.services.clock.now()
    timed = read(f"remind me\n\n{text}", now=now, zone=Zone("UTC", ""))
    return isinstance(timed, Timed) and timed.latest == "alone"


async def _change(context: Context, text: str) -> Command | None:
    plan = context.state.plan or await _ran(context)
    if not plan or not await _can_be_read(context, plan, text):
        return None
    return ChangePlan(plan=plan, text=text) if context.state.plan else Fork(text=text)


async def _lacks_something(context: Context, text: str) -> bool:
    """Whether the words are an order that leaves open what it is about: that is asked, not guessed."""
    if not context.incoming.addressed or _names_bot(text) or is_question(text):
        return False
    return await asyncio.to_thread(lacking, await _alone(context, text), READINGS) is not None


async def _asked_before(context: Context) -> str | None:
    """The change whose questions are open, None where they are of a new request."""
    stored, base = await material.request_of(context.services, context.state.request)
    return newest_words(stored.text) if base is not None else None


async def _ran(context: Context) -> PlanHash:
    """The plan of the thread's last run, "" while that is under way and for none."""
    executor = context.services.executor
    views = await executor.runs(context.project, thread_key=context.thread.key, limit=1)
    over = views and views[0].state.over and not views[0].simulated
    return views[0].plan_hash if over else PlanHash("")


async def _can_be_read(context: Context, plan: PlanHash, text: str) -> bool:
    async with context.asking() as asking:
        base = (await stored_plan(asking, plan)).plan
    request = _thought(context, f"{base.title}\n\n{text}")
    asked = await material.plan_request(context.services, request, base)
    return await asyncio.to_thread(follows, asked)


async def is_a_request(context: Context, text: str) -> bool:
    """Whether the words, which are no answer to the open questions, ask for something by themselves."""
    return await asyncio.to_thread(follow_ups.is_a_request, await _alone(context, text))


async def is_small_job(context: Context, text: str) -> bool:
    """Whether the words are a small job on the project's files, or ask which there are, whatever
    else they sound like.
    """
    request = await _alone(context, text)
    return lists_files(request) or await asyncio.to_thread(_of_files, request)


async def _alone(context: Context, text: str) -> PlanRequest:
    """The words as a request of their own, only tried."""
    return await material.plan_request(context.services, _thought(context, text), None)


def _thought(context: Context, text: str) -> StoredRequest:
    """A request that is only tried."""
    return StoredRequest(
        id=RequestId(f"try_{context.event.event_id}"),
        project=context.project,
        thread_key=context.thread.key,
        author=context.person,
        text=text,
        people=context.incoming.mentions,
    )


def _of_files(request: PlanRequest) -> bool:
    from planner.jobs.reading import of_files  # noqa: PLC0415 - loads sqlglot, which hello needn't wait for

    return of_files(request)
