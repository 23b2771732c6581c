"""Other times for a schedule that is there, said by themselves: "make that 10", "on Friday instead". Pure."""

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from memory.model.patterns import short
from memory.model.timing.schedule import At, Cron, Schedule
from planner.timing import reminders
from planner.timing.clock import take_clocks
from planner.timing.foreign import times_in_english
from planner.timing.schedules import read_alone
from planner.timing.zone import Zone
from planner.timing.zones import CannotRead

MOST_CHARS: Final = 80
_LEAD: Final = re.compile(
    r"(?:(?:no|nope|ok(?:ay)?|sorry|wait|oh|rather|better|please|actually|nein|non|mejor|lieber|plutôt|i meant|i mean|let's say|"
    r"(?:make|change|move|set|put|do|shift|push) (?:it|that|this|the (?:time|reminder|schedule))(?: to| for| at(?= \d))?)[, ]+)+",
    re.IGNORECASE,
)
_TRAIL: Final = short(
    r"[, ]+(?:instead|rather|please|then|stattdessen|lieber)$", re.IGNORECASE, most=400
)
_ALSO: Final = re.compile(
    r"(?:(?:and|und|et|y)[, ]+)?(?:also|again|auch|aussi|también)[, ]+|(?:and|und|et|y)[, ]+",
    re.IGNORECASE,
)


def moved(words: str, schedule: Schedule, now: datetime) -> str:
    """The times that the words move it to, as `read_alone` reads them; "" where they say anything else."""
    line, said = _bare(words)
    return _times(line, schedule, now) if said else ""


def added(words: str, schedule: Schedule, now: datetime) -> str:
    """The times that the words add: "and also on Friday"; "" where they say anything else."""
    also = _ALSO.match(words.strip())
    return _times(_bare(words.strip()[also.end() :])[0], schedule, now) if also else ""


def _bare(words: str) -> tuple[str, bool]:
    """The words without what only says that something is to be otherwise, and whether that, or a
    time by itself, was said.
    """
    line = words.strip().rstrip(".!?")
    rest = _TRAIL.sub("", _LEAD.sub("", line, count=1) if _LEAD.match(line) else line).strip()
    begins = re.match(r"(?:at|on|in|every|tomorrow|today|tonight|next|um|am|à|a las)\b", rest, re.I)
    return rest, rest != line or begins is not None


def _times(line: str, schedule: Schedule, now: datetime) -> str:
    if not line or len(line) > MOST_CHARS:
        return ""
    line = times_in_english(line)
    try:
        clocks = take_clocks(line, 0, bare=True)
    except CannotRead:
        return ""
    if clocks is not None and clocks[1] == len(line) and len(clocks[0]) == 1:
        return _at(reminders.meant(clocks[0][0], line, passed=False), schedule)
    day = reminders.with_days(line)
    found = read_alone(day, now=now, zone=Zone(schedule.zone, ""), like=schedule)
    return day if isinstance(found, Schedule) else ""


def _at(clock: tuple[int, int], schedule: Schedule) -> str:
    """That time on the days that the schedule has."""
    hour, minute = clock
    match schedule.when:
        case Cron(expression=expression):
            return f"cron {minute} {hour} {' '.join(expression.split()[2:])}"
        case At(moment=moment):
            day = datetime.fromisoformat(moment).astimezone(ZoneInfo(schedule.zone)).date()
            return f"{day.isoformat()} at {hour:02}:{minute:02}"
        case _:
            return ""
