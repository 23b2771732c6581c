"""Questions about the bot itself, answered from its own rows."""

from collections.abc import Awaitable, Callable
from typing import Final

from bot.conversation import budgets, people, runs, switch, teaching
from bot.conversation.context import Context
from bot.language.intents import AskAbout, Topic

_BY_TOPIC: Final[dict[Topic, Callable[[Context], Awaitable[None]]]] = {
    "about.cost": budgets.show_budgets,
    "about.forecast": budgets.show_budgets,
    "about.runs": runs.show_status,
    "about.waiting": runs.show_status,
    "about.history": runs.show_status,
    "about.why": runs.show_agents,
    "about.best": runs.show_agents,
    "about.agent": runs.show_agents,
    "about.knowledge": teaching.show,
    "about.rules": teaching.show,
    "about.settings": people.show_roles,
    "about.project": people.show_roles,
    "about.help": switch.show_help,
}


async def answer(context: Context, command: AskAbout) -> None:
    """Answer from what is stored."""
    await _BY_TOPIC[command.topic](context)
