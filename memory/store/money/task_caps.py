"""What one task has cost so far, for the cap it has in its plan."""

import sqlalchemy as sa

from memory.model.base import RunId, TaskKey
from memory.store.engine.database import Connection
from memory.store.tables import attempts


async def used(connection: Connection, run: RunId, task: TaskKey) -> int:
    """Micro-USD of all its attempts; one that did not tell its cost counts as what was set aside."""
    cost = sa.case(
        (attempts.c.cost_micro_usd > 0, attempts.c.cost_micro_usd),
        else_=attempts.c.reserved_micro_usd,
    )
    found = await connection.execute(
        sa.select(sa.func.coalesce(sa.func.sum(cost), 0)).where(
            (attempts.c.run_id == run) & (attempts.c.task_key == task)
        )
    )
    return int(found.scalar_one())
