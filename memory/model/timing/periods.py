"""The calendar of budgets: where a period begins and ends, and when the money will be gone."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from memory.model.budget import BudgetState, Period

BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Where the only period of a `total` budget begins."""


def period_start(period: Period, zone: str, now: datetime) -> datetime:
    """The midnight, in the zone, at which the period around `now` began; in UTC."""
    local = now.astimezone(ZoneInfo(zone)).date()
    match period:
        case Period.DAY:
            first = local
        case Period.WEEK:
            first = local - timedelta(days=local.weekday())
        case Period.MONTH:
            first = local.replace(day=1)
        case Period.TOTAL:
            return BEGINNING
    return _midnight(first, zone)


def period_end(period: Period, zone: str, now: datetime) -> datetime | None:
    """Where the next period begins; None for a budget that never starts anew."""
    if period is Period.TOTAL:
        return None
    first = period_start(period, zone, now).astimezone(ZoneInfo(zone)).date()
    match period:
        case Period.DAY:
            following = first + timedelta(days=1)
        case Period.WEEK:
            following = first + timedelta(days=7)
        case Period.MONTH:
            following = (first + timedelta(days=32)).replace(day=1)
    return _midnight(following, zone)


def forecast(state: BudgetState, now: datetime) -> date | None:
    """The day, in the budget's zone, on which the money is gone at the present pace.

    None when it lasts to the end of the period, or when there is no pace to go by: nothing
    spent yet, or a `total` budget, whose beginning says nothing.
    """
    budget = state.budget
    zone = ZoneInfo(budget.zone)
    if state.spent_micro_usd >= budget.limit_micro_usd:
        return now.astimezone(zone).date()
    end = period_end(budget.period, budget.zone, now)
    elapsed = now - state.period_start
    if end is None or state.spent_micro_usd <= 0 or elapsed <= timedelta(0):
        return None
    gone = state.period_start + elapsed * (budget.limit_micro_usd / state.spent_micro_usd)
    return gone.astimezone(zone).date() if gone < end else None


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
