"""What it says of earlier results that somebody has them made again."""

from collections.abc import Iterator

from memory.model.agents.signal import Signal, SignalKind
from memory.model.base import TaskKey
from memory.model.work.graph import Task, map_key
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.knowledge import signals
from memory.store.planning import plans
from memory.store.running import runs
from memory.store.running.runs import StoredRun


async def redone(tx: Connection, made: StoredRun, plan: Plan) -> None:
    """Tell it of the attempts whose results the new run doesn't keep, though it might have."""
    if plan.continues is None:
        return
    earlier = await runs.get(tx, plan.project, plan.continues.run)
    before = (await plans.load(tx, plan.project, earlier.plan)).plan
    kinds = dict(changes(before, plan))
    ended = await signals.succeeded_in(tx, plan.project, earlier.id)
    newest = {key: attempt for attempt, key in ended.items()}
    seen = {
        attempt: (Signal(kind=kinds[map_key(key)], source=made.id),)
        for key, attempt in newest.items()
        if map_key(key) in kinds
    }
    await signals.tell(tx, plan.project, seen, at=made.started_at)


def changes(before: Plan, after: Plan) -> Iterator[tuple[TaskKey, SignalKind]]:
    """The tasks that are done again for their own sake, and what was changed about them.

    A task that runs again because it takes something from one that does says nothing.
    """
    kept = after.continues.kept if after.continues else ()
    old = {task.key: task for task in before.graph.tasks}
    for task in after.graph.tasks:
        again = task.key not in kept and task.key in old and set(task.needs()) <= set(kept)
        if again:
            yield task.key, _change(old[task.key], task)


def _change(old: Task, new: Task) -> SignalKind:
    if old.agent != new.agent:
        return SignalKind.REPLACED
    return SignalKind.RERUN if old.instruction == new.instruction else SignalKind.EDITED
