"""Who is at work: the workers that share a Postgres database."""

import sqlalchemy as sa

from memory.model.overview import Worker
from memory.store.engine.database import Connection
from memory.store.tables import workers


async def alive(connection: Connection) -> tuple[Worker, ...]:
    """Every worker whose lease has not been taken away, oldest first."""
    rows = await connection.execute(sa.select(workers).order_by(workers.c.started_at))
    return tuple(Worker(row.id, row.version, row.started_at, row.beat_at) for row in rows)


async def is_alive(connection: Connection, worker: str) -> bool:
    """Whether its lease has not been taken away; on SQLite, where nobody has one, never."""
    found = await connection.execute(sa.select(workers.c.id).where(workers.c.id == worker))
    return found.first() is not None
