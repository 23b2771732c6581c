"""What time it is somewhere else: now, or when it's another time in another place. Pure."""

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from memory.model.patterns import short
from memory.model.text import text
from planner.timing.clock import take_clocks
from planner.timing.zones import CannotRead, find_zone

_PLACE: Final = r"[^\W\d_]+(?:[ /_-][^\W\d_]+){0,2}?"
_TIME: Final = (
    r"\d[\w:.]*(?: ?[ap]\.?m\.?)?(?: o'clock)?|noon|midday|midnight|[\w ]+? (?:to|past) \w+"
)
_NOW: Final = short(
    rf"(?:what(?:'s| is)? (?:the )?(?:local |current )?time (?:is it )?(?:now )?in (?P<to>{_PLACE})(?: now| right now| at the moment)?"
    rf"|(?:the )?(?:local |current )?time in (?P<to2>{_PLACE})(?: now)?)",
    re.IGNORECASE,
    most=200,
)
_THEN: Final = short(
    rf"(?:what(?:'s| is)? (?:the )?time (?:is it |will it be )?in (?P<to>{_PLACE}) (?:when|if) (?:it(?:'s| is) )?(?P<time>{_TIME}) (?:in |at )?(?P<of>{_PLACE})(?: time)?"
    rf"|(?:when|if) (?:it(?:'s| is) )?(?P<time3>{_TIME}) (?:in |at )?(?P<of3>{_PLACE}),? (?:then )?(?:what(?:'s| is)? (?:the )?time (?:is it |will it be )?in (?P<to3>{_PLACE}))"
    rf"|(?:(?:what(?:'s| is)|convert) )?(?P<time2>{_TIME}) (?:in )?(?P<of2>{_PLACE})(?: time)? (?:in|to|is what time in|as) (?P<to2>{_PLACE})(?: time)?)",
    re.IGNORECASE,
    most=200,
)


def told(words: str, now: datetime, zone: str) -> str:
    """The time in the place that is asked about; "" where nothing of the kind is asked.

    `zone` is the speaker's own: the day is theirs.
    """
    match = _NOW.fullmatch(words)
    if match:
        there = find_zone(_part(match, "to"))
        return "" if there is None else _said(now.astimezone(ZoneInfo(there)), there)
    match = _THEN.fullmatch(words)
    return _told_of(match, now, zone) if match else ""


def _told_of(match: re.Match[str], now: datetime, zone: str) -> str:
    """The time in one place when it's another in the other; "" where one of them isn't known."""
    start, there = find_zone(_part(match, "of")), find_zone(_part(match, "to"))
    clock = _clock(_part(match, "time"))
    if start is None or there is None or clock is None:
        return ""
    day = now.astimezone(ZoneInfo(zone))
    then = datetime(day.year, day.month, day.day, *clock, tzinfo=ZoneInfo(start))
    other = then.astimezone(ZoneInfo(there))
    return text("{time} in {start} is {other}", time=f"{then:%H:%M}", start=_city(start),
                other=_said(other, there))  # fmt: skip


def _part(match: re.Match[str], name: str) -> str:
    """What was said of `name`, in whichever order the words came (`to`, `to2`, `to3`)."""
    groups = match.groupdict()
    return next(said for key, said in groups.items() if said and key.rstrip("23") == name)


def _said(at: datetime, zone: str) -> str:
    return text("{time} on {day} in {place}.", time=f"{at:%H:%M}", day=f"{at:%A}, {at.day} {at:%B}",
                place=_city(zone))  # fmt: skip


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _clock(words: str) -> tuple[int, int] | None:
    try:
        taken = take_clocks(words, 0, bare=True)
    except CannotRead:
        return None
    if taken is None or words[taken[1] :].strip() or len(taken[0]) != 1:
        return None
    return taken[0][0]
