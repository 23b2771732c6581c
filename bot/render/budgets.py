"""Budgets in words: the alert, the report."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.chat import Button, Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.words import bar, untrusted
from bot.render.schedules.calendar import date_text, ordinal
from memory.model.budget import BudgetState, Period
from memory.model.events import BudgetAlert
from memory.model.money import USD, show_money


def budget_alert(
    _: Locale, alert: BudgetAlert, state: BudgetState, *, ends_on: date | None = None
) -> Outgoing:
    """`Budget "marketing": 75% of $50 used this month. At this pace it runs out on the 24th.`

    `ends_on` is the forecast day on which the limit is reached, None if it will hold.
    """
    budget = state.budget
    limit = show_limit(alert.limit_micro_usd)
    used = _used(_, budget.period).format(percent=alert.percent, limit=limit)
    parts = [_('**Budget "{name}"**: {used}').format(name=untrusted(budget.name), used=used)]
    if alert.paused:
        parts.append(_("Its runs are paused until you raise it or resume them."))
    elif alert.percent >= 100:
        parts.append(_("It's used up."))
    elif ends_on is not None:
        day = _end(_, ends_on, state)
        parts.append(_("At this pace it runs out on {day}.").format(day=day))
    return Outgoing(
        sections=(Section(text=" ".join(parts), buttons=_buttons(_, alert, budget.id)),)
    )


def _buttons(_: Locale, alert: BudgetAlert, budget: str) -> tuple[Button, ...]:
    raise_it = Button(
        action=f"budget:{budget}:raise", label=_("Raise"), asks=_("New limit in dollars")
    )
    cheaper = Button(action=f"budget:{budget}:cheaper", label=_("Cheaper agents"))
    pause = Button(action=f"budget:{budget}:pause", label=_("Pause"))
    return (raise_it, cheaper) if alert.paused else (raise_it, cheaper, pause)


def budget_report(
    _: Locale, states: Sequence[BudgetState], forecasts: Mapping[str, date | None] | None = None
) -> Outgoing:
    """Every budget with what is spent, reserved and left; `forecasts` are end days by budget id."""
    if not states:
        return say(_("No budget is set. Say `budget $50 a month` to set one for this project."))
    ends = forecasts or {}
    return say("\n".join(_line(_, state, ends.get(state.budget.id)) for state in states))


def _line(_: Locale, state: BudgetState, ends_on: date | None) -> str:
    budget, reserved = state.budget, state.reserved_micro_usd
    left = max(budget.limit_micro_usd - state.spent_micro_usd - reserved, 0)
    parts = [
        f"{bar(min(state.percent, 100), 100)} **{untrusted(budget.name)}** {state.percent}%",
        _spent(_, budget.period).format(
            spent=show_money(state.spent_micro_usd), limit=show_limit(budget.limit_micro_usd)
        ),
    ]
    if budget.scope != "project":
        parts.append(_scope(_, budget.scope).format(name=untrusted(budget.subject, 60)))
    if reserved:
        amount = show_money(reserved)
        parts.append(_("{amount} reserved for running tasks").format(amount=amount))
    parts.append(_("{amount} left").format(amount=show_money(left)))
    if ends_on is not None:
        day = _end(_, ends_on, state)
        parts.append(_("at this pace it runs out on {day}").format(day=day))
    return " · ".join(parts)


def show_limit(amount: int) -> str:
    """A limit as people set it: `$50`, `$0.25`."""
    return f"${amount // USD:,}" if amount % USD == 0 else show_money(amount)


def _used(_: Locale, period: Period) -> str:
    return {
        Period.DAY: _("{percent}% of {limit} used today."),
        Period.WEEK: _("{percent}% of {limit} used this week."),
        Period.MONTH: _("{percent}% of {limit} used this month."),
        Period.TOTAL: _("{percent}% of {limit} used in total."),
    }[period]


def _spent(_: Locale, period: Period) -> str:
    return {
        Period.DAY: _("{spent} of {limit} today"),
        Period.WEEK: _("{spent} of {limit} this week"),
        Period.MONTH: _("{spent} of {limit} this month"),
        Period.TOTAL: _("{spent} of {limit} in total"),
    }[period]


def _scope(_: Locale, scope: str) -> str:
    scopes = {"agent": _("for agent {name}"), "person": _("for {name}"), "run": _("for run {name}")}
    return scopes[scope]


def _end(_: Locale, day: date, state: BudgetState) -> str:
    if (day.year, day.month) != (state.period_start.year, state.period_start.month):
        return date_text(_, day.day, day.month)
    return _("the {day}").format(day=ordinal(_, day.day))
