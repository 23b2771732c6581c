"""The newest attempts on record, for profiles and forecasts."""

import sqlalchemy as sa

from memory.model.base import ProjectId
from memory.profiles.recent import RECENT, Attempt
from memory.store.engine.database import Connection
from memory.store.tables import profiles, task_records


async def newest_attempts(
    connection: Connection, project: ProjectId
) -> dict[tuple[str, str], list[Attempt]]:
    """The newest attempts of each agent at each type of task, newest first."""
    older = task_records.alias()
    first = (
        sa.select(older.c.seq)
        .where(
            (older.c.project_id == profiles.c.project_id)
            & (older.c.agent == profiles.c.agent)
            & (older.c.task_type == profiles.c.task_type)
        )
        .order_by(older.c.seq.desc())
        .offset(RECENT - 1)
        .limit(1)
        .scalar_subquery()
    )
    rows = await connection.execute(
        sa.select(
            task_records.c.agent, task_records.c.task_type, task_records.c.succeeded,
            task_records.c.quality, task_records.c.strength, task_records.c.cost_micro_usd,
            task_records.c.unpriced, task_records.c.latency_ms, task_records.c.at,
        )
        .join(
            profiles,
            (profiles.c.project_id == task_records.c.project_id)
            & (profiles.c.agent == task_records.c.agent)
            & (profiles.c.task_type == task_records.c.task_type),
        )
        .where(
            (profiles.c.project_id == project)
            & (task_records.c.seq >= sa.func.coalesce(first, 0))
        )
        .order_by(task_records.c.seq.desc())
    )  # fmt: skip
    found: dict[tuple[str, str], list[Attempt]] = {}
    for agent, task_type, *rest in rows:
        found.setdefault((agent, task_type), []).append(Attempt(*rest))
    return found
