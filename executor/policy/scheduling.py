"""Which task comes next. Pure: states in, decisions out.

`states` holds the tasks of the plan and, under `key.number`, the items of maps that are open.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

from memory.model.base import TaskKey
from memory.model.limits import PARALLEL_PER_RUN
from memory.model.work.graph import (
    Const,
    FromItem,
    FromTask,
    Input,
    Item,
    Many,
    PerItem,
    Priority,
    Task,
    TaskGraph,
    map_key,
)
from memory.model.work.run import RunState, TaskState

States = Mapping[TaskKey, TaskState]

DONE = frozenset({TaskState.SUCCEEDED, TaskState.SKIPPED})
LOST = frozenset({TaskState.FAILED, TaskState.CANCELLED})


def newly_ready(graph: TaskGraph, states: States) -> tuple[TaskKey, ...]:
    """Waiting tasks for which all they need is done or skipped, in the plan's order.

    Take out those that can't do without what was skipped (`passed_over`) first.
    """
    return tuple(
        task.key
        for task in graph.tasks
        if states[task.key] is TaskState.WAITING
        and all(states[need] in DONE for need in task.needs())
    )


def doomed(graph: TaskGraph, states: States) -> tuple[TaskKey, ...]:
    """Waiting tasks that can never begin: something they need, near or far, did not succeed."""
    lost = {key for key, state in states.items() if state in LOST}
    if not lost:
        return ()
    keys = []
    for layer in graph.layers():
        for task in layer:
            if states[task.key] is TaskState.WAITING and lost.intersection(task.needs()):
                lost.add(task.key)
                keys.append(task.key)
    return tuple(keys)


def passed_over(graph: TaskGraph, states: States) -> dict[TaskKey, TaskKey]:
    """Waiting tasks that have nothing to work on, and the skipped task that they miss.

    What only comes after a skipped task goes on, and so does a list that still has something
    in it, or a slot that may stay empty. What failed is `doomed`'s to tell.
    """
    skipped = {key for key, state in states.items() if state is TaskState.SKIPPED}
    if not skipped:
        return {}
    passed: dict[TaskKey, TaskKey] = {}
    for layer in graph.layers():
        for task in layer:
            missed = _missed(task, skipped)
            lost = any(states[need] in LOST for need in task.needs())
            if states[task.key] is TaskState.WAITING and missed is not None and not lost:
                skipped.add(task.key)
                passed[task.key] = missed
    return passed


def closing_maps(graph: TaskGraph, states: States) -> tuple[TaskKey, ...]:
    """Open maps of which every item is over."""
    still_open = {map_key(key) for key, state in states.items() if "." in key and not state.over}
    return tuple(
        task.key
        for task in graph.tasks
        if task.is_map and states[task.key] is TaskState.RUNNING and task.key not in still_open
    )


def not_begun(states: States) -> tuple[TaskKey, ...]:
    """What is cancelled when a failure stops the run: all that nobody works at yet.

    Questions to people go with it: no answer would be of use.
    """
    idle = {TaskState.WAITING, TaskState.READY, TaskState.ASKING}
    return tuple(key for key, state in states.items() if state in idle)


HEAD_START_S: Mapping[Priority, int] = {
    "urgent": 0,
    "high": 8 * 3600,
    "normal": 16 * 3600,
    "low": 24 * 3600,
}
"""How much later a task counts as queued: after a day, a low one is as urgent as a new urgent one."""


def turn(priority: Priority, now: datetime) -> int:
    """When a task that is queued now has its turn: the lowest goes first, and nothing starves.

    It is fixed once and for all, so waiting tasks age without anybody touching them.
    """
    return int(now.timestamp()) + HEAD_START_S[priority]


def startable(
    graph: TaskGraph, ready: Sequence[TaskKey], *, under_way: int, limit: int = PARALLEL_PER_RUN
) -> tuple[TaskKey, ...]:
    """The most urgent of the ready tasks, as many as may join those under way."""
    late = {task.key: HEAD_START_S[task.priority] for task in graph.tasks}
    ordered = sorted(ready, key=lambda key: late[map_key(key)])
    return tuple(ordered[: max(0, limit - under_way)])


def verdict(states: States) -> RunState | None:
    """How the run ended; None while something can still happen. Being skipped isn't a failure."""
    endings = set(states.values())
    if not all(state.over for state in endings):
        return None
    if TaskState.FAILED in endings:
        return RunState.FAILED
    return RunState.CANCELLED if TaskState.CANCELLED in endings else RunState.SUCCEEDED


def _missed(task: Task, skipped: set[TaskKey]) -> TaskKey | None:
    """The first skipped task that this one cannot do without."""
    wanted = [condition.task for condition in task.when]
    if isinstance(task.each, FromTask):
        wanted.append(task.each.task)
    for given in task.inputs.values():
        wanted += _wanted(given, skipped)
    return next((key for key in wanted if key in skipped), None)


def _wanted(given: Input, skipped: set[TaskKey]) -> list[TaskKey]:
    match given:
        case FromTask(task=key, optional=False) | FromItem(task=key):
            return [key]
        case Many(items=items, optional=False):
            keys = [item.task for item in items if isinstance(item, FromTask | FromItem)]
            return keys if len(keys) == len(items) and skipped.issuperset(keys) else []
        case Const() | FromTask() | Item() | Many() | PerItem():
            return []
        case _:
            assert_never(given)
