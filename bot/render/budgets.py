"""Budgets in words: the alert, the report."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.chat import Button, Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.words import bar, untrusted
from bot.queries.budgets import Outlook
from bot.render.schedules.calendar import date_text, ordinal
from memory.model.budget import Budget, BudgetState, Mode, Period
from memory.model.events import BudgetAlert
from memory.model.money import USD, show_money

AGENTS_SHOWN: Final = 8


def budget_alert(
    _: Locale, alert: BudgetAlert, outlook: Outlook, *, owners: Sequence[str] = ()
) -> Outgoing:
    """`Budget "marketing": 75% of $50 used this month. At this pace it runs out on the 24th.`

    What it was spent on follows, and the owners who live where it's told, as mentions.
    """
    state, budget = outlook.state, outlook.state.budget
    limit = show_limit(alert.limit_micro_usd)
    used = _used(_, budget.period).format(percent=_percent(alert), limit=limit)
    parts = [_('**Budget "{name}"**: {used}').format(name=untrusted(budget.name), used=used)]
    if alert.needed_micro_usd:
        needed = show_money(alert.needed_micro_usd)
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
        parts.append(most.format(agent=untrusted(name, 60), amount=show_money(cost)))
    parts += [f"<@{owner}>" for owner in owners]
    return Outgoing(
        sections=(Section(text=" ".join(parts), buttons=_buttons(_, alert, budget.id)),)
    )


def _percent(alert: BudgetAlert) -> int:
    """The threshold that was passed; where the next task only doesn't fit, what is really used."""
    if not alert.needed_micro_usd or not alert.limit_micro_usd:
        return alert.percent
    return alert.spent_micro_usd * 100 // alert.limit_micro_usd


def _buttons(_: Locale, alert: BudgetAlert, budget: str) -> tuple[Button, ...]:
    raise_it = Button(
        action=f"budget:{budget}:raise", label=_("Raise"), asks=_("New limit in dollars")
    )
    cheaper = Button(action=f"budget:{budget}:cheaper", label=_("Cheaper agents"))
    pause = Button(action=f"budget:{budget}:pause", label=_("Pause"))
    return (raise_it, cheaper) if alert.paused else (raise_it, cheaper, pause)


def budget_report(_: Locale, known: Sequence[Outlook]) -> Outgoing:
    """Every budget: what is spent, promised and left, what it comes to, on whom, and if it's PAUSED."""
    if not known:
        return say(_("No budget is set. Say `budget $50 a month` to set one for this project."))
    return say("\n".join(line for outlook in known for line in _lines(_, outlook)))


def _lines(_: Locale, outlook: Outlook) -> Iterator[str]:
    yield _line(_, outlook)
    if outlook.by_agent and outlook.state.budget.scope != "agent":
        shown = [f"{untrusted(name, 60)} {show_money(cost)}" for name, cost in outlook.by_agent]
        yield "- " + _("spent on: {agents}").format(agents=", ".join(shown[:AGENTS_SHOWN]))
    if outlook.paused:
        yield "- " + _(
            "**PAUSED**: nothing that costs money begins. Raise the budget, then say `resume`."
        )


def _line(_: Locale, outlook: Outlook) -> str:
    state, budget = outlook.state, outlook.state.budget
    parts = [
        f"{bar(min(state.percent, 100), 100)} **{untrusted(budget.name)}** {state.percent}%",
        _spent(_, budget.period).format(
            spent=show_money(state.spent_micro_usd), limit=show_limit(budget.limit_micro_usd)
        ),
    ]
    for given in state.allowed:
        more, day = show_limit(given.amount_micro_usd), last_day(_, given.until, budget.zone)
        parts.append(_("{amount} of it only until the end of {day}").format(amount=more, day=day))
    if budget.scope != "project":
        parts.append(_scope(_, budget))
    if budget.mode is not Mode.ENFORCE:
        parts.append(_("only warns") if budget.mode is Mode.WARN else _("only counts"))
    if state.reserved_micro_usd:
        amount = show_money(state.reserved_micro_usd)
        parts.append(_("{amount} reserved for running tasks").format(amount=amount))
    parts.append(_("{amount} left").format(amount=show_money(max(state.left_micro_usd, 0))))
    if outlook.projected_micro_usd and state.spent_micro_usd:
        coming = show_money(outlook.projected_micro_usd)
        parts.append(_("projected {amount}").format(amount=coming))
    if outlook.ends_on is not None:
        day = _end(_, outlook.ends_on, state)
        parts.append(_("at this pace it runs out on {day}").format(day=day))
    return " · ".join(parts)


def show_limit(amount: int) -> str:
    """A limit as people set it: `$50`, `$0.25`."""
    return f"${amount // USD:,}" if amount % USD == 0 else show_money(amount)


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
        case "run":
            return _("for that run")
        case "task":
            return _("for that task")
        case "schedule":
            return _("for runs of that schedule")
        case "template":
            return _("for what is made from template {name}").format(
                name=untrusted(budget.subject, 60)
            )
        case _other:
            return _("for what {name} starts").format(name=untrusted(budget.name, 60))


def _end(_: Locale, day: date, state: BudgetState) -> str:
    if (day.year, day.month) != (state.period_start.year, state.period_start.month):
        return date_text(_, day.day, day.month)
    return _("the {day}").format(day=ordinal(_, day.day))
