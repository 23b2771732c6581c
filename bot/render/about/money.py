"""What work cost, and what the month will come to, in words."""

from datetime import date

from bot.chat import Outgoing, say
from bot.language.asking.periods import Span
from bot.language.catalogue import Locale
from bot.language.words import bar, count, untrusted
from bot.queries.about.spending import DAYS_SHOWN, Bill, Forecast, Line
from bot.render.budgets import budget_report, savings_line
from bot.render.schedules.calendar import date_text, ordinal
from memory.model.money import show_money

LINES_SHOWN = 8
EARLY_DAYS, FEW = 3, 10
"""Below so many days or attempts a straight line is a rough guess."""


def bill_message(_: Locale, bill: Bill) -> Outgoing:
    """`$1.20 in March, 14 attempts: Claude $0.80 (9), Gemini $0.40 (5).`"""
    when = _("for that run") if bill.run else span_text(_, bill.span)
    about = _about(_, bill)
    if not bill.attempts:
        text = _("Nothing was spent {when}{about}: no paid attempt is on record.")
        return say("\n".join([text.format(when=when, about=about), *savings_line(_, bill.saved)]))
    head = _("**{cost}** {when}{about}, on {attempts}.").format(
        cost=show_money(bill.cost_micro_usd),
        when=when,
        about=about,
        attempts=count(_, bill.attempts, "{n} attempt", "{n} attempts"),
    )
    lines = (
        [_line(_, line, bill) for line in bill.lines[: _shown(bill)]]
        if len(bill.lines) > 1 or bill.by == "person"
        else []
    )
    rest = bill.lines[_shown(bill) :]
    if rest and lines:
        cost = show_money(sum(line.cost_micro_usd for line in rest))
        lines.append(_("- {n} more: {cost}").format(n=len(rest), cost=cost))
    if bill.finished:
        each = show_money(bill.cost_micro_usd // bill.finished)
        lines.append(
            _("That's {cost} for each of {runs}.").format(
                cost=each, runs=count(_, bill.finished, "{n} finished run", "{n} finished runs")
            )
        )
    lines += savings_line(_, bill.saved)
    return say("\n".join([head, *lines, *_unpriced(_, bill.unpriced)]))


def _shown(bill: Bill) -> int:
    return DAYS_SHOWN if bill.by == "day" else LINES_SHOWN


def forecast_message(_: Locale, forecast: Forecast) -> Outgoing:
    """Spent so far, the pace, what the month comes to, when a budget ends, and how that's reckoned."""
    parts = []
    if forecast.attempts:
        parts.append(_month(_, forecast))
    else:
        parts.append(_("Nothing was spent this month yet, so there's no pace to go by."))
    parts += _unpriced(_, forecast.unpriced)
    return say("\n".join([*parts, budget_report(_, forecast.budgets).text]))


def span_text(_: Locale, span: Span) -> str:
    """`on 3 March`, or `from 1 March to 4 March`."""
    first, last = _day(_, span.first, span.last), _day(_, span.last, span.last)
    if span.days == 1:
        return _("on {day}").format(day=last)
    return _("from {first} to {last}").format(first=first, last=last)


def _month(_: Locale, forecast: Forecast) -> str:
    pace = forecast.spent_micro_usd / max(forecast.elapsed_days, 1 / 24)
    text = _(
        "**{spent}** so far this month, {pace} a day on average. At this pace the month comes to "
        "about **{month}** by the {day}."
    ).format(
        spent=show_money(forecast.spent_micro_usd),
        pace=show_money(round(pace)),
        month=show_money(forecast.month_micro_usd),
        day=ordinal(_, forecast.last_day.day),
    )
    method = _("That's a straight line through {days} and {attempts}.").format(
        days=count(_, max(round(forecast.elapsed_days), 1), "{n} day", "{n} days"),
        attempts=count(_, forecast.attempts, "{n} attempt", "{n} attempts"),
    )
    rough = forecast.elapsed_days < EARLY_DAYS or forecast.attempts < FEW
    return " ".join(
        [text, method, *([_("It's early, so take it as a rough guess.")] if rough else [])]
    )


def _about(_: Locale, bill: Bill) -> str:
    parts = [
        _(" for {agent}").format(agent=untrusted(bill.agent, 60)) if bill.agent else "",
        _(" for {type} work").format(type=untrusted(bill.task_type, 40)) if bill.task_type else "",
        _(", asked for by {person}").format(person=untrusted(bill.person, 60))
        if bill.person
        else "",
        f" (“{untrusted(bill.run, 80)}”)" if bill.run else "",
    ]
    return "".join(parts)


def _line(_: Locale, line: Line, bill: Bill) -> str:
    name = line.name
    if bill.by == "day":
        name = _day(_, date.fromisoformat(name), bill.span.last)
    most = max(line.cost_micro_usd for line in bill.lines)
    return _("- {bar} {name}: {cost} ({n})").format(
        bar=bar(line.cost_micro_usd, most),
        name=untrusted(name, 60) if name else _no_name(_, bill),
        cost=show_money(line.cost_micro_usd),
        n=count(_, line.attempts, "{n} attempt", "{n} attempts"),
    )


def _no_name(_: Locale, bill: Bill) -> str:
    names = {
        "template": _("without a template"),
        "schedule": _("without a schedule"),
        "run": _("planning and search"),
        "person": _("nobody in particular"),
    }
    return names.get(bill.by, _("not known"))


def _unpriced(_: Locale, unpriced: int) -> list[str]:
    if not unpriced:
        return []
    return [
        count(
            _,
            unpriced,
            "Not in that: {n} attempt whose price isn't known.",
            "Not in that: {n} attempts whose price isn't known.",
        )
    ]


def _day(_: Locale, day: date, near: date) -> str:
    text = date_text(_, day.day, day.month)
    return text if day.year == near.year else f"{text} {day.year}"
