"""Spans of time in words: "in 2024", "Q3", "march 2024", "last month", "since 2024-05-01". Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from planner.offline.grammar.words import without

MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august",
                 "september", "october", "november", "december")  # fmt: skip
MONTH: Final = "|".join([*MONTHS, *(month[:3] for month in MONTHS), "sept"])
"""The name of a month, as a pattern."""
_DAY = r"\d{4}-\d{1,2}-\d{1,2}"


@dataclass(frozen=True)
class Span:
    """Days from `start` up to but without `end`; None is open. Or the quarter or month of that
    `number`, of whatever year.
    """

    start: date | None = None
    end: date | None = None
    unit: Literal["", "quarter", "month"] = ""
    number: int = 0

    @property
    def year(self) -> int:
        """The year that it is the whole of; 0 for none."""
        if self.start is None or self.start != date(self.start.year, 1, 1):
            return 0
        return self.start.year if self.end == date(self.start.year + 1, 1, 1) else 0


def take_span(text: str, today: date) -> tuple[Span | None, str]:
    """The first span in the text and the text without it. Raises ValueError for no such day."""
    for pattern, build in _PATTERNS:
        match = re.search(pattern, text)
        if match:
            return build(match, today), without(text, *match.span())
    return None, text


def month_number(name: str) -> int:
    """1 for "January" or "jan"."""
    low = name.casefold()[:3]
    return next(n for n, month in enumerate(MONTHS, 1) if month.startswith(low))


def _day(text: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    return date(year, month, day)


def _months(year: int, month: int, count: int) -> Span:
    last = year * 12 + month - 1 + count
    return Span(date(year, month, 1), date(last // 12, last % 12 + 1, 1))


def _year(match: re.Match[str], _: date) -> Span:
    return _months(int(match["year"]), 1, 12)


def _quarter(match: re.Match[str], _: date) -> Span:
    number, year = int(match["q"]), match["year"] or match["before"]
    return _months(int(year), 3 * number - 2, 3) if year else Span(unit="quarter", number=number)


def _month(match: re.Match[str], _: date) -> Span:
    number, year = month_number(match["month"]), match["year"]
    return _months(int(year), number, 1) if year else Span(unit="month", number=number)


def _between(match: re.Match[str], _: date) -> Span:
    return Span(_day(match["a"]), _day(match["b"]) + timedelta(days=1))


def _since(match: re.Match[str], today: date) -> Span:
    words = match["when"]
    if re.match(_DAY, words):
        start, end = _day(words), _day(words) + timedelta(days=1)
    else:
        span, _ = take_span(f"in {words}", today)
        assert span is not None
        assert span.start is not None
        start, end = span.start, span.end or span.start
    spans = {"after": Span(start=end), "before": Span(end=start),
             "until": Span(end=end), "till": Span(end=end)}  # fmt: skip
    return spans.get(match["word"], Span(start=start))


def _relative(match: re.Match[str], today: date) -> Span:
    back = 0 if match["which"] == "this" else 1
    if match["unit"] == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return Span(monday, monday + timedelta(days=7))
    size = {"year": 12, "quarter": 3, "month": 1}[match["unit"]]
    first = ((today.year * 12 + today.month - 1) // size - back) * size
    return _months(first // 12, first % 12 + 1, size)


def _last_days(match: re.Match[str], today: date) -> Span:
    days = int(match["n"]) * {"day": 1, "week": 7}[match["unit"]]
    return Span(today - timedelta(days=days), today + timedelta(days=1))


def _on(match: re.Match[str], _: date) -> Span:
    return Span(_day(match["a"]), _day(match["a"]) + timedelta(days=1))


_Y = r"(?:19|20)\d\d"
_PREFIX = r"\b(?:in|for|during|of|from|only|within)(?: the)?(?: year)? "
_PATTERNS = (
    (rf"\b(?:between|from) (?P<a>{_DAY}) (?:and|to|until|till) (?P<b>{_DAY})", _between),
    (rf"\b(?P<word>since|after|before|until|till) (?P<when>{_DAY}|(?:(?:{MONTH}) |q[1-4] )?{_Y})\b", _since),
    (rf"\b(?:on )(?P<a>{_DAY})", _on),
    (r"\b(?:in |for |of |over |during )?(?:the )?(?P<which>this|last|previous) "
     r"(?P<unit>year|quarter|month|week)\b", _relative),
    (r"\b(?:in |for |of |over |during )?(?:the )?(?:last|past) (?P<n>\d+) (?P<unit>day|week)s?\b", _last_days),
    (rf"(?:{_PREFIX}(?:the )?|\b)(?:(?P<before>{_Y}) )?q(?P<q>[1-4])(?: (?:of )?(?P<year>{_Y}))?\b", _quarter),
    (rf"{_PREFIX}(?P<month>{MONTH})\.?(?: (?:of )?(?P<year>{_Y}))?\b", _month),
    (rf"{_PREFIX}(?P<year>{_Y})\b", _year),
)  # fmt: skip
