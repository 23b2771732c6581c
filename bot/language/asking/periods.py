"""The time that a question is about: `yesterday`, `last week`, `since Monday`, `in March`. Pure."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from memory.model.base import Model, name_key
from planner.lexicon.calendar import MONTH_NUMBERS

Unit = Literal["day", "week", "month", "quarter", "year"]


class Span(Model):
    """From `since` until before `until`, days in the asker's zone. `days`: how many it touches."""

    since: datetime
    until: datetime
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it touches."""
        return (self.last - self.first).days + 1


_UNITS: Final[dict[str, Unit]] = {
    "day": "day", "tag": "day", "jour": "day", "día": "day", "dia": "day",
    "week": "week", "woche": "week", "semaine": "week", "semana": "week",
    "month": "month", "monat": "month", "mois": "month", "mes": "month",
    "quarter": "quarter", "quartal": "quarter", "trimestre": "quarter",
    "year": "year", "jahr": "year", "année": "year", "año": "year",
}  # fmt: skip
_WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            "monday montag lundi lunes", "tuesday dienstag mardi martes",
            "wednesday mittwoch mercredi miércoles", "thursday donnerstag jeudi jueves",
            "friday freitag vendredi viernes", "saturday samstag samedi sábado",
            "sunday sonntag dimanche domingo",
        )
    )
    for name in names.split()
}  # fmt: skip
_UNIT: Final = "|".join(sorted(_UNITS, key=len, reverse=True))
_MONTH: Final = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_DAY: Final = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_ON: Final = (
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)? (?:of )?(?P<month>{_MONTH})(?: (?P<year>\d{{4}}))?"
)
_TODAY: Final = r"\b(?:today|tonight|heute|aujourd'hui|hoy)\b"
_YESTERDAY: Final = r"\b(?:yesterday|gestern|hier|ayer)\b"
_SINCE: Final = r"\b(?:since|from|seit|depuis|desde)\s+(?:the )?"
_LAST: Final = (
    r"\b(?:last|past|previous|letzte[nrs]?|vergangene[nrs]?|dernière?s?|pasad[oa]s?|últim[oa]s?)"
)
_THIS: Final = r"\b(?:this|current|diese[nrs]?|cette|ce|est[ea])"


def span(words: str, now: datetime, zone: str) -> Span | None:
    """The time in the words, in the zone's days up to now; None where they name none."""
    said = name_key(words).replace("’", "'")
    today = now.astimezone(ZoneInfo(zone)).date()
    for form, days in _FORMS:
        found = re.search(form, said)
        if found is not None:
            first, last = days(found, today)
            return between(first, min(last, today), zone) if first <= today else None
    return None


def present(unit: Unit, now: datetime, zone: str) -> Span:
    """The day, week, month, quarter or year around now, so far."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return between(_start(unit, today), today, zone)


def between(first: date, last: date, zone: str) -> Span:
    """The days from first to last, both whole."""
    return Span(
        since=_midnight(first, zone),
        until=_midnight(last + timedelta(days=1), zone),
        first=first,
        last=last,
    )


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _start(unit: Unit, today: date) -> date:
    match unit:
        case "day":
            return today
        case "week":
            return today - timedelta(days=today.weekday())
        case "month":
            return today.replace(day=1)
        case "quarter":
            return today.replace(month=today.month - (today.month - 1) % 3, day=1)
        case "year":
            return today.replace(month=1, day=1)


def _today(_: re.Match[str], today: date) -> tuple[date, date]:
    return today, today


def _yesterday(_: re.Match[str], today: date) -> tuple[date, date]:
    day = today - timedelta(days=1)
    return day, day


def _lately(found: re.Match[str], today: date) -> tuple[date, date]:
    count, unit = int(found["count"]), _UNITS[found["unit"]]
    size = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}[unit]
    return today - timedelta(days=min(count * size, 36_500) - 1), today


def _this(found: re.Match[str], today: date) -> tuple[date, date]:
    return _start(_UNITS[found["unit"]], today), today


def _last(found: re.Match[str], today: date) -> tuple[date, date]:
    unit = _UNITS[found["unit"]]
    end = _start(unit, today) - timedelta(days=1)
    return _start(unit, end), end


def _weekday(found: re.Match[str], today: date) -> tuple[date, date]:
    day = today - timedelta(days=(today.weekday() - _WEEKDAYS[found["weekday"]]) % 7)
    return day, today if found["since"] else day


def _date(found: re.Match[str], today: date) -> tuple[date, date]:
    try:
        day = date(
            int(found["year"] or today.year), MONTH_NUMBERS[found["month"]], int(found["day"])
        )
    except ValueError:
        return today, today
    if day > today and not found["year"]:
        day = day.replace(year=day.year - 1, day=min(day.day, 28))
    return day, today if found["since"] else day


def _month(found: re.Match[str], today: date) -> tuple[date, date]:
    first = date(int(found["year"] or today.year), MONTH_NUMBERS[found["month"]], 1)
    if first > today and not found["year"]:
        first = first.replace(year=first.year - 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first, today if found["since"] else last


_FORMS: Final[tuple[tuple[str, Callable[[re.Match[str], date], tuple[date, date]]], ...]] = (
    (rf"(?P<since>{_SINCE})?\b{_ON}\b", _date),
    (rf"(?P<since>{_SINCE})?(?:\b(?:on|am|last|this|le|el) )?\b(?P<weekday>{_DAY})\b", _weekday),
    (_YESTERDAY, _yesterday),
    (_TODAY, _today),
    (rf"{_LAST}\s+(?P<count>\d{{1,4}})\s+(?P<unit>{_UNIT})\w*", _lately),
    (rf"{_LAST}\s+(?P<unit>{_UNIT})\b", _last),
    (r"\b(?:la )?(?P<unit>semaine|mois|année|trimestre|semana|mes|año)\s+(?:derni[eè]re?|pasad[oa])\b", _last),
    (rf"{_THIS}\s+(?P<unit>{_UNIT})\b", _this),
    (rf"(?:(?P<since>{_SINCE})|\b(?:in|im|en|for|of|during) )(?P<month>{_MONTH})\b(?: (?P<year>\d{{4}}))?", _month),
)  # fmt: skip
"""The first form that fits counts."""
