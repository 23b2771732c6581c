"""Single days in words: "tomorrow", "next friday", "July 10th, 2024", "2024-07-10". Pure."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from planner.lexicon.calendar import MONTH, WEEKDAYS, month_number

_D = "|".join(WEEKDAYS)
_Y = r"(?:,?\s+(?:of\s+)?(?P<y>(?:19|20)\d\d))?"
_NTH = r"(?:st|nd|rd|th)?"


def dates_in(text: str, today: date) -> Iterator[tuple[int, int, str]]:
    """Where each day is said, from and to, and its ISO date. What is no day of a calendar is left."""
    taken: list[tuple[int, int]] = []
    for pattern, build in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other and begun < end for begun, other in taken):
                continue
            try:
                day = build(match, today)
            except (ValueError, OverflowError):
                continue
            taken.append((start, end))
            yield start, end, day.isoformat()


def _iso(match: re.Match[str], _: date) -> date:
    return date(int(match["year"]), int(match["month"]), int(match["day"]))


def _named(match: re.Match[str], today: date) -> date:
    month, day = month_number(match["m"]), int(match["d"])
    if match["y"]:
        return date(int(match["y"]), month, day)
    near = date(today.year, month, day)
    return near if near >= today else near.replace(year=today.year + 1)


def _near(match: re.Match[str], today: date) -> date:
    shifts = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}
    word = " ".join(match[0].casefold().split())
    return today + timedelta(days=shifts.get(word, 2))


def _weekday(match: re.Match[str], today: date) -> date:
    wanted = WEEKDAYS.index(match["day"].casefold())
    if (match["which"] or "").casefold() == "last":
        return today - timedelta(days=(today.weekday() - wanted) % 7 or 7)
    return today + timedelta(days=(wanted - today.weekday()) % 7 or 7)


def _from_now(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=int(match["n"]) * (7 if match["unit"][0] in "wW" else 1))


def _p(
    pattern: str, build: Callable[[re.Match[str], date], date]
) -> tuple[re.Pattern[str], Callable[[re.Match[str], date], date]]:
    return re.compile(pattern, re.IGNORECASE), build


_PATTERNS = (
    _p(r"\b(?P<year>(?:19|20)\d\d)[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})\b", _iso),
    _p(rf"\b(?P<d>\d{{1,2}}){_NTH}\s+(?:of\s+)?(?P<m>{MONTH})\b\.?{_Y}", _named),
    _p(rf"\b(?P<m>{MONTH})\.?\s+(?P<d>\d{{1,2}}){_NTH}\b{_Y}", _named),
    _p(r"\bday after tomorrow\b|\b(?:today|tonight|tomorrow|yesterday)\b", _near),
    _p(rf"\b(?:(?P<which>next|this|last)\s+)?(?P<day>{_D})\b", _weekday),
    _p(r"\bin\s+(?P<n>\d{1,3})\s+(?P<unit>days?|weeks?)\b", _from_now),
)
