"""The audit chain: who did what, and whether the record of it still holds."""

from collections.abc import AsyncIterator
from datetime import datetime

from bot.queries.asking import Asking
from memory.model.audit import AuditRow, BrokenRow, Intact
from memory.store.traffic import audit


async def verdict(asking: Asking) -> Intact | BrokenRow:
    """Check the whole chain, of every project; the first broken row, if any."""
    asking.must_see()
    return await audit.verify(asking.connection)


async def newest(
    asking: Asking,
    *,
    everywhere: bool = False,
    action: str = "",
    actor: str = "",
    since: datetime | None = None,
    limit: int = 50,
) -> tuple[AuditRow, ...]:
    """The project's newest rows, newest last; with `everywhere` those of every project."""
    asking.must_see()
    return await audit.listed(
        asking.connection,
        project=None if everywhere else asking.project,
        action=action,
        actor=actor,
        since=since,
        limit=limit,
    )


async def every_row(asking: Asking) -> AsyncIterator[AuditRow]:
    """All rows of every project, oldest first."""
    asking.must_see()
    async for row in audit.every(asking.connection):
        yield row
