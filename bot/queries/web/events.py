"""What happened since, for those who watch live: the news, and who did what."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from bot.services import Desk
from memory.model.audit import AuditRow
from memory.store.engine.database import Connection
from memory.store.traffic import audit, news
from memory.store.traffic.news import NewsRow as NewsRow

READ: Final = 200


@dataclass(frozen=True)
class Happened:
    """What came behind two positions, and the positions to go on from."""

    news: tuple[NewsRow, ...]
    acts: tuple[AuditRow, ...]


async def positions(desk: Desk) -> tuple[int, int]:
    """The numbers of the newest event and the newest row of the audit chain."""
    async with desk.database.reading() as connection:
        _, newest = await news.bounds(connection)
        rows = await audit.listed(connection, project=None, limit=1)
        return newest, rows[-1].seq if rows else 0


async def happened(desk: Desk, seq: int, act: int) -> Happened:
    """What came behind these two numbers, up to so many of each."""
    async with desk.database.reading() as connection:
        return Happened(
            await news.rows_after(connection, seq, limit=READ),
            await audit.listed(connection, project=None, after_seq=act, limit=READ),
        )


async def missed(
    connection: Connection, after: int, up_to: int, projects: Collection[str], limit: int
) -> tuple[NewsRow, ...] | None:
    """The events of these projects between two numbers; None where some are gone, or too many came.

    Rows go by age, and what an agent said last takes the place of what it said before.
    """
    oldest, newest = await news.bounds(connection)
    if after > newest or (oldest and after < oldest - 1):
        return None
    rows = await news.rows_after(connection, after, up_to=up_to, projects=projects, limit=limit + 1)
    return None if len(rows) > limit else rows


async def of_run(connection: Connection, run: str, after: int, limit: int) -> tuple[NewsRow, ...]:
    """The stored events of a run behind that number, oldest first."""
    return await news.rows_after(connection, after, run=run, limit=limit)
