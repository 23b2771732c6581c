"""What asks for nothing, answered briefly."""

from bot.conversation.context import Context
from bot.language import intents
from bot.language.intents import Command
from bot.language.routing.meaning import command_of
from planner.understanding.not_work import is_greeting, small_talk
from planner.understanding.utterance import SmallTalk


def greeting(context: Context, text: str) -> Command | None:
    """What a greeting asks for; None for other words. All else takes what reads words."""
    if not is_greeting(text):
        return None
    return command_of(SmallTalk(what="talk.greeting"), text, context.incoming, context.state)


async def talk(context: Context, command: intents.SmallTalk) -> None:
    """Answer briefly what asks for nothing."""
    _ = context.locale
    if command.what == "talk.thanks" and context.state.plan:
        text = _("You're welcome. The plan still waits; say `run` to start it.")
    elif command.what == "talk.thanks":
        text = _("You're welcome. Say what you want done next.")
    elif command.what == "talk.aside":
        text = _("All right. Say what you want done whenever you like.")
    else:
        text = small_talk(command.text) or _("Hello! Say what you want done, or say `help`.")
    await context.just_reply(text)
