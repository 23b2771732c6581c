"""The audit chain: each row holds the hash of the one before it (law 17)."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from memory.model.audit import AuditRow, BrokenRow, Fault, Intact
from memory.model.base import ProjectId, canonical_json, sha256
from memory.store.engine.database import Connection
from memory.store.engine.deferred import at_end
from memory.store.tables import audit

GENESIS = "0" * 64
_HASHED = ("project_id", "actor", "action", "object", "ids", "at")
_PAGE = 500
"""How many rows are held in memory."""

_NEWEST = sa.select(audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_ADD = sa.insert(audit)


async def record(
    tx: Connection,
    project: ProjectId,
    *,
    actor: str,
    action: str,
    on: str,
    at: datetime,
    ids: dict[str, str] | None = None,
) -> None:
    """Add a row, in the caller's transaction. Holds ids only: no text of people."""
    row = {
        "project_id": project,
        "actor": actor,
        "action": action,
        "object": on,
        "ids": ids or {},
        "at": at,
    }
    await at_end(tx, _chain, row)


async def verify(connection: Connection) -> Intact | BrokenRow:
    """Check the whole chain, in bounded memory; stops at the first row that is broken."""
    previous, count = GENESIS, 0
    async for row in _rows(connection):
        content = {name: row[name] for name in _HASHED}
        if row["previous"] != previous:
            return _broken(row, Fault.PREVIOUS_HASH)
        if row["hash"] != _hash(content, previous):
            return _broken(row, Fault.OWN_HASH)
        previous, count = row["hash"], count + 1
    return Intact(count, previous)


async def first_broken(connection: Connection) -> BrokenRow | None:
    """The first row that doesn't check out; None if all do."""
    verdict = await verify(connection)
    return verdict if isinstance(verdict, BrokenRow) else None


async def every(connection: Connection) -> AsyncIterator[AuditRow]:
    """All rows, oldest first, in bounded memory."""
    async for row in _rows(connection):
        yield AuditRow(**row)


async def listed(
    connection: Connection,
    *,
    project: ProjectId | None,
    action: str = "",
    actor: str = "",
    since: datetime | None = None,
    limit: int = 50,
    after_seq: int | None = None,
) -> tuple[AuditRow, ...]:
    """Up to `limit` rows, newest last; None and "" mean any.

    The newest ones, or with `after_seq` the ones right behind that row, to page or to follow.
    """
    same = {audit.c.project_id: project, audit.c.action: action, audit.c.actor: actor}
    wanted = [column == value for column, value in same.items() if value]
    if since is not None:
        wanted.append(audit.c.at >= since)
    if after_seq is not None:
        wanted.append(audit.c.seq > after_seq)
    order = audit.c.seq.desc() if after_seq is None else audit.c.seq
    query = sa.select(audit).where(sa.true(), *wanted).order_by(order).limit(limit)
    rows = (await connection.execute(query)).mappings().all()
    if after_seq is None:
        rows = rows[::-1]
    return tuple(AuditRow(**row) for row in rows)


async def _rows(connection: Connection) -> AsyncIterator[sa.RowMapping]:
    # Page by page: a cursor would stay open where the caller stops in the middle.
    query = sa.select(audit).order_by(audit.c.seq).limit(_PAGE)
    page = (await connection.execute(query)).mappings().all()
    while page:
        for row in page:
            yield row
        behind = query.where(audit.c.seq > page[-1]["seq"])
        page = (await connection.execute(behind)).mappings().all()


def _broken(row: sa.RowMapping, fault: Fault) -> BrokenRow:
    return BrokenRow(row["seq"], row["action"], row["at"], fault)


async def _chain(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add the rows to the end of the chain, which nobody else can do meanwhile."""
    previous = (await tx.execute(_NEWEST)).scalar_one_or_none() or GENESIS
    chained = []
    for row in rows:
        linked = {**row, "previous": previous, "hash": _hash(row, previous)}
        previous = linked["hash"]
        chained.append(linked)
    await tx.execute(_ADD, chained)


def _hash(row: dict[str, Any], previous: str) -> str:
    at: datetime = row["at"]
    fields = {**row, "at": at.isoformat(timespec="microseconds"), "previous": previous}
    return sha256(canonical_json(fields))
