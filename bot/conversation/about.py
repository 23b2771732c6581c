"""Questions about the bot itself, answered from its own rows."""

from collections.abc import Awaitable, Callable
from typing import Final

from bot.conversation import budgets, people, runs, switch
from bot.conversation.context import Context
from bot.language.intents import AskAbout, Topic
from bot.queries.about.taught import taught_here
from bot.render.teaching import rules_message


async def _rules(context: Context) -> None:
    async with context.asking() as asking:
        here = await taught_here(asking)
    await context.just_reply(rules_message(context.locale, here))


_BY_TOPIC: Final[dict[Topic, Callable[[Context], Awaitable[None]]]] = {
    "about.cost": budgets.show_budgets,
    "about.forecast": budgets.show_budgets,
    "about.runs": runs.show_status,
    "about.waiting": runs.show_status,
    "about.history": runs.show_status,
    "about.why": runs.show_agents,
    "about.best": runs.show_agents,
    "about.agent": runs.show_agents,
    "about.knowledge": _rules,
    "about.rules": _rules,
    "about.settings": people.show_roles,
    "about.project": people.show_roles,
    "about.help": switch.show_help,
}


async def answer(context: Context, command: AskAbout) -> None:
    """Answer from what is stored."""
    await _BY_TOPIC[command.topic](context)
