"""Figures of the whole installation, for those who watch over it."""

from dataclasses import dataclass
from datetime import timedelta

from bot.services import Desk
from memory.store.running import overview


@dataclass(frozen=True)
class Figures:
    """Runs by state; of each agent its name, how many attempts wait for it, whether it's closed."""

    runs: dict[str, int]
    agents: tuple[tuple[str, int, bool], ...]


async def figures(desk: Desk) -> Figures:
    """As they are now. Raises StorageTrouble."""
    async with desk.database.reading() as connection:
        since = desk.clock.now() - timedelta(days=1)
        agents = await overview.agent_rows(connection, project=None, since=since)
        return Figures(
            await overview.counted(connection),
            tuple((row.agent, row.waiting, row.breaker == "closed") for row in agents),
        )
