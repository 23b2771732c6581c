"""Runs and their tasks: what is done, what is ready, what waits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from memory.model.base import AgentName, PlanHash, ProjectId, RunId, TaskKey
from memory.model.errors import NotFound
from memory.model.work.graph import TaskGraph
from memory.model.work.run import RunState, TaskState
from memory.store.engine.database import Connection
from memory.store.engine.deferred import Step, at_end
from memory.store.engine.once import insert_once
from memory.store.tables import runs, task_edges, tasks

ITEM_PLACES = 1000
"""Items stand behind the tasks of the plan, those of one map together."""
OVER = tuple(state.value for state in TaskState if state.over)


# Built once: building these costs five times what running them does.
_GET = sa.select(runs).where(
    (runs.c.id == sa.bindparam("run")) & (runs.c.project_id == sa.bindparam("project"))
)
_LOCK = _GET.with_for_update()
_TASKS = sa.select(tasks).where(tasks.c.run_id == sa.bindparam("run")).order_by(tasks.c.ordinal)
_ITEMS = (
    sa.select(tasks)
    .where(
        (tasks.c.run_id == sa.bindparam("run"))
        & (sa.func.substr(tasks.c.key, 1, sa.bindparam("length")) == sa.bindparam("head"))
    )
    .order_by(tasks.c.ordinal)
)
_SET = sa.update(tasks).where(
    (tasks.c.run_id == sa.bindparam("the_run")) & (tasks.c.key == sa.bindparam("the_task"))
)
_SET_MANY = sa.update(tasks).where(
    (tasks.c.run_id == sa.bindparam("the_run"))
    & tasks.c.key.in_(sa.bindparam("the_tasks", expanding=True))
    & tasks.c.state.not_in(OVER)
)
_DIGESTS = sa.select(tasks.c.key, tasks.c.value_digest).where(
    (tasks.c.run_id == sa.bindparam("run"))
    & tasks.c.key.in_(sa.bindparam("keys", expanding=True))
    & (tasks.c.value_digest != "")
)


@dataclass(frozen=True)
class StoredRun:
    """A run's row."""

    id: RunId
    project: ProjectId
    plan: PlanHash
    thread_key: str
    state: RunState
    simulated: bool
    started_by: str
    problem: str
    cost_micro_usd: int
    unpriced: bool
    started_at: datetime
    finished_at: datetime | None
    schedule: str = ""
    """The id of the schedule it was due by."""
    template: str = ""
    """The name of the template its plan was drawn up from."""


@dataclass(frozen=True)
class StoredTask:
    """A task's row. `open_attempt` is the attempt that is enqueued, running or asking."""

    key: TaskKey
    state: TaskState
    agent: AgentName
    attempts: int
    open_attempt: str
    note: str
    value_digest: str
    cost_micro_usd: int
    started_at: datetime | None
    finished_at: datetime | None


async def create(
    tx: Connection,
    run: StoredRun,
    graph: TaskGraph,
    kept: Mapping[TaskKey, str] = MappingProxyType({}),
) -> bool:
    """Store a run with all its tasks waiting; False when this run is there already.

    `kept` are tasks that an earlier run did, with the digests of their values.
    """
    new = await insert_once(
        tx,
        runs,
        {
            "id": run.id,
            "project_id": run.project,
            "plan_hash": run.plan,
            "thread_key": run.thread_key,
            "state": run.state,
            "simulated": run.simulated,
            "started_by": run.started_by,
            "problem": "",
            "cost_micro_usd": 0,
            "unpriced": False,
            "started_at": run.started_at,
            "schedule_id": run.schedule,
            "template": run.template,
        },
    )
    if not new:
        return False
    rows = [
        {
            "run_id": run.id,
            "key": task.key,
            "project_id": run.project,
            "ordinal": ordinal,
            "state": TaskState.SUCCEEDED if task.key in kept else TaskState.WAITING,
            "agent": task.agent,
            "waits_for": sum(need not in kept for need in task.needs()),
            "note": "kept from the run before" if task.key in kept else "",
            "value_digest": kept.get(task.key, ""),
        }
        for ordinal, task in enumerate(graph.tasks)
    ]
    await tx.execute(sa.insert(tasks), rows)
    edges = [
        {"run_id": run.id, "upstream": need, "downstream": task.key}
        for task in graph.tasks
        for need in task.needs()
    ]
    if edges:
        await tx.execute(sa.insert(task_edges), edges)
    return True


async def get(connection: Connection, project: ProjectId, run: RunId) -> StoredRun:
    """The run. Raises NotFound."""
    return await _one(connection, project, run, _GET)


async def lock(tx: Connection, project: ProjectId, run: RunId) -> StoredRun:
    """The run, and nobody else changes it or its tasks before the transaction ends."""
    return await _one(tx, project, run, _LOCK)


async def of_project(
    connection: Connection,
    project: ProjectId,
    *,
    thread_key: str | None = None,
    running_only: bool = False,
    limit: int = 20,
) -> tuple[StoredRun, ...]:
    """The newest runs of the project, or of one thread of it."""
    query = sa.select(runs).where(runs.c.project_id == project)
    if thread_key is not None:
        query = query.where(runs.c.thread_key == thread_key)
    if running_only:
        query = query.where(runs.c.state.in_([RunState.RUNNING, RunState.PAUSED]))
    rows = await connection.execute(query.order_by(runs.c.started_at.desc()).limit(limit))
    return tuple(_run(row) for row in rows)


async def newest_of(connection: Connection, project: ProjectId, plan: PlanHash) -> StoredRun | None:
    """The plan's newest run, dry runs aside, whether or not it has ended."""
    return await _newest(connection, project, plan, by=runs.c.started_at)


async def newest_over(
    connection: Connection, project: ProjectId, plan: PlanHash
) -> StoredRun | None:
    """The plan's run that ended last, dry runs aside."""
    return await _newest(connection, project, plan, by=runs.c.finished_at)


async def _newest(
    connection: Connection, project: ProjectId, plan: PlanHash, *, by: sa.Column[Any]
) -> StoredRun | None:
    of_plan = (runs.c.project_id == project) & (runs.c.plan_hash == plan)
    real = sa.select(runs).where(of_plan & runs.c.simulated.is_(False) & by.is_not(None))
    row = (await connection.execute(real.order_by(by.desc()).limit(1))).first()
    return _run(row) if row else None


async def running(
    connection: Connection, project: ProjectId | None = None
) -> tuple[StoredRun, ...]:
    """Every run that is running, oldest first."""
    query = sa.select(runs).where(runs.c.state == RunState.RUNNING)
    if project is not None:
        query = query.where(runs.c.project_id == project)
    return tuple(_run(row) for row in await connection.execute(query.order_by(runs.c.started_at)))


async def move(
    tx: Connection,
    run: RunId,
    to: RunState,
    *,
    only_from: Collection[RunState],
    problem: str = "",
    at: datetime | None = None,
) -> bool:
    """Change the state if it is one of those expected; say whether it was. `at`: it is over."""
    values: dict[str, Any] = {"state": to, "problem": problem}
    if at is not None:
        values["finished_at"] = at
    moved = await tx.execute(
        sa.update(runs).where((runs.c.id == run) & runs.c.state.in_(only_from)).values(**values)
    )
    return moved.rowcount == 1


async def reopen(tx: Connection, run: RunId) -> bool:
    """Set a failed run running again; False when it hadn't failed."""
    moved = await tx.execute(
        sa.update(runs)
        .where((runs.c.id == run) & (runs.c.state == RunState.FAILED))
        .values(state=RunState.RUNNING, problem="", finished_at=None)
    )
    return moved.rowcount == 1


async def begin_afresh(
    tx: Connection, run: RunId, keys: Collection[TaskKey], state: TaskState
) -> None:
    """Tasks that came to nothing begin again in this state; their failures are forgotten."""
    if keys:
        await tx.execute(
            sa.update(tasks)
            .where((tasks.c.run_id == run) & tasks.c.key.in_(list(keys)))
            .values(
                state=state,
                open_attempt="",
                note="",
                value_digest="",
                forgiven=tasks.c.attempts,
                finished_at=None,
            )
        )


async def spent(tx: Connection, run: RunId, task: TaskKey, cost: int, *, unpriced: bool) -> None:
    """Add to what the run and the task cost."""
    values: dict[str, Any] = {"cost_micro_usd": runs.c.cost_micro_usd + cost}
    if unpriced:
        values["unpriced"] = True
    await tx.execute(sa.update(runs).where(runs.c.id == run).values(**values))
    await tx.execute(
        sa.update(tasks).where(_is(run, task)).values(cost_micro_usd=tasks.c.cost_micro_usd + cost)
    )


async def tasks_of(connection: Connection, run: RunId) -> tuple[StoredTask, ...]:
    """The run's tasks in the plan's order."""
    rows = await connection.execute(_TASKS, {"run": run})
    return tuple(_task(row) for row in rows)


async def items_of(connection: Connection, run: RunId, key: TaskKey) -> tuple[StoredTask, ...]:
    """The items of a map that was opened, in order."""
    rows = await connection.execute(_ITEMS, {"run": run, "head": f"{key}.", "length": len(key) + 1})
    return tuple(_task(row) for row in rows)


async def add_items(
    tx: Connection,
    run: StoredRun,
    place: int,
    items: Sequence[tuple[TaskKey, AgentName, TaskState, str]],
    *,
    at: datetime,
) -> None:
    """Open a map, the `place`-th task of the plan: a row (key, agent, state, note) per item."""
    rows = [
        {
            "run_id": run.id,
            "key": key,
            "project_id": run.project,
            "ordinal": (place + 1) * ITEM_PLACES + number,
            "state": state,
            "agent": agent,
            "waits_for": 0,
            "note": note,
            "finished_at": at if state.over else None,
        }
        for number, (key, agent, state, note) in enumerate(items, start=1)
    ]
    if rows:
        await tx.execute(sa.insert(tasks), rows)


async def set_task(tx: Connection, run: RunId, task: TaskKey, **values: Any) -> None:
    """Change columns of a task."""
    await tx.execute(_SET, {"the_run": run, "the_task": task, **values})


async def mark(tx: Connection, run: RunId, task: TaskKey, **values: Any) -> None:
    """Change columns of a task right before the commit; don't read them before `Step.FOLLOW`."""
    row = {"the_run": run, "the_task": task, **values}
    await at_end(tx, _mark, row, Step.STATE)


async def _mark(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    alike: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(row)
    for some in alike.values():
        await tx.execute(_SET, some)


async def set_tasks(
    tx: Connection, run: RunId, keys: Collection[TaskKey], state: TaskState, **values: Any
) -> None:
    """Put several tasks that are not over into a state."""
    if keys:
        given = {"the_run": run, "the_tasks": list(keys), "state": state, **values}
        await tx.execute(_SET_MANY, given)


async def enqueued(tx: Connection, run: RunId, attempts: Mapping[TaskKey, tuple[str, int]]) -> None:
    """These attempts (id, number) are now the open ones of their tasks."""
    rows = [
        {"the_run": run, "the_task": key, "open_attempt": attempt, "attempts": number}
        for key, (attempt, number) in attempts.items()
    ]
    if rows:
        await tx.execute(_SET, rows)


async def digests(
    connection: Connection, run: RunId, keys: Collection[TaskKey]
) -> dict[TaskKey, str]:
    """Where the values of these tasks are kept, for those that are finished."""
    rows = await connection.execute(_DIGESTS, {"run": run, "keys": list(keys)})
    return {TaskKey(row.key): row.value_digest for row in rows}


async def _one(
    connection: Connection, project: ProjectId, run: RunId, query: sa.Select[Any]
) -> StoredRun:
    found = await connection.execute(query, {"run": run, "project": project})
    row = found.one_or_none()
    if row is None:
        raise NotFound("There's no such run in this project.", detail=run)
    return _run(row)


def _is(run: RunId, task: TaskKey) -> sa.ColumnElement[bool]:
    return (tasks.c.run_id == run) & (tasks.c.key == task)


def _task(row: sa.Row[Any]) -> StoredTask:
    return StoredTask(
        key=TaskKey(row.key),
        state=TaskState(row.state),
        agent=AgentName(row.agent),
        attempts=row.attempts,
        open_attempt=row.open_attempt,
        note=row.note,
        value_digest=row.value_digest,
        cost_micro_usd=row.cost_micro_usd,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _run(row: sa.Row[Any]) -> StoredRun:
    return StoredRun(
        id=RunId(row.id),
        project=ProjectId(row.project_id),
        plan=PlanHash(row.plan_hash),
        thread_key=row.thread_key,
        state=RunState(row.state),
        simulated=row.simulated,
        started_by=row.started_by,
        problem=row.problem,
        cost_micro_usd=row.cost_micro_usd,
        unpriced=row.unpriced,
        started_at=row.started_at,
        finished_at=row.finished_at,
        schedule=row.schedule_id,
        template=row.template,
    )
