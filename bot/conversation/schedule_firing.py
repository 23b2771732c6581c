"""A schedule's time has come: look whether its plan is still the one approved, then start it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from bot.actions.chat_events import deciding
from bot.chat import say
from bot.conversation import messages
from bot.conversation import schedules as scheduled
from bot.conversation.planning import drawn, put_down
from bot.jobs import FiringJob, PlanJob, enqueue_job
from bot.language.catalogue import ENGLISH
from bot.render.plans.message import sources
from bot.render.schedules import moment
from bot.render.words import code, listed, passage
from bot.services import Services
from memory.model.base import RequestId, sha256
from memory.model.crash import crashpoint, declare
from memory.model.errors import Conflict, NotAllowed, NotFound, OrchestraError
from memory.model.job import Claimed
from memory.model.money import show_money
from memory.model.timing.firing import FiringState
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule
from memory.model.work.approval import StoredPlan
from memory.model.work.plan import Estimate, Plan
from memory.model.work.request import RequestState
from memory.store.engine.database import Connection
from memory.store.knowledge import learning
from memory.store.planning import plans, requests
from memory.store.running import switches
from memory.store.scheduling import firings, schedules
from memory.store.traffic import audit, outbox
from planner.estimate import list_price
from planner.revising import reuse

declare("after_firing")

LATE: Final = timedelta(minutes=5)
QUEUED: Final = 24
"""So many wait for the run before them at the most."""


@dataclass(frozen=True)
class Go:
    """All is as it was approved."""


@dataclass(frozen=True)
class Wait:
    """Not now, but as soon as nothing holds it any more."""

    reason: str


@dataclass(frozen=True)
class Leave:
    """Not this time; the thread is told why."""

    reason: str


@dataclass(frozen=True)
class AskAnew:
    """It is not what was approved; `plan` is what it would be now, None where it is to be made."""

    reason: str
    plan: Plan | None


Verdict = Go | Wait | Leave | AskAnew


@dataclass(frozen=True)
class _Due:
    services: Services
    event: Claimed
    due: FiringJob
    schedule: StoredSchedule
    stored: StoredPlan


async def fire_job(services: Services, event: Claimed, due: FiringJob) -> None:
    """Start the run, or say why not. Doing it twice is harmless."""
    async with services.database.reading() as connection:
        was = await firings.get(connection, due.firing)
        schedule = await schedules.find(connection, due.firing.schedule)
        stored = await plans.load(connection, due.project, schedule.plan) if schedule else None
    if was is None or was.state is not FiringState.CLAIMED or schedule is None or stored is None:
        async with deciding(services, event):
            return
    crashpoint("after_firing")
    work = _Due(services, event, due, schedule, stored)
    verdict = await _look(work)
    match verdict:
        case Go():
            await _start(work)
        case Wait():
            async with deciding(services, event) as tx:
                await _decide(tx, work, FiringState.WAITING, verdict.reason)
        case Leave():
            await _leave(work, FiringState.SKIPPED, verdict.reason)
        case AskAnew():
            await _ask_anew(work, verdict)
        case _:
            assert_never(verdict)


async def _look(work: _Due) -> Verdict:
    held = await _held(work)
    if held is not None:
        return held
    plan, services = work.stored.plan, work.services
    gone = await _missing(services, plan)
    if gone:
        return Leave(f"{listed(ENGLISH, (code(path, 80) for path in gone))} cannot be read")
    try:
        new = await _as_it_would_be(work)
    except ValueError:
        return AskAnew("An agent of its plan is not here any more.", None)
    async with services.database.reading() as connection:
        stand = await schedules.standing(connection, work.schedule.id, plan.hash)
    cap = min((one.cost_cap_micro_usd for one in stand), default=0)
    dearer = _dearer(plan.estimate, new.estimate, cap)
    return AskAnew(dearer, new) if dearer else Go()


async def _held(work: _Due) -> Wait | Leave | None:  # noqa: PLR0911 - a flat line per reason
    """What speaks against it besides the plan itself."""
    schedule = work.schedule
    if schedule.state is ScheduleState.ASKING:
        return Leave("its new plan waits to be approved")
    missed, overlap = schedule.schedule.missed, schedule.schedule.overlap
    async with work.services.database.reading() as connection:
        stopped = await switches.stopped(connection, work.due.project)
        under_way = await firings.open_runs(connection, schedule.id)
        queue = await firings.waiting(connection)
    mine = [one for one in queue if one.schedule == schedule.id]
    if stopped is not None and missed == "skip":
        return Leave("all work was stopped then")
    if stopped is not None:
        return Wait("all work is stopped")
    if not under_way:
        return None
    late = work.services.clock.now() - work.due.firing.due_at > LATE
    if overlap == "cancel_old":
        for run in under_way:
            await work.services.executor.cancel(work.due.project, run, by=schedule.id)
        return None
    if (overlap == "queue" or (missed == "all" and late)) and len(mine) < QUEUED:
        return Wait("the run before is still under way")
    return Leave("the run before is still under way")


async def _missing(services: Services, plan: Plan) -> tuple[str, ...]:
    """Files that the plan reads and does not make itself, and that are not there."""
    made = {effect.target for effect in plan.effects()}
    read = {path for task in plan.graph.tasks for path in sources(task)}
    gone = []
    for path in sorted(read - made):
        if "://" in path or "*" in path:
            continue
        try:
            info = await services.executor.describe(plan.project, path)
        except OrchestraError as error:
            if error.retryable:
                raise
            gone.append(path)
        else:
            gone += [path] if info.problem else []
    return tuple(gone)


async def _as_it_would_be(work: _Due) -> Plan:
    """The plan with today's forecast, to be approved in its turn. Raises ValueError."""
    services, plan = work.services, work.stored.plan
    async with services.database.reading() as connection:
        profiles = await learning.profiles_of(connection, plan.project)
    new = reuse.continued(
        plan, scheduled.NO_RUN, (), services.executor.catalogue(), list_price, profiles,
        services.clock.now(),
    )  # fmt: skip
    again = work.schedule.schedule.model_copy(update={"of": work.schedule.id})
    return new.model_copy(update={"schedule": again})


def _dearer(approved: Estimate, now: Estimate, cap: int) -> str:
    """Why the forecast is more than was approved, "" if it is not."""
    if now.cost_high_micro_usd > cap:
        high = show_money(now.cost_high_micro_usd)
        return f"It may cost {high} now; up to {show_money(cap)} was approved."
    unknown = [name for name in now.unpriced if name not in approved.unpriced]
    return f"The price of {listed(ENGLISH, unknown)} is not known any more." if unknown else ""


async def _start(work: _Due) -> None:
    services, due = work.services, work.due
    try:
        await services.executor.start(
            due.project,
            work.schedule.plan,
            thread_key=work.stored.thread_key,
            by=work.schedule.created_by,
            firing=due.firing,
        )
    except (Conflict, NotAllowed, NotFound) as error:
        await _leave(work, FiringState.FAILED, error.user_text)
        return
    async with deciding(services, work.event):
        pass


async def _leave(work: _Due, state: FiringState, reason: str) -> None:
    async with deciding(work.services, work.event) as tx:
        if await _decide(tx, work, state, reason):
            await _say(tx, work, f"did not run: {reason}")


async def _ask_anew(work: _Due, verdict: AskAnew) -> None:
    """Tell the thread what changed, and show the new plan there as soon as it is made."""
    services, schedule, now = work.services, work.schedule, work.services.clock.now()
    data = await asyncio.to_thread(drawn, verdict.plan) if verdict.plan else b""
    async with deciding(services, work.event) as tx:
        if not await _decide(tx, work, FiringState.ASKED, verdict.reason):
            return
        await schedules.move(
            tx, schedule.id, ScheduleState.ASKING, only_from=(ScheduleState.ACTIVE,)
        )
        await audit.record(
            tx, schedule.project, actor="system", action="schedule.asked", on=schedule.id, at=now
        )
        await _say(tx, work, f"did not run: {verdict.reason} Approve the plan as it is now:")
        if verdict.plan is None:
            await _plan_again(tx, work)
            return
        thread = await messages.thread_of(tx, work.stored.thread_key) or schedule.thread
        await put_down(tx, services, thread, verdict.plan, data)


async def _plan_again(tx: Connection, work: _Due) -> None:
    """The words that the plan was made of are planned once more, for the same schedule."""
    now, firing = work.services.clock.now(), work.due.firing
    old = await requests.load(tx, work.stored.plan.request)
    new = old.model_copy(
        update={
            "id": RequestId(f"req_{sha256(f'{firing.schedule}{firing.mark}'.encode())[:20]}"),
            "state": RequestState.PLANNING,
            "round": 0,
            "spoken": None,  # what somebody said of the plan then approves nothing now
            "what_if": False,
            "schedule": firing.schedule,
        }
    )
    await requests.create(tx, new, at=now)
    due = PlanJob(project=new.project, thread=work.schedule.thread, request=new.id, round=0)
    await enqueue_job(tx, due, f"plan:{new.id}:0", at=now)


async def _decide(tx: Connection, work: _Due, to: FiringState, reason: str) -> bool:
    now, claimed = work.services.clock.now(), (FiringState.CLAIMED,)
    return await firings.decide(tx, work.due.firing, to, only_from=claimed, at=now, reason=reason)


async def _say(tx: Connection, work: _Due, text: str) -> None:
    schedule, firing = work.schedule, work.due.firing
    due = moment(ENGLISH, firing.due_at, schedule.schedule.tz)
    await outbox.put(
        tx,
        f"fired:{firing.schedule}:{firing.mark}",
        project=schedule.project,
        thread=schedule.thread,
        body=say(passage(f"Schedule {schedule.number} ({due}) {text}", 1000)).model_dump(
            mode="json"
        ),
        at=work.services.clock.now(),
    )
