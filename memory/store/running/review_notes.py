"""What was wrong with the last attempt, for the next one."""

import sqlalchemy as sa

from memory.model.base import RunId, TaskKey
from memory.store.engine.database import Connection
from memory.store.running.attempts import AttemptState
from memory.store.tables import attempts


async def last(connection: Connection, run: RunId, task: TaskKey, *, before: int) -> str:
    """Why the reply of the newest try before this one could not be used; "" where it could."""
    found = await connection.execute(
        sa.select(attempts.c.code, attempts.c.reason)
        .where(
            (attempts.c.run_id == run)
            & (attempts.c.task_key == task)
            & (attempts.c.number < before)
            & (attempts.c.state == AttemptState.FAILED)
        )
        .order_by(attempts.c.number.desc())
        .limit(1)
    )
    row = found.one_or_none()
    return row.reason if row is not None and row.code == "invalid_output" else ""
