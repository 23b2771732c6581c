"""Spans of time in words: "in 2024", "Q3", "march 2024", "last month", "since 2024-05-01". Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
          "october", "november", "december")  # fmt: skip
_MONTH = "|".join([*MONTHS, *(month[:3] for month in MONTHS), "sept"])
_DAY = r"\d{4}-\d{1,2}-\d{1,2}"


@dataclass(frozen=True)
class Span:
    """Days from `start` up to but without `end`; None is open. Without a year: `quarter`/`month`."""

    start: date | None = None
    end: date | None = None
    quarter: int | None = None
    month: int | None = None


def take_span(text: str, today: date) -> tuple[Span | None, str]:
    """The first span in the text and the text without it. Raises ValueError for no such day."""
    for pattern, build in _PATTERNS:
        match = re.search(pattern, text)
        if match:
            return build(match, today), f"{text[: match.start()]} {text[match.end() :]}"
    return None, text


def _day(text: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    return date(year, month, day)


def _month_number(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))


def _months(year: int, month: int, count: int) -> Span:
    last = year * 12 + month - 1 + count
    return Span(date(year, month, 1), date(last // 12, last % 12 + 1, 1))


def _year(match: re.Match[str], _: date) -> Span:
    return _months(int(match["year"]), 1, 12)


def _quarter(match: re.Match[str], _: date) -> Span:
    number = int(match["q"])
    year = match["year"] or match["before"]
    if not year:
        return Span(quarter=number)
    return _months(int(year), 3 * number - 2, 3)


def _month(match: re.Match[str], _: date) -> Span:
    number = _month_number(match["month"])
    return _months(int(match["year"]), number, 1) if match["year"] else Span(month=number)


def _between(match: re.Match[str], _: date) -> Span:
    return Span(_day(match["a"]), _day(match["b"]) + timedelta(days=1))


def _since(match: re.Match[str], today: date) -> Span:
    inner = match["when"]
    found, _ = take_span(f"in {inner}" if not re.match(_DAY, inner) else "", today)
    start = _day(inner) if re.match(_DAY, inner) else (found.start if found else None)
    end = found.end if found and found.end else (start + timedelta(days=1) if start else None)
    match match["word"]:
        case "since" | "from":
            return Span(start=start)
        case "after":
            return Span(start=end)
        case "before":
            return Span(end=start)
        case _:
            return Span(end=end)


def _relative(match: re.Match[str], today: date) -> Span:
    back = 0 if match["which"] == "this" else 1
    match match["unit"]:
        case "year":
            return _months(today.year - back, 1, 12)
        case "quarter":
            first = today.year * 12 + (today.month - 1) // 3 * 3 - 3 * back
            return _months(first // 12, first % 12 + 1, 3)
        case "month":
            first = today.year * 12 + today.month - 1 - back
            return _months(first // 12, first % 12 + 1, 1)
        case _:
            monday = today - timedelta(days=today.weekday() + 7 * back)
            return Span(monday, monday + timedelta(days=7))


def _last_days(match: re.Match[str], today: date) -> Span:
    days = int(match["n"]) * {"day": 1, "week": 7}[match["unit"]]
    return Span(today - timedelta(days=days), today + timedelta(days=1))


def _on(match: re.Match[str], _: date) -> Span:
    return Span(_day(match["a"]), _day(match["a"]) + timedelta(days=1))


_Y = r"(?:19|20)\d\d"
_PREFIX = r"\b(?:in|for|during|of|from|only|within)(?: the)?(?: year)? "
_PATTERNS = (
    (rf"\b(?:between|from) (?P<a>{_DAY}) (?:and|to|until|till) (?P<b>{_DAY})", _between),
    (
        rf"\b(?P<word>since|after|before|until|till) "
        rf"(?P<when>{_DAY}|(?:(?:{_MONTH}) |q[1-4] )?{_Y})\b",
        _since,
    ),
    (rf"\b(?:on )(?P<a>{_DAY})", _on),
    (r"\b(?:in |for |of |over |during )?(?:the )?(?P<which>this|last|previous) "
     r"(?P<unit>year|quarter|month|week)\b", _relative),
    (r"\b(?:in |for |of |over |during )?(?:the )?(?:last|past) (?P<n>\d+) (?P<unit>day|week)s?\b", _last_days),
    (rf"(?:{_PREFIX}(?:the )?|\b)(?:(?P<before>{_Y}) )?q(?P<q>[1-4])(?: (?:of )?(?P<year>{_Y}))?\b", _quarter),
    (rf"{_PREFIX}(?P<month>{_MONTH})\.?(?: (?:of )?(?P<year>{_Y}))?\b", _month),
    (rf"{_PREFIX}(?P<year>{_Y})\b", _year),
)  # fmt: skip
