"""What a real run would meet now: told at the end of a dry run, from what is stored."""

from bot.conversation import messages
from bot.render.words import listed, untrusted
from bot.services import Services
from memory.model.agents.breaker import BreakerState
from memory.model.budget import BudgetState
from memory.model.money import show_money
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.money import budgets
from memory.store.running import breakers


async def obstacles(connection: Connection, services: Services, plan: Plan) -> tuple[str, ...]:
    """Sentences about agents, money and approval, the gravest first; none where all is well."""
    names = messages.names(services)
    used = dict.fromkeys(task.agent for task in plan.graph.tasks)
    gone = [one for one in used if one not in names]
    broken = {
        one.agent for one in await breakers.all_of(connection) if one.state is BreakerState.OPEN
    }
    found = []
    if gone:
        found.append(
            f"{listed(services.locale, (untrusted(one, 60) for one in gone))} cannot be reached here any more."
        )
    down = [names[one] for one in used if one in broken and one in names]
    if down:
        found.append(
            f"{listed(services.locale, (untrusted(one, 60) for one in down))} failed lately and is not asked now."
        )
    found += await _money(connection, services, plan)
    if plan.estimate.unpriced:
        who = listed(services.locale, (untrusted(one, 60) for one in plan.estimate.unpriced))
        found.append(f"The price of {who} is not known, so it may cost more than the forecast.")
    needs = await messages.needs(connection, services, plan)
    if needs:
        found.append(f"It waits for approval: {needs}.")
    return tuple(found)


async def _money(connection: Connection, services: Services, plan: Plan) -> list[str]:
    high = plan.estimate.cost_high_micro_usd
    states = await budgets.states(connection, plan.project, now=services.clock.now())
    return [
        f"Budget “{untrusted(one.budget.name, 60)}” has {show_money(left)} left; it may cost "
        f"{show_money(high)}."
        for one in states
        if high and one.budget.scope in {"project", "run"} and (left := _left(one)) < high
    ]


def _left(state: BudgetState) -> int:
    spent = state.spent_micro_usd + state.reserved_micro_usd
    return max(state.budget.limit_micro_usd - spent, 0)
