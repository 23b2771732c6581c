"""What is going on, for people who watch: read-only, beside the workers."""

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from memory.model.base import ProjectId
from memory.model.overview import AgentRow, RunRow, TaskRow
from memory.model.work.run import TaskState
from memory.store.engine.database import Connection
from memory.store.tables import attempts, breakers, plans, projects, runs, tasks

UNDER_WAY: Final = ("running", "paused")
ENDED: Final = tuple(state.value for state in TaskState if state.over)


async def run_rows(
    connection: Connection, *, project: ProjectId | None, running_only: bool, limit: int
) -> tuple[RunRow, ...]:
    """The newest runs, newest first; of every project where none is named."""
    wanted: list[sa.ColumnElement[bool]] = []
    if project is not None:
        wanted.append(runs.c.project_id == project)
    if running_only:
        wanted.append(runs.c.state.in_(UNDER_WAY))
    return await newest(connection, sa.and_(sa.true(), *wanted), limit)


async def find_runs(connection: Connection, start: str, limit: int = 5) -> tuple[RunRow, ...]:
    """Runs whose id begins so, with `run_` and `dry_` left out or not; newest first."""
    ids = [start, f"run_{start}", f"dry_{start}"]
    named = (runs.c.id.startswith(run_id, autoescape=True) for run_id in ids)
    return await newest(connection, sa.or_(*named), limit)


async def task_rows(connection: Connection, run: str) -> tuple[TaskRow, ...]:
    """The tasks of a run, in its plan's order."""
    worker = sa.case((attempts.c.state == "running", attempts.c.worker), else_="")
    columns = {column.name: column for column in tasks.c} | {"worker": worker}
    query = (
        sa.select(*(columns[field.name] for field in fields(TaskRow)))
        .outerjoin_from(tasks, attempts, attempts.c.id == tasks.c.open_attempt)
        .where(tasks.c.run_id == run)
        .order_by(tasks.c.ordinal)
    )
    return tuple(TaskRow(*row) for row in await connection.execute(query))


async def agent_rows(
    connection: Connection, *, project: ProjectId | None, since: datetime
) -> tuple[AgentRow, ...]:
    """Every agent that has work, did some since then, or whose breaker is not closed."""
    counted: dict[str, dict[str, int]] = {}
    costs: dict[str, int] = {}
    mine = attempts.c.project_id == project if project is not None else sa.true()
    recent = (
        sa.select(
            attempts.c.agent,
            attempts.c.state,
            sa.func.count().label("count"),
            sa.func.sum(attempts.c.cost_micro_usd).label("cost"),
        )
        .join(runs, runs.c.id == attempts.c.run_id)
        .where(mine & (attempts.c.finished_at >= since) & runs.c.simulated.is_(sa.false()))
        .group_by(attempts.c.agent, attempts.c.state)
    )
    for row in [*await connection.execute(recent), *await connection.execute(_open(mine))]:
        counted.setdefault(row.agent, {})[row.state] = row.count
        costs[row.agent] = costs.get(row.agent, 0) + int(row.cost or 0)
    known = {
        row.agent: row
        for row in await connection.execute(sa.select(breakers).order_by(breakers.c.failures))
    }
    names = sorted({*counted, *(name for name, row in known.items() if row.failures)})
    return tuple(
        _agent(name, counted.get(name, {}), costs.get(name, 0), known.get(name)) for name in names
    )


async def project_named(connection: Connection, key: str) -> ProjectId | None:
    """The project with this id or name, compared without regard to case; None for none."""
    found = await connection.execute(
        sa.select(projects.c.id).where((projects.c.id == key) | (projects.c.name_key == key))
    )
    row = found.first()
    return ProjectId(row.id) if row else None


async def newest(
    connection: Connection, wanted: sa.ColumnElement[bool], limit: int
) -> tuple[RunRow, ...]:
    """The runs that fit, newest first."""
    query = (
        sa.select(runs, plans.c.body, projects.c.name.label("project_name"))
        .join(plans, plans.c.hash == runs.c.plan_hash)
        .outerjoin(projects, projects.c.id == runs.c.project_id)
    )
    query = query.where(wanted).order_by(runs.c.started_at.desc(), runs.c.id).limit(limit)
    rows = (await connection.execute(query)).all()
    counted = await _progress(connection, [row.id for row in rows])
    return tuple(_run(row, counted.get(row.id, (0, 0))) for row in rows)


def _open(mine: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Attempts that have not ended: from the runs under way, which are few."""
    return (
        sa.select(
            attempts.c.agent,
            attempts.c.state,
            sa.func.count().label("count"),
            sa.literal(0).label("cost"),
        )
        .join(tasks, tasks.c.open_attempt == attempts.c.id)
        .join(runs, runs.c.id == tasks.c.run_id)
        .where(mine & runs.c.state.in_(UNDER_WAY))
        .where(attempts.c.state.in_(["enqueued", "running"]))
        .group_by(attempts.c.agent, attempts.c.state)
    )


async def _progress(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    over = sa.func.sum(sa.case((tasks.c.state.in_(ENDED), 1), else_=0))
    rows = await connection.execute(
        sa.select(tasks.c.run_id, over.label("done"), sa.func.count().label("every"))
        .where(tasks.c.run_id.in_(ids))
        .group_by(tasks.c.run_id)
    )
    return {row.run_id: (int(row.done or 0), int(row.every)) for row in rows}


def _run(row: sa.Row[Any], progress: tuple[int, int]) -> RunRow:
    return RunRow(
        id=row.id,
        project=row.project_id,
        project_name=row.project_name or row.project_id,
        title=str(json.loads(row.body).get("title", "")),
        state=row.state,
        simulated=row.simulated,
        done=progress[0],
        tasks=progress[1],
        cost_micro_usd=row.cost_micro_usd,
        unpriced=row.unpriced,
        problem=row.problem,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _agent(name: str, counts: dict[str, int], cost: int, breaker: sa.Row[Any] | None) -> AgentRow:
    return AgentRow(
        agent=name,
        breaker=breaker.state if breaker else "closed",
        failures=breaker.failures if breaker else 0,
        opened_at=breaker.opened_at if breaker else None,
        waiting=counts.get("enqueued", 0),
        working=counts.get("running", 0),
        succeeded=counts.get("succeeded", 0),
        failed=counts.get("failed", 0),
        cost_micro_usd=cost,
    )
