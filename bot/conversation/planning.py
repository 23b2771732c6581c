"""Carrying a request to the planner, and what comes back to the thread."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from bot.actions.chat_events import deciding
from bot.chat import OutFile, Outgoing, say
from bot.conversation import messages
from bot.conversation.new_request import begin_anew, last_words, stands_alone
from bot.conversation.partial_approval import approve_part
from bot.conversation.timing import AT_ONCE, Timing, restamped, timing
from bot.conversation.what_if import compared
from bot.jobs import PlanJob
from bot.language.catalogue import ENGLISH
from bot.render.pictures.plan_picture import plan_picture
from bot.render.questions import questions_message
from bot.render.words import passage
from bot.services import Services
from memory.model.agents.spec import AgentKind, Catalogue
from memory.model.base import ProjectId, RunId, TaskKey, sha256
from memory.model.crash import crashpoint, declare
from memory.model.errors import Conflict, NotFound, OrchestraError, StorageTrouble
from memory.model.identity import ThreadRef
from memory.model.job import Claimed
from memory.model.work.approval import PlanState
from memory.model.work.plan import Plan
from memory.model.work.preference import PREFER_CHEAP
from memory.model.work.question import StoredQuestion
from memory.model.work.request import RequestState, StoredRequest
from memory.model.work.run import TaskState
from memory.model.work.value import FileInfo
from memory.store.engine.database import Connection
from memory.store.knowledge import learning
from memory.store.planning import (
    plans,
    preferences,
    questions,
    requests,
)
from memory.store.running import artifacts, runs
from memory.store.traffic import audit, outbox
from planner.estimate import list_price
from planner.port import Answer, Declined, NeedsAnswers, PlanRequest, PlanResult, Ready
from planner.revising import reuse

declare("after_planning")

FILES_LISTED = 100
FILES_DESCRIBED = 12

_PATH = re.compile(r"[\w./-]*\w\.\w{1,8}\b")


@dataclass(frozen=True)
class _Due:
    services: Services
    event: Claimed
    due: PlanJob
    request: StoredRequest
    timing: Timing = AT_ONCE
    anew: str = ""
    """Words that are no change of the plan that waits, but a request of their own."""


async def plan_job(services: Services, event: Claimed, due: PlanJob) -> None:
    """Plan the request, then ask, show or decline. Doing it twice is harmless."""
    async with services.database.reading() as connection:
        request = await requests.load(connection, due.request)
    work = _Due(services, event, due, request)
    if request.state is not RequestState.PLANNING:
        async with deciding(services, event):
            return
    try:
        work, result = await _planned(work)
    except StorageTrouble:
        raise  # says nothing about the request; it is planned when the database is back
    except OrchestraError as error:
        result = Declined(text=error.user_text)
    crashpoint("after_planning")
    if work.anew:
        await begin_anew(services, event, due, request, work.anew)
    else:
        await _record(work, result)


async def _planned(work: _Due) -> tuple[_Due, PlanResult]:
    """Read when, plan what; a change of the times alone leaves the plan as it is."""
    services, request = work.services, work.request
    words = last_words(request.text)
    async with services.database.reading() as connection:
        base = await _base(connection, request)
    times = await timing(services, request, base)
    work = replace(work, request=request.model_copy(update={"text": times.work}), timing=times)
    if base is not None and times.only:
        plan = restamped(base, times.schedule, services.clock.now())
        return work, Ready(plan=plan.model_copy(update={"request": request.id}))
    asked = await _plan_request(work)
    ask = services.planner.answer if request.round else services.planner.plan
    result = await ask(asked)
    if isinstance(result, Declined) and await stands_alone(services, request, asked):
        work = replace(work, anew=words)
    return work, result


async def _record(work: _Due, result: PlanResult) -> None:
    match result:
        case Ready():
            await _show(work, result)
        case NeedsAnswers():
            await _ask(work, result)
        case Declined():
            await _decline(work, result)
        case _:
            assert_never(result)


async def _show(work: _Due, ready: Ready) -> None:
    if work.request.what_if:
        await _compare(work, ready.plan)
        return
    plan = work.timing.on(
        ready.plan if work.timing.schedule else await _continued(work, ready.plan)
    )
    data = await asyncio.to_thread(drawn, plan)
    async with deciding(work.services, work.event) as tx:
        if await _move(tx, work, RequestState.PLANNED):
            await put_down(tx, work.services, work.due.thread, plan, data, remarks=ready.remarks)
            await _part(tx, work, plan)


async def _part(tx: Connection, work: _Due, plan: Plan) -> None:
    """The words that made this plan may have approved it, too."""
    base = await _base(tx, work.request)
    same_times = base is not None and base.schedule == plan.schedule
    if work.request.spoken is not None and base is not None and same_times:
        await approve_part(
            tx, work.services, work.due.thread, spoken=work.request.spoken, base=base, plan=plan
        )


async def _compare(work: _Due, plan: Plan) -> None:
    """Say what would be; nothing is put down, and the plan that waits goes on waiting."""
    async with work.services.database.reading() as connection:
        base = await _base(connection, work.request)
    out = say("The plan that was meant is not here any more.")
    if base is not None:
        out = await compared(work.services, base, plan, work.request.id)
    async with deciding(work.services, work.event) as tx:
        if await _move(tx, work, RequestState.PLANNED):
            await _say(tx, work, f"what-if:{work.request.id}", out)


async def put_down(
    tx: Connection,
    services: Services,
    thread: ThreadRef,
    plan: Plan,
    data: bytes,
    *,
    remarks: Sequence[str] = (),
) -> None:
    """Show the plan in the thread, where it replaces any other that waits; `data`: its picture."""
    now = services.clock.now()
    await _supersede_others(tx, services, thread, plan)
    key = messages.plan_key(plan.hash)
    await plans.keep(tx, plan, thread_key=thread.key, message_key=key, at=now)
    picture = None
    if data:
        digest = await artifacts.put(tx, plan.project, data, "image/png", at=now)
        picture = OutFile(name=f"plan-{plan.short}.png", digest=digest, media_type="image/png")
    stored = await plans.load(tx, plan.project, plan.hash)
    await messages.show_plan(tx, services, stored, remarks=remarks, picture=picture)
    await messages.attach_orders(tx, services, stored)
    await audit.record(tx, plan.project, actor="system", action="plan.shown", on=plan.hash, at=now)


async def _continued(work: _Due, plan: Plan) -> Plan:
    """A plan made out of one that ran, or that goes on from a run, keeps the results that the
    change does not touch.
    """
    async with work.services.database.reading() as connection:
        base = await _base(connection, work.request)
        earlier = await _earlier(connection, base) if base is not None else None
    if base is None or earlier is None:
        return plan
    run, done = earlier
    keeps = reuse.kept(plan.graph, done, reuse.changed(base.graph, plan.graph))
    return await going_on(work.services, plan, run, keeps)


async def _earlier(connection: Connection, base: Plan) -> tuple[RunId, tuple[TaskKey, ...]] | None:
    """The plan's run and the tasks it has done, else what the plan itself keeps of a run."""
    ran = await runs.newest_over(connection, base.project, base.hash)
    if ran is None:
        return (base.continues.run, base.continues.kept) if base.continues else None
    rows = await runs.tasks_of(connection, ran.id)
    return ran.id, tuple(row.key for row in rows if row.state is TaskState.SUCCEEDED)


async def going_on(
    services: Services, plan: Plan, earlier: RunId, keeps: tuple[TaskKey, ...]
) -> Plan:
    """The plan as a new one that keeps these results of the earlier run. Raises Conflict."""
    async with services.database.reading() as connection:
        profiles = await learning.profiles_of(connection, plan.project)
    catalogue = services.executor.catalogue()
    try:
        once = plan.model_copy(update={"schedule": None})
        return reuse.continued(
            once, earlier, keeps, catalogue, list_price, profiles, services.clock.now()
        )
    except ValueError as error:
        raise Conflict("An agent of that plan is not here any more; say `plan again`.") from error


async def _ask(work: _Due, result: NeedsAnswers) -> None:
    if work.request.what_if:
        open_ = result.questions[0].text
        await _decline(work, Declined(text=f"{open_} Say it as a change, and I ask."))
        return
    services, request = work.services, work.request
    round_ = request.round + 1
    stored = tuple(
        StoredQuestion(
            id=f"q_{sha256(f'{request.id}:{round_}:{number}'.encode())[:16]}",
            request=request.id,
            round=round_,
            slot=question.slot,
            text=question.text,
            options=question.options,
            default=question.default,
            accepts=question.accepts,
        )
        for number, question in enumerate(result.questions)
    )
    async with deciding(services, work.event) as tx:
        if not await _move(tx, work, RequestState.ASKING, next_round=True):
            return
        await questions.ask(tx, request.project, stored, at=services.clock.now())
        out = questions_message(ENGLISH, messages.asked(stored), request=request.id)
        await _say(tx, work, f"questions:{request.id}:{round_}", out)


async def _decline(work: _Due, result: Declined) -> None:
    async with deciding(work.services, work.event) as tx:
        ending = RequestState.DROPPED if result.small_talk else RequestState.DECLINED
        if await _move(tx, work, ending):
            key = f"declined:{work.request.id}:{work.request.round}"
            await _say(tx, work, key, say(passage(result.text, 1000)))


async def _move(tx: Connection, work: _Due, to: RequestState, *, next_round: bool = False) -> bool:
    return await requests.move(
        tx,
        work.request.id,
        to,
        only_from=(RequestState.PLANNING,),
        at=work.services.clock.now(),
        next_round=next_round,
    )


async def _say(tx: Connection, work: _Due, key: str, out: Outgoing) -> None:
    await outbox.put(
        tx,
        key,
        project=work.request.project,
        thread=work.due.thread,
        body=out.model_dump(mode="json"),
        at=work.services.clock.now(),
    )


async def _supersede_others(
    tx: Connection, services: Services, thread: ThreadRef, newer: Plan
) -> None:
    """One plan waits in a thread: the newest."""
    while waiting := await plans.newest(tx, thread.key, PlanState.WAITING):
        project, old = waiting
        if old == newer.hash:
            return
        await plans.move(tx, old, PlanState.SUPERSEDED, only_from=PlanState.WAITING)
        stored = await plans.load(tx, project, old)
        text = f"Replaced by plan `{newer.short}` below."
        await messages.close_plan(tx, services, stored, text, key=f"superseded:{old}")


async def _plan_request(work: _Due) -> PlanRequest:
    services, request = work.services, work.request
    async with services.database.reading() as connection:
        stored = await questions.of_request(connection, request.id)
        preferred = await preferences.preferences_of(
            connection, request.project, request.author.key
        )
        base = await _base(connection, request)
        costs = await _costs(connection, request.project)
    return PlanRequest(
        project=request.project,
        request=request.id,
        text=request.text,
        author=request.author,
        people=tuple({one.key: one for one in request.people}.values()),
        files=await _files(services, request),
        catalogue=_ordered(services.executor.catalogue(), preferred, costs),
        preferences=preferred,
        answers=tuple(
            Answer(slot=one.slot, value=one.answer, defaulted=one.state == "defaulted")
            for one in stored
            if one.state in {"answered", "defaulted"}
        ),
        base=base,
        now=services.clock.now(),
    )


async def _base(connection: Connection, request: StoredRequest) -> Plan | None:
    if not request.base:
        return None
    try:
        return (await plans.load(connection, request.project, request.base)).plan
    except NotFound:
        return None


async def _costs(connection: Connection, project: ProjectId) -> dict[str, float]:
    """Micro-USD per success, by agent, as known in the project."""
    spent: dict[str, tuple[int, int]] = {}
    for profile in await learning.profiles_of(connection, project):
        cost, wins = spent.get(profile.agent, (0, 0))
        spent[profile.agent] = cost + profile.cost_micro_usd, wins + profile.successes
    return {agent: cost / wins for agent, (cost, wins) in spent.items() if wins}


def _ordered(
    catalogue: Catalogue, preferences: dict[str, str], costs: dict[str, float]
) -> Catalogue:
    """The catalogue in order of preference; cheaper models first where that was asked for."""
    if preferences.get(PREFER_CHEAP) != "cheaper":
        return catalogue
    agents = sorted(
        catalogue.agents,
        key=lambda agent: (
            (not agent.local, costs.get(agent.name, float("inf")))
            if agent.kind is AgentKind.MODEL
            else (False, 0.0)
        ),
    )
    return catalogue.model_copy(update={"agents": tuple(agents)})


async def _files(services: Services, request: StoredRequest) -> tuple[FileInfo, ...]:
    """The project's files, the ones that the words name or that came along in detail."""
    listed = (await services.executor.list_files(request.project))[:FILES_LISTED]
    found = {one.path: one for one in listed}
    named = [*request.attachments, *_PATH.findall(request.text)]
    by_name = {path.rpartition("/")[2].casefold(): path for path in found}
    wanted = [path if path in found else by_name.get(path.casefold(), path) for path in named]
    for path in [path for path in dict.fromkeys(wanted) if path][:FILES_DESCRIBED]:
        if path not in found:
            info = await _described(services, request.project, path)
            if info is not None:
                found[info.path] = info
    return tuple(found.values())


async def _described(services: Services, project: ProjectId, path: str) -> FileInfo | None:
    try:
        return await services.executor.describe(project, path)
    except OrchestraError:
        return None  # a word that looks like a path need not be one


def drawn(plan: Plan) -> bytes:
    """The plan's picture, b"" where none can be made."""
    try:
        return plan_picture(ENGLISH, plan)
    except (ImportError, ValueError):
        return b""  # without fonts or renderer the words alone are the plan
