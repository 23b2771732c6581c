"""A message that was edited or deleted after it was heard.

Only its author's newest form counts, whatever order the events come in, and an edit is never a
command: it may change what was asked for, or ask where nothing was.
"""

from bot.actions import readings
from bot.actions.act import Act
from bot.actions.chat_events import deciding
from bot.actions.plans import revisions
from bot.actions.plans.requests import Words
from bot.actions.plans.revisions import Revision, Standing
from bot.chat import Incoming
from bot.conversation.context import Context
from bot.conversation.plans import ask
from bot.conversation.plans.messages import close_plan, post_plan, post_questions
from bot.conversation.understanding import understood
from bot.language.commands import parse
from bot.language.intents import ChangePlan, NewRequest, Said
from bot.language.phrases import change
from bot.language.state import ConversationState
from bot.queries.plans.changes import Change
from bot.render.plans.revisions import revised_words, void_words
from bot.services import Services
from memory.model.base import PlanHash
from memory.model.job import Claimed
from memory.model.work.request import StoredRequest
from planner.coverage.cover import newest_words


async def take_up(context: Context, changed: Change) -> None:
    """Do what the change of the message asks for."""
    if changed.request is not None:
        await _revise(context, changed, changed.request)
    elif changed.forms and not changed.gone:
        await _ask(context, changed)
    else:
        async with context.deciding() as tx:
            if not changed.gone:
                await readings.hear_first(tx, context.services, changed.message)


async def ours(services: Services, event: Claimed, incoming: Incoming) -> None:
    """Show a plan again whose message was deleted."""
    _ = services.locale
    async with deciding(services, event) as tx:
        card = await revisions.show_again(tx, services, incoming)
        if card is not None:
            remark = _("The message with this plan was deleted, so here it is again.")
            await post_plan(tx, services, card, remarks=(remark,))


async def _ask(context: Context, changed: Change) -> None:
    """Take up a message that asked for nothing, and does so now."""
    to_us = changed.message.addressed or changed.forms[-1].addressed
    same = _plain(changed.forms[-1].text) == _plain(changed.message.text)
    before = changed.forms[-1].addressed or not changed.message.addressed
    if to_us and not (same and before):
        command = parse(context.incoming, ConversationState(known=True))
        if isinstance(command, Said):
            context, command = await understood(context, command.text)
        if isinstance(command, NewRequest):
            return await ask.new_request(context, command.text)
    async with context.deciding():
        return None


async def _revise(context: Context, changed: Change, old: StoredRequest) -> None:
    text = "" if changed.gone else _request_in(context.incoming, old.base)
    known = newest_words(old.text) if old.base else old.text
    async with context.acting(old.project) as act:
        if text and _plain(text) == _plain(known):
            return
        if old.base and not any(
            _plain(_request_in(form, old.base)) == _plain(known) for form in changed.forms
        ):  # it says more than this message did
            revision = Revision(standing=Standing.CHANGED)
        elif text:
            people = context.incoming.mentions
            words = Words(text=text, thread=context.thread, people=people)
            revision = await revisions.revise(act, old, words)
        else:
            revision = await revisions.take_back(act, old)
        await _tell(context, act, revision, again=bool(text), gone=changed.gone)


def _request_in(message: Incoming, base: PlanHash) -> str:
    """What the words ask for, "" where they're a command or nothing."""
    state = ConversationState(known=True, plan=base, last_plan=base)
    command = parse(message.model_copy(update={"addressed": True}), state)
    if not isinstance(command, Said | NewRequest | ChangePlan):
        return ""
    return change(command.text) if base else command.text


def _plain(text: str) -> str:
    return " ".join(text.split())


async def _tell(context: Context, act: Act, revision: Revision, *, again: bool, gone: bool) -> None:
    """Say in one sentence what came of it, and void the messages that no longer hold."""
    _, event = context.locale, context.event.event_id
    if revision.questions is not None:
        await post_questions(act.tx, act.desk, revision.questions, context.thread, edit=event)
    if revision.plan is not None:
        void = void_words(_, again=again, gone=gone)
        await close_plan(act.tx, act.desk, revision.plan, void, key=f"revised:{event}")
    text = revised_words(_, revision.standing, again=again, gone=gone)
    if text:
        await context.reply(act.tx, text)
