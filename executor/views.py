"""Runs as people see them."""

from collections.abc import Mapping, Sequence

from executor.attempts import limits
from executor.parts import Parts
from executor.runs import inputs
from memory.model.authority import ARCHIVED
from memory.model.base import ProjectId, RunId, TaskKey
from memory.model.events import TaskSaid
from memory.model.text import text
from memory.model.work.graph import map_key
from memory.model.work.plan import Plan
from memory.model.work.run import RunState, RunView, TaskState, TaskView
from memory.store.engine.database import Connection
from memory.store.running import runs, switches
from memory.store.running.attempts import attempt_id
from memory.store.running.runs import StoredRun, StoredTask
from memory.store.traffic import news


async def view(parts: Parts, project: ProjectId, run: RunId) -> RunView:
    """The run as it is now, with the values of finished tasks. Raises NotFound."""
    async with parts.database.reading() as connection:
        return await _view(connection, parts, await runs.get(connection, project, run), values=True)


async def listed(
    parts: Parts, project: ProjectId, *, thread_key: str | None, running_only: bool, limit: int
) -> tuple[RunView, ...]:
    """The newest runs, without values."""
    async with parts.database.reading() as connection:
        newest = await runs.of_project(
            connection, project, thread_key=thread_key, running_only=running_only, limit=limit
        )
        return tuple([await _view(connection, parts, run, values=False) for run in newest])


async def _view(connection: Connection, parts: Parts, run: StoredRun, *, values: bool) -> RunView:
    plan = await parts.plans.get(connection, run.project, run.plan)
    under_way = not run.state.over
    said = await news.said(connection, run.id) if values and under_way else {}
    waits = await limits.waits(connection, parts, run.id) if under_way else {}
    tasks = [
        await _task(
            connection,
            run,
            plan,
            row,
            values=values,
            said=_said(run, row, said),
            waits=waits.get(row.open_attempt or "", ""),
        )
        for row in await runs.tasks_of(connection, run.id)
    ]
    return RunView(
        id=run.id,
        project=run.project,
        plan_hash=run.plan,
        title=plan.title,
        state=run.state,
        simulated=run.simulated,
        tasks=_nested(tasks),
        cost_micro_usd=run.cost_micro_usd,
        unpriced=run.unpriced,
        started_at=run.started_at,
        finished_at=run.finished_at,
        problem=run.problem or await _stopped(connection, run),
    )


async def _stopped(connection: Connection, run: StoredRun) -> str:
    """Why a running run doesn't go on: somebody has set the kill switch."""
    if run.state is not RunState.RUNNING:
        return ""
    stopped = await switches.stopped(connection, run.project)
    if stopped is not None and stopped.archived:
        return ARCHIVED
    return text("All work is stopped: {reason}.", reason=stopped.reason) if stopped else ""


def _nested(tasks: Sequence[TaskView]) -> tuple[TaskView, ...]:
    """The tasks of the plan, the items of a map within it."""
    items: dict[TaskKey, list[TaskView]] = {}
    for task in tasks:
        if "." in task.key:
            items.setdefault(map_key(task.key), []).append(task)
    return tuple(
        _with_items(task, items.get(task.key, [])) for task in tasks if "." not in task.key
    )


def _said(run: StoredRun, row: StoredTask, said: Mapping[TaskKey, TaskSaid]) -> str:
    """What its agent said last, as long as the attempt that said it is under way."""
    last = said.get(row.key)
    if last is None or row.state is not TaskState.RUNNING:
        return ""
    return last.text if row.open_attempt == attempt_id(run.id, row.key, last.attempt) else ""


def _with_items(task: TaskView, items: list[TaskView]) -> TaskView:
    """A map with what is done for each item, and what all of it cost."""
    if not items:
        return task
    cost = task.cost_micro_usd + sum(item.cost_micro_usd for item in items)
    return task.model_copy(update={"items": tuple(items), "cost_micro_usd": cost})


async def _task(
    connection: Connection,
    run: StoredRun,
    plan: Plan,
    row: StoredTask,
    *,
    values: bool,
    said: str,
    waits: str,
) -> TaskView:
    value = None
    if values and row.value_digest:
        value = await inputs.value(connection, run.project, row.value_digest)
    return TaskView(
        key=row.key,
        title=plan.graph.task(row.key).title,
        agent=row.agent,
        state=row.state,
        attempts=row.attempts,
        cost_micro_usd=row.cost_micro_usd,
        note="; ".join(filter(None, (row.note, waits))),
        said=said,
        value=value,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
