"""What becomes of a request when the message it began with is edited or deleted.

As long as nothing has started, the old words are worth nothing any more: the request is dropped and
its plan void, with every approval of it. An edited one is asked anew.
"""

from enum import StrEnum

from bot.actions.act import Act
from bot.actions.plans.questions import QuestionsCard, dropped
from bot.actions.plans.requests import AskChange, Words, put, with_change
from bot.chat import Incoming
from bot.queries.plans.cards import PlanCard, card, waiting_card
from bot.services import Desk
from memory.model.authority import About, Right
from memory.model.base import Model, PlanHash
from memory.model.work.approval import PlanState, StoredPlan
from memory.model.work.request import RequestState, StoredRequest, request_id
from memory.store.engine.database import Connection
from memory.store.planning import plans, requests
from memory.store.traffic import outbox


class Standing(StrEnum):
    """How far a request had come when its message changed."""

    OPEN = "open"
    """Nothing had started, and it was let go of."""
    CLOSED = "closed"
    """It was declined or dropped before."""
    CHANGED = "changed"
    """Its plan was replaced by one that somebody made of it."""
    SCHEDULED = "scheduled"
    RUNNING = "running"
    OVER = "over"


class Revision(Model):
    """How the request stood, and the messages that decide nothing any more."""

    standing: Standing
    plan: PlanCard | None = None
    questions: QuestionsCard | None = None

    @property
    def free(self) -> bool:
        """Whether other words may take the request's place."""
        return self.standing in {Standing.OPEN, Standing.CLOSED}


async def revise(act: Act, old: StoredRequest, words: Words) -> Revision:
    """Ask for these words in place of the request, unless it has started. Raises NotAllowed."""
    act.must(Right.ASK)
    revision = await _let_go(act, old, PlanState.SUPERSEDED)
    if revision.free:
        void = revision.plan.plan.hash if revision.plan else old.instead_of
        new = await _again(act, old.model_copy(update={"instead_of": void}), words)
        await act.record("request.revised", old.id, request=new.id)
        await put(act, words, new)
    return revision


async def take_back(act: Act, old: StoredRequest) -> Revision:
    """Drop the request, unless it has started. Raises NotAllowed."""
    revision = await _let_go(act, old, PlanState.DROPPED)
    if revision.standing is Standing.OPEN:
        await act.record("request.dropped", old.id)
    return revision


async def show_again(tx: Connection, desk: Desk, gone: Incoming) -> PlanCard | None:
    """The plan to be shown again, as its message is gone: till then nobody can approve it.

    None where the message that was deleted showed none that waits.
    """
    sent = await outbox.by_message(tx, gone.thread, gone.message)
    shown = await plans.by_message(tx, sent.key) if sent and gone.kind == "deleted" else None
    stored = await plans.load(tx, *shown) if shown else None
    if sent is None or stored is None or stored.state is not PlanState.WAITING:
        return None
    if desk.clock.now() >= stored.expires_at:
        return None
    key = f"{sent.key}:again"
    again = (await waiting_card(tx, desk, stored)).model_copy(update={"message_key": key})
    await plans.show_in(tx, stored.plan.hash, key)
    return again


async def _let_go(act: Act, old: StoredRequest, to: PlanState) -> Revision:
    act.must(Right.CHANGE, About(requester=old.author.key, alone=act.alone))
    open_states = (RequestState.PLANNING, RequestState.ASKING)
    dropped_state = RequestState.DROPPED
    if await requests.move(act.tx, old.id, dropped_state, only_from=open_states, at=act.now):
        asked = await dropped(act, old) if old.state is RequestState.ASKING else None
        return Revision(standing=Standing.OPEN, questions=asked)
    made = await plans.of_request(act.tx, act.project, old.id)
    if made is None:
        return Revision(standing=Standing.CLOSED)
    stored = await plans.load(act.tx, act.project, made)
    for state in (PlanState.WAITING, PlanState.APPROVED):
        if await plans.move(act.tx, made, to, only_from=state):
            return Revision(standing=Standing.OPEN, plan=await card(act.tx, act.desk, stored))
    return Revision(standing=await _closed(act, stored))


async def _closed(act: Act, stored: StoredPlan) -> Standing:
    match stored.state:
        case PlanState.STARTED if stored.plan.schedule is not None:
            return Standing.SCHEDULED
        case PlanState.STARTED:
            return Standing.RUNNING if await _runs(act, stored.plan.hash) else Standing.OVER
        case PlanState.SUPERSEDED:
            return Standing.CHANGED
        case _:
            return Standing.CLOSED


async def _runs(act: Act, plan: PlanHash) -> bool:
    running = await act.desk.executor.runs(act.project, running_only=True)
    return any(view.plan_hash == plan and not view.simulated for view in running)


async def _again(act: Act, old: StoredRequest, words: Words) -> StoredRequest:
    """What the old request was, in these words."""
    update: dict[str, object] = {
        "id": request_id(act.actor.event),
        "text": words.text,
        "people": words.people,
        "state": RequestState.PLANNING,
        "round": 0,
        "spoken": None,
        "asked_at": None,
    }
    if old.base:
        base = (await plans.load(act.tx, act.project, old.base)).plan
        first = await requests.load(act.tx, base.request)
        change = with_change(act, AskChange(plan=old.base, words=words), first)
        update |= {"text": change.text, "people": change.people}
    return old.model_copy(update=update)
