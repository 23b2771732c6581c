"""Plans that go on from an earlier run: which results they keep, and what the rest will cost. Pure."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from memory.model.agents.profile import AgentProfile
from memory.model.agents.spec import Catalogue
from memory.model.base import RunId, TaskKey
from memory.model.limits import PLAN_LIFE_S
from memory.model.work.graph import FromItem, Task, TaskGraph
from memory.model.work.plan import Continues, Plan
from planner.estimate import Price, estimate_graph

_FORECAST = {"reason", "fallbacks", "cost_high_micro_usd", "title", "timeout_s", "choice"}
"""What may differ between two tasks that would give the same value."""


def kept(
    graph: TaskGraph, done: Collection[TaskKey], redo: Collection[TaskKey]
) -> tuple[TaskKey, ...]:
    """Of the tasks that are done, those whose results are still good when `redo` runs again.

    Whatever takes something from a task that runs again runs again as well, near or far; so does
    a list that another task goes through item by item.
    """
    keys = [task.key for task in graph.tasks]
    more = {*redo, *keys} - set(done).difference(redo)
    again: set[TaskKey] = set()
    while not more <= again:
        again |= more
        more = {key for task in graph.tasks for key in _also(task, again)}
    return tuple(key for key in keys if key not in again)


def changed(old: TaskGraph, new: TaskGraph) -> frozenset[TaskKey]:
    """Tasks of the new graph that the old one doesn't have, or has in another form."""
    before = {task.key: task.model_dump(exclude=_FORECAST) for task in old.tasks}
    return frozenset(
        task.key for task in new.tasks if before.get(task.key) != task.model_dump(exclude=_FORECAST)
    )


def continued(
    plan: Plan,
    earlier: RunId,
    keeps: tuple[TaskKey, ...],
    catalogue: Catalogue,
    price: Price,
    profiles: Sequence[AgentProfile],
    now: datetime,
) -> Plan:
    """The plan as a new one to approve, which keeps those results of the earlier run.

    With none to keep, everything runs again. Raises ValueError when an agent is gone.
    """
    graph, estimate = estimate_graph(plan.graph, catalogue, price, profiles, kept=keeps)
    return plan.model_copy(
        update={
            "graph": graph,
            "estimate": estimate,
            "continues": Continues(run=earlier, kept=keeps) if keeps else None,
            "created_at": now.isoformat(),
            "expires_at": (now + timedelta(seconds=PLAN_LIFE_S)).isoformat(),
        }
    )


def _also(task: Task, again: set[TaskKey]) -> Iterator[TaskKey]:
    """What has to run again on account of this task."""
    if again.intersection(task.needs()):
        yield task.key
    if task.key in again:
        yield from (item.task for item in task.singles() if isinstance(item, FromItem))
