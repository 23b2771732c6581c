"""Attempts that a worker had begun without a ticket of the queue, when it died."""

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa

from executor.engine.port import Ticket
from executor.engine.tickets import SCHEMA, Rows
from memory.store.tables import attempts
from memory.store.tables.running import OPEN


def adopt(connection: sa.Connection, rows: Rows, alive: Sequence[str]) -> int:
    """Give a ticket to each attempt of a worker that is not alive; says to how many.

    Those that have one keep it. They go before all that is new.
    """
    orphans = _orphans(connection.dialect.name)
    left = connection.execute(orphans, {"alive": list(alive)}).all()
    if left:
        rows.add(connection, [Ticket(row.id, lane=row.agent) for row in left])
    return len(left)


@cache
def _orphans(dialect: str) -> sa.Select[tuple[str, str]]:
    schema = SCHEMA if dialect == "postgresql" else None
    tickets = sa.table("workflow_status", sa.column("workflow_uuid"), schema=schema)
    return (
        sa.select(attempts.c.id, attempts.c.agent)
        .where(OPEN)
        .where(attempts.c.worker != "")
        .where(attempts.c.worker.not_in(sa.bindparam("alive", expanding=True)))
        .where(~sa.exists().where(tickets.c.workflow_uuid == attempts.c.id))
    )
