"""The audit chain: each row holds the hash of the one before it (law 17)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from memory.model.base import ProjectId, canonical_json, sha256
from memory.store.engine.database import Connection
from memory.store.engine.deferred import at_end
from memory.store.tables import audit

GENESIS = "0" * 64
_HASHED = ("project_id", "actor", "action", "object", "ids", "at")

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


async def _chain(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add the rows to the end of the chain, which nobody else can do meanwhile."""
    previous = (await tx.execute(_NEWEST)).scalar_one_or_none() or GENESIS
    chained = []
    for row in rows:
        linked = {**row, "previous": previous, "hash": _hash(row, previous)}
        previous = linked["hash"]
        chained.append(linked)
    await tx.execute(_ADD, chained)


async def first_broken(connection: Connection) -> int | None:
    """The `seq` of the first row that does not follow from the one before; None if all do."""
    previous = GENESIS
    query = sa.select(audit).order_by(audit.c.seq)
    async with connection.stream(query) as rows:
        async for row in rows.mappings():
            kept = {name: row[name] for name in _HASHED}
            if row["previous"] != previous or row["hash"] != _hash(kept, previous):
                return int(row["seq"])
            previous = row["hash"]
    return None


def _hash(row: dict[str, object], previous: str) -> str:
    at = row["at"]
    assert isinstance(at, datetime)
    fields = {**row, "at": at.isoformat(timespec="microseconds"), "previous": previous}
    return sha256(canonical_json(fields))  # type: ignore[arg-type]  # all values are JSON here
