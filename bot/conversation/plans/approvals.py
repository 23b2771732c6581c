"""Decisions on a plan in the chat: approve, take back, drop, dry run; and `run all but 4`.

Who says `run all but 4` has seen every task, effect and cost of the smaller plan, since it is the
plan that was shown without some of its tasks; asking for another ✅ would tell nothing new. So the
words count as that person's approval of the new hash, under the same gate and quorum, on the audit
chain with the plan it is a part of. Where the result is not just less, it waits for its own ✅.
"""

from typing import Final

from bot.actions.act import Act
from bot.actions.chat_events import Transaction, deciding, post
from bot.actions.plans import approvals
from bot.actions.plans.approvals import Decide, DecidePart, OnPlan, Outcome, PlanDecided
from bot.actions.plans.shown import why_closed
from bot.chat import say
from bot.conversation.context import Context
from bot.conversation.plans.messages import close_plan, post_plan
from bot.jobs import StartJob
from bot.language.catalogue import Locale
from bot.language.intents import Approve, Refuse
from bot.queries.plans.cards import PlanCard, agent_names, plan_stored
from bot.queries.plans.sending import plan_out
from bot.queries.plans.zones import clock_of
from bot.render.errors import error_message
from bot.render.plans.decisions import (
    approved_words,
    dropped_words,
    refused_words,
    unasked_words,
    unseen_words,
)
from bot.render.plans.differences import changes_text
from bot.services import Desk, Services
from memory.model.base import PlanHash
from memory.model.errors import NotAllowed
from memory.model.identity import ThreadRef
from memory.model.job import Claimed
from memory.model.work.approval import PlanState
from memory.model.work.plan import Plan

_UNDER_WAY: Final = {PlanState.APPROVED, PlanState.STARTED}


async def approve(context: Context, command: Approve) -> None:
    """Count the approval; with enough of them the plan starts."""
    if command.via == "words":
        await plan_out(context.services, context.project, command.plan)
    async with context.acting() as act:
        result = await approvals.approve(act, _given(context, command))
        await _answer(context, act, result, quiet=command.via != "words")


async def withdraw(context: Context, plan: PlanHash) -> None:
    """Take one's approval back, as long as nothing has started."""
    _ = context.locale
    async with context.acting() as act:
        result = await approvals.withdraw(act, OnPlan(plan=plan))
        if result.outcome is Outcome.CLOSED and result.state is PlanState.STARTED:
            await context.reply(act.tx, _("It has already started; say `cancel` to stop it."))
        await show_decision(act, result, context.event.event_id)


async def refuse(context: Context, command: Refuse) -> None:
    """Drop the plan: it will not run."""
    async with context.acting() as act:
        result = await approvals.refuse(act, _given(context, command))
        await _answer(context, act, result, quiet=command.via != "words")


async def approve_part(act: Act, thread: ThreadRef, message: str, base: Plan, plan: Plan) -> None:
    """Let the actor's words count for the plan that has just been put down, if they may."""
    _, given = act.desk.locale, DecidePart(plan=plan.hash, base=base.hash, message=message)
    try:
        result = await approvals.approve_part(act, given)
    except NotAllowed as error:
        text = _.sentence(error)
    else:
        await show_decision(act, result, f"part:{plan.hash}")
        text = _part_words(_, result, changes_text(_, base, plan, agent_names(act.desk)))
    if text:
        await post(act.tx, act.desk, plan.project, thread, f"part:{plan.hash}", say(text))


async def start_unasked(tx: Transaction, desk: Desk, card: PlanCard) -> bool:
    """Start a plan that has just been shown, where it takes nobody's approval."""
    stored = await plan_stored(tx, card.plan)
    numbers = await approvals.by_policy(tx, desk, stored)
    if numbers:
        text = unasked_words(desk.locale, numbers)
        await close_plan(tx, desk, card, text, key=f"policy:{card.plan.hash}")
    return bool(numbers)


async def dry_run(context: Context, plan: PlanHash) -> None:
    """Walk through the plan without doing anything."""
    async with context.acting() as act:
        await approvals.dry_run(act, OnPlan(plan=plan))


async def show_decision(act: Act, result: PlanDecided, mark: str) -> None:
    """Show in the plan's message what the actor decided; `mark`: shown once."""
    card, _ = result.card, act.desk.locale
    if card is None:
        return
    match result.outcome:
        case Outcome.APPROVED:
            tz = await clock_of(act.tx, act.desk, act.project)
            text = approved_words(
                _, act.person, result.schedule, own=result.own, now=act.now, tz=tz
            )
        case Outcome.DROPPED:
            text = dropped_words(_, act.person)
        case Outcome.CLOSED:
            text = _.sentence(why_closed(result.state))
        case _:
            await post_plan(act.tx, act.desk, card, edit=f"approvals:{mark}")
            return
    await close_plan(act.tx, act.desk, card, text, key=f"{result.outcome}:{mark}")


async def start_job(services: Services, event: Claimed, job: StartJob) -> None:
    """Start an approved plan, or a dry run. Raises Conflict, NotAllowed.

    The same ✅ may be heard twice (told again, and read again after a restart): the same plan
    twice is one run, and the audit row is written where the run is made.
    """
    await services.executor.start(
        job.project, job.plan, thread_key=job.thread.key, by=job.by, simulated=job.simulated
    )
    async with deciding(services, event):
        pass


def _given(context: Context, command: Approve | Refuse) -> Decide:
    return Decide(
        plan=command.plan,
        via=command.via,
        message=context.incoming.message,
        at=context.event.received_at,
        reason=command.reason if isinstance(command, Refuse) else "",
    )


def _part_words(_: Locale, result: PlanDecided, changes: str) -> str:
    """What is said of words that may approve a part, "" where they came too late."""
    if result.outcome is Outcome.NOT_LESS:
        return _(
            "What's left isn't just a part of what you saw (something gets its data from elsewhere, "
            "costs more, or no longer waits for somebody's check), so it needs a ✅ of its own."
        )
    if result.card is None:
        return ""
    return _("{changes}\nIt's a part of what you saw, so your words count as its approval.").format(
        changes=changes
    )


async def _answer(context: Context, act: Act, result: PlanDecided, *, quiet: bool) -> None:
    """Show what was decided, and say why nothing was where that is news."""
    _ = context.locale
    await show_decision(act, result, context.event.event_id)
    match result.outcome:
        case Outcome.DROPPED:
            words = refused_words(_, result.schedule, again=result.again)
            await context.reply(act.tx, words)
        case Outcome.UNSEEN:
            await context.reply(act.tx, unseen_words(_, result.sight))
        case Outcome.CLOSED if not (quiet and result.state in _UNDER_WAY):
            await context.reply(act.tx, error_message(_, why_closed(result.state)))
        case _:
            pass
