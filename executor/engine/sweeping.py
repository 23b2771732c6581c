"""Keeping the engine's own tables small, and its tickets in step with our attempts."""

from typing import Any, Final

import sqlalchemy as sa

from memory.store.engine.database import Connection
from memory.store.tables import attempts, runs, tasks

BATCH: Final = 500
OVER: Final = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
PARTS: Final = ("workflow_input", "workflow_output", "operation_outputs")
"""Tables of the engine that its deletes do not cascade into."""


async def drop_tickets(tx: Connection, before_ms: int) -> int:
    """Delete a batch of tickets that were over by then (epoch, ms) and whose attempts are too.

    They slow the engine down and tell nothing that our attempts do not.
    """
    if not await tx.run_sync(_is_there):
        return 0
    status = _table(tx, "workflow_status")
    is_open = sa.exists().where(
        (attempts.c.id == status.c.workflow_uuid) & attempts.c.state.in_(["enqueued", "running"])
    )
    rows = await tx.execute(
        sa.select(status.c.workflow_uuid)
        .where(status.c.completed_at < before_ms)
        .where(status.c.status.in_(OVER) & ~is_open)
        .limit(BATCH)
    )
    ids = list(rows.scalars())
    for name in (*PARTS, "workflow_status"):
        table = _table(tx, name)
        await tx.execute(sa.delete(table).where(table.c.workflow_uuid.in_(ids)))
    return len(ids)


async def count_tickets(connection: Connection, before_ms: int) -> int:
    """How many `drop_tickets` would delete, batch after batch."""
    if not await connection.run_sync(_is_there):
        return 0
    status = _table(connection, "workflow_status")
    counted = await connection.execute(
        sa.select(sa.func.count()).where(
            (status.c.completed_at < before_ms) & status.c.status.in_(OVER)
        )
    )
    return int(counted.scalar_one())


async def bring_back(tx: Connection) -> int:
    """Put tickets on the queue again that ended while their attempts did not.

    That is never intended: an ending of ours is stored before the engine's. It keeps a run from
    standing still for ever after a fault of the program.
    """
    if not await tx.run_sync(_is_there):
        return 0
    status = _table(tx, "workflow_status")
    stuck = (
        sa.select(attempts.c.id)
        .join(tasks, tasks.c.open_attempt == attempts.c.id)
        .join(runs, (runs.c.id == tasks.c.run_id) & (runs.c.state == "running"))
        .where(attempts.c.state.in_(["enqueued", "running"]))
    )
    back = await tx.execute(
        sa.update(status)
        .where(status.c.workflow_uuid.in_(stuck) & status.c.status.in_(OVER))
        .values(status="ENQUEUED", owner_xid=None, started_at_epoch_ms=None, completed_at=None)
    )
    return back.rowcount


def _is_there(connection: sa.Connection) -> bool:
    schema = _schema(connection.dialect.name)
    return sa.inspect(connection).has_table("workflow_status", schema=schema)


def _schema(dialect: str) -> str | None:
    return "dbos" if dialect == "postgresql" else None


def _table(connection: Connection, name: str) -> sa.TableClause:
    columns: list[sa.ColumnClause[Any]] = [sa.column("workflow_uuid")]
    if name == "workflow_status":
        words = ("status", "completed_at", "owner_xid", "started_at_epoch_ms")
        columns += [sa.column(word) for word in words]
    return sa.table(name, *columns, schema=_schema(connection.dialect.name))
