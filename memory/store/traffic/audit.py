"""The audit chain: each row holds the hash of the one before it (law 17)."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from memory.model.audit import Anchor, AuditRow, AuditVerdict, Intact
from memory.model.base import ProjectId
from memory.store.engine import sealing
from memory.store.engine.database import Connection
from memory.store.engine.deferred import at_end
from memory.store.tables import audit
from memory.store.tables.columns import seals_of
from memory.store.traffic.chain import BEGAN, GENESIS, Walk, hash_of, row_seal, sealed_anchor

INSTALLATION = ProjectId("")
"""Where what concerns every project is recorded."""
PAGE = 500
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


async def verify(connection: Connection, anchors: Sequence[Anchor] = ()) -> AuditVerdict:
    """Check the chain, its seals and anchors, and the seals of approvals, in bounded memory.

    Stops at the first thing that is broken.
    """
    walk = Walk(seals_of(connection.dialect), anchors)
    broken: AuditVerdict | None = walk.wrong_before()
    if broken is not None:
        return broken
    async for row in rows_of(connection):
        broken = walk.wrong(dict(row))
        if broken is not None:
            return broken
    broken = (
        walk.wrong_at_end()
        or await sealing.first_broken(connection)
        or await sealing.first_broken_term(connection)
    )
    return broken or Intact(walk.count, walk.previous, walk.sealed, len(anchors))


async def first_broken(connection: Connection) -> AuditVerdict | None:
    """The first thing that doesn't check out; None if all does."""
    verdict = await verify(connection)
    return None if isinstance(verdict, Intact) else verdict


async def anchor(connection: Connection, *, at: datetime) -> Anchor | None:
    """The end of the chain as it is now, sealed; None where nothing was recorded."""
    end = sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
    row = (await connection.execute(end)).one_or_none()
    if row is None:
        return None
    return sealed_anchor(seals_of(connection.dialect), Anchor(seq=row.seq, hash=row.hash, at=at))


async def any_sealed(connection: Connection) -> bool:
    """Whether anything recorded here was sealed."""
    sealed = sa.select(sa.literal(1)).where(audit.c.seal != "").limit(1)
    return (await connection.execute(sealed)).first() is not None


async def begin_sealing(tx: Connection, *, at: datetime) -> None:
    """Record that sealing begins, where the chain has rows and none has a seal."""
    if await any_sealed(tx) or await anchor(tx, at=at) is None:
        return
    key = seals_of(tx.dialect).newest
    await record(tx, INSTALLATION, actor="system", action=BEGAN, on=key, at=at)


async def every(connection: Connection) -> AsyncIterator[AuditRow]:
    """All rows, oldest first, in bounded memory."""
    async for row in rows_of(connection):
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
    before_seq: int | None = None,
    on: Collection[str] = (),
    projects: Collection[str] | None = None,
) -> tuple[AuditRow, ...]:
    """Up to `limit` rows, newest last; None and "" mean any.

    The newest ones, or with `after_seq` the ones right behind that row, to page or to follow; with
    `before_seq` the newest before it. `projects`: of these only.
    """
    same = {audit.c.project_id: project, audit.c.action: action, audit.c.actor: actor}
    wanted = [column == value for column, value in same.items() if value]
    wanted += _bounded(audit.c.at.__ge__, since)
    wanted += _bounded(audit.c.seq.__gt__, after_seq)
    wanted += _bounded(audit.c.seq.__lt__, before_seq)
    wanted += _bounded(audit.c.object.in_, on or None)
    wanted += _bounded(audit.c.project_id.in_, projects)
    order = audit.c.seq.desc() if after_seq is None else audit.c.seq
    query = sa.select(audit).where(sa.true(), *wanted).order_by(order).limit(limit)
    rows = (await connection.execute(query)).mappings().all()
    if after_seq is None:
        rows = rows[::-1]
    return tuple(AuditRow(**row) for row in rows)


def _bounded(
    holds: Callable[[Any], sa.ColumnElement[bool]], value: object
) -> list[sa.ColumnElement[bool]]:
    return [] if value is None else [holds(value)]


async def rows_of(connection: Connection) -> AsyncIterator[sa.RowMapping]:
    """Every row as it is stored, oldest first, in bounded memory."""
    # Page by page: a cursor would stay open where the caller stops in the middle.
    query = sa.select(audit).order_by(audit.c.seq).limit(PAGE)
    page = (await connection.execute(query)).mappings().all()
    while page:
        for row in page:
            yield row
        behind = query.where(audit.c.seq > page[-1]["seq"])
        page = (await connection.execute(behind)).mappings().all()


async def _chain(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add the rows to the end of the chain, which nobody else can do meanwhile."""
    previous = (await tx.execute(_NEWEST)).scalar_one_or_none() or GENESIS
    seals, chained = seals_of(tx.dialect), []
    for row in rows:
        hashed = hash_of(row, previous)
        linked = {"previous": previous, "hash": hashed, "seal": row_seal(seals, hashed)}
        chained.append({**row, **linked})
        previous = hashed
    await tx.execute(_ADD, chained)
