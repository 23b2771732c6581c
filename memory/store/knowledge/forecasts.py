"""What plans forecast beside what their runs came to."""

from typing import Any

import sqlalchemy as sa

from memory.model.base import AgentName, Model, ProjectId, RunId
from memory.model.work.graph import Task, map_key
from memory.model.work.plan import Estimate, Plan
from memory.model.work.run import RunState, TaskState
from memory.store.engine.database import Connection
from memory.store.tables import plans, runs, tasks

RUNS_READ = 1000


class TaskOutcome(Model):
    """One task that was done, beside the ceiling it was given. Money in micro-USD."""

    task_type: str
    agent: AgentName
    cost_micro_usd: int
    ceiling_micro_usd: int
    seconds: float


class RunOutcome(Model):
    """One run that succeeded, beside its forecast. `unpriced`: part of its cost is not known."""

    run: RunId
    estimate: Estimate
    cost_micro_usd: int
    unpriced: bool
    seconds: float
    tasks: tuple[TaskOutcome, ...]


async def outcomes(
    connection: Connection, project: ProjectId, *, limit: int = RUNS_READ
) -> tuple[RunOutcome, ...]:
    """The newest runs that succeeded, dry runs aside, oldest first."""
    found = await connection.execute(
        sa.select(runs, plans.c.body)
        .join(plans, plans.c.hash == runs.c.plan_hash)
        .where(
            (runs.c.project_id == project)
            & (runs.c.state == RunState.SUCCEEDED)
            & runs.c.simulated.is_(False)
            & runs.c.finished_at.is_not(None)
        )
        .order_by(runs.c.started_at.desc())
        .limit(limit)
    )
    rows = found.all()
    done = await _done(connection, [row.id for row in rows])
    return tuple(_outcome(row, done.get(row.id, ())) for row in reversed(rows))


async def _done(connection: Connection, ids: list[str]) -> dict[str, list[sa.Row[Any]]]:
    """The rows of tasks that were really done, by run; what was kept from before has no attempt."""
    found = await connection.execute(
        sa.select(tasks)
        .where(
            tasks.c.run_id.in_(ids)
            & (tasks.c.state == TaskState.SUCCEEDED)
            & (tasks.c.attempts > 0)
            & tasks.c.started_at.is_not(None)
            & tasks.c.finished_at.is_not(None)
        )
        .order_by(tasks.c.ordinal)
    )
    by_run: dict[str, list[sa.Row[Any]]] = {}
    for row in found:
        by_run.setdefault(row.run_id, []).append(row)
    return by_run


def _outcome(row: sa.Row[Any], done: list[sa.Row[Any]] | tuple[()]) -> RunOutcome:
    plan = Plan.model_validate_json(row.body)
    planned = {task.key: task for task in plan.graph.tasks}
    return RunOutcome(
        run=RunId(row.id),
        estimate=plan.estimate,
        cost_micro_usd=row.cost_micro_usd,
        unpriced=row.unpriced or bool(plan.estimate.unpriced),
        seconds=(row.finished_at - row.started_at).total_seconds(),
        tasks=tuple(
            _task_outcome(row, task)
            for row in done
            if (task := planned.get(map_key(row.key))) is not None
        ),
    )


def _task_outcome(row: sa.Row[Any], task: Task) -> TaskOutcome:
    return TaskOutcome(
        task_type=task.type,
        agent=AgentName(row.agent),
        cost_micro_usd=row.cost_micro_usd,
        ceiling_micro_usd=task.cost_high_micro_usd,
        seconds=(row.finished_at - row.started_at).total_seconds(),
    )
