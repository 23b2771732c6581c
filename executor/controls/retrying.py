"""Retrying a failed run: what succeeded stays, everything else begins again."""

from collections.abc import Mapping
from datetime import datetime

from executor.parts import Parts
from executor.policy.scheduling import LOST, States
from executor.runs.advance import go_on
from executor.runs.standing_approval import still_stands
from executor.runs.start import refuse_stopped
from memory.model.base import ProjectId, RunId, TaskKey
from memory.model.errors import Conflict
from memory.model.events import RunResumed
from memory.model.work.approval import StoredPlan
from memory.model.work.graph import FromItem, Task, TaskGraph, item_key
from memory.model.work.run import RunState, TaskState
from memory.store.engine.database import Connection
from memory.store.planning import plans
from memory.store.running import runs
from memory.store.running.runs import StoredRun


async def retry(tx: Connection, parts: Parts, project: ProjectId, run: RunId, *, by: str) -> bool:
    """Go on with a failed run under the approval it has; False when it had not failed.

    Raises NotFound; NotAllowed while all work is stopped; Conflict when the approval is too old,
    and no schedule's approval stands, or nothing of the run can be tried again by itself.
    """
    now = parts.clock.now()
    stored = await runs.lock(tx, project, run)
    if stored.state is not RunState.FAILED:
        return False
    approved = await plans.load(tx, project, stored.plan)
    await _refuse(tx, stored, approved, now)
    states = {row.key: row.state for row in await runs.tasks_of(tx, run)}
    afresh = begun_afresh(approved.plan.graph, states)
    if not afresh:
        raise Conflict("What failed can't be retried on its own. Say `rerun`.")
    await runs.reopen(tx, run)
    for state in (TaskState.WAITING, TaskState.READY, TaskState.RUNNING):
        keys = [key for key, to in afresh.items() if to is state]
        await runs.begin_afresh(tx, run, keys, state)
    await parts.tell(tx, project, RunResumed(run=run))
    await parts.record(tx, project, "run.retried", run, by=by)
    await go_on(tx, parts, await runs.get(tx, project, run), approved.plan)
    return True


async def _refuse(tx: Connection, run: StoredRun, approved: StoredPlan, now: datetime) -> None:
    """Raises NotAllowed while work is stopped, Conflict where the approval is too old."""
    await refuse_stopped(tx, run.project)
    if run.simulated or now < approved.expires_at or await still_stands(tx, approved, run.id):
        return
    raise Conflict(
        "The approval of this plan is too old. Say `rerun` to get a new plan that keeps what's done."
    )


def begun_afresh(graph: TaskGraph, states: States) -> dict[TaskKey, TaskState]:
    """The tasks and items that begin again, and the state they begin in.

    Items of a list begin again only while nothing was made of the list without them.
    """
    afresh: dict[TaskKey, TaskState] = {}
    for layer in graph.layers():
        for task in layer:
            items = _items(task, states)
            if items:
                if not _used(graph, task.key, states):
                    afresh |= _of_map(task, items, states)
            elif states[task.key] in LOST:
                afresh[task.key] = TaskState.WAITING
    return afresh


def _items(task: Task, states: States) -> dict[TaskKey, TaskState]:
    return {key: state for key, state in states.items() if key.startswith(f"{task.key}.")}


def _of_map(
    task: Task, items: Mapping[TaskKey, TaskState], states: States
) -> dict[TaskKey, TaskState]:
    again = {
        key: TaskState.READY
        for key, state in items.items()
        if state in LOST and _has_sources(task, key, states)
    }
    return {task.key: TaskState.RUNNING, **again} if again else {}


def _has_sources(task: Task, key: TaskKey, states: States) -> bool:
    """An item that goes through another map's items needs the one of its own number."""
    number = int(key.rpartition(".")[2])
    sources = [given.task for given in task.singles() if isinstance(given, FromItem)]
    return all(states.get(item_key(key, number)) is TaskState.SUCCEEDED for key in sources)


def _used(graph: TaskGraph, key: TaskKey, states: States) -> bool:
    return any(
        key in task.needs() and states[task.key] not in {*LOST, TaskState.WAITING}
        for task in graph.tasks
    )
