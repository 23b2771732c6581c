"""Decisions on a plan: approve, take back, refuse; and its dry run. Each row binds (law 3)."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.actions.act import Act, action
from bot.actions.plans.knowledge import remember_plan
from bot.actions.plans.requests import plan_with
from bot.actions.plans.shown import Sight, sight, why_closed
from bot.actions.plans.standing import pause_refused, seal
from bot.jobs import StartJob, enqueue_job
from bot.queries.plans import approval
from bot.queries.plans.cards import (
    PlanCard,
    card,
    home_of,
    waiting_card,
)
from bot.quotas import Whose, refuse_full
from bot.services import Desk
from memory.model.authority import HIGH_RISK, About, Right
from memory.model.base import Model, PlanHash
from memory.model.errors import NotAllowed
from memory.model.timing.stored_schedule import StoredSchedule
from memory.model.work.approval import PlanState, StoredPlan
from memory.model.work.quotas import Counted
from memory.store.engine.database import Connection
from memory.store.planning import plans, requests
from memory.store.traffic import audit
from planner.revising.differences import only_takes_away

_GONE = frozenset({PlanState.DROPPED, PlanState.SUPERSEDED, PlanState.EXPIRED})


class Decide(Model):
    """Somebody's decision on a plan: how, when it came in, and in which message it was given.

    Words approve only what stood in the thread when they were written.
    """

    plan: PlanHash
    via: Literal["reaction", "button", "words"]
    message: str = ""
    at: datetime
    reason: str = ""
    """Why it's refused: the request is planned again with that in mind."""


class DecidePart(Model):
    """Words that made `plan` a part of `base`, which was shown, may approve it, too."""

    plan: PlanHash
    base: PlanHash
    message: str = ""


class OnPlan(Model):
    """The plan that it is about."""

    plan: PlanHash


class Outcome(StrEnum):
    """What a decision came to."""

    CLOSED = "closed"
    """Nothing: the plan no longer waits."""
    UNSEEN = "unseen"
    """Nothing: the plan wasn't there to be read when it was said."""
    NOT_GIVEN = "not_given"
    """Nothing: there was no approval to take back."""
    NOT_LESS = "not_less"
    """Nothing: the plan is not just a part of what was shown."""
    COUNTED = "counted"
    """It counts, but more approvals are needed."""
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


class PlanDecided(Model):
    """What a decision came to, and what the plan's message shows now (None: as before).

    `own`: a high-risk plan was approved by its requester, who is alone there. `schedule`: the one
    that runs the approved plan, or that is paused because its plan was refused.
    """

    outcome: Outcome
    state: PlanState
    card: PlanCard | None = None
    own: bool = False
    schedule: StoredSchedule | None = None
    sight: Sight = Sight.SEEN
    again: bool = False
    """It's being planned again, with the reason it was refused for."""


@action("plan.approve")
async def approve(act: Act, given: Decide) -> PlanDecided:
    """Count the approval; with enough of them the plan starts. Raises NotFound, NotAllowed."""
    stored = await plans.load(act.tx, act.project, given.plan)
    if closed := await _closed(act, stored):
        return closed
    if given.via == "words":
        seen = await sight(act, stored, given.message, given.at)
        if seen is not Sight.SEEN:
            return PlanDecided(outcome=Outcome.UNSEEN, state=stored.state, sight=seen)
    return await _count(act, stored, given)


@action("plan.approve_part")
async def approve_part(act: Act, given: DecidePart) -> PlanDecided:
    """Let the words count for the plan they made, where it is only less than was shown.

    Raises NotFound, NotAllowed.
    """
    stored = await plans.load(act.tx, act.project, given.plan)
    base = await plans.load(act.tx, act.project, given.base)
    if stored.state is not PlanState.WAITING:
        return PlanDecided(outcome=Outcome.CLOSED, state=stored.state)
    if not only_takes_away(base.plan, stored.plan):
        return PlanDecided(outcome=Outcome.NOT_LESS, state=stored.state)
    words = Decide(plan=given.plan, via="words", message=given.message, at=act.now)
    return await _count(act, stored, words, part_of=given.base)


@action("plan.withdraw")
async def withdraw(act: Act, given: OnPlan) -> PlanDecided:
    """Take one's approval back, as long as nothing has started. Raises NotFound."""
    stored = await plans.load(act.tx, act.project, given.plan)
    approvers = approval.approvers(await plans.decisions(act.tx, given.plan))
    mine = [key for key in approvers if act.people.are_one(key, act.person.key)]
    if not mine:
        return PlanDecided(outcome=Outcome.NOT_GIVEN, state=stored.state)
    if stored.state not in {PlanState.WAITING, PlanState.APPROVED}:
        return PlanDecided(outcome=Outcome.CLOSED, state=stored.state)
    for key in mine:
        await plans.take_back(act.tx, given.plan, key)
    await plans.move(act.tx, given.plan, PlanState.WAITING, only_from=PlanState.APPROVED)
    await act.record("plan.approval_withdrawn", given.plan)
    shown = await waiting_card(act.tx, act.desk, stored)
    return PlanDecided(outcome=Outcome.WITHDRAWN, state=PlanState.WAITING, card=shown)


@action("plan.refuse")
async def refuse(act: Act, given: Decide) -> PlanDecided:
    """Drop the plan: it will not run. Raises NotFound, NotAllowed."""
    stored = await plans.load(act.tx, act.project, given.plan)
    if closed := await _closed(act, stored):
        return closed
    author = (await requests.load(act.tx, stored.plan.request)).author
    act.must(Right.CHANGE, About(requester=author.key, alone=act.alone))
    await _keep(act, "refuse", given)
    await plans.move(act.tx, given.plan, PlanState.DROPPED, only_from=PlanState.WAITING)
    paused = await pause_refused(act.tx, act.desk, stored.plan)
    ids = {"schedule": paused.id} if paused else {}
    again = bool(given.reason) and stored.plan.schedule is None
    if again:
        ids["request"] = (await plan_with(act, stored, given.reason)).request
    await act.record("plan.refused", given.plan, message=given.message, **ids)
    shown = await card(act.tx, act.desk, stored)
    return PlanDecided(
        outcome=Outcome.DROPPED,
        state=PlanState.DROPPED,
        card=shown,
        schedule=paused,
        again=again,
    )


@action("plan.dry_run")
async def dry_run(act: Act, given: OnPlan) -> OnPlan:
    """Walk through the plan without doing anything; needs no approval.

    The executor audits it where the run is made. Raises NotFound, NotAllowed, Conflict.
    """
    act.must(Right.DRY_RUN)
    stored = await plans.load(act.tx, act.project, given.plan)
    if stored.state in _GONE:
        raise why_closed(stored.state)
    await _start(act, stored, simulated=True)
    return given


async def _has_room(tx: Connection, desk: Desk, whose: Whose) -> bool:
    try:
        await refuse_full(tx, desk.settings, whose, Counted.RUNS, now=desk.clock.now())
    except NotAllowed:
        return False
    return True


async def by_policy(tx: Connection, desk: Desk, stored: StoredPlan) -> tuple[int, ...]:
    """Start a plan that takes nobody's approval; the numbers of the rules that say so, () for none.

    Where no more runs may be under way, it waits for somebody, too.
    A plan with a schedule always waits for somebody's word, which then stands for every time.
    """
    plan, now = stored.plan, desk.clock.now()
    judged = await approval.judging(tx, desk, plan)
    if plan.schedule is not None or not judged.free:
        return ()
    author = (await requests.load(tx, plan.request)).author
    thread = await home_of(tx, stored.thread_key)
    if not await _has_room(tx, desk, Whose(author, thread, plan.project)):
        return ()
    if not await plans.move(tx, plan.hash, PlanState.APPROVED, only_from=PlanState.WAITING):
        return ()
    await remember_plan(tx, desk, plan)
    job = StartJob(project=plan.project, thread=thread, plan=plan.hash, by=author)
    await enqueue_job(tx, job, f"start:{plan.hash}:policy", at=now)
    numbers = tuple(sorted({demand.rule for demand in judged.about.asks}))
    ids = {"policies": " ".join(map(str, numbers))}
    await audit.record(
        tx,
        plan.project,
        actor="system",
        action="plan.approved_by_policy",
        on=plan.hash,
        at=now,
        ids=ids,
    )
    return numbers


async def _closed(act: Act, stored: StoredPlan) -> PlanDecided | None:
    """Where the plan stands when nothing can be decided on it; None as long as it waits."""
    if stored.state is PlanState.APPROVED:
        # A start that failed three times is tried again when somebody says so again.
        await _start(act, stored)
    if stored.state is not PlanState.WAITING:
        return PlanDecided(outcome=Outcome.CLOSED, state=stored.state)
    if act.now < stored.expires_at:
        return None
    await plans.move(act.tx, stored.plan.hash, PlanState.EXPIRED, only_from=PlanState.WAITING)
    shown = await card(act.tx, act.desk, stored)
    return PlanDecided(outcome=Outcome.CLOSED, state=PlanState.EXPIRED, card=shown)


async def _count(act: Act, stored: StoredPlan, given: Decide, **ids: str) -> PlanDecided:
    """Start the plan if it has enough approvals now. Raises NotAllowed."""
    plan = stored.plan
    terms = await approval.terms(act.tx, act.desk, plan)
    act.must(Right.CONFIRM, terms)  # or to approve, where the plan isn't what the person asked for
    await _keep(act, "approve", given)
    schedule, approved = None, await _approved(act, stored)
    if approved and plan.schedule is not None:
        schedule = await seal(act.tx, act.desk, stored, plan.schedule)
        ids["schedule"] = schedule.id
    elif approved:
        await _start(act, stored)
    if lenders := approval.lenders(terms, act.person.key, act.role):
        ids["for"] = " ".join(lenders)
    await act.record("plan.approved", plan.hash, message=given.message, **ids)
    if not approved:
        shown = await waiting_card(act.tx, act.desk, stored)
        return PlanDecided(outcome=Outcome.COUNTED, state=PlanState.WAITING, card=shown)
    return PlanDecided(
        outcome=Outcome.APPROVED,
        state=PlanState.STARTED if schedule else PlanState.APPROVED,
        card=await card(act.tx, act.desk, stored),
        own=terms.alone and terms.highest_effect in HIGH_RISK,
        schedule=schedule,
    )


async def _approved(act: Act, stored: StoredPlan) -> bool:
    """Whether the plan has enough approvals now. Raises Conflict if it was decided meanwhile."""
    plan = stored.plan
    words = approval.words_of(await plans.decisions(act.tx, plan.hash))
    if (await approval.judging(act.tx, act.desk, plan)).missing(words):
        return False
    if not await plans.move(act.tx, plan.hash, PlanState.APPROVED, only_from=PlanState.WAITING):
        raise why_closed(PlanState.APPROVED)
    await remember_plan(act.tx, act.desk, plan)
    return True


async def _start(act: Act, stored: StoredPlan, *, simulated: bool = False) -> None:
    """Put in the job that starts the plan, once per event. Raises NotAllowed where there's no room."""
    plan, thread = stored.plan.hash, await home_of(act.tx, stored.thread_key)
    job = StartJob(
        project=act.project, thread=thread, plan=plan, by=act.person, simulated=simulated
    )
    whose = Whose(act.person, thread, act.project)
    await refuse_full(act.tx, act.desk.settings, whose, Counted.RUNS, now=act.now)
    kind = "dryrun" if simulated else "start"
    await enqueue_job(act.tx, job, f"{kind}:{plan}:{act.actor.event}", at=act.now)


async def _keep(act: Act, decision: Literal["approve", "refuse"], given: Decide) -> None:
    await plans.decide(
        act.tx,
        act.project,
        given.plan,
        act.person,
        act.role,
        decision,
        via=given.via,
        message=given.message,
        at=act.now,
    )
