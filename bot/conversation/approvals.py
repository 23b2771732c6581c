"""Decisions on a plan: approve, take back, drop, dry run. Each is a row that binds (law 3)."""

from dataclasses import dataclass

from bot.actions.chat_events import deciding
from bot.actions.schedules import pause_refused
from bot.actions.templates import remember
from bot.conversation import messages
from bot.conversation.context import Context
from bot.conversation.standing_approval import set_up
from bot.jobs import StartJob, enqueue_job
from bot.language.emoji import DROP
from bot.language.intents import Approve, Refuse
from bot.services import Services
from memory.model.authority import HIGH_RISK, About, Right
from memory.model.base import PlanHash
from memory.model.errors import Conflict
from memory.model.identity import Identity, ThreadRef
from memory.model.job import Claimed
from memory.model.limits import SENTENCES
from memory.model.timing.schedule import Schedule
from memory.model.work.approval import PlanState, StoredPlan
from memory.store.engine.database import Connection
from memory.store.planning import plans, requests
from memory.store.traffic import audit, outbox


@dataclass(frozen=True)
class Word:
    """Somebody's approval: where, whose, and a mark by which hearing it twice is once."""

    thread: ThreadRef
    person: Identity
    mark: str


async def approve(context: Context, command: Approve) -> None:
    """Count the approval; with enough of them the plan starts."""
    async with context.deciding() as tx:
        stored = await plans.load(tx, context.project, command.plan)
        if not await _decidable(tx, context, stored, quiet=command.via != "words"):
            return
        if command.via == "words" and not await was_shown(tx, context, stored):
            await context.reply(
                tx, "You said that before this plan was shown; look, and say it again."
            )
            return
        terms = await messages.approval_terms(tx, context.services, stored.plan)
        context.must(Right.APPROVE, terms)
        await _decide(tx, context, stored, "approve", command)
        word = Word(thread=context.thread, person=context.person, mark=context.event.event_id)
        await count_word(tx, context.services, stored, terms, word)


async def withdraw(context: Context, plan: PlanHash) -> None:
    """Take one's approval back, as long as nothing has started."""
    async with context.deciding() as tx:
        stored = await plans.load(tx, context.project, plan)
        given = messages.approvers(await plans.decisions(tx, plan))
        if context.person.key not in given:
            return
        if stored.state not in {PlanState.WAITING, PlanState.APPROVED}:
            if stored.state is PlanState.STARTED:
                await context.reply(tx, "It has started already; say `cancel` to stop it.")
            return
        await plans.take_back(tx, plan, context.person.key)
        await plans.move(tx, plan, PlanState.WAITING, only_from=PlanState.APPROVED)
        await _audit(tx, context, "plan.approval_withdrawn", plan)
        key = f"withdrawn:{context.event.event_id}"
        await messages.show_plan(tx, context.services, stored, edit=key)


async def refuse(context: Context, command: Refuse) -> None:
    """Drop the plan: it will not run."""
    async with context.deciding() as tx:
        stored = await plans.load(tx, context.project, command.plan)
        if not await _decidable(tx, context, stored, quiet=command.via != "words"):
            return
        author = (await requests.load(tx, stored.plan.request)).author
        context.must(Right.CHANGE, About(requester=author.key, alone=context.alone))
        await _decide(tx, context, stored, "refuse", command)
        await plans.move(tx, command.plan, PlanState.DROPPED, only_from=PlanState.WAITING)
        text = f"{DROP} Dropped by {messages.called(context.person)}."
        key = f"dropped:{command.plan}"
        await messages.close_plan(tx, context.services, stored, text, key=key)
        await context.reply(tx, await _dropped_words(tx, context, stored.plan.schedule))


async def _dropped_words(tx: Connection, context: Context, schedule: Schedule | None) -> str:
    paused = await pause_refused(tx, schedule.of if schedule else "", context.services.clock.now())
    if paused is None:
        return "Dropped; nothing was done. Say what you want instead."
    number = paused.number
    return (
        f"Dropped; schedule {number} is paused. `resume schedule {number}` looks again at its next "
        f"time, `delete schedule {number}` ends it."
    )


async def dry_run(context: Context, plan: PlanHash) -> None:
    """Walk through the plan without doing anything; needs no approval."""
    context.must(Right.DRY_RUN)
    async with context.deciding() as tx:
        stored = await plans.load(tx, context.project, plan)
        if stored.state in {PlanState.DROPPED, PlanState.SUPERSEDED, PlanState.EXPIRED}:
            raise Conflict(messages.closed_sentence(stored.state))
        key = f"dryrun:{plan}:{context.event.event_id}"
        await enqueue_job(
            tx, _start(context, plan, simulated=True), key, at=context.services.clock.now()
        )


async def start_job(services: Services, event: Claimed, due: StartJob) -> None:
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
    own = " (your own plan: you are alone here)" if terms.alone and _is_high_risk(terms) else ""
    text = f"Approved by {messages.called(word.person)}{own}; starting."
    if plan.schedule is not None:
        words = await set_up(tx, services, stored, word.thread, word.person)
        text = f"Approved by {messages.called(word.person)}{own}. {words}"
    else:
        due = StartJob(project=plan.project, thread=word.thread, plan=plan.hash, by=word.person)
        await enqueue_job(tx, due, f"start:{plan.hash}:{word.mark}", at=services.clock.now())
    await messages.close_plan(tx, services, stored, text, key=f"approved:{word.mark}")


def _is_high_risk(terms: About) -> bool:
    return terms.highest_effect in HIGH_RISK


async def _decidable(tx: Connection, context: Context, stored: StoredPlan, *, quiet: bool) -> bool:
    """Whether the plan still waits; if not, says why in one sentence where that is news."""
    plan = stored.plan
    state = stored.state
    if state is PlanState.WAITING and context.services.clock.now() >= stored.expires_at:
        await plans.move(tx, plan.hash, PlanState.EXPIRED, only_from=PlanState.WAITING)
        text = SENTENCES["plan_life"]
        key = f"expired:{plan.hash}"
        await messages.close_plan(tx, context.services, stored, text, key=key)
        state = PlanState.EXPIRED
    if state is PlanState.WAITING:
        return True
    if state is PlanState.APPROVED:
        # A start that failed three times is tried again when somebody says so again.
        key = f"start:{plan.hash}:{context.event.event_id}"
        await enqueue_job(tx, _start(context, plan.hash), key, at=context.services.clock.now())
    if not (quiet and state in {PlanState.APPROVED, PlanState.STARTED}):
        await context.reply(tx, messages.closed_sentence(state))
    return False


async def was_shown(tx: Connection, context: Context, stored: StoredPlan) -> bool:
    """Whether the plan stood in the thread when the person spoke."""
    sent = await outbox.by_key(tx, stored.message_key)
    return sent is None or sent.sent_at is None or context.event.received_at >= sent.sent_at


async def _decide(
    tx: Connection, context: Context, stored: StoredPlan, decision: str, command: Approve | Refuse
) -> None:
    await plans.decide(
        tx,
        context.project,
        stored.plan.hash,
        context.person,
        context.role,
        "approve" if decision == "approve" else "refuse",
        via=command.via,
        message=context.incoming.message,
        at=context.services.clock.now(),
    )
    await _audit(
        tx, context, "plan.approved" if decision == "approve" else "plan.refused", stored.plan.hash
    )


async def _audit(tx: Connection, context: Context, action: str, plan: PlanHash) -> None:
    await audit.record(
        tx,
        context.project,
        actor=context.person.key,
        action=action,
        on=plan,
        at=context.services.clock.now(),
        ids={"role": context.role, "message": context.incoming.message},
    )


def _start(context: Context, plan: PlanHash, *, simulated: bool = False) -> StartJob:
    return StartJob(
        project=context.project,
        thread=context.thread,
        plan=plan,
        by=context.person,
        simulated=simulated,
    )
