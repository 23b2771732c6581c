"""The agents: who can work, how they are, what they did lately."""

from datetime import datetime, timedelta

from bot.queries.asking import Asking
from memory.model.overview import AgentRow
from memory.store.running import overview

DAYS = 7


async def agents_lately(asking: Asking) -> tuple[AgentRow, ...]:
    """Every agent with work in the last week in this project, or with a breaker that isn't closed."""
    asking.must_see()
    return await overview.agent_rows(
        asking.connection, project=asking.project, since=_since(asking.now)
    )


def _since(now: datetime) -> datetime:
    return now - timedelta(days=DAYS)
