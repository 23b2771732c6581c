"""The agents: how they are, what they did lately, and whose tools are trusted."""

from datetime import timedelta

from bot.queries.asking import Asking
from memory.model.agents.tools import ToolPin
from memory.model.overview import AgentRow
from memory.store.knowledge import tool_pins
from memory.store.running import overview

DAYS = 7


async def agents_lately(
    asking: Asking, *, days: int = DAYS, everywhere: bool = False
) -> tuple[AgentRow, ...]:
    """Every agent with work in the last days, or with a breaker that isn't closed.

    In this project, or with `everywhere` in all of them.
    """
    asking.must_see()
    return await overview.agent_rows(
        asking.connection,
        project=None if everywhere else asking.project,
        since=asking.now - timedelta(days=days),
    )


async def trusted_tools(asking: Asking) -> tuple[ToolPin, ...]:
    """The list of tools that somebody trusted, of each server."""
    asking.must_see()
    return await tool_pins.every(asking.connection)
