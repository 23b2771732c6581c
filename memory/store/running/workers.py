"""Who is at work: the workers that share a Postgres database, and how those of any ended."""

from datetime import datetime

import sqlalchemy as sa

from memory.model.overview import Worker
from memory.store.engine.database import Connection
from memory.store.engine.upsert import insert_into
from memory.store.tables import attempts, worker_ends, workers


async def alive(connection: Connection) -> tuple[Worker, ...]:
    """Every worker whose lease has not been taken away, oldest first."""
    rows = await connection.execute(sa.select(workers).order_by(workers.c.started_at))
    return tuple(Worker(row.id, row.version, row.started_at, row.beat_at) for row in rows)


async def is_alive(connection: Connection, worker: str) -> bool:
    """Whether its lease has not been taken away; on SQLite, where nobody has one, never."""
    found = await connection.execute(sa.select(workers.c.id).where(workers.c.id == worker))
    return found.first() is not None


async def under_way_at(tx: Connection, worker: str, *, at: datetime) -> int:
    """How many attempts were under way with a worker that is gone; 0 where it stopped on purpose.

    Whoever asks first counts them, before any of them is taken over: the answer stays the same.
    """
    counted = sa.select(sa.func.count()).where(
        (attempts.c.worker == worker) & (attempts.c.state == "running")
    )
    await _note(tx, worker, counted.scalar_subquery(), at)
    found = await tx.execute(
        sa.select(worker_ends.c.under_way).where(worker_ends.c.worker == worker)
    )
    return int(found.scalar_one())


async def stopped(tx: Connection, worker: str, *, at: datetime) -> None:
    """This worker stops on purpose, or its work was given to others: nothing of it dies."""
    await _note(tx, worker, sa.literal(0), at)


async def _note(
    tx: Connection, worker: str, under_way: sa.ColumnElement[int], at: datetime
) -> None:
    noted = {"worker": worker, "under_way": under_way, "noted_at": at}
    await tx.execute(insert_into(tx, worker_ends).values(noted).on_conflict_do_nothing())
