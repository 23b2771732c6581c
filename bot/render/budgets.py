"""Budgets in words: the alert, the report."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.chat import Button, Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.words import bar, untrusted
from bot.queries.budgets import NO_SAVINGS, Outlook, Savings
from bot.render.schedules.calendar import date_text, ordinal
from memory.model.budget import Budget, BudgetState, Mode, Period, Unit, show_minutes
from memory.model.events import BudgetAlert
from memory.model.money import USD, show_money
from planner.evaluation.calibration import Coverage

AGENTS_SHOWN: Final = 8
FORECASTS_SHOWN: Final = 5
"""With fewer finished runs nothing is said of how good forecasts are."""


def budget_alert(
    _: Locale, alert: BudgetAlert, outlook: Outlook, *, owners: Sequence[str] = ()
) -> Outgoing:
    """`Budget "marketing": 75% of $50 used this month. At this pace it runs out on the 24th.`

    What it was spent on follows, and the owners who live where it's told, as mentions.
    """
    state, budget = outlook.state, outlook.state.budget
    limit = show_limit(_, budget, alert.limit_micro_usd)
    used = _used(_, budget.period).format(percent=_percent(alert), limit=limit)
    parts = [_('**Budget "{name}"**: {used}').format(name=untrusted(budget.name), used=used)]
    if alert.needed_micro_usd:
        needed = show_spent(_, budget, alert.needed_micro_usd)
        parts.append(_("The next task may need {amount}, which doesn't fit.").format(amount=needed))
    if alert.paused:
        parts.append(_("Its runs are paused until you raise it or resume them."))
    elif alert.percent >= 100:
        parts.append(_("It's used up."))
    elif outlook.ends_on is not None:
        day = _end(_, outlook.ends_on, state)
        parts.append(_("At this pace it runs out on {day}.").format(day=day))
    if outlook.by_agent and budget.scope != "agent":
        name, cost = outlook.by_agent[0]
        most = _("Most of it went to {agent}: {amount}.")
        parts.append(most.format(agent=untrusted(name, 60), amount=show_spent(_, budget, cost)))
    parts += [f"<@{owner}>" for owner in owners]
    return Outgoing(sections=(Section(text=" ".join(parts), buttons=_buttons(_, alert, budget)),))


def _percent(alert: BudgetAlert) -> int:
    """The threshold that was passed; where the next task only doesn't fit, what is really used."""
    if not alert.needed_micro_usd or not alert.limit_micro_usd:
        return alert.percent
    return alert.spent_micro_usd * 100 // alert.limit_micro_usd


def _buttons(_: Locale, alert: BudgetAlert, budget: Budget) -> tuple[Button, ...]:
    asks = {
        "usd": _("New limit in dollars"),
        "tokens": _("New limit, for example 2M tokens"),
        "runs": _("New limit, for example 300 runs"),
        "minutes": _("New limit, for example 90 minutes"),
    }
    raise_it = Button(action=f"budget:{budget.id}:raise", label=_("Raise"), asks=asks[budget.unit])
    cheaper = Button(action=f"budget:{budget.id}:cheaper", label=_("Cheaper agents"))
    pause = Button(action=f"budget:{budget.id}:pause", label=_("Pause"))
    return (raise_it, cheaper) if alert.paused else (raise_it, cheaper, pause)


def budget_report(
    _: Locale,
    known: Sequence[Outlook],
    forecasts: Coverage | None = None,
    saved: Savings = NO_SAVINGS,
) -> Outgoing:
    """Every budget: what is spent, promised and left, what it comes to, on whom, and if it's PAUSED.

    `forecasts`: how often what runs cost was in the range that was forecast. `saved`: by the cache.
    """
    if not known:
        none = _("No budget is set. Say `budget $50 a month` to set one for this project.")
        return say("\n".join([none, *savings_line(_, saved)]))
    lines = [line for outlook in known for line in _lines(_, outlook)]
    return say("\n".join([*lines, *_calibration(_, forecasts), *savings_line(_, saved)]))


def savings_line(_: Locale, saved: Savings) -> Iterator[str]:
    """What the cache of calls saved, where it did."""
    if saved.calls:
        text = _.ngettext(
            "The cache saved {count} call: {cost}.",
            "The cache saved {count} calls: {cost}.",
            saved.calls,
        )
        yield text.format(count=saved.calls, cost=show_money(saved.cost_micro_usd))


def _calibration(_: Locale, forecasts: Coverage | None) -> Iterator[str]:
    if forecasts is not None and forecasts.cases >= FORECASTS_SHOWN:
        yield _(
            "Forecasts: {inside} of the last {cases} finished runs cost what was forecast; {below} "
            "cost less, {above} more. 8 of 10 is right."
        ).format(
            cases=forecasts.cases,
            **{
                name: round(share * forecasts.cases / 100)
                for name, share in (
                    ("inside", forecasts.inside),
                    ("below", forecasts.below),
                    ("above", forecasts.above),
                )
            },
        )


def _lines(_: Locale, outlook: Outlook) -> Iterator[str]:
    yield budget_line(_, outlook)
    if outlook.by_agent and outlook.state.budget.scope != "agent":
        shown = [
            f"{untrusted(name, 60)} {show_spent(_, outlook.state.budget, cost)}"
            for name, cost in outlook.by_agent
        ]
        yield "- " + _("spent on: {agents}").format(agents=", ".join(shown[:AGENTS_SHOWN]))
    if outlook.paused and outlook.state.budget.unit == "runs":
        yield "- " + _("**PAUSED**: no new run begins. Raise the budget to go on.")
    elif outlook.paused and outlook.state.budget.unit == "minutes":
        yield "- " + _("**PAUSED**: no task begins. Raise the budget, then say `resume`.")
    elif outlook.paused:
        yield "- " + _(
            "**PAUSED**: nothing that costs money begins. Raise the budget, then say `resume`."
        )


def budget_line(_: Locale, outlook: Outlook) -> str:
    """How the budget stands, and how long it will last."""
    state, budget = outlook.state, outlook.state.budget
    parts = [
        f"{bar(min(state.percent, 100), 100)} **{untrusted(budget.name)}** {state.percent}%",
        _spent(_, budget.period).format(
            spent=_number(budget.unit, state.spent_micro_usd),
            limit=show_limit(_, budget),
        ),
    ]
    for given in state.allowed:
        more, day = (
            show_limit(_, budget, given.amount_micro_usd),
            last_day(_, given.until, budget.zone),
        )
        parts.append(_("{amount} of it only until the end of {day}").format(amount=more, day=day))
    if budget.scope != "project":
        parts.append(_scope(_, budget))
    if budget.mode is not Mode.ENFORCE:
        parts.append(_("only warns") if budget.mode is Mode.WARN else _("only counts"))
    if state.reserved_micro_usd:
        amount = show_spent(_, budget, state.reserved_micro_usd)
        parts.append(_("{amount} reserved for running tasks").format(amount=amount))
    left = show_spent(_, budget, max(state.left_micro_usd, 0))
    parts.append(_("{amount} left").format(amount=left))
    if outlook.projected_micro_usd and state.spent_micro_usd:
        coming = show_spent(_, budget, outlook.projected_micro_usd)
        parts.append(_("projected {amount}").format(amount=coming))
    if outlook.ends_on is not None:
        day = _end(_, outlook.ends_on, state)
        parts.append(_("at this pace it runs out on {day}").format(day=day))
    return " · ".join(parts)


def _number(unit: Unit, amount: int) -> str:
    """Without the unit's name, which the limit beside it has."""
    match unit:
        case "usd":
            return show_money(amount)
        case "minutes":
            return show_minutes(amount)
        case _other:
            return f"{amount:,}"


def show_limit(_: Locale, budget: Budget, amount: int | None = None) -> str:
    """A limit as people set it: `$50`, `$0.25`, `1,000,000 tokens`; another `amount` of its unit."""
    amount = budget.limit_micro_usd if amount is None else amount
    whole = budget.unit == "usd" and amount % USD == 0
    return f"${amount // USD:,}" if whole else show_spent(_, budget, amount)


def show_spent(_: Locale, budget: Budget, amount: int) -> str:
    """An amount in the budget's unit."""
    match budget.unit:
        case "usd":
            return show_money(amount)
        case "tokens":
            return _.ngettext("{n:,} token", "{n:,} tokens", amount).format(n=amount)
        case "runs":
            return _.ngettext("{n:,} run", "{n:,} runs", amount).format(n=amount)
        case "minutes":
            shown = show_minutes(amount)
            return _("1 minute") if shown == "1" else _("{n} minutes").format(n=shown)


def last_day(_: Locale, until: datetime, zone: str) -> str:
    """The last day on which something holds that ends at that midnight of the zone."""
    day = (until - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
    return date_text(_, day.day, day.month)


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


def _scope(_: Locale, budget: Budget) -> str:
    match budget.scope:
        case "agent":
            return _("for agent {name}").format(name=untrusted(budget.subject, 60))
        case "template":
            return _("for what is made from template {name}").format(
                name=untrusted(budget.subject, 60)
            )
        case "installation" | "run" | "task" | "schedule":
            return {
                "installation": _("for everything in this installation"),
                "run": _("for that run"),
                "task": _("for that task"),
                "schedule": _("for runs of that schedule"),
            }[budget.scope]
        case _other:
            return _("for what {name} starts").format(name=untrusted(budget.name, 60))


def _end(_: Locale, day: date, state: BudgetState) -> str:
    if (day.year, day.month) != (state.period_start.year, state.period_start.month):
        return date_text(_, day.day, day.month)
    return _("the {day}").format(day=ordinal(_, day.day))
