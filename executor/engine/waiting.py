"""What waits on the queue, for those who look on: the engine's tickets beside our attempts."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from memory.model.base import ProjectId
from memory.store.engine.database import Connection
from memory.store.tables import attempts, runs, tasks


@dataclass(frozen=True)
class Lane:
    """The attempts of one agent: `waiting` for a worker, put off for a `later` try, `working`.

    `oldest_at` is since when the first of those that wait has done so.
    """

    agent: str
    waiting: int
    later: int
    working: int
    oldest_at: datetime | None


async def lanes(
    connection: Connection, *, project: ProjectId | None, now: datetime
) -> tuple[Lane, ...]:
    """Every agent for whom something waits or who works, the longest queue first."""
    dialect = connection.dialect.name
    schema = "dbos" if dialect == "postgresql" else None
    if not await connection.run_sync(
        lambda sync: sa.inspect(sync).has_table("workflow_status", schema=schema)
    ):
        return ()
    rows = (await connection.execute(_query(schema, project))).all()
    by_agent: dict[str, Lane] = {}
    for row in rows:
        lane = by_agent.get(row.agent, Lane(row.agent, 0, 0, 0, None))
        by_agent[row.agent] = _with(lane, row, int(now.timestamp() * 1000))
    return tuple(sorted(by_agent.values(), key=lambda lane: (-lane.waiting, lane.agent)))


def _query(schema: str | None, project: ProjectId | None) -> sa.Select[Any]:
    names = ("workflow_uuid", "created_at", "delay_until_epoch_ms")
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in names]
    tickets = sa.table("workflow_status", *columns, schema=schema)
    query = (
        sa.select(
            attempts.c.agent,
            attempts.c.state,
            tickets.c.created_at,
            tickets.c.delay_until_epoch_ms.label("later_ms"),
        )
        .join(tasks, tasks.c.open_attempt == attempts.c.id)
        .join(runs, runs.c.id == tasks.c.run_id)
        .outerjoin(tickets, tickets.c.workflow_uuid == attempts.c.id)
        .where(runs.c.state.in_(["running", "paused"]))
        .where(attempts.c.state.in_(["enqueued", "running"]))
    )
    return query if project is None else query.where(runs.c.project_id == project)


def _with(lane: Lane, row: sa.Row[Any], now_ms: int) -> Lane:
    if row.state == "running":
        return replace(lane, working=lane.working + 1)
    if (row.later_ms or 0) > now_ms:
        return replace(lane, later=lane.later + 1)
    since_ms = max(row.later_ms or 0, row.created_at or now_ms)
    since = datetime.fromtimestamp(since_ms / 1000, UTC)
    oldest = since if lane.oldest_at is None else min(since, lane.oldest_at)
    return replace(lane, waiting=lane.waiting + 1, oldest_at=oldest)
