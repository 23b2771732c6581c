"""Decisions on a plan: approve, take back, drop, dry run. Each is a row that binds (law 3)."""

from dataclasses import dataclass

from bot.conversation import messages
from bot.conversation.context import Turn, deciding
from bot.conversation.jobs import StartDue, put_off
from bot.conversation.schedule_steps import pause_refused
from bot.conversation.services import Services
from bot.conversation.standing_approval import set_up
from bot.conversation.templates import remember
from bot.language.emoji import DROP
from bot.language.intents import Approve, Refuse
from memory.model.authority import GRAVE, About, Action
from memory.model.base import PlanHash
from memory.model.errors import Conflict
from memory.model.identity import Identity, ThreadRef
from memory.model.limits import SENTENCES
from memory.model.timing.schedule import Schedule
from memory.store.engine.database import Connection
from memory.store.planning import plans, requests
from memory.store.planning.plans import PlanState, StoredPlan
from memory.store.traffic import audit, outbox
from memory.store.traffic.jobs import Claimed


@dataclass(frozen=True)
class Word:
    """Somebody's approval: where, whose, and a mark by which hearing it twice is once."""

    thread: ThreadRef
    person: Identity
    mark: str


async def approve(turn: Turn, command: Approve) -> None:
    """Count the approval; with enough of them the plan starts."""
    async with turn.deciding() as tx:
        stored = await plans.load(tx, turn.project, command.plan)
        if not await _decidable(tx, turn, stored, quiet=command.via != "words"):
            return
        if command.via == "words" and not await was_shown(tx, turn, stored):
            await turn.reply(
                tx, "You said that before this plan was shown; look, and say it again."
            )
            return
        terms = await messages.approval_terms(tx, turn.services, stored.plan)
        turn.must(Action.APPROVE, terms)
        await _decide(tx, turn, stored, "approve", command)
        word = Word(thread=turn.thread, person=turn.person, mark=turn.event.event_id)
        await count_word(tx, turn.services, stored, terms, word)


async def withdraw(turn: Turn, plan: PlanHash) -> None:
    """Take one's approval back, as long as nothing has started."""
    async with turn.deciding() as tx:
        stored = await plans.load(tx, turn.project, plan)
        given = messages.approvers(await plans.decisions(tx, plan))
        if turn.person.key not in given:
            return
        if stored.state not in {PlanState.WAITING, PlanState.APPROVED}:
            if stored.state is PlanState.STARTED:
                await turn.reply(tx, "It has started already; say `cancel` to stop it.")
            return
        await plans.take_back(tx, plan, turn.person.key)
        await plans.move(tx, plan, PlanState.WAITING, only_from=PlanState.APPROVED)
        await _audit(tx, turn, "plan.approval_withdrawn", plan)
        key = f"withdrawn:{turn.event.event_id}"
        await messages.show_plan(tx, turn.services, stored, edit=key)


async def refuse(turn: Turn, command: Refuse) -> None:
    """Drop the plan: it will not run."""
    async with turn.deciding() as tx:
        stored = await plans.load(tx, turn.project, command.plan)
        if not await _decidable(tx, turn, stored, quiet=command.via != "words"):
            return
        author = (await requests.load(tx, stored.plan.request)).author
        turn.must(Action.CHANGE, About(requester=author.key, alone=turn.alone))
        await _decide(tx, turn, stored, "refuse", command)
        await plans.move(tx, command.plan, PlanState.DROPPED, only_from=PlanState.WAITING)
        text = f"{DROP} Dropped by {messages.called(turn.person)}."
        key = f"dropped:{command.plan}"
        await messages.close_plan(tx, turn.services, stored, text, key=key)
        await turn.reply(tx, await _dropped_words(tx, turn, stored.plan.schedule))


async def _dropped_words(tx: Connection, turn: Turn, schedule: Schedule | None) -> str:
    paused = await pause_refused(tx, schedule.of if schedule else "", turn.services.clock.now())
    if paused is None:
        return "Dropped; nothing was done. Say what you want instead."
    number = paused.number
    return (
        f"Dropped; schedule {number} is paused. `resume schedule {number}` looks again at its next "
        f"time, `delete schedule {number}` ends it."
    )


async def dry_run(turn: Turn, plan: PlanHash) -> None:
    """Walk through the plan without doing anything; needs no approval."""
    turn.must(Action.DRY_RUN)
    async with turn.deciding() as tx:
        stored = await plans.load(tx, turn.project, plan)
        if stored.state in {PlanState.DROPPED, PlanState.SUPERSEDED, PlanState.EXPIRED}:
            raise Conflict(messages.closed_sentence(stored.state))
        key = f"dryrun:{plan}:{turn.event.event_id}"
        await put_off(tx, _start(turn, plan, simulated=True), key, at=turn.services.clock.now())


async def start_due(services: Services, event: Claimed, due: StartDue) -> None:
    """Start an approved plan, or a dry run. Raises Conflict, NotAllowed.

    The same ✅ may be heard twice (told again, and read again after a restart): the same plan
    twice is one run, and the audit row is written where the run is made.
    """
    await services.executor.start(
        due.project, due.plan, thread_key=due.thread.key, by=due.by, simulated=due.simulated
    )
    async with deciding(services, event):
        pass


async def count_word(
    tx: Connection, services: Services, stored: StoredPlan, terms: About, word: Word
) -> None:
    """Start the plan if with this word it has approvals enough, else show who is missing."""
    plan = stored.plan
    given = messages.approvers(await plans.decisions(tx, plan.hash))
    if len(given) < messages.quorum_of(services, plan):
        await messages.show_plan(tx, services, stored, edit=f"approvals:{word.mark}")
        return
    if not await plans.move(tx, plan.hash, PlanState.APPROVED, only_from=PlanState.WAITING):
        return
    await remember(tx, plan, at=services.clock.now())
    own = " (your own plan: you are alone here)" if terms.alone and _is_grave(terms) else ""
    text = f"Approved by {messages.called(word.person)}{own}; starting."
    if plan.schedule is not None:
        words = await set_up(tx, services, stored, word.thread, word.person)
        text = f"Approved by {messages.called(word.person)}{own}. {words}"
    else:
        due = StartDue(project=plan.project, thread=word.thread, plan=plan.hash, by=word.person)
        await put_off(tx, due, f"start:{plan.hash}:{word.mark}", at=services.clock.now())
    await messages.close_plan(tx, services, stored, text, key=f"approved:{word.mark}")


def _is_grave(terms: About) -> bool:
    return terms.gravest in GRAVE


async def _decidable(tx: Connection, turn: Turn, stored: StoredPlan, *, quiet: bool) -> bool:
    """Whether the plan still waits; if not, says why in one sentence where that is news."""
    plan = stored.plan
    state = stored.state
    if state is PlanState.WAITING and turn.services.clock.now() >= stored.expires_at:
        await plans.move(tx, plan.hash, PlanState.EXPIRED, only_from=PlanState.WAITING)
        text = SENTENCES["plan_life"]
        key = f"expired:{plan.hash}"
        await messages.close_plan(tx, turn.services, stored, text, key=key)
        state = PlanState.EXPIRED
    if state is PlanState.WAITING:
        return True
    if state is PlanState.APPROVED:
        # A start that failed three times is tried again when somebody says so again.
        key = f"start:{plan.hash}:{turn.event.event_id}"
        await put_off(tx, _start(turn, plan.hash), key, at=turn.services.clock.now())
    if not (quiet and state in {PlanState.APPROVED, PlanState.STARTED}):
        await turn.reply(tx, messages.closed_sentence(state))
    return False


async def was_shown(tx: Connection, turn: Turn, stored: StoredPlan) -> bool:
    """Whether the plan stood in the thread when the person spoke."""
    sent = await outbox.by_key(tx, stored.message_key)
    return sent is None or sent.sent_at is None or turn.event.received_at >= sent.sent_at


async def _decide(
    tx: Connection, turn: Turn, stored: StoredPlan, decision: str, command: Approve | Refuse
) -> None:
    await plans.decide(
        tx,
        turn.project,
        stored.plan.hash,
        turn.person,
        turn.role,
        "approve" if decision == "approve" else "refuse",
        via=command.via,
        message=turn.incoming.message,
        at=turn.services.clock.now(),
    )
    await _audit(
        tx, turn, "plan.approved" if decision == "approve" else "plan.refused", stored.plan.hash
    )


async def _audit(tx: Connection, turn: Turn, action: str, plan: PlanHash) -> None:
    await audit.record(
        tx,
        turn.project,
        actor=turn.person.key,
        action=action,
        on=plan,
        at=turn.services.clock.now(),
        ids={"role": turn.role, "message": turn.incoming.message},
    )


def _start(turn: Turn, plan: PlanHash, *, simulated: bool = False) -> StartDue:
    return StartDue(
        project=turn.project, thread=turn.thread, plan=plan, by=turn.person, simulated=simulated
    )
