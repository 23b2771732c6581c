"""What a real run of a plan would meet now: agents, money and approval."""

from bot.queries.plans import approval
from bot.queries.plans.approval import Needs
from bot.queries.plans.cards import agent_names
from bot.services import Desk
from memory.model.agents.breaker import BreakerState
from memory.model.base import AgentName, Model
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.money import budgets
from memory.store.running import breakers


class ShortBudget(Model):
    """A budget with less left than the plan may cost."""

    name: str
    left_micro_usd: int


class Obstacles(Model):
    """Agents that are gone or failing (by what people call them), money, and approval."""

    gone: tuple[AgentName, ...]
    failing: tuple[str, ...]
    short: tuple[ShortBudget, ...]
    cost_micro_usd: int
    unpriced: tuple[str, ...]
    needs: Needs | None


async def obstacles(connection: Connection, desk: Desk, plan: Plan) -> Obstacles:
    """Everything in the way of a run, from what is stored."""
    names = agent_names(desk)
    used = dict.fromkeys(task.agent for task in plan.graph.tasks)
    known = await breakers.all_of(connection)
    broken = {breaker.agent for breaker in known if breaker.state is BreakerState.OPEN}
    high = plan.estimate.cost_high_micro_usd
    return Obstacles(
        gone=tuple(agent for agent in used if agent not in names),
        failing=tuple(names[agent] for agent in used if agent in broken and agent in names),
        short=await _short(connection, desk, plan, high) if high else (),
        cost_micro_usd=high,
        unpriced=tuple(plan.estimate.unpriced),
        needs=await approval.needs(connection, desk, plan),
    )


async def _short(
    connection: Connection, desk: Desk, plan: Plan, high: int
) -> tuple[ShortBudget, ...]:
    states = await budgets.states(connection, plan.project, now=desk.clock.now())
    left = {
        state.budget.name: state.budget.limit_micro_usd
        - state.spent_micro_usd
        - state.reserved_micro_usd
        for state in states
        if state.budget.scope in {"project", "run"} and state.budget.unit == "usd"
    }
    return tuple(
        ShortBudget(name=name, left_micro_usd=max(rest, 0))
        for name, rest in left.items()
        if rest < high
    )
