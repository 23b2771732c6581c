"""What is going on, for people who watch: read-only, beside the workers."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from memory.model.base import ProjectId
from memory.model.overview import AgentRow, AttemptRow, RunRow, TaskRow
from memory.model.work.run import TaskState
from memory.store.engine.database import Connection
from memory.store.tables import attempts, breakers, plans, projects, runs, tasks

UNDER_WAY: Final = ("running", "paused")
OUTCOMES: Final = ("succeeded", "failed", "cancelled")
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


async def run_page(
    connection: Connection,
    projects_: Collection[str],
    *,
    running: bool | None = None,
    before: tuple[datetime, str] | None = None,
    limit: int,
) -> tuple[RunRow, ...]:
    """The newest runs of these projects, or those before the one of that time and id."""
    wanted: list[sa.ColumnElement[bool]] = [runs.c.project_id.in_(projects_)]
    if running is not None:
        under_way = runs.c.state.in_(UNDER_WAY)
        wanted.append(under_way if running else ~under_way)
    if before is not None:
        at, run = before
        same = (runs.c.started_at == at) & (runs.c.id > run)
        wanted.append((runs.c.started_at < at) | same)
    return await newest(connection, sa.and_(sa.true(), *wanted), limit)


async def run_with(connection: Connection, run: str) -> RunRow | None:
    """The run with exactly this id."""
    found = await newest(connection, runs.c.id == run, 1)
    return found[0] if found else None


async def run_of_plan(connection: Connection, plan: str) -> RunRow | None:
    """The newest run of the plan, dry runs aside."""
    real = (runs.c.plan_hash == plan) & runs.c.simulated.is_(sa.false())
    found = await newest(connection, real, 1)
    return found[0] if found else None


@dataclass(frozen=True)
class Day:
    """The runs that began on a day, in UTC, dry runs aside."""

    day: str
    runs: int
    succeeded: int
    failed: int
    cancelled: int
    cost_micro_usd: int


async def by_day(connection: Connection, project: ProjectId, since: datetime) -> tuple[Day, ...]:
    """How the project's runs went on each day since then on which any began, oldest first."""
    real = (runs.c.project_id == project) & runs.c.simulated.is_(sa.false())
    rows = await connection.execute(
        sa.select(runs.c.started_at, runs.c.state, runs.c.cost_micro_usd)
        .where(real & (runs.c.started_at >= since))
        .order_by(runs.c.started_at)
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.started_at.date().isoformat(), []).append(row)
    return tuple(
        Day(
            day=day, runs=len(each), cost_micro_usd=sum(row.cost_micro_usd for row in each),
            **{state: sum(row.state == state for row in each) for state in OUTCOMES},
        )
        for day, each in found.items()
    )  # fmt: skip


async def seconds_taken(
    connection: Connection, project: ProjectId, since: datetime
) -> tuple[float, ...]:
    """How long each of the project's runs took that ended since then, the shortest first."""
    real = (runs.c.project_id == project) & runs.c.simulated.is_(sa.false())
    rows = await connection.execute(
        sa.select(runs.c.started_at, runs.c.finished_at).where(real & (runs.c.finished_at >= since))
    )
    return tuple(sorted((row.finished_at - row.started_at).total_seconds() for row in rows))


async def counted(connection: Connection) -> dict[str, int]:
    """How many runs there are in each state, dry runs aside."""
    query = sa.select(runs.c.state, sa.func.count().label("runs"))
    rows = await connection.execute(
        query.where(runs.c.simulated.is_(sa.false())).group_by(runs.c.state)
    )
    return {row.state: int(row.runs) for row in rows}


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


async def attempt_rows(connection: Connection, run: str) -> tuple[AttemptRow, ...]:
    """Every try at the run's tasks, in the order they began; those that wait come last."""
    columns = [attempts.c[field.name] for field in fields(AttemptRow)]
    query = sa.select(*columns).where(attempts.c.run_id == run)
    waits = sa.case((attempts.c.started_at.is_(None), 1), else_=0)
    order = (waits, attempts.c.started_at, attempts.c.task_key, attempts.c.number)
    return tuple(AttemptRow(*row) for row in await connection.execute(query.order_by(*order)))


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
