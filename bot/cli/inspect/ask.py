"""`orchestra ask`: a question about the bot, answered from its own rows as in the chat."""

import asyncio

from bot.cli.desk import HERE, at_desk, project_of, you
from bot.config.settings import Settings
from memory.model.errors import BadInput


def ask(settings: Settings, *, question: str, project: str) -> int:
    """Print the answer. Raises BadInput for words that ask nothing of the kind, NotFound."""
    asyncio.run(_ask(settings, question, project))
    return 0


async def _ask(settings: Settings, question: str, named: str) -> None:
    from bot.chat import Incoming
    from bot.conversation.about import answered
    from bot.language.commands import parse
    from bot.language.intents import AskAbout, Said
    from bot.language.routing.meaning import command_of
    from bot.language.routing.opening import router
    from bot.language.state import ConversationState
    from bot.places import role_of
    from bot.platforms.console.markup import message_lines
    from bot.queries.asking import asking
    from planner.understanding.utterance import Frame

    async with at_desk(settings, runs=True) as desk:
        said = Incoming(
            event_id="ask", kind="message", thread=HERE, author=you(), text=question,
            addressed=True, at=desk.clock.now(),
        )  # fmt: skip
        command = parse(said, ConversationState())
        if isinstance(command, Said):
            read = router().read(question, Frame())
            command = command_of(read, question, said, ConversationState())
        if not isinstance(command, AskAbout):
            raise BadInput(
                "That's no question about Orchestra itself. Ask for example “what did it cost "
                "yesterday” or “what is waiting”; give work in `orchestra chat`."
            )
        project = await project_of(desk, named)
        async with desk.database.transaction() as tx:
            role = await role_of(tx, desk.settings, project, you(), at=desk.clock.now())
        async with asking(desk, you(), project, role) as question_of:
            out = await answered(question_of, command, HERE, desk.locale)
    print("\n".join(message_lines(out, styled=False, columns=100)))
