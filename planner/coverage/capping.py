"""What a whole plan may cost, shared out over its tasks. Pure."""

from memory.model.money import show_money
from memory.model.text import text
from memory.model.work.graph import Task, TaskGraph
from memory.model.work.plan import Estimate


def capped(graph: TaskGraph, cap_micro_usd: int) -> TaskGraph:
    """The graph with a limit on each task that costs money, by its share of the forecast.

    The limits of all tasks and items together are at most the cap; a lower limit stays.
    """
    costs = {task.key: task.cost_high_micro_usd * task.times for task in graph.tasks}
    total = sum(costs.values())
    if not total:
        return graph

    def limited(task: Task) -> Task:
        if not costs[task.key]:
            return task
        share = cap_micro_usd * costs[task.key] // total // task.times
        limit = min(share, task.cost_cap_micro_usd or share)
        return task.model_copy(update={"cost_cap_micro_usd": limit})

    return TaskGraph(tasks=tuple(limited(task) for task in graph.tasks))


def too_dear(estimate: Estimate, cap_micro_usd: int) -> str:
    """Why the plan can't be held to the cap; "" where it can."""
    if estimate.cost_low_micro_usd <= cap_micro_usd:
        return ""
    return text(
        "That would cost at least {least}, more than the {cap} you allow. Allow more, leave "
        "something out, or name a cheaper agent.",
        least=show_money(estimate.cost_low_micro_usd),
        cap=show_money(cap_micro_usd),
    )


def cap_stated(estimate: Estimate, cap_micro_usd: int) -> tuple[str, ...]:
    """What is said beside the plan about its cap."""
    lines = [text("It may cost {cap} at most; a task that reaches its share ends there.", cap=show_money(cap_micro_usd))]  # fmt: skip
    if estimate.unpriced:
        lines.append(
            text("The price of {agents} isn't known, so {cap} doesn't bind it.",
                 agents=", ".join(estimate.unpriced), cap=show_money(cap_micro_usd))
        )  # fmt: skip
    return tuple(lines)
