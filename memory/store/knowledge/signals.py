"""What was seen of attempts, kept one by one, and what it comes to for each of them.

That a thing arrived, and nothing more, is not stored: it is what an attempt without signals is.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from memory.model.agents.signal import Signal, SignalKind
from memory.model.base import ProjectId, RunId, TaskKey
from memory.profiles.quality import quality_of
from memory.store.engine.database import Connection
from memory.store.engine.upsert import insert_into
from memory.store.tables import attempts, signals, task_records

BATCH = 500

Seen = Mapping[str, Sequence[Signal]]
"""Signals by attempt."""


async def keep(tx: Connection, project: ProjectId, seen: Seen, *, at: datetime) -> None:
    """Store them; one of the same kind and source replaces the one before."""
    rows = [
        {
            "attempt_id": attempt,
            "kind": signal.kind.value,
            "source": signal.source,
            "project_id": project,
            "value": signal.value,
            "at": at,
        }
        for attempt in sorted(seen)
        for signal in seen[attempt]
        if signal.kind is not SignalKind.ARRIVED
    ]
    if rows:
        insert = insert_into(tx, signals)
        changed = {"value": insert.excluded.value, "at": insert.excluded.at}
        keys = ["attempt_id", "kind", "source"]
        await tx.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed), rows)


async def tell(tx: Connection, project: ProjectId, seen: Seen, *, at: datetime) -> None:
    """Add what was seen later of attempts on record, and reckon their quality anew."""
    await keep(tx, project, seen, at=at)
    await reckon(tx, project, seen)


async def take_back(
    tx: Connection, project: ProjectId, names: Collection[str], source: str
) -> None:
    """Forget what this source said of the attempts, and reckon their quality anew."""
    await tx.execute(
        sa.delete(signals).where(
            (signals.c.project_id == project)
            & signals.c.attempt_id.in_(names)
            & (signals.c.source == source)
        )
    )
    await reckon(tx, project, names)


async def reckon(tx: Connection, project: ProjectId, names: Collection[str]) -> None:
    """Derive the quality of these attempts from their signals again."""
    every = sorted(names)
    for start in range(0, len(every), BATCH):
        await _reckon(tx, project, every[start : start + BATCH])


async def reckon_all(tx: Connection, project: ProjectId) -> int:
    """The same for every attempt of the project; how many those are."""
    found = await tx.execute(
        sa.select(task_records.c.id).where(task_records.c.project_id == project)
    )
    names = found.scalars().all()
    await reckon(tx, project, names)
    return len(names)


async def of(
    connection: Connection, project: ProjectId, names: Sequence[str]
) -> dict[str, list[Signal]]:
    """The signals that this project has of these attempts, by attempt."""
    rows = await connection.execute(
        sa.select(signals)
        .where((signals.c.project_id == project) & signals.c.attempt_id.in_(names))
        .order_by(signals.c.attempt_id, signals.c.kind, signals.c.source)
    )
    found: dict[str, list[Signal]] = {}
    for row in rows:
        signal = Signal(kind=SignalKind(row.kind), value=row.value, source=row.source)
        found.setdefault(row.attempt_id, []).append(signal)
    return found


async def succeeded_in(
    connection: Connection, project: ProjectId, run: RunId
) -> dict[str, TaskKey]:
    """The attempts of the run that gave something, as they ended, with the keys of their tasks."""
    found = await connection.execute(
        sa.select(task_records.c.id, attempts.c.task_key)
        .join(attempts, attempts.c.id == task_records.c.id, isouter=True)
        .where(
            (task_records.c.project_id == project)
            & (task_records.c.run_id == run)
            & task_records.c.succeeded
        )
        .order_by(task_records.c.seq)
    )
    return {row.id: TaskKey(row.task_key or "") for row in found}


async def _reckon(tx: Connection, project: ProjectId, names: Sequence[str]) -> None:
    seen = await of(tx, project, names)
    known = await tx.execute(
        sa.select(task_records.c.id, task_records.c.succeeded).where(
            (task_records.c.project_id == project) & task_records.c.id.in_(names)
        )
    )
    rows = []
    for row in known:
        usual = SignalKind.ARRIVED if row.succeeded else SignalKind.BROKE
        quality = quality_of(seen.get(row.id) or [Signal(kind=usual)])
        rows.append(
            {
                "attempt": row.id,
                "quality": quality.value,
                "strength": quality.strength,
                "reasons": list(quality.reasons),
            }
        )
    if rows:
        update = sa.update(task_records).where(task_records.c.id == sa.bindparam("attempt"))
        await tx.execute(update, rows)
