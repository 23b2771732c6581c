"""A day or an hour of a schedule put right: "not Monday, Tuesday", "at 10, not at 9". Pure."""

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from memory.model.timing.schedule import At, Cron, Schedule, Step

_DAY: Final = r"(?:sun|mon|tues|wednes|thurs|fri|satur)days?|tomorrow|today"
_HOUR: Final = r"\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?|noon|midnight"
_BEFORE: Final = r"(?:(?:on|at|every|each|the|this|next) )*"
_LEAD: Final = (
    r"(?:(?:no|nope|sorry|wait|oh|oops|actually|hm+|i (?:meant?|said)|make (?:it|that))[, ]+)*"
)
_CORRECTED: Final = re.compile(
    rf"{_LEAD}not {_BEFORE}(?:{_DAY}|{_HOUR})[,;.\s–-]+(?:(?:but|rather|i meant?|make it)[, ]+)*{_BEFORE}"
    rf"(?:(?P<day>{_DAY})|(?P<hour>{_HOUR}))(?:[, ]+(?:please|instead|rather|of course))*[.!]?"
    rf"|{_LEAD}{_BEFORE}(?:(?P<day2>{_DAY})|(?P<hour2>{_HOUR}))[, ]+(?:and )?not {_BEFORE}(?:{_DAY}|{_HOUR})[.!]?",
    re.IGNORECASE,
)


def corrects(line: str) -> bool:
    """Whether one day or hour is put in the place of another."""
    return _CORRECTED.fullmatch(line.strip()) is not None


def corrected(line: str, schedule: Schedule) -> str:
    """The correction as times of their own: what isn't put right stays as the schedule has it."""
    match = _CORRECTED.fullmatch(line.strip())
    if match is None:
        return line
    day = (match["day"] or match["day2"] or "").casefold()
    hour = match["hour"] or match["hour2"] or ""
    return _on(day, schedule) if day else _at(hour, schedule)


def _on(day: str, schedule: Schedule) -> str:
    """Another day, at the schedule's time."""
    when = f" at {_clock(schedule)}" if _clock(schedule) else ""
    if day in {"today", "tomorrow"}:
        return f"{day}{when}"
    return f"{_often(schedule)} {day.rstrip('s')}{when}"


def _often(schedule: Schedule) -> str:
    """What stands before a day that recurs as the schedule does."""
    match schedule.when:
        case Cron(step=Step(unit="week", count=weeks)):
            return f"every {weeks} weeks on"
        case Cron():
            return "every"
        case _:
            return "on"


def _at(hour: str, schedule: Schedule) -> str:
    """Another time, on the schedule's days."""
    match schedule.when:
        case At():
            return f"{_local(schedule.when, schedule).date().isoformat()} at {hour}"
        case Cron(expression=expression) if hour.isdecimal() and expression.split()[1].isdecimal():
            return f"cron 0 {int(hour)} {' '.join(expression.split()[2:])}"
        case _:
            return f"at {hour}"


def _clock(schedule: Schedule) -> str:
    """The one time of day it has; "" where it has several, or none."""
    match schedule.when:
        case At():
            return f"{_local(schedule.when, schedule):%H:%M}"
        case Cron(expression=expression):
            minute, hour, *_ = expression.split()
            single = minute.isdecimal() and hour.isdecimal()
            return f"{int(hour):02}:{int(minute):02}" if single else ""
        case _:
            return ""


def _local(when: At, schedule: Schedule) -> datetime:
    return when.due.astimezone(ZoneInfo(schedule.zone))
