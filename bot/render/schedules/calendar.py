"""Days, months and repeating times in words."""

from collections.abc import Sequence

from bot.language.catalogue import Locale
from bot.language.words import code, listed


def weekdays(_: Locale) -> tuple[str, ...]:
    """The days of the week, from Sunday, as cron counts them."""
    return (
        _("Sunday"), _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"),
        _("Saturday"),
    )  # fmt: skip


def short_weekdays(_: Locale) -> tuple[str, ...]:
    """The same in a few letters."""
    return (_("Sun"), _("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"))


def months(_: Locale) -> tuple[str, ...]:
    """The months, from January."""
    return (
        _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"),
        _("August"), _("September"), _("October"), _("November"), _("December"),
    )  # fmt: skip


def short_months(_: Locale) -> tuple[str, ...]:
    """The same in a few letters."""
    return (
        _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug"), _("Sep"),
        _("Oct"), _("Nov"), _("Dec"),
    )  # fmt: skip


def date_text(_: Locale, day: int, month: int) -> str:
    """`2 April`."""
    return _("{day} {month}").format(day=day, month=months(_)[month - 1])


def ordinal(_: Locale, number: int) -> str:
    """`1st`, `2nd`, `13th`."""
    if number in {11, 12, 13}:
        return _("{n}th").format(n=number)
    endings = {1: _("{n}st"), 2: _("{n}nd"), 3: _("{n}rd")}
    return endings.get(number % 10, _("{n}th")).format(n=number)


def cron_text(_: Locale, expression: str) -> str:
    """`every weekday at 09:00`; a cron expression that has no such words is quoted."""
    minute, hour, *date = expression.split()
    times, days = _times(_, minute, hour.split(",")), _days(_, *date)
    if times and days:
        return _("{days} at {times}").format(days=days, times=times)
    return _("by cron {expression}").format(expression=code(expression))


def _times(_: Locale, minute: str, hours: Sequence[str]) -> str:
    if not all(part.isdecimal() for part in (minute, *hours)):
        return ""
    return listed(_, (f"{int(hour):02}:{int(minute):02}" for hour in hours), most=24)


def _days(_: Locale, day: str, month: str, weekday: str) -> str:
    match day, month, weekday:
        case _day, "*", "*":
            return _dates(_, day)
        case "*", "*", _weekday:
            return _weekdays(_, weekday)
        case _day, _month, "*" if day.isdecimal() and month.startswith("*/"):
            every = _("on the {day} of every {n} months")
            return every.format(day=ordinal(_, int(day)), n=month[2:])
        case _day, _month, "*" if day.isdecimal() and month.isdecimal():
            return _("every year on {date}").format(date=date_text(_, int(day), int(month)))
    return ""


def _dates(_: Locale, days: str) -> str:
    if days == "*":
        return _("every day")
    last = {"L": _("last day"), "LW": _("last weekday")}
    parts = [
        ordinal(_, int(day)) if day.isdecimal() else last.get(day, "") for day in days.split(",")
    ]
    if not all(parts):
        return ""
    return _("on the {days} of each month").format(days=listed(_, parts, most=31))


def _weekdays(_: Locale, expression: str) -> str:
    if expression in {"1-5", "MON-FRI"}:
        return _("every weekday")
    if set(expression.split(",")) in ({"6", "0"}, {"SAT", "SUN"}):
        return _("every Saturday and Sunday")
    if "#" in expression or expression.endswith("L"):
        return _nth_weekday(_, expression)
    days = [_weekday(_, part) for part in expression.split(",")]
    return _("every {days}").format(days=listed(_, days, most=7)) if all(days) else ""


def _nth_weekday(_: Locale, expression: str) -> str:
    name, _mark, place = expression.removesuffix("L").partition("#")
    patterns = {
        "": _("on the last {day} of each month"),
        "1": _("on the first {day} of each month"),
        "2": _("on the second {day} of each month"),
        "3": _("on the third {day} of each month"),
        "4": _("on the fourth {day} of each month"),
        "5": _("on the fifth {day} of each month"),
    }
    day = _weekday(_, name)
    return patterns[place].format(day=day) if day and place in patterns else ""


def _weekday(_: Locale, name: str) -> str:
    """The day by its number or its English abbreviation, "" where it is neither."""
    if name.isdecimal():
        return weekdays(_)[int(name) % 7]
    names = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
    return weekdays(_)[names.index(name)] if name in names else ""
