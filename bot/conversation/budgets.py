"""Budgets: show, set, raise, and what an alert's buttons do."""

from datetime import date, timedelta

from bot.actions import places
from bot.chat import Outgoing
from bot.conversation import messages
from bot.conversation.context import Context
from bot.language import phrases
from bot.language.intents import BudgetPressed, BudgetSet
from bot.queries.plans.material import PREFER_CHEAP
from bot.render.budgets import budget_alert, budget_report, show_limit
from bot.render.words import untrusted
from bot.services import Services
from memory.model.authority import Right
from memory.model.base import ProjectId, name_key, sha256
from memory.model.budget import Budget, BudgetState, Period
from memory.model.errors import BadInput, NotFound
from memory.model.events import BudgetAlert
from memory.store.engine.database import Connection
from memory.store.money import budgets
from memory.store.planning import preferences
from memory.store.traffic import audit

OWN = "project"
"""The name of a project's own budget."""


async def show_budgets(context: Context) -> None:
    """Every budget of the project with its forecast."""
    context.must(Right.SEE)
    now = context.services.clock.now()
    async with context.services.database.reading() as connection:
        states = await budgets.states(connection, context.project, now=now)
    ends = {state.budget.id: ends_on(state, now.date()) for state in states}
    await context.just_reply(budget_report(context.services.locale, states, ends))


async def set_budget(context: Context, command: BudgetSet) -> None:
    """Make a budget or change its limit."""
    context.must(Right.SET_BUDGET)
    name = command.name or OWN
    if len(name) > 60:
        raise BadInput("That name is too long for a budget; use a word or two.")
    period = Period(command.period)
    await _keep(context, _named(context.project, name, command.limit_micro_usd, period))


async def pressed(context: Context, command: BudgetPressed) -> None:
    """A button under an alert."""
    context.must(Right.SET_BUDGET)
    budget = await _budget(context, command.budget)
    if command.what == "raise":
        limit = phrases.micro_usd(command.text)
        if limit is None:
            raise BadInput(
                "Say the new limit in dollars, for example `budget {name} $100`.", name=budget.name
            )
        await _keep(context, budget.model_copy(update={"limit_micro_usd": limit}))
    elif command.what == "cheaper":
        await _prefer_cheap(context)
    else:
        who = messages.called(context.person)
        await context.services.executor.stop_all(
            f"project:{context.project}", by=context.person.key, reason=f"budget: stopped by {who}"
        )
        await context.just_reply("This project is stopped; say `resume project` to go on.")


async def keep_fixed(services: Services) -> None:
    """Make the budgets that the settings fix, where they are not there yet."""
    for fixed in services.settings.projects:
        if fixed.budget_micro_usd is None:
            continue
        now = services.clock.now()
        async with services.database.transaction() as tx:
            project = await places.make(tx, services.settings, fixed, at=now)
            budget = _named(project, OWN, fixed.budget_micro_usd, Period.MONTH, zone=fixed.zone)
            states = await budgets.states(tx, project, now=now)
            if all(state.budget.id != budget.id for state in states):
                await budgets.keep(tx, budget, at=now)


def _named(
    project: ProjectId, name: str, limit_micro_usd: int, period: Period, *, zone: str = "UTC"
) -> Budget:
    return Budget(
        id=f"bud_{sha256(f'{project}:{name_key(name)}'.encode())[:16]}",
        project=project,
        name=name,
        period=period,
        limit_micro_usd=limit_micro_usd,
        zone=zone,
    )


async def alert_message(
    connection: Connection, services: Services, project: ProjectId, alert: BudgetAlert
) -> Outgoing | None:
    """What the channel is told; None when the budget is gone."""
    now = services.clock.now()
    states = await budgets.states(connection, project, now=now)
    state = next((one for one in states if one.budget.id == alert.budget), None)
    if state is None:
        return None
    return budget_alert(services.locale, alert, state, ends_on=ends_on(state, now.date()))


def ends_on(state: BudgetState, today: date) -> date | None:
    """The day on which the limit is reached if spending goes on as it did in this period.

    A straight line through what was spent so far; None where it holds to the period's end.
    """
    start = state.period_start.date()
    days = max((today - start).days, 0) + 1
    if state.spent_micro_usd <= 0:
        return None
    left = state.budget.limit_micro_usd - state.spent_micro_usd
    if left <= 0:
        return today
    ahead = left * days // state.spent_micro_usd
    if ahead > 3650:
        return None
    end = today + timedelta(days=ahead)
    last = _last_day(start, state.budget.period)
    return end if last is None or end <= last else None


def _last_day(start: date, period: Period) -> date | None:
    match period:
        case Period.DAY:
            return start
        case Period.WEEK:
            return start + timedelta(days=6)
        case Period.MONTH:
            return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        case Period.TOTAL:
            return None


async def _budget(context: Context, wanted: str) -> Budget:
    now = context.services.clock.now()
    async with context.services.database.reading() as connection:
        states = await budgets.states(connection, context.project, now=now)
    found = next((one.budget for one in states if one.budget.id == wanted), None)
    if found is None:
        raise NotFound("That budget is not there any more; say `budget` to see those that are.")
    return found


async def _keep(context: Context, budget: Budget) -> None:
    async with context.deciding() as tx:
        now = context.services.clock.now()
        await budgets.keep(tx, budget, at=now)
        await audit.record(
            tx, context.project, actor=context.person.key, action="budget.set", on=budget.id, at=now
        )
        per = "in all" if budget.period is Period.TOTAL else f"a {budget.period}"
        await context.reply(
            tx,
            f'Budget "{untrusted(budget.name, 60)}" is {show_limit(budget.limit_micro_usd)} {per} now. '
            "Paused runs go on when you say `resume`.",
        )


async def _prefer_cheap(context: Context) -> None:
    async with context.deciding() as tx:
        now = context.services.clock.now()
        await preferences.prefer(tx, context.project, "", PREFER_CHEAP, "cheaper", at=now)
        await context.reply(tx, "New plans here look at local and cheaper agents first.")
