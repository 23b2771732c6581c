"""Spans of time in words: "in 2024", "Q3", "last 3 months", "since March", "on 5 May 2024". Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from planner.lexicon.calendar import GERMAN_MONTHS, MONTHS, WEEKDAYS, month_number

Part = Literal["month", "quarter", "weekday", "year", "hour"]
Pair = tuple[date | None, date | None]


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

    @property
    def year(self) -> int:
        """The year that it is the whole of; 0 for none."""
        whole = (
            self.start is not None
            and self.end == date(self.start.year + 1, 1, 1)
            and self.start == date(self.start.year, 1, 1)
        )
        return self.start.year if whole and self.start is not None else 0


@dataclass(frozen=True)
class Found:
    """A period and where it stands in the text."""

    period: Period
    start: int
    end: int


_M = "|".join([*MONTHS, *GERMAN_MONTHS, *(month[:3] for month in MONTHS), "sept"])
_Y = r"(?:19|20)\d\d"
_DAY = rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_M})\.?,? {_Y}|(?:{_M})\.? \d{{1,2}}(?:st|nd|rd|th)?,? {_Y}"
_POINT = rf"{_DAY}|q[1-4] (?:of )?{_Y}|{_Y}[ -]?q[1-4]|(?:the )?(?:first|second|third|fourth|1st|2nd|3rd|4th) quarter (?:of )?{_Y}|(?:{_M})\.? (?:of )?{_Y}|{_Y}-\d\d(?![\d-])|{_Y}|(?:{_M})(?![\w])"
_PRE = (
    r"(?:\b(?:in|for|during|of|from|on|within|over|at)(?: the)?(?: year| month of| months of)? )?"
)
_UNITS = {"day": 1, "week": 7}
_ORD = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}


def _months(year: int, month: int, count: int) -> Pair:
    last = year * 12 + month - 1 + count
    return date(year, month, 1), date(last // 12, last % 12 + 1, 1)


def _point(words: str) -> Pair | None:
    """The days that a point in time covers. Raises ValueError for no such day."""
    low = words.strip().removeprefix("the ")
    for pattern, days in _POINTS:
        if match := re.fullmatch(pattern, low):
            return days(match)
    return None


def _one_day(year: str, month: str | int, day: str) -> Pair:
    start = date(int(year), int(month), int(day))
    return start, start + timedelta(days=1)


_POINTS: tuple[tuple[str, Callable[[re.Match[str]], Pair]], ...] = (
    (r"(\d{4})-(\d{1,2})-(\d{1,2})", lambda m: _one_day(m[1], m[2], m[3])),
    (r"(\d{1,2})\.(\d{1,2})\.(\d{4})", lambda m: _one_day(m[3], m[2], m[1])),
    (rf"(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({_M})\.?,? ({_Y})", lambda m: _one_day(m[3], month_number(m[2]), m[1])),
    (rf"({_M})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? ({_Y})", lambda m: _one_day(m[3], month_number(m[1]), m[2])),
    (rf"q([1-4]) (?:of )?({_Y})", lambda m: _months(int(m[2]), 3 * int(m[1]) - 2, 3)),
    (rf"({_Y})[ -]?q([1-4])", lambda m: _months(int(m[1]), 3 * int(m[2]) - 2, 3)),
    (rf"(\w+) quarter (?:of )?({_Y})", lambda m: _months(int(m[2]), 3 * _ORD[m[1]] - 2, 3)),
    (rf"({_M})\.? (?:of )?({_Y})", lambda m: _months(int(m[2]), month_number(m[1]), 1)),
    (rf"({_Y})-(\d\d)", lambda m: _months(int(m[1]), int(m[2]), 1)),
    (_Y, lambda m: _months(int(m[0]), 1, 12)),
)  # fmt: skip


def _between(match: re.Match[str], _: date) -> Period | None:
    start, end = match["a"], match["b"]
    if re.fullmatch(rf"(?:{_M})\.?", start) and (year := re.search(_Y, end)):
        start = f"{start} {year[0]}"
    first, last = _point(start), _point(end)
    if first is None or last is None:
        if re.fullmatch(rf"(?:{_M})", start) and re.fullmatch(rf"(?:{_M})", end):
            low, high = month_number(start), month_number(end)
            return Period(part="month", numbers=tuple(range(low, high + 1)))
        return None
    return Period(first[0], last[1])


def _bounded(match: re.Match[str], today: date) -> Period | None:
    when = match["when"]
    if match["word"] == "since" and re.fullmatch(rf"(?:{_M})", when):
        month = month_number(when)
        when = f"{when} {today.year if month <= today.month else today.year - 1}"
    point = _point(when)
    if point is None:
        return None
    start, end = point
    match match["word"]:
        case "after" | "later than":
            return Period(start=end)
        case "before" | "earlier than" | "prior to":
            return Period(end=start)
        case "until" | "till" | "up to" | "through":
            return Period(end=end)
        case _:
            return Period(start=start)


def _relative(match: re.Match[str], today: date) -> Period:
    back = {"this": 0, "current": 0, "next": -1}.get(match["which"], 1)
    if match["unit"] == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return Period(monday, monday + timedelta(days=7))
    size = {"year": 12, "quarter": 3, "month": 1}[match["unit"]]
    first = ((today.year * 12 + today.month - 1) // size - back) * size
    return Period(*_months(first // 12, first % 12 + 1, size))


def _last_n(match: re.Match[str], today: date) -> Period:
    number = int(match["n"]) if match["n"].isdigit() else _WORDS[match["n"]]
    end = today + timedelta(days=1)
    if match["unit"] in _UNITS:
        return Period(today - timedelta(days=number * _UNITS[match["unit"]]), end)
    months = number * {"month": 1, "quarter": 3, "year": 12}[match["unit"]]
    place = today.year * 12 + today.month - 1 - months
    last = (date(place // 12, place % 12 + 1, 1) + timedelta(days=31)).replace(day=1) - timedelta(
        days=1
    )
    return Period(last.replace(day=min(today.day, last.day)), end)


_WORDS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
    "twelve": 12,
    "few": 3,
}


def _quarter(match: re.Match[str], _: date) -> Period:
    words = match["q"]
    number = _ORD.get(words) or int(words)
    year = match["year"] or match["before"]
    return (
        Period(*_months(int(year), 3 * number - 2, 3))
        if year
        else Period(part="quarter", numbers=(number,))
    )


def _half(match: re.Match[str], today: date) -> Period:
    first = (match["h"] or match["x"]) in {"1", "first"}
    return Period(*_months(int(match["year"] or today.year), 1 if first else 7, 6))


def _month(match: re.Match[str], _: date) -> Period:
    number, year = month_number(match["month"]), match["year"]
    return (
        Period(*_months(int(year), number, 1)) if year else Period(part="month", numbers=(number,))
    )


def _whole(match: re.Match[str], _: date) -> Period | None:
    point = _point(match["point"])
    return Period(*point) if point else None


def _day_named(match: re.Match[str], today: date) -> Period:
    back = {"today": 0, "yesterday": 1}[match["day"]]
    day = today - timedelta(days=back)
    return Period(day, day + timedelta(days=1))


def _weekday(match: re.Match[str], _: date) -> Period:
    words = match["day"]
    if words.startswith("weekend"):
        return Period(part="weekday", numbers=(6, 7))
    if words.startswith(("weekday", "working", "work")):
        return Period(part="weekday", numbers=(1, 2, 3, 4, 5))
    return Period(part="weekday", numbers=(WEEKDAYS.index(words.rstrip("s")) + 1,))


Build = Callable[[re.Match[str], date], Period | None]
_PATTERNS: tuple[tuple[str, Build], ...] = (
    (rf"\b(?:between|from) (?:the )?(?P<a>{_POINT}) (?:and|to|until|till|through|-) (?:the )?(?P<b>{_POINT})", _between),
    (rf"\b(?P<word>since|after|before|until|till|up to|through|from|starting|as of|later than|earlier than|prior to) (?:the )?(?P<when>{_DAY})\b", _bounded),
    (rf"\b(?P<word>since|after|before|until|till|later than|earlier than|prior to|starting|as of) (?:the )?(?:year |start of |beginning of )?(?P<when>{_POINT})\b", _bounded),
    (rf"(?:{_PRE})(?P<point>{_DAY})", _whole),
    (rf"(?:{_PRE})(?:the )?(?P<which>this|last|previous|current|past|next) (?P<unit>year|quarter|month|week)\b(?!'?s? ?(?:over|to))", _relative),
    (rf"(?:{_PRE})(?:the )?(?:last|past|previous) (?P<n>\d+|two|three|four|five|six|seven|ten|twelve|few) (?P<unit>day|week|month|quarter|year)s?\b", _last_n),
    (rf"(?:{_PRE})(?:the )?(?:(?P<before>{_Y}) )?q(?P<q>[1-4])(?:[ -](?:of )?(?P<year>{_Y}))?\b", _quarter),
    (rf"(?:{_PRE})(?:the )?(?P<before>)(?P<q>first|second|third|fourth|1st|2nd|3rd|4th) quarter(?: (?:of )?(?P<year>{_Y}))?\b", _quarter),
    (rf"(?:{_PRE})(?:the )?(?:h(?P<h>[12])|(?P<x>first|second) half)(?: (?:of )?(?P<year>{_Y}))?\b", _half),
    (rf"(?:{_PRE})(?P<point>{_Y}-\d\d)(?![\d-])", _whole),
    (rf"\b(?:in|for|during|of|from|only|within|on|over)(?: the)?(?: month of)? (?P<month>{_M})\.?(?:,? (?:of )?(?P<year>{_Y}))?\b", _month),
    (rf"\b(?P<month>{_M})\.?,? (?:of )?(?P<year>{_Y})\b", _month),
    (rf"\b(?:in|for|during|of|from|only|within|over)(?: the)?(?: year)? (?P<point>{_Y})\b", _whole),
    (r"\b(?:on |from )?(?P<day>today|yesterday)\b", _day_named),
    (rf"\b(?:on |at |during )(?:a |the )?(?P<day>(?:{'|'.join(WEEKDAYS)})s?|weekends?|weekdays|working days)\b", _weekday),
)  # fmt: skip
_BARE: tuple[tuple[str, Build], ...] = (
    (rf"(?<![\w.,$€£-])(?P<point>{_Y})(?![\w-]|[.,]\d)", _whole),
    (
        rf"\b(?P<month>{'|'.join(m for m in (*MONTHS, *GERMAN_MONTHS) if m not in ('may', 'march'))})(?P<year>)\b",
        _month,
    ),
    (rf"\b(?P<day>(?:{'|'.join(WEEKDAYS)})s?|weekends?)\b", _weekday),
)


def find_periods(text: str, today: date) -> tuple[Found, ...]:
    """The periods in the text (in lower case), in order. A day that does not exist is none."""
    found: list[Found] = []
    for patterns, bare in ((_PATTERNS, False), (_BARE, True)):
        for pattern, build in patterns:
            for match in re.finditer(pattern, text):
                if any(match.start() < other.end and other.start < match.end() for other in found):
                    continue
                try:
                    period = build(match, today)
                except ValueError:
                    continue
                if period is not None:
                    words = re.sub(
                        r"^(?:in|for|during|of|on|within|only|over|at) (?:the )?",
                        "",
                        match.group().strip(),
                    )
                    found.append(Found(_said(period, words, bare=bare), match.start(), match.end()))
    return tuple(sorted(found, key=lambda hit: hit.start))


def _said(period: Period, words: str, *, bare: bool) -> Period:
    return Period(period.start, period.end, period.part, period.numbers, words, bare)
