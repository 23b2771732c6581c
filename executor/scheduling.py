"""Which task comes next. Pure: states in, decisions out."""

from collections.abc import Mapping, Sequence

from memory.model.base import TaskKey
from memory.model.graph import TaskGraph
from memory.model.limits import PARALLEL_PER_RUN
from memory.model.run import RunState, TaskState

States = Mapping[TaskKey, TaskState]


def newly_ready(graph: TaskGraph, states: States) -> tuple[TaskKey, ...]:
    """Waiting tasks for which everything they need has succeeded, in the plan's order."""
    return tuple(
        task.key
        for task in graph.tasks
        if states[task.key] is TaskState.WAITING
        and all(states[need] is TaskState.SUCCEEDED for need in task.needs())
    )


def doomed(graph: TaskGraph, states: States) -> tuple[TaskKey, ...]:
    """Waiting tasks that can never begin: something they need, near or far, did not succeed."""
    lost = {
        key for key, state in states.items() if state in {TaskState.FAILED, TaskState.CANCELLED}
    }
    if not lost:
        return ()
    found = []
    for layer in graph.layers():
        for task in layer:
            if states[task.key] is TaskState.WAITING and lost.intersection(task.needs()):
                lost.add(task.key)
                found.append(task.key)
    return tuple(found)


def startable(
    ready: Sequence[TaskKey], *, under_way: int, limit: int = PARALLEL_PER_RUN
) -> tuple[TaskKey, ...]:
    """The first of the ready tasks, as many as may join those under way."""
    return tuple(ready[: max(0, limit - under_way)])


def verdict(states: States) -> RunState | None:
    """How the run ended; None while something can still happen."""
    found = set(states.values())
    if not all(state.over for state in found):
        return None
    if TaskState.FAILED in found:
        return RunState.FAILED
    return RunState.CANCELLED if TaskState.CANCELLED in found else RunState.SUCCEEDED
