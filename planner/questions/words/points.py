"""Periods, and the points in time they are said by: "5 May 2024", "Q3 2024", "3 days ago". Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from planner.lexicon.calendar import GERMAN_MONTHS, MONTHS, WEEKDAYS, month_number

Pair = tuple[date | None, date | None]
Part = Literal["month", "quarter", "weekday", "year", "hour"]


@dataclass(frozen=True)
class Period:
    """Days from `start` up to but without `end`, None open; or the `part` of that `number`.

    `words` are as they were said; `year` is the year it is the whole of, 0 for none.
    """

    start: date | None = None
    end: date | None = None
    part: Part | None = None
    numbers: tuple[int, ...] = ()
    words: str = ""
    bare: bool = False
    """A number or a name that may be something else: "may", "2024" alone."""
    yearless: bool = False
    """No year was said: this year's is only a guess until it is `placed`."""
    read: str = ""
    """How words were read that can be read in several ways."""
    also: "Period | None" = None
    """The other way in which they can be read: "march 25" is a day, or a month of 2025."""

    @property
    def year(self) -> int:
        """The year that it is the whole of; 0 for none."""
        whole = (
            self.start is not None
            and self.end == date(self.start.year + 1, 1, 1)
            and self.start == date(self.start.year, 1, 1)
        )
        return self.start.year if whole and self.start is not None else 0

    def placed(self, last: date) -> "Period":
        """With its year where none was said: the latest in which it begins before the last date."""
        anchor = self.start or self.end
        if not self.yearless or anchor is None:
            return self
        years = last.year - anchor.year
        if anchor.replace(year=last.year, day=min(anchor.day, 28)) > last:
            years -= 1
        start, end = (_moved(day, years) for day in (self.start, self.end))
        return replace(self, start=start, end=end, yearless=False)


@dataclass(frozen=True)
class Found:
    """A period and where it stands in the text."""

    period: Period
    start: int
    end: int


def _moved(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year + years)


SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The first of the three months of each, as meteorologists count them in the north."""
ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3,
                   "4th": 4, "last": 4}  # fmt: skip
COUNTS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
                 "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "few": 3, "couple of": 2}  # fmt: skip
_DECADES = {"fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80, "nineties": 90}

MONTH: Final = "|".join([*MONTHS, *GERMAN_MONTHS, "sept", *(month[:3] for month in MONTHS)])
YEAR: Final = r"(?:19|20)\d\d"
COUNT: Final = rf"\d{{1,4}}|{'|'.join(COUNTS)}"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_ORD = "|".join(ORDINALS)
FEASTS: Final = {
    "new year's day": (1, 1), "new year": (1, 1), "new years": (1, 1), "new years day": (1, 1),
    "valentine's day": (2, 14), "valentines day": (2, 14), "halloween": (10, 31), "bonfire night": (11, 5),
    "christmas eve": (12, 24), "xmas eve": (12, 24), "christmas day": (12, 25), "xmas day": (12, 25),
    "boxing day": (12, 26), "new year's eve": (12, 31), "new years eve": (12, 31),
}  # fmt: skip
"""Days of the same date each year."""
_EASTER = {
    "good friday": -2,
    "easter sunday": 0,
    "easter day": 0,
    "easter monday": 1,
    "whit monday": 50,
}
"""How many days after Easter."""
_FEAST = "|".join(sorted([*FEASTS, *_EASTER], key=len, reverse=True))
YEARLESS: Final = rf"{_NTH} (?:of )?(?:{MONTH})\b\.?|(?:{MONTH})\.? {_NTH}(?![\d.:])|(?:{_FEAST})\b"
"""A day without its year: "1 December"."""
DAY: Final = (
    rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}|\d{{1,2}}/\d{{1,2}}/\d{{4}}"
    rf"|{_NTH} (?:of )?(?:{MONTH})\.?,? {YEAR}|(?:{MONTH})\.? {_NTH},? {YEAR}|(?:{_FEAST}),? {YEAR}"
)
RELATIVE: Final = (
    r"(?:this|current|last|previous|past|next|coming) (?:year|quarter|month|week)|today|yesterday|tomorrow|now"
    rf"|(?:{COUNT}) (?:day|week|month|year)s? ago|(?:last|this|next) (?:weekend|{'|'.join(WEEKDAYS)})"
)
SPELT: Final = (
    rf"q[1-4] (?:of )?{YEAR}|{YEAR}[ -]?q[1-4]|(?:{_ORD}) quarter (?:of )?{YEAR}|h[12] (?:of )?{YEAR}"
    rf"|(?:{MONTH})\.? (?:of )?{YEAR}|(?:calendar week|week|cw|kw) \d{{1,2}},? (?:of )?{YEAR}"
    rf"|(?:{'|'.join(SEASONS)}) (?:of )?{YEAR}|{YEAR}-\d\d(?![\d-])|{YEAR}(?![\w-])"
)
POINT: Final = rf"{DAY}|{SPELT}|{RELATIVE}|{YEARLESS}|(?:{MONTH})\b"
DECADE: Final = rf"(?:19|20)?\d0'?s|{'|'.join(_DECADES)}"


def months(year: int, month: int, count: int) -> Pair:
    """So many months from the first day of this one."""
    last = year * 12 + month - 1 + count
    return date(year, month, 1), date(last // 12, last % 12 + 1, 1)


def point(words: str, today: date) -> Pair | None:
    """The days that a point in time covers. Raises ValueError for no such day."""
    low = words.strip().removeprefix("the ")
    for pattern, days in _POINTS:
        if match := re.fullmatch(pattern, low):
            return days(match, today)
    return None


def one_day(day: date) -> Pair:
    """The day alone."""
    return day, day + timedelta(days=1)


def counted(words: str) -> int:
    """The number that the words say."""
    return int(words) if words.isdigit() else COUNTS[words]


def back(today: date, number: int, unit: str) -> date:
    """The day so many units before; the last of its month where that is shorter. Negative: after."""
    if unit in {"day", "week"}:
        return today - timedelta(days=number * (7 if unit == "week" else 1))
    place = (
        today.year * 12 + today.month - 1 - number * {"month": 1, "quarter": 3, "year": 12}[unit]
    )
    after = date((place + 1) // 12, (place + 1) % 12 + 1, 1)
    return date(place // 12, place % 12 + 1, min(today.day, (after - timedelta(days=1)).day))


def relative(which: str, unit: str, today: date) -> Pair:
    """ "last month": the whole of it."""
    shift = {"this": 0, "current": 0, "next": -1, "coming": -1}.get(which, 1)
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * shift)
        return monday, monday + timedelta(days=7)
    size = {"year": 12, "quarter": 3, "month": 1}[unit]
    first = ((today.year * 12 + today.month - 1) // size - shift) * size
    return months(first // 12, first % 12 + 1, size)


def decade(words: str) -> Pair:
    """ "the 80s": the years 1980 to 1989."""
    low = words.replace("'", "").rstrip("s")
    start = _DECADES.get(words) or int(low)
    if start < 100:
        start += 2000 if start < 30 else 1900
    return date(start, 1, 1), date(start + 10, 1, 1)


def _weekday_near(match: re.Match[str], today: date) -> Pair:
    which, name = match[1], match[2]
    if name == "weekend":
        monday = relative(which, "week", today)[0]
        assert monday is not None
        return monday + timedelta(days=5), monday + timedelta(days=7)
    wanted = WEEKDAYS.index(name)
    if which == "last":
        return one_day(today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1))
    if which == "next":
        return one_day(today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1))
    return one_day(today + timedelta(days=wanted - today.weekday()))


def _slashed(match: re.Match[str], _: date) -> Pair:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    day, month = (second, first) if second > 12 else (first, second)
    return one_day(date(year, month, day))


def _ago(match: re.Match[str], today: date) -> Pair:
    unit = match[2]
    start = back(today, counted(match[1]), unit)
    if unit in {"month", "year"}:
        return months(start.year, start.month, 1)
    return one_day(start)


def _week(match: re.Match[str], _: date) -> Pair:
    monday = date.fromisocalendar(int(match[2]), int(match[1]), 1)
    return monday, monday + timedelta(days=7)


def _named_day(match: re.Match[str], today: date) -> Pair:
    days = {"now": 0, "today": 0, "yesterday": -1, "tomorrow": 1}[match[0]]
    return one_day(today + timedelta(days=days))


def _feast(match: re.Match[str], today: date) -> Pair:
    year = int(match[2] or today.year)
    after = _EASTER.get(match[1])
    if after is not None:
        return one_day(easter(year) + timedelta(days=after))
    return one_day(date(year, *FEASTS[match[1]]))


def easter(year: int) -> date:
    """Easter Sunday of the western churches (Butcher's algorithm)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (
        19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _on(year: str | int, month: str | int, day: str | int) -> Pair:
    return one_day(date(int(year), int(month), int(re.sub(r"\D", "", str(day)))))


_POINTS: tuple[tuple[str, Callable[[re.Match[str], date], Pair]], ...] = (
    (r"(\d{4})-(\d{1,2})-(\d{1,2})", lambda m, _: _on(m[1], m[2], m[3])),
    (r"(\d{1,2})\.(\d{1,2})\.(\d{4})", lambda m, _: _on(m[3], m[2], m[1])),
    (r"(\d{1,2})/(\d{1,2})/(\d{4})", _slashed),
    (rf"({_NTH}) (?:of )?({MONTH})\.?,? ({YEAR})", lambda m, _: _on(m[3], month_number(m[2]), m[1])),
    (rf"({MONTH})\.? ({_NTH}),? ({YEAR})", lambda m, _: _on(m[3], month_number(m[1]), m[2])),
    (rf"({_NTH}) (?:of )?({MONTH})\.?", lambda m, t: _on(t.year, month_number(m[2]), m[1])),
    (rf"({MONTH})\.? ({_NTH})", lambda m, t: _on(t.year, month_number(m[1]), m[2])),
    (rf"({_FEAST}),?(?: ({YEAR}))?", _feast),
    (rf"q([1-4]) (?:of )?({YEAR})", lambda m, _: months(int(m[2]), 3 * int(m[1]) - 2, 3)),
    (rf"({YEAR})[ -]?q([1-4])", lambda m, _: months(int(m[1]), 3 * int(m[2]) - 2, 3)),
    (rf"({_ORD}) quarter (?:of )?({YEAR})", lambda m, _: months(int(m[2]), 3 * ORDINALS[m[1]] - 2, 3)),
    (rf"h([12]) (?:of )?({YEAR})", lambda m, _: months(int(m[2]), 6 * int(m[1]) - 5, 6)),
    (rf"({MONTH})\.? (?:of )?({YEAR})", lambda m, _: months(int(m[2]), month_number(m[1]), 1)),
    (rf"(?:calendar week|week|cw|kw) (\d{{1,2}}),? (?:of )?({YEAR})", _week),
    (rf"({'|'.join(SEASONS)}) (?:of )?({YEAR})", lambda m, _: months(int(m[2]), SEASONS[m[1]], 3)),
    (rf"({YEAR})-(\d\d)", lambda m, _: months(int(m[1]), int(m[2]), 1)),
    (YEAR, lambda m, _: months(int(m[0]), 1, 12)),
    (r"(\w+) (year|quarter|month|week)", lambda m, t: relative(m[1], m[2], t)),
    (rf"(last|this|next) (weekend|{'|'.join(WEEKDAYS)})", _weekday_near),
    (rf"({COUNT}) (day|week|month|year)s? ago", _ago),
    (r"now|today|yesterday|tomorrow", _named_day),
)  # fmt: skip


_OWNERS = re.compile(r"\b(?!(?:what|who|it|that|there|let)'s)(\w+)'s\b", re.IGNORECASE)
_GLUED = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)(hrs?|h|mins?|secs?|days?|wks?|weeks?|months?|yrs?|years?|kg|km|cm|mm|sqm|m2|ml|kwh|pcs|x)\b",
    re.IGNORECASE,
)
""" "8h", "80sqm": a number and its unit."""
_UNITS = re.compile(r"(?<=\d)\s?(?:percent|per cent)\b", re.IGNORECASE)
_MONEY = re.compile(
    r"(?<![\w£$€.-])(?<!\d,)(\d[\d,]*(?:\.\d+)?)\s?"
    r"(?:euros?|dollars?|usd|eur|quid|pounds?|gbp|chf|francs?|bucks)\b",
    re.IGNORECASE,
)
_HYPHENED = re.compile(r"\b(\d+)-(day|week|month|quarter|year)\b", re.IGNORECASE)


def spread(words: str) -> str:
    """The words with numbers apart from their units, and owners without their mark."""
    words = _UNITS.sub("", _MONEY.sub(r"£\1", _OWNERS.sub(r"\1", words)))
    return _GLUED.sub(r"\1 \2", _HYPHENED.sub(r"\1 \2", words))
