"""Budgets in words: the alert, the report."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.chat import Button, Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.render.words import bar, untrusted
from memory.model.budget import BudgetState, Period
from memory.model.events import BudgetAlert
from memory.model.money import USD, show_money

_THIS: Mapping[Period, str] = {
    Period.DAY: "today",
    Period.WEEK: "this week",
    Period.MONTH: "this month",
    Period.TOTAL: "in all",
}


def budget_alert(
    _: Locale, alert: BudgetAlert, state: BudgetState, *, ends_on: date | None = None
) -> Outgoing:
    """`Budget "marketing": 75 % of $50 used this month. At this pace it ends on the 24th.`

    `ends_on` is the forecast day on which the limit is reached, None if it will hold.
    """
    budget = state.budget
    text = (
        f'**Budget "{untrusted(budget.name)}"**: {alert.percent} % of '
        f"{show_limit(alert.limit_micro_usd)} used {_THIS[budget.period]}."
    )
    if alert.paused:
        text += " Its runs are paused until it is raised or they are resumed."
    elif alert.percent >= 100:
        text += " It is used up."
    elif ends_on is not None:
        text += f" At this pace it ends on {_day(_, ends_on, state)}."
    labels = (("raise", "Raise"), ("cheaper", "Cheaper agents"), ("pause", "Pause"))
    buttons = tuple(
        Button(
            action=f"budget:{budget.id}:{word}",
            label=label,
            asks="New limit in dollars" if word == "raise" else "",
        )
        for word, label in labels
        if not (alert.paused and word == "pause")
    )
    return Outgoing(sections=(Section(text=text, buttons=buttons),))


def budget_report(
    _: Locale, states: Sequence[BudgetState], forecasts: Mapping[str, date | None] | None = None
) -> Outgoing:
    """Every budget with what is spent, promised and left; `forecasts` are end days by budget id."""
    if not states:
        return say("No budget is set. Say `budget $50 a month` to set one for this project.")
    ends = forecasts or {}
    return say("\n".join(_line(_, state, ends.get(state.budget.id)) for state in states))


def _line(_: Locale, state: BudgetState, ends_on: date | None) -> str:
    budget = state.budget
    left = max(budget.limit_micro_usd - state.spent_micro_usd - state.reserved_micro_usd, 0)
    parts = [
        f"{bar(min(state.percent, 100), 100)} **{untrusted(budget.name)}** {state.percent} %",
        f"{show_money(state.spent_micro_usd)} of {show_limit(budget.limit_micro_usd)} "
        f"{_THIS[budget.period]}",
    ]
    if budget.scope != "project":
        parts.append(f"for {budget.scope} {untrusted(budget.subject, 60)}")
    if state.reserved_micro_usd:
        parts.append(f"{show_money(state.reserved_micro_usd)} promised to running tasks")
    parts.append(f"{show_money(left)} left")
    if ends_on is not None:
        parts.append(f"at this pace it ends on {_day(_, ends_on, state)}")
    return " · ".join(parts)


def show_limit(amount: int) -> str:
    """A limit as people set it: `$50`, `$0.25`."""
    return f"${amount // USD:,}" if amount % USD == 0 else show_money(amount)


def _day(_: Locale, day: date, state: BudgetState) -> str:
    if (day.year, day.month) != (state.period_start.year, state.period_start.month):
        return f"{day.day} {day:%B}"
    suffix = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return f"the {day.day}{suffix}"
