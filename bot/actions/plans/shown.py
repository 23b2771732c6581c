"""Plans in their thread: a new one is shown and replaces the one that waited there."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.actions.act import Act, action
from bot.actions.plans.knowledge import keep_artifact
from bot.chat import OutFile
from bot.message_keys import plan_key
from bot.queries.plans import approval
from bot.queries.plans.cards import PlanCard, card, waiting_card
from bot.services import Desk
from memory.model.authority import Right
from memory.model.base import Model, PlanHash
from memory.model.errors import Conflict
from memory.model.identity import MessageRef, ThreadRef
from memory.model.limits import SENTENCES
from memory.model.work.approval import PlanState, StoredPlan
from memory.model.work.plan import Plan
from memory.model.work.request import RequestState, StoredRequest
from memory.store.engine.database import Connection
from memory.store.planning import approval_requests, plans, questions, requests
from memory.store.traffic import audit, outbox
from planner.revising.differences import only_takes_away


class Sight(StrEnum):
    """Whether somebody had a plan before their eyes when they spoke."""

    SEEN = "seen"
    LATER = "later"
    """It was shown after they spoke."""
    COMING = "coming"
    """Its message is on its way, or waits until its channel takes any."""
    NOWHERE = "nowhere"
    """Its message couldn't be posted, or is gone."""


class ShowPlan(Model):
    """A plan that was made, the thread to show it in, and its picture as PNG (b"" for none).

    `of`: the plan it was made of, if any. `by`: those whose words made it so, by key.
    """

    plan: Plan
    thread: ThreadRef
    picture: bytes = b""
    of: PlanHash = PlanHash("")
    by: tuple[str, ...] = ()


class PlanShown(Model):
    """The plan waits to be decided; `replaced` waited in its thread before."""

    shown: PlanCard
    replaced: tuple[PlanCard, ...]


@action("plan.rerun")
async def rerun(act: Act, given: ShowPlan) -> PlanShown:
    """Show a plan that goes on from a run. Raises NotAllowed."""
    act.must(Right.ASK)
    mine = given.model_copy(update={"by": (act.person.key,)})
    result = await _put_down(act.tx, act.desk, mine)
    await act.record("plan.shown", given.plan.hash)
    return result


async def planned(
    tx: Connection, desk: Desk, request: StoredRequest, given: ShowPlan
) -> PlanShown | None:
    """Show the plan that was made of the request, unless that was decided meanwhile."""
    if not await finished(tx, desk, request, RequestState.PLANNED):
        return None
    by = await _hands(tx, request, given.plan)
    return await show(tx, desk, given.model_copy(update={"of": request.base, "by": by}))


async def _hands(tx: Connection, request: StoredRequest, plan: Plan) -> tuple[str, ...]:
    """Whose words made the plan what it is: a change that only takes away adds nothing to it."""
    asked = await questions.of_request(tx, request.id)
    answered = [each.answered_by for each in asked if each.answer != each.default]
    changed = [request.changed_by]
    if request.base:
        base = (await plans.load(tx, plan.project, request.base)).plan
        if base.schedule == plan.schedule and only_takes_away(base, plan):
            changed = []
    return tuple(dict.fromkeys(key for key in (*changed, *answered) if key))


async def finished(tx: Connection, desk: Desk, request: StoredRequest, to: RequestState) -> bool:
    """Planning the request came to this; False where it was decided meanwhile."""
    now, planning, asks = desk.clock.now(), (RequestState.PLANNING,), to is RequestState.ASKING
    return await requests.move(tx, request.id, to, only_from=planning, at=now, next_round=asks)


async def show(tx: Connection, desk: Desk, given: ShowPlan) -> PlanShown:
    """Show a plan that the system made."""
    result = await _put_down(tx, desk, given)
    plan, now = given.plan, desk.clock.now()
    await audit.record(tx, plan.project, actor="system", action="plan.shown", on=plan.hash, at=now)
    return result


async def sight(act: Act, stored: StoredPlan, message: str, at: datetime) -> Sight:
    """Whether the person had the plan before their eyes when they wrote the message.

    Where platform ids tell when both were posted, its clock decides; else ours, by which the words
    came in `at`.
    """
    sent = await outbox.by_key(act.tx, stored.message_key)
    if sent is None or sent.state not in {*outbox.ON_ITS_WAY, "sent"}:
        return Sight.NOWHERE
    if sent.ref is None or sent.sent_at is None:
        return Sight.COMING
    same = act.person.platform == sent.thread.platform
    if same and message == sent.message:  # typed where a button of the plan asked for it
        return Sight.SEEN
    said_at = MessageRef(where=sent.thread, message=message).posted_at if same else None
    first = _is_first((sent.ref.posted_at, said_at), (sent.sent_at, at))
    return Sight.SEEN if first else Sight.LATER


def _is_first(
    theirs: tuple[datetime | None, datetime | None], ours: tuple[datetime, datetime]
) -> bool:
    """Whether the plan was shown before the words were said, by the platform's clock where it tells both."""
    shown, said = theirs
    if shown is None or said is None:
        return ours[1] >= ours[0]
    return said > shown


def why_closed(state: PlanState) -> Conflict:
    """Why nothing can be decided on a plan in this state."""
    match state:
        case PlanState.APPROVED:
            return Conflict("That plan is already approved and about to start.")
        case PlanState.STARTED:
            return Conflict("That plan has already started; say `status` to see how it's doing.")
        case PlanState.DROPPED:
            return Conflict("That plan was dropped; say `plan again`, or what you want instead.")
        case PlanState.SUPERSEDED:
            return Conflict("That plan was replaced by a newer one; decide on the newest one here.")
        case PlanState.EXPIRED:
            return Conflict(SENTENCES["plan_life"])
        case PlanState.WAITING:
            return Conflict("That plan is still waiting for a decision.")


async def _put_down(tx: Connection, desk: Desk, given: ShowPlan) -> PlanShown:
    plan, now = given.plan, desk.clock.now()
    replaced = await _supersede(tx, desk, given.thread, plan)
    key = plan_key(plan.hash)
    await plans.keep(tx, plan, thread_key=given.thread.key, message_key=key, at=now)
    before = await approval_requests.askers(tx, given.of) if given.of else ()
    await ask_approval(tx, desk, plan, askers=tuple(dict.fromkeys((*before, *given.by))))
    stored = await plans.load(tx, plan.project, plan.hash)
    shown = await waiting_card(tx, desk, stored)
    if given.picture:
        kind = "image/png"
        digest = await keep_artifact(tx, desk, plan.project, given.picture, kind)
        picture = OutFile(name=f"plan-{plan.short}.png", digest=digest, media_type=kind)
        shown = shown.model_copy(update={"picture": picture})
    return PlanShown(shown=shown, replaced=replaced)


async def ask_approval(
    tx: Connection, desk: Desk, plan: Plan, *, askers: tuple[str, ...] = ()
) -> None:
    """Write down with the plan what its approval takes, and who could give it now."""
    judged = await approval.judging(tx, desk, plan)
    judged = replace(judged, about=replace(judged.about, askers=askers))
    eligible = [key for key in judged.people if judged.may(key)]
    at = desk.clock.now()
    await approval_requests.ask(tx, plan, judged.rules, eligible, askers=askers, at=at)


async def _supersede(
    tx: Connection, desk: Desk, thread: ThreadRef, newer: Plan
) -> tuple[PlanCard, ...]:
    """One plan waits in a thread: the newest."""
    replaced: list[PlanCard] = []
    project = newer.project
    while old := await plans.newest(tx, project, thread.key, PlanState.WAITING):
        if old == newer.hash:
            break
        await plans.move(tx, old, PlanState.SUPERSEDED, only_from=PlanState.WAITING)
        replaced.append(await card(tx, desk, await plans.load(tx, project, old)))
    return tuple(replaced)
