"""How the work of one thread ended, for the exit code of a script."""

import sqlalchemy as sa

from memory.model.work.run import RunState
from memory.store.engine.database import Connection
from memory.store.tables import plans, requests, runs


async def all_well(connection: Connection, thread_key: str) -> bool:
    """Whether nothing asked for there was declined, dropped, or has failed or still waits."""
    bad = (
        sa.select(sa.literal(1)).where(
            (requests.c.thread_key == thread_key) & (requests.c.state == "declined")
        ),
        sa.select(sa.literal(1)).where(
            (plans.c.thread_key == thread_key) & (plans.c.state == "dropped")
        ),
        sa.select(sa.literal(1)).where(
            (runs.c.thread_key == thread_key) & (runs.c.state != RunState.SUCCEEDED)
        ),
    )
    found = await connection.execute(sa.union_all(*bad).limit(1))
    return found.first() is None
