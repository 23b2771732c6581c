"""A schedule's time has come: is its plan still the one approved? Then start it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.actions.chat_events import deciding, post
from bot.actions.firing import ask_again, decide, plan_again
from bot.chat import Outgoing, say
from bot.conversation.plans import messages
from bot.conversation.plans.planning import drawn, put_down
from bot.jobs import FiringJob
from bot.language.catalogue import Locale
from bot.language.words import code, listed
from bot.queries.firing import DueNow, due_now
from bot.quotas import Whose, refuse_full
from bot.render.plans.message import sources
from bot.render.schedules.changes import did_not_run
from bot.services import Services
from memory.model.base import ProjectId, RunId
from memory.model.crash import crashpoint, declare
from memory.model.errors import Conflict, NotAllowed, NotFound, OrchestraError
from memory.model.identity import ThreadRef
from memory.model.job import Claimed
from memory.model.money import show_money
from memory.model.timing.firing import FiringState
from memory.model.timing.stored_schedule import ScheduleState
from memory.model.work.plan import Estimate, Plan
from memory.model.work.quotas import Counted
from planner.estimate import list_price
from planner.revising import reuse

declare("after_firing")

LATE: Final = timedelta(minutes=5)
MOST_QUEUED: Final = 24
"""More don't wait for the run before them."""


@dataclass(frozen=True)
class Go:
    """All is as it was approved; `cancels`: runs that have to end first."""

    cancels: tuple[RunId, ...] = ()


@dataclass(frozen=True)
class Wait:
    """Not now, but as soon as nothing holds it up any more."""

    reason: str


@dataclass(frozen=True)
class Leave:
    """Not this time; the thread is told why."""

    reason: str


@dataclass(frozen=True)
class AskAgain:
    """It isn't what was approved; `plan` is what it would be now, None where it has to be made."""

    reason: str
    plan: Plan | None


Verdict = Go | Wait | Leave | AskAgain


@dataclass(frozen=True)
class _Work:
    services: Services
    event: Claimed
    due: DueNow


async def fire_job(services: Services, event: Claimed, job: FiringJob) -> None:
    """Start the run, or say why not. Doing it twice is harmless."""
    due = await due_now(services.database, job.project, job.firing)
    if due is None:
        async with deciding(services, event):
            return
    crashpoint("after_firing")
    work = _Work(services, event, due)
    verdict = await _verdict(work)
    match verdict:
        case Go():
            await _start(work, verdict.cancels)
        case Wait():
            async with deciding(services, event) as tx:
                now = services.clock.now()
                await decide(tx, due, FiringState.WAITING, verdict.reason, at=now)
        case Leave():
            await _leave(work, FiringState.SKIPPED, verdict.reason)
        case AskAgain():
            await _ask_again(work, verdict)
        case _:
            assert_never(verdict)


async def _verdict(work: _Work) -> Verdict:
    services, due = work.services, work.due
    _ = services.locale
    held = held_up(_, due, services.clock.now())
    if isinstance(held, Wait | Leave):
        return held
    missing = await _missing(services, due.stored.plan)
    if missing:
        files = listed(_, (code(path, 80) for path in missing))
        return Leave(_("I can't read {files}").format(files=files))
    try:
        plan = _as_it_would_be(services, due)
    except ValueError:
        return AskAgain(_("An agent in its plan is no longer available."), None)
    dearer = _dearer(_, due.stored.plan.estimate, plan.estimate, due.cap_micro_usd)
    return AskAgain(dearer, plan) if dearer else held


def held_up(_: Locale, due: DueNow, now: datetime) -> Go | Wait | Leave:
    """Whether anything speaks against it besides the plan itself."""
    rules = due.schedule.schedule
    if due.schedule.state is ScheduleState.ASKING:
        return Leave(_("its new plan is waiting to be approved"))
    if due.stopped:
        stopped = _("all work is stopped")
        return Leave(stopped) if rules.missed == "skip" else Wait(stopped)
    if not due.under_way:
        return Go()
    if rules.overlap == "cancel_old":
        return Go(cancels=due.under_way)
    late = now - due.firing.due_at > LATE
    queues = rules.overlap == "queue" or (rules.missed == "all" and late)
    running = _("the previous run is still going")
    return Wait(running) if queues and due.queued < MOST_QUEUED else Leave(running)


async def _missing(services: Services, plan: Plan) -> tuple[str, ...]:
    """Files that the plan reads and doesn't make itself, and that aren't there."""
    made = {effect.target for effect in plan.effects()}
    read = {path for task in plan.graph.tasks for path in sources(task)}
    files = [path for path in sorted(read - made) if "://" not in path and "*" not in path]
    return tuple([path for path in files if not await _is_readable(services, plan, path)])


async def _is_readable(services: Services, plan: Plan, path: str) -> bool:
    try:
        return not (await services.executor.describe(plan.project, path)).problem
    except OrchestraError as error:
        if error.retryable:
            raise
        return False


def _as_it_would_be(services: Services, due: DueNow) -> Plan:
    """The plan with today's forecast, to be approved in its turn. Raises ValueError."""
    catalogue, now = services.executor.catalogue(), services.clock.now()
    new = reuse.continued(due.stored.plan, RunId(""), (), catalogue, list_price, due.profiles, now)
    again = due.schedule.schedule.model_copy(update={"of": due.schedule.id})
    return new.model_copy(update={"schedule": again})


def _dearer(_: Locale, approved: Estimate, now: Estimate, cap: int) -> str:
    """Why the forecast is more than was approved, "" if it isn't."""
    if now.cost_high_micro_usd > cap:
        text = _("It may cost {cost} now; up to {approved} was approved.")
        return text.format(cost=show_money(now.cost_high_micro_usd), approved=show_money(cap))
    unknown = [name for name in now.unpriced if name not in approved.unpriced]
    if not unknown:
        return ""
    return _("I no longer know what {agents} costs.").format(agents=listed(_, unknown))


async def _start(work: _Work, cancels: tuple[RunId, ...]) -> None:
    executor, schedule = work.services.executor, work.due.schedule
    for run in cancels:
        await executor.cancel(schedule.project, run, by=schedule.id)
    try:
        await _has_room(work)
        await executor.start(
            schedule.project,
            schedule.plan,
            thread_key=work.due.stored.thread_key,
            by=schedule.created_by,
            firing=work.due.firing,
        )
    except (Conflict, NotAllowed, NotFound) as error:
        await _leave(work, FiringState.FAILED, work.services.locale.sentence(error))
        return
    async with deciding(work.services, work.event):
        pass


async def _has_room(work: _Work) -> None:
    """Pass the quotas of runs, as who made the schedule. Raises NotAllowed."""
    services, schedule = work.services, work.due.schedule
    whose = Whose(schedule.created_by, schedule.thread, schedule.project)
    async with services.database.reading() as connection:
        now = services.clock.now()
        await refuse_full(connection, services.settings, whose, Counted.RUNS, now=now)


async def _leave(work: _Work, state: FiringState, reason: str) -> None:
    async with deciding(work.services, work.event) as tx:
        now = work.services.clock.now()
        if await decide(tx, work.due, state, reason, at=now):
            await post(tx, work.services, *_message(work, reason))


async def _ask_again(work: _Work, verdict: AskAgain) -> None:
    """Tell the thread what changed, and show the new plan there as soon as it is made."""
    services, due, now = work.services, work.due, work.services.clock.now()
    _ = services.locale
    data = await asyncio.to_thread(drawn, verdict.plan) if verdict.plan else b""
    async with deciding(services, work.event) as tx:
        if not await ask_again(tx, due, verdict.reason, at=now):
            return
        approve = _("{reason} Please approve the new plan:").format(reason=verdict.reason)
        await post(tx, services, *_message(work, approve))
        if verdict.plan is None:
            await plan_again(tx, due, at=now)
            return
        thread = await messages.thread_of(tx, due.stored.thread_key) or due.schedule.thread
        await put_down(tx, services, thread, verdict.plan, data, of=due.stored.plan.hash)


def _message(work: _Work, reason: str) -> tuple[ProjectId, ThreadRef, str, Outgoing]:
    schedule, firing = work.due.schedule, work.due.firing
    text = did_not_run(work.services.locale, schedule, firing, reason)
    return schedule.project, schedule.thread, f"fired:{firing.schedule}:{firing.mark}", say(text)
