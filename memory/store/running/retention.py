"""What is kept no longer: each function clears one batch, in a short transaction of the caller.

Runs under way, the ledger, the audit chain, approvals and the effects' book are never touched; of
a finished run its rows stay, and what it made and told goes.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from memory.model.base import RunId
from memory.store.engine.database import Connection
from memory.store.tables import (
    artifacts,
    cursors,
    effects,
    events,
    inbox,
    metadata,
    outbox,
    runs,
    tasks,
)
from memory.store.traffic.outbox import ON_ITS_WAY, PARKED

BATCH: Final = 500
LOCK_MS: Final = 2000
OURS: Final = "sweep:"
"""Cursors that begin so are marks of the sweeper, not readers of events."""

Artifact = tuple[str, str]
"""Project and digest."""


async def claim_day(tx: Connection, day: int) -> bool:
    """Whether the sweep of this day is the caller's: of several workers one is told True."""
    name = f"{OURS}day"
    moved = await tx.execute(
        sa.update(cursors)
        .where((cursors.c.name == name) & (cursors.c.position < day))
        .values(position=day)
    )
    if moved.rowcount:
        return True
    found = await tx.execute(sa.select(cursors.c.position).where(cursors.c.name == name))
    if found.first() is not None:
        return False
    await tx.execute(sa.insert(cursors).values(name=name, position=day))
    return True


async def old_runs(connection: Connection, before: datetime, limit: int) -> tuple[RunId, ...]:
    """Runs that were over by then and of which something is left to clear."""
    value = tasks.c.run_id == runs.c.id
    query = (
        sa.select(runs.c.id)
        .where(runs.c.finished_at.is_not(None) & (runs.c.finished_at < before))
        .where(
            sa.exists().where(value & (tasks.c.value_digest != ""))
            | sa.exists().where((events.c.run_id == runs.c.id) & await _told(connection))
        )
        .limit(limit)
    )
    return tuple(RunId(run) for run in (await connection.execute(query)).scalars())


async def clear_runs(tx: Connection, ids: Collection[RunId], before: datetime) -> tuple[int, int]:
    """Forget the values and events of these runs, if they still are over; how many of each."""
    still = sa.select(runs.c.id).where(runs.c.id.in_(ids) & (runs.c.finished_at < before))
    values = await tx.execute(
        sa.update(tasks)
        .where(tasks.c.run_id.in_(still) & (tasks.c.value_digest != ""))
        .values(value_digest="")
    )
    told = await tx.execute(sa.delete(events).where(events.c.run_id.in_(still) & await _told(tx)))
    return values.rowcount, told.rowcount


async def clear_events(tx: Connection, before: datetime) -> int:
    """Drop old events of no run that every reader has read."""
    old = (events.c.run_id == "") & (events.c.at < before) & await _told(tx)
    return await _drop(tx, events, old)


async def clear_inbox(tx: Connection, before: datetime) -> int:
    """Drop what came in and was dealt with."""
    return await _drop(tx, inbox, _dealt_with(before))


async def clear_outbox(tx: Connection, before: datetime) -> int:
    """Drop what was sent, in threads where nothing is under way."""
    return await _drop(tx, outbox, _sent(before))


async def unused_artifacts(
    connection: Connection, before: datetime, *, within: Collection[Artifact] | None = None
) -> tuple[Artifact, ...]:
    """Artifacts made before then that nothing refers to any more; `within`: only of these."""
    query = sa.select(artifacts.c.project_id, artifacts.c.digest).where(
        artifacts.c.created_at < before
    )
    digests = None if within is None else [digest for _, digest in within]
    if digests is not None:
        query = query.where(artifacts.c.digest.in_(digests))
    for used in _references(digests):
        query = query.where(artifacts.c.digest.not_in(used))
    to_send = await _to_be_sent(connection)
    rows = await connection.execute(query)
    return tuple((row.project_id, row.digest) for row in rows if row.digest not in to_send)


async def drop_artifacts(tx: Connection, found: Sequence[Artifact], before: datetime) -> int:
    """Delete those that still are unused. Nobody adds one, or a use of one, meanwhile."""
    if tx.dialect.name == "postgresql":  # on SQLite every transaction that writes is alone
        await tx.execute(sa.text(f"SET LOCAL lock_timeout = {LOCK_MS}"))
        await tx.execute(sa.text("LOCK TABLE artifacts IN SHARE ROW EXCLUSIVE MODE"))
    by_project: dict[str, list[str]] = {}
    for project, digest in await unused_artifacts(tx, before, within=found):
        by_project.setdefault(project, []).append(digest)
    dropped = 0
    for project, digests in by_project.items():
        done = await tx.execute(
            sa.delete(artifacts).where(
                (artifacts.c.project_id == project) & artifacts.c.digest.in_(digests)
            )
        )
        dropped += done.rowcount
    return dropped


async def counts(connection: Connection, before: datetime) -> dict[str, int]:
    """What a sweep would clear now; artifacts that only old runs use go with the next one."""
    old = sa.select(runs.c.id).where(runs.c.finished_at < before)
    told = await _told(connection)
    queries = {
        "values": sa.select(sa.func.count()).where(
            tasks.c.run_id.in_(old) & (tasks.c.value_digest != "")
        ),
        "events": sa.select(sa.func.count()).where(
            told & (events.c.run_id.in_(old) | ((events.c.run_id == "") & (events.c.at < before)))
        ),
        "inbox": sa.select(sa.func.count()).select_from(inbox).where(_dealt_with(before)),
        "outbox": sa.select(sa.func.count()).select_from(outbox).where(_sent(before)),
    }
    found = {
        name: int((await connection.execute(query)).scalar_one()) for name, query in queries.items()
    }
    return found | {"artifacts": len(await unused_artifacts(connection, before))}


async def _drop(tx: Connection, table: sa.Table, old: sa.ColumnElement[bool]) -> int:
    batch = sa.select(table.c.seq).where(old).order_by(table.c.seq).limit(BATCH)
    return (await tx.execute(sa.delete(table).where(table.c.seq.in_(batch)))).rowcount


def _dealt_with(before: datetime) -> sa.ColumnElement[bool]:
    return inbox.c.state.in_(["done", "failed"]) & (inbox.c.received_at < before)


def _sent(before: datetime) -> sa.ColumnElement[bool]:
    busy = sa.exists().where(
        (runs.c.thread_key == outbox.c.thread_key) & runs.c.finished_at.is_(None)
    )
    over = outbox.c.state.in_(["sent", "superseded", "failed", *PARKED.values()])
    return over & (outbox.c.created_at < before) & ~busy


async def _told(connection: Connection) -> sa.ColumnElement[bool]:
    """Events that every reader has behind it; none while there is no reader.

    The one that was read last stays: without it SQLite would give its number to the next one,
    which nobody would read.
    """
    found = await connection.execute(
        sa.select(sa.func.min(cursors.c.position)).where(~cursors.c.name.startswith(OURS))
    )
    return events.c.seq < (found.scalar_one_or_none() or 0)


def _references(digests: Collection[str] | None) -> Iterator[sa.Select[Any]]:
    """Every column that names an artifact, also of tables that were added since."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            named = column.name == "digest" or column.name.endswith("_digest")
            if not named or table is artifacts:
                continue
            used = sa.select(column).where(column.is_not(None))
            if table is effects:  # the book stays; what was made matters while the run goes on
                used = used.join(runs, runs.c.id == effects.c.run_id).where(
                    runs.c.finished_at.is_(None)
                )
            yield used if digests is None else used.where(column.in_(digests))


async def _to_be_sent(connection: Connection) -> set[str]:
    rows = await connection.execute(sa.select(outbox.c.body).where(outbox.c.state.in_(ON_ITS_WAY)))
    return {digest for body in rows.scalars() for digest in _digests(body)}


def _digests(body: object) -> Iterator[str]:
    if isinstance(body, dict):
        for name, value in body.items():
            if name == "digest" and isinstance(value, str):
                yield value
            yield from _digests(value)
    elif isinstance(body, list):
        for item in body:
            yield from _digests(item)
