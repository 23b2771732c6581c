"""Budgets and costs as the API gives them."""

from datetime import date, datetime

from bot.queries.about.spending import Bill, Forecast
from bot.queries.budgets import Outlook
from memory.model.base import Model
from memory.model.budget import Mode, Period, Scope, Unit


class BudgetLine(Model):
    """A budget as it stands. Amounts are in its unit: micro-USD, tokens, runs or milliseconds."""

    id: str
    project: str
    name: str
    scope: Scope
    subject: str
    unit: Unit
    period: Period
    limit: int
    spent: int
    reserved: int
    percent: int
    mode: Mode
    paused: bool
    period_start: datetime
    ends_on: date | None
    projected: int | None
    by_agent: tuple[tuple[str, int], ...]


def budget_line(outlook: Outlook) -> BudgetLine:
    """A budget with its outlook."""
    state, budget = outlook.state, outlook.state.budget
    return BudgetLine(
        id=budget.id, project=budget.project, name=budget.name, scope=budget.scope,
        subject=budget.subject, unit=budget.unit, period=budget.period,
        limit=budget.limit_micro_usd, spent=state.spent_micro_usd,
        reserved=state.reserved_micro_usd, percent=state.percent, mode=budget.mode,
        paused=outlook.paused, period_start=state.period_start, ends_on=outlook.ends_on,
        projected=outlook.projected_micro_usd, by_agent=outlook.by_agent,
    )  # fmt: skip


class CostLine(Model):
    """What one agent, person, day, type of work or run cost."""

    name: str
    cost_micro_usd: int
    attempts: int


class MonthForecast(Model):
    """A straight line through the month so far."""

    spent_micro_usd: int
    month_micro_usd: int
    attempts: int
    unpriced: int
    elapsed_days: float
    month_days: int
    last_day: date


class Saved(Model):
    """What the cache of calls has saved so far."""

    calls: int
    cost_micro_usd: int


class Costs(Model):
    """What was spent in the time. Of `unpriced` attempts the cost isn't known."""

    since: datetime
    until: datetime
    by: str
    cost_micro_usd: int
    attempts: int
    unpriced: int
    lines: tuple[CostLine, ...]
    forecast: MonthForecast
    saved: Saved


def costs_shape(bill: Bill, forecast: Forecast) -> Costs:
    """A bill, with what the month comes to."""
    return Costs(
        since=bill.span.since, until=bill.span.until, by=bill.by,
        cost_micro_usd=bill.cost_micro_usd, attempts=bill.attempts, unpriced=bill.unpriced,
        lines=tuple(CostLine.model_validate(line, from_attributes=True) for line in bill.lines),
        forecast=MonthForecast.model_validate(forecast, from_attributes=True),
        saved=Saved.model_validate(bill.saved, from_attributes=True),
    )  # fmt: skip
