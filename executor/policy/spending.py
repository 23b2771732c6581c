"""What an attempt may cost before it begins, and what it did cost. Pure."""

from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.work.graph import Task
from memory.model.work.run import Usage


def costs(spec: AgentSpec, task: Task) -> bool:
    """Whether budgets have a say: it costs money, or its price is not known."""
    if spec.kind in {AgentKind.COMMAND, AgentKind.WEBHOOK}:
        return task.cost_high_micro_usd > 0 or spec.price_model != "local"
    return task.cost_high_micro_usd > 0 or spec.kind is AgentKind.MODEL


def to_reserve(task: Task) -> int:
    """What has to be free before the attempt begins, in micro-USD."""
    return task.cost_high_micro_usd


def total(first: Usage, second: Usage) -> Usage:
    """Both together; where one's price isn't known, neither is the sum's."""
    known = [cost for cost in (first.cost_micro_usd, second.cost_micro_usd) if cost is not None]
    return Usage(
        tokens_in=first.tokens_in + second.tokens_in,
        tokens_out=first.tokens_out + second.tokens_out,
        requests=first.requests + second.requests,
        cost_micro_usd=sum(known) if len(known) == 2 else None,
        estimated=first.estimated or second.estimated,
    )


def cut_short(reserved_micro_usd: int) -> Usage:
    """The usage of an attempt that was stopped: unknown, if it may have cost something."""
    return Usage(cost_micro_usd=None if reserved_micro_usd else 0)
