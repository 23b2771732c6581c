"""Carrying a request to the planner, and what comes back to the thread."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from bot.actions.act import Actor, Door, acting
from bot.actions.chat_events import Transaction, deciding, post
from bot.actions.plans import questions, requests, shown
from bot.actions.plans.shown import ShowPlan
from bot.chat import Outgoing, say
from bot.conversation.plans.approvals import approve_part, start_unasked
from bot.conversation.plans.messages import post_new_plan, post_questions
from bot.conversation.plans.progress import showing
from bot.jobs import PlanJob
from bot.language.catalogue import ENGLISH
from bot.language.words import passage
from bot.queries.plans import material
from bot.queries.plans.cards import agent_names
from bot.queries.plans.timing import AT_ONCE, Timing, restamped, timing
from bot.render.pictures.plan_picture import plan_picture
from bot.render.plans.decisions import known_words
from bot.render.plans.differences import comparison
from bot.services import Services
from memory.model.base import PlanHash, RunId, TaskKey
from memory.model.crash import crashpoint, declare
from memory.model.errors import Conflict, OrchestraError, StorageTrouble
from memory.model.identity import ThreadRef
from memory.model.job import Claimed
from memory.model.work.plan import Plan
from memory.model.work.request import RequestState, StoredRequest
from planner.estimate import list_price
from planner.port import Answered, Declined, NeedsAnswers, PlanRequest, PlanResult, Ready
from planner.revising import reuse
from planner.understanding.follow_ups import needs_a_result

declare("after_planning")


@dataclass(frozen=True)
class _Anew:
    """Words that are no change of the plan that waits, but a request of their own."""

    text: str


@dataclass(frozen=True)
class _Work:
    """A request being planned, with the plan it changes."""

    services: Services
    event: Claimed
    job: PlanJob
    request: StoredRequest
    base: Plan | None
    timing: Timing = AT_ONCE

    async def say(self, tx: Transaction, key: str, out: Outgoing) -> None:
        """Say it in the request's thread, once per key."""
        await post(tx, self.services, self.request.project, self.job.thread, key, out)


async def plan_job(services: Services, event: Claimed, job: PlanJob) -> None:
    """Plan the request, then ask, show or decline. Doing it twice is harmless."""
    request, base = await material.request_of(services, job.request)
    work = _Work(services, event, job, request, base)
    if request.state is not RequestState.PLANNING:
        async with deciding(services, event):
            return
    result: PlanResult | _Anew
    try:
        async with services.turns.of(request.author.key, request.text):
            work, result = await _planned(work)
    except StorageTrouble:
        raise  # says nothing about the request; it is planned when the database is back
    except OrchestraError as error:
        result = Declined(text=services.locale.sentence(error))
    crashpoint("after_planning")
    await _record(work, result)


async def put_down(
    tx: Transaction,
    services: Services,
    thread: ThreadRef,
    plan: Plan,
    data: bytes,
    *,
    of: PlanHash,
    by: tuple[str, ...] = (),
    remarks: Sequence[str] = (),
) -> None:
    """Show the plan in the thread, where it replaces any other that waits; `data`: its picture.

    `of`: the plan it was made of; `by`: those whose words made it so, by key.
    """
    given = ShowPlan(plan=plan, thread=thread, picture=data, of=of, by=by)
    result = await shown.show(tx, services, given)
    await post_new_plan(tx, services, result, remarks=remarks)
    await start_unasked(tx, services, result.shown)


async def going_on(
    services: Services, plan: Plan, earlier: RunId, keeps: tuple[TaskKey, ...]
) -> Plan:
    """The plan as a new one that keeps these results of the earlier run. Raises Conflict."""
    profiles = await material.profiles_of(services, plan.project)
    once = plan.model_copy(update={"schedule": None})
    catalogue, now = services.executor.catalogue(), services.clock.now()
    try:
        return reuse.continued(once, earlier, keeps, catalogue, list_price, profiles, now)
    except ValueError as error:
        raise Conflict("An agent of that plan is no longer here; say `plan again`.") from error


def drawn(plan: Plan) -> bytes:
    """The plan's picture, b"" where none can be made."""
    try:
        return plan_picture(ENGLISH, plan)
    except (ImportError, ValueError):
        return b""  # without fonts or renderer the words alone are the plan


async def _planned(work: _Work) -> tuple[_Work, PlanResult | _Anew]:
    """Read when, plan what; a change of the times alone leaves the plan as it is."""
    services, request, base = work.services, work.request, work.base
    times = await timing(services, request, base)
    work = replace(work, request=request.model_copy(update={"text": times.work}), timing=times)
    if base is not None and times.only:
        plan = restamped(base, times.schedule, services.clock.now())
        return work, Ready(plan=plan.model_copy(update={"request": request.id}))
    asked = await material.plan_request(services, work.request, base, times.schedule)
    ask = services.planner.answer if request.round else services.planner.plan
    key = f"planning:{request.id}:{request.round}"
    async with showing(services, request.project, work.job.thread, key, work.event.attempts) as say:
        result = await ask(asked, say)
    if isinstance(result, Declined) and await _stands_alone(services, request, asked):
        # A blank line parts what was said at different times.
        return work, _Anew(request.text.strip().rpartition("\n\n")[2])
    return work, result


async def _stands_alone(services: Services, request: StoredRequest, asked: PlanRequest) -> bool:
    """Whether what was declined as a change can be planned by itself."""
    if asked.base is None or request.what_if or request.spoken:
        return False
    from planner.offline.edits import alone, begins_work  # noqa: PLC0415 - 0.3 s of readers

    other = alone(asked)
    if needs_a_result(other.text, asked.files):
        return False
    return begins_work(other.text) and not isinstance(await services.planner.plan(other), Declined)


async def _record(work: _Work, result: PlanResult | _Anew) -> None:
    match result:
        case Ready() if work.request.what_if:
            await _compare(work, result.plan)
        case Ready():
            await _show(work, result)
        case NeedsAnswers():
            await _ask(work, result)
        case Declined():
            await _decline(work, result)
        case Answered():
            await _decline(work, Declined(text=result.text, small_talk=True))
        case _Anew():
            await _begin_anew(work, result.text)
        case _:
            assert_never(result)


async def _show(work: _Work, ready: Ready) -> None:
    services = work.services
    plan = work.timing.on(
        ready.plan if work.timing.schedule else await _continued(work, ready.plan)
    )
    picture = await asyncio.to_thread(drawn, plan)
    given = ShowPlan(plan=plan, thread=work.job.thread, picture=picture)
    async with deciding(services, work.event) as tx:
        result = await shown.planned(tx, services, work.request, given)
        if result is not None:
            await post_new_plan(tx, services, result, remarks=ready.remarks)
            if not await start_unasked(tx, services, result.shown):
                await _part(tx, work, plan)


async def _part(tx: Transaction, work: _Work, plan: Plan) -> None:
    """The words that made this plan may have approved it, too."""
    spoken, base = work.request.spoken, work.base
    if spoken is None or base is None or base.schedule != plan.schedule:
        return
    actor = Actor(identity=spoken.by, door=Door.CHAT, event=work.event.event_id)
    async with acting(work.services, actor, plan.project, tx=tx) as act:
        await approve_part(act, work.job.thread, spoken.message, base, plan)


async def _continued(work: _Work, plan: Plan) -> Plan:
    """A plan made out of one that ran, or that goes on from a run, keeps the results that the
    change does not touch.
    """
    base = work.base
    earlier = await material.earlier_run(work.services, base) if base else None
    if base is None or earlier is None:
        return plan
    keeps = reuse.kept(plan.graph, earlier.done, reuse.changed(base.graph, plan.graph))
    return await going_on(work.services, plan, earlier.run, keeps)


async def _compare(work: _Work, plan: Plan) -> None:
    """Say what would be; nothing is put down, and the plan that waits goes on waiting."""
    services, base = work.services, work.base
    _ = services.locale
    if base is None:
        out = say(_("The plan you meant isn't here any more."))
    else:
        known = known_words(await material.known_of(services, base, plan))
        names, take = agent_names(services), work.request.id
        out = comparison(_, base, plan, names, quality=known, take=take)
    async with deciding(services, work.event) as tx:
        if await shown.finished(tx, services, work.request, RequestState.PLANNED):
            await work.say(tx, f"what-if:{work.request.id}", out)


async def _ask(work: _Work, result: NeedsAnswers) -> None:
    if work.request.what_if:
        _, question = work.services.locale, result.questions[0].text
        text = _("{question} Say it as a change, and I'll ask.").format(question=question)
        await _decline(work, Declined(text=text))
        return
    async with deciding(work.services, work.event) as tx:
        card = await questions.asked(tx, work.services, work.request, result.questions)
        if card is not None:
            await post_questions(tx, work.services, card, work.job.thread)


async def _decline(work: _Work, result: Declined) -> None:
    ending = RequestState.DROPPED if result.small_talk else RequestState.DECLINED
    request = work.request
    async with deciding(work.services, work.event) as tx:
        if await shown.finished(tx, work.services, request, ending):
            key = f"declined:{request.id}:{request.round}"
            await work.say(tx, key, say(passage(result.text, 1000)))


async def _begin_anew(work: _Work, text: str) -> None:
    """Plan the words instead of the change; their plan replaces the one that waits."""
    who = work.job.by or work.request.author
    actor = Actor(identity=who, door=Door.CHAT, event=work.event.event_id)
    async with (
        deciding(work.services, work.event) as tx,
        acting(work.services, actor, work.request.project, tx=tx) as act,
    ):
        await requests.anew(act, work.request, text)
