"""From a stored event to what it asks for: read it against its frame, then do it."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from bot import groups, places
from bot.actions.chat_events import deciding
from bot.chat import Incoming
from bot.conversation.context import Context
from bot.conversation.handlers import handle
from bot.language.commands import parse
from bot.language.intents import Command, Ignore, Said
from bot.language.phrases import spoken
from bot.language.routing.asking import completed
from bot.language.routing.meaning import command_of
from bot.later import Later
from bot.queries.conversation_state import Frame, frame_of
from bot.queries.plans.changes import change_of
from bot.queries.roles import name_able
from bot.queries.said import newest_form
from bot.render.errors import error_message
from bot.services import Services
from memory.model.errors import NotAllowed, OrchestraError
from memory.model.identity import Standing
from memory.model.job import Claimed
from planner.understanding.not_work import is_greeting
from planner.understanding.utterance import SmallTalk

if TYPE_CHECKING:
    from bot.conversation import people, project_secrets, understanding
    from bot.conversation.plans import revisions
else:
    people = Later("bot.conversation.people")
    project_secrets = Later("bot.conversation.project_secrets")
    understanding = Later("bot.conversation.understanding")
    revisions = Later("bot.conversation.plans.revisions")


async def hear(services: Services, event: Claimed, incoming: Incoming, *, meant: str = "") -> None:
    """Understand what a person did and do it. `meant`: the row of the table that they chose."""
    if incoming.kind in {"edited", "deleted"}:
        await _changed(services, event, incoming)
        return
    now = await _now(services, incoming)
    if now is None:
        async with deciding(services, event):
            return
    frame = await frame_of(services, now)
    meant = "request.ask" if now.asks else meant
    now, meant = _completed(now, frame, meant)
    command = Said(text=spoken(now.text)) if meant else parse(now, frame.state)
    if isinstance(command, Ignore) or now.standing is Standing.BOT:
        async with deciding(services, event):
            return
    context = await _context(services, event, now, frame)
    await _answering(context, partial(_do, context, command, meant))


async def _changed(services: Services, event: Claimed, incoming: Incoming) -> None:
    """Take up an edit or a deletion of something that was said."""
    change = await change_of(services, incoming)
    if change is None:
        await revisions.ours(services, event, incoming)
        return
    frame = await frame_of(services, change.message)
    context = await _context(services, event, change.message, frame)
    if await context.is_open():
        await _answering(context, partial(revisions.take_up, context, change))
    else:
        async with deciding(services, event):
            return


async def _now(services: Services, incoming: Incoming) -> Incoming | None:
    """The message as it is by now, None where it was deleted meanwhile."""
    if incoming.kind != "message":
        return incoming
    async with services.database.reading() as connection:
        return await newest_form(connection, incoming)


async def _answering(context: Context, do: Callable[[], Awaitable[None]]) -> None:
    """Do it, or say what is in the way."""
    if context.incoming.secrets:
        await project_secrets.pasted(context)
        return
    services = context.services
    try:
        await do()
    except OrchestraError as error:
        if error.retryable:
            raise
        if isinstance(error, NotAllowed):
            async with context.asking() as asking:
                await name_able(asking.connection, services, context.project, error)
        await context.just_reply(error_message(services.locale, error))


async def _do(context: Context, command: Command, meant: str) -> None:
    if not await context.is_open():
        await people.set_up(context, command)
        return
    if isinstance(command, Said):
        greeted = None if meant else _greeting(context, command.text)
        context, command = (
            (context, greeted)
            if greeted is not None
            else await understanding.understood(context, command.text, name=meant)
        )
    await handle(context, command)


def _greeting(context: Context, text: str) -> Command | None:
    """What a greeting asks for; None for other words: to read those takes more than most starts."""
    if not is_greeting(text):
        return None
    return command_of(SmallTalk(what="talk.greeting"), text, context.incoming, context.state)


def _completed(incoming: Incoming, frame: Frame, meant: str) -> tuple[Incoming, str]:
    """The command that lacked something, with these words in it where they are what it lacked."""
    open_ = frame.state.open_command
    whole = "" if open_ is None or meant else completed(open_, spoken(incoming.text))
    if open_ is None or not whole:
        return incoming, meant
    people = {person.key: person for person in (*open_.mentions, *incoming.mentions)}
    told = incoming.model_copy(update={"text": whole, "mentions": tuple(people.values())})
    return told, open_.name


async def _context(services: Services, event: Claimed, incoming: Incoming, frame: Frame) -> Context:
    await groups.look(services, incoming)
    entered = await places.enter(services, frame.thread, incoming.author, incoming.standing)
    return Context(
        services=services,
        event=event,
        incoming=incoming,
        project=entered.project,
        thread=frame.thread,
        role=entered.role,
        state=frame.state,
        archived=entered.archived,
    )
