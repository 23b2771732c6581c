"""Stored events and the cursors of those who read them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from memory.model.base import ProjectId, TaskKey
from memory.model.events import NEWS, News, TaskSaid
from memory.store.engine.database import Connection
from memory.store.engine.deferred import at_end
from memory.store.tables import cursors, events

_TELL = sa.insert(events)  # built once: building costs more than running it


async def tell(tx: Connection, project: ProjectId, news: News, *, at: datetime) -> None:
    """Store an event in the caller's transaction."""
    row = {
        "project_id": project,
        "run_id": getattr(news, "run", None) or "",
        "kind": news.kind,
        "body": news.model_dump(mode="json"),
        "at": at,
    }
    await at_end(tx, _tell, row)


async def tell_last(tx: Connection, project: ProjectId, said: TaskSaid, *, at: datetime) -> None:
    """Store what an agent says in place of what was said at the task before."""
    await tell(tx, project, said, at=at)
    await at_end(tx, _forget, said)  # behind it: SQLite gives the number of a last row again


async def said(connection: Connection, run: str) -> dict[TaskKey, TaskSaid]:
    """The last words at each of the run's tasks, also of attempts that are over."""
    rows = await connection.execute(sa.select(events.c.body).where(_said(run)))
    words = [TaskSaid.model_validate(body) for body in rows.scalars()]
    return {said.task: said for said in words}


async def _forget(tx: Connection, words: Sequence[TaskSaid]) -> None:
    for said in words:
        of_task = _said(said.run) & (events.c.body["task"].as_string() == said.task)
        last = sa.select(sa.func.max(events.c.seq)).where(of_task).scalar_subquery()
        await tx.execute(sa.delete(events).where(of_task & (events.c.seq < last)))


def _said(run: str) -> sa.ColumnElement[bool]:
    return (events.c.run_id == run) & (events.c.kind == "task_said")


async def _tell(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    await tx.execute(_TELL, rows)


async def after(
    connection: Connection, position: int, limit: int = 200
) -> list[tuple[int, ProjectId, News]]:
    """Up to `limit` events behind the position, oldest first, each with its own position."""
    rows = await connection.execute(
        sa.select(events.c.seq, events.c.project_id, events.c.body)
        .where(events.c.seq > position)
        .order_by(events.c.seq)
        .limit(limit)
    )
    return [(row.seq, ProjectId(row.project_id), NEWS.validate_python(row.body)) for row in rows]


@dataclass(frozen=True)
class NewsRow:
    """A stored event with its number, project and time; `body` as it is stored."""

    seq: int
    project: ProjectId
    run: str
    kind: str
    body: dict[str, Any]
    at: datetime


async def rows_after(
    connection: Connection,
    position: int,
    *,
    up_to: int | None = None,
    projects: Collection[str] | None = None,
    run: str = "",
    limit: int = 200,
) -> tuple[NewsRow, ...]:
    """Up to `limit` events behind the position, oldest first, of these projects or this run only."""
    wanted = [events.c.seq > position]
    if up_to is not None:
        wanted.append(events.c.seq <= up_to)
    if projects is not None:
        wanted.append(events.c.project_id.in_(projects))
    if run:
        wanted.append(events.c.run_id == run)
    rows = await connection.execute(
        sa.select(events).where(*wanted).order_by(events.c.seq).limit(limit)
    )
    return tuple(
        NewsRow(row.seq, ProjectId(row.project_id), row.run_id, row.kind, row.body, row.at)
        for row in rows
    )


async def bounds(connection: Connection) -> tuple[int, int]:
    """The numbers of the oldest and the newest event that is kept, 0 for none."""
    query = sa.select(sa.func.min(events.c.seq), sa.func.max(events.c.seq))
    oldest, newest = (await connection.execute(query)).one()
    return oldest or 0, newest or 0


async def of_run(connection: Connection, run: str) -> list[News]:
    """All events of a run, oldest first."""
    rows = await connection.execute(
        sa.select(events.c.body).where(events.c.run_id == run).order_by(events.c.seq)
    )
    return [NEWS.validate_python(row.body) for row in rows]


async def cursor(connection: Connection, name: str) -> int:
    """How far the named reader has read."""
    found = await connection.execute(sa.select(cursors.c.position).where(cursors.c.name == name))
    return found.scalar_one_or_none() or 0


async def move_cursor(tx: Connection, name: str, position: int) -> None:
    """Remember how far the named reader has read."""
    moved = await tx.execute(
        sa.update(cursors).where(cursors.c.name == name).values(position=position)
    )
    if moved.rowcount == 0:
        await tx.execute(sa.insert(cursors).values(name=name, position=position))
