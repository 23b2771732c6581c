"""Questions about days: how long until, what weekday, what date. Pure."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from memory.model.text import text
from planner.lexicon.calendar import MONTH, WEEKDAYS, month_number
from planner.lexicon.words import NUMBERS, number

_N: Final = rf"\d{{1,5}}|{'|'.join(NUMBERS)}|an?"
_NAMED: Final = {
    "today": 0, "tomorrow": 1, "yesterday": -1, "the day after tomorrow": 2, "the day before yesterday": -2,
    "now": 0,
}  # fmt: skip
_FEASTS: Final = {
    "christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24), "xmas": (12, 25),
    "new year's eve": (12, 31), "new year": (1, 1), "new years": (1, 1), "new year's day": (1, 1),
    "new years eve": (12, 31), "halloween": (10, 31), "valentine's day": (2, 14),
}  # fmt: skip
_DAY: Final = rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}|(?:the )?\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of )?(?:{MONTH})\.?(?:,? \d{{4}})?|(?:{MONTH})\.? (?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|(?:next |this |last )?(?:{'|'.join(WEEKDAYS)})|{'|'.join(sorted(map(re.escape, [*_NAMED, *_FEASTS]), key=len, reverse=True))}|(?:the )?end of (?:the |this )?(?:month|year))"  # fmt: skip
_UNIT: Final = r"(?:business |working |week)?days?|weeks?|months?|years?"


def told(words: str, now: datetime) -> str:
    """The answer to a question about days, "" where it is none or none can be given."""
    low = " ".join(words.casefold().replace("’", "'").split())
    for pattern, answer in _QUESTIONS:
        match = re.fullmatch(pattern, low)
        if match:
            try:
                return answer(match, now.date())
            except (ValueError, OverflowError):
                return text("There's no such day.")
    return ""


def day_in(words: str, today: date, *, ahead: bool = True) -> date:
    """The day that is said; without a year the next such day. Raises ValueError for none."""
    if words in _NAMED:
        return today + timedelta(days=_NAMED[words])
    plain = words.removeprefix("the ").strip()
    feast = _FEASTS.get(plain)
    if feast is not None:
        return _next(today, *feast) if ahead else date(today.year, *feast)
    for pattern, build in _DAYS:
        match = re.fullmatch(pattern, plain)
        if match:
            return build(match, today)
    return _dated(plain, today, ahead=ahead)


def _end(match: re.Match[str], today: date) -> date:
    month = 12 if match[1] == "year" else today.month
    return date(today.year, month, monthrange(today.year, month)[1])


_DAYS: Final[tuple[tuple[str, Callable[[re.Match[str], date], date]], ...]] = (
    (r"end of (?:the |this )?(month|year)", _end),
    (r"\d{4}-\d\d-\d\d", lambda match, _: date.fromisoformat(match[0])),
    (r"(\d{1,2})\.(\d{1,2})\.(\d{4})", lambda match, _: date(int(match[3]), int(match[2]), int(match[1]))),
    (rf"(?:(next|this|last) )?({'|'.join(WEEKDAYS)})", lambda match, today: _weekday(match[1] or "", match[2], today)),
)  # fmt: skip


def _dated(words: str, today: date, *, ahead: bool) -> date:
    month = re.search(rf"\b({MONTH})\b", words)
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th|\.)?(?!\d)", words)
    year = re.search(r"\b(\d{4})\b", words)
    if month is None or day is None:
        raise ValueError(words)
    number_ = month_number(month[1])
    if year:
        return date(int(year[1]), number_, int(day[1]))
    return _next(today, number_, int(day[1])) if ahead else date(today.year, number_, int(day[1]))


def _next(today: date, month: int, day: int) -> date:
    for year in range(today.year, today.year + 9):  # the next 29 February may be eight years off
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError(f"{month}-{day}")


def _weekday(which: str, name: str, today: date) -> date:
    place = WEEKDAYS.index(name)
    if which == "last":
        return today - timedelta(days=(today.weekday() - place) % 7 or 7)
    return today + timedelta(days=(place - today.weekday()) % 7 or 7)


def written(day: date) -> str:
    """Friday, 24 December 2027."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def _until(match: re.Match[str], today: date) -> str:
    return _between_days(today, day_in(match["a"], today), match["unit"], first="")


def _since(match: re.Match[str], today: date) -> str:
    day = day_in(match["a"], today, ahead=False)
    if day > today:
        day = day.replace(year=day.year - 1)
    return _between_days(day, today, match["unit"], first=written(day))


def _between(match: re.Match[str], today: date) -> str:
    first = day_in(match["a"], today, ahead=False)
    last = day_in(match["b"], first)
    return _between_days(first, last, match["unit"], first=written(first))


def _between_days(start: date, end: date, unit: str | None, *, first: str) -> str:
    days, words = (end - start).days, written(end)
    span = text("from {first} to {last}", first=first, last=words) if first else words
    if unit and re.match(r"business|working|week(?=day)", unit):
        count = sum((start + timedelta(days=n)).weekday() < 5 for n in range(min(days, 40_000)))
        return text("{n:,} working days (Monday to Friday, holidays not counted): {span}.", n=count, span=span)  # fmt: skip
    if unit and unit.startswith("week"):
        weeks, rest = divmod(abs(days), 7)
        return text("{weeks:,} weeks and {days} days: {span}.", weeks=weeks, days=rest, span=span)
    if unit and unit.startswith(("month", "year")):
        months = _months(start, end)
        return text("{years} years and {months} months, {days:,} days in all: {span}.",
                    years=months // 12, months=months % 12, days=days, span=span)  # fmt: skip
    return text("{n:,} days: {span}.", n=days, span=span)


def _months(start: date, end: date) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (end.day < start.day)


def _which_day(match: re.Match[str], today: date) -> str:
    day = day_in(match["a"], today)
    return text("{day}.", day=written(day))


def _moved(match: re.Match[str], today: date) -> str:
    start = day_in(match["a"], today) if match["a"] else today
    count = number(match["n"]) * (-1 if match["way"] in {"ago", "before", "-", "minus"} else 1)
    return text("{day}.", day=written(_later(start, count, match["unit"])))


def _later(start: date, count: int, unit: str) -> date:
    if re.match(r"business|working|weekday", unit):
        day, step = start, 1 if count > 0 else -1
        for _ in range(min(abs(count), 40_000)):
            day += timedelta(days=step)
            while day.weekday() > 4:
                day += timedelta(days=step)
        return day
    if unit.startswith(("day", "week")):
        return start + timedelta(days=count * (7 if unit.startswith("week") else 1))
    months = start.year * 12 + start.month - 1 + count * (12 if unit.startswith("year") else 1)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _week(match: re.Match[str], today: date) -> str:
    day = day_in(match["a"], today) if match["a"] else today
    return text("Week {week} of {year} (ISO): {day}.", week=day.isocalendar().week,
                year=day.isocalendar().year, day=written(day))  # fmt: skip


def _a(name: str) -> str:
    return rf"(?P<{name}>{_DAY})"


_QUESTIONS: Final[tuple[tuple[str, Callable[[re.Match[str], date], str]], ...]] = (
    (rf"(?:how (?:many (?P<unit>{_UNIT})|long)(?: (?:is it|are there|are|is|do we have|have we got))?(?: left)?|(?:the )?(?P<u2>days)) "
     rf"(?:until|till|til|to|before|left until) {_a('a')}", _until),
    (rf"(?P<unit>{_UNIT}) (?:until|till|til|to|left until) {_a('a')}", _until),
    (rf"how far (?:away |off )?is {_a('a')}(?P<unit>)", _until),
    (rf"when is {_a('a')}(?P<unit>)", _until),
    (rf"how (?:many (?P<unit>{_UNIT})|long)(?: (?:is it|has it been|have passed|passed|ago was|was it))? (?:since|from) {_a('a')}", _since),
    (rf"how (?:many (?P<unit>{_UNIT})|long)(?: (?:are there|is it|are|lie|is))? (?:between|from) {_a('a')} (?:and|to|until|till) {_a('b')}", _between),
    (rf"(?:what|which) (?:day(?: of the week)?|weekday|date) (?:is|was|will|does|falls on)(?: it)?(?: be)?(?: on)? {_a('a')}(?: be| fall on)?", _which_day),
    (rf"(?:on )?(?:what|which) (?:day|weekday|date) does {_a('a')} fall(?: on)?", _which_day),
    (rf"(?:what|which) (?:day|date|day of the week) (?:is|will it be|was it|was|is it) (?:in )?(?P<n>{_N}) (?P<unit>{_UNIT}) (?P<way>from|after|before|ago)(?P<a>)(?: now| today)?", _moved),
    (rf"(?:what|which) (?:day|date|day of the week) (?:is|will it be|is it) in (?P<n>{_N}) (?P<unit>{_UNIT})(?P<way>)(?P<a>)", _moved),
    (rf"(?:(?:what|which) (?:day|date|day of the week) (?:is|will it be|was it|was|comes?) |when is |what is |what's )?(?P<n>{_N}) (?P<unit>{_UNIT}) (?P<way>from|after|before) {_a('a')}", _moved),
    (rf"(?P<n>{_N}) (?P<unit>{_UNIT}) (?P<way>from now|ago|from today)(?P<a>)", _moved),
    (rf"(?:what is |what's )?{_a('a')} (?P<way>\+|-|plus|minus) (?P<n>{_N}) (?P<unit>{_UNIT})", _moved),
    (rf"(?:what|which) (?:calendar )?week(?: number)? (?:is|do we have|are we in|will it be|contains)(?: it)?(?: in)?(?: on)?(?: {_a('a')})?", _week),
    (r"what(?:'s| is) the (?:date|day)(?: (?P<a>today|tomorrow|yesterday))?", lambda m, t: _which_day(m, t) if m["a"] else text("{day}.", day=written(t))),
    (r"(?:what|which) (?:day|date) is (?:it|today)(?P<a>)(?: today)?", lambda _m, t: text("{day}.", day=written(t))),
)  # fmt: skip
