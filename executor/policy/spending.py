"""What an attempt may cost before it begins, and what it did cost. Pure."""

from memory.model.agents.prices import UNKNOWN_TASK, of_task
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.work.graph import Task
from memory.model.work.run import Usage


def costs(spec: AgentSpec, task: Task) -> bool:
    """Whether budgets have a say: it costs money, or its price is not known."""
    if spec.kind in {AgentKind.COMMAND, AgentKind.WEBHOOK}:
        return task.cost_high_micro_usd > 0 or spec.price_model != "local"
    return task.cost_high_micro_usd > 0 or spec.kind is AgentKind.MODEL


def to_reserve(spec: AgentSpec, task: Task) -> int:
    """What has to be free before the attempt begins, in micro-USD.

    Models set aside more for each call; of others whose cost nobody knows, a fixed sum is.
    """
    of_others = spec.kind in {AgentKind.COMMAND, AgentKind.WEBHOOK}
    if of_others and spec.price_model != "local":
        return max(task.cost_high_micro_usd, spec.task_micro_usd or UNKNOWN_TASK)
    return task.cost_high_micro_usd


def told(usage: Usage, spec: AgentSpec) -> Usage:
    """The usage of a program or service, with the price the owner gave it where it tells none."""
    if spec.price_model == "local":
        return usage.model_copy(update={"cost_micro_usd": 0})
    priced = of_task(spec)
    if usage.cost_micro_usd is not None or priced is None:
        return usage
    return usage.model_copy(update={"cost_micro_usd": priced, "estimated": True})


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


def cut_short(reserved_micro_usd: int, tokens: int) -> Usage:
    """The usage of an attempt that nobody saw the end of: all that was set aside for it."""
    estimated = reserved_micro_usd > 0 or tokens > 0
    return Usage(cost_micro_usd=reserved_micro_usd, tokens_in=tokens, estimated=estimated)
