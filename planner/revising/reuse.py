"""Plans that go on from an earlier run: which results they keep, and what the rest will cost. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from memory.model.agents.profile import AgentProfile
from memory.model.agents.spec import Catalogue
from memory.model.base import RunId, TaskKey
from memory.model.limits import PLAN_LIFE_S
from memory.model.work.graph import FromItem, Task, TaskGraph
from memory.model.work.plan import Continues, Plan
from planner.estimate import Price, estimate_graph

_FORECAST = {"reason", "fallbacks", "cost_high_micro_usd", "title", "timeout_s"}
"""What may differ between two tasks that would give the same value."""


def kept(
    graph: TaskGraph, done: Collection[TaskKey], redo: Collection[TaskKey]
) -> tuple[TaskKey, ...]:
    """Of the tasks that are done, those whose results stand when `redo` is done anew.

    What takes something from a task that is done anew is done anew as well, near or far; so is
    a list that another task goes through item by item.
    """
    anew = {*redo, *(task.key for task in graph.tasks if task.key not in done)}
    while True:
        more = {
            *(task.key for task in graph.tasks if anew.intersection(task.needs())),
            *(source for task in graph.tasks if task.key in anew for source in _by_item(task)),
        }
        if more <= anew:
            return tuple(task.key for task in graph.tasks if task.key not in anew)
        anew |= more


def changed(old: TaskGraph, new: TaskGraph) -> frozenset[TaskKey]:
    """Tasks of the new graph that the old one has not, or has otherwise."""
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

    Without any to keep it does everything anew. Raises ValueError when an agent is gone.
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


def _by_item(task: Task) -> list[TaskKey]:
    return [one.task for one in task.singles() if isinstance(one, FromItem)]
