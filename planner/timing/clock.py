"""Times of day in words: "9", "9:15 pm", "noon and 17:00". Pure."""

import re
from typing import Final

from planner.lexicon.words import NUMBERS
from planner.timing.zones import CannotRead

Clock = tuple[int, int]
"""Hour and minute."""

PARTS: Final = {"morning": 9, "noon": 12, "midday": 12, "afternoon": 15, "evening": 18,
                "night": 20, "midnight": 0}  # fmt: skip
"""The hour of each part of the day."""

_TAIL: Final = r"(?:\s*(?:o['’]clock|uhr|h)\b)?"
_HOURS: Final = {word: number for word, number in NUMBERS.items() if number <= 12}
_HOUR: Final = rf"(?:\d{{1,2}}|{'|'.join(_HOURS)})"
_AROUND: Final = r"(?:(?:a\s+)?quarter|half|five|ten|twenty|\d{1,2})(?:\s+min(?:ute)?s?)?\s+(?:to|past|after|before)"
_CLOCK: Final = re.compile(
    rf"(?P<word>noon|midday|midnight)|(?P<around>{_AROUND})\s+(?P<near>{_HOUR})(?:\s*(?P<near_half>[ap]\.?m\b\.?))?{_TAIL}|"
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?"
    rf"(?:\s*(?P<half>[ap]\.?m\b\.?))?{_TAIL}",
    re.IGNORECASE,
)
_ONE: Final = rf"(?:noon|midday|midnight|{_AROUND}\s+{_HOUR}(?:\s*[ap]\.?m\b\.?)?{_TAIL}|\d{{1,2}}(?:[:.]\d{{2}})?(?:\s*[ap]\.?m\b\.?)?{_TAIL})"
_CLOCKS: Final = re.compile(
    rf"(?P<at>at\s+|@\s*)?{_ONE}"
    rf"(?:\s{{0,3}}(?:,\s{{0,3}}and|,|and|&)\s{{0,3}}(?:at\s+)?{_ONE}(?!\w|[%$/-]|[.:]\w)){{0,23}}"
    r"(?!\w|[%$/-]|[.:]\w)",
    re.IGNORECASE,
)


def take_clocks(line: str, start: int, *, bare: bool) -> tuple[tuple[Clock, ...], int] | None:
    """The times said there, and where their words end. `bare`: days were said, so a number alone
    is a time, and one beyond 23 raises CannotRead; else only "at 9" is.
    """
    match = _CLOCKS.match(line, start)
    if match is None or not (bare or match["at"]):
        return None
    times = list(_CLOCK.finditer(match[0]))
    if not (bare and match["at"]) and _only_numbers(times):
        return None
    return tuple(_clock(time) for time in times), match.end()


def _only_numbers(times: list[re.Match[str]]) -> bool:
    """Whether they are numbers alone, and one of them is no hour: "90", "30 and 45"."""
    plain = all(time["hour"] and not time["minute"] and not time["half"] for time in times)
    return plain and any(int(time["hour"]) > 23 for time in times)


def _clock(time: re.Match[str]) -> Clock:
    if time["word"]:
        return PARTS[time["word"].casefold()], 0
    if time["around"]:
        return _around(time)
    hour, minute = _half_day(int(time["hour"]), time["half"]), int(time["minute"] or 0)
    if hour > 23 or minute > 59:
        raise CannotRead("“{time}” isn't a time of day.", time=time[0].strip())
    return hour, minute


def _around(time: re.Match[str]) -> Clock:
    """ "quarter to nine", "ten past 4 pm"."""
    words = time["around"].casefold().split()
    named = next((word for word in words if word in {"quarter", "half"} or word in NUMBERS), "")
    size = {"quarter": 15, "half": 30}.get(named) or NUMBERS.get(named) or int(words[0])
    near = time["near"].casefold()
    hour = _half_day(_HOURS.get(near) or int(near), time["near_half"])
    if hour > 23 or size > 59:
        raise CannotRead("“{time}” isn't a time of day.", time=time[0].strip())
    earlier = words[-1] in {"to", "before"}
    return divmod((hour * 60 + (-size if earlier else size)) % (24 * 60), 60)


def _half_day(hour: int, half: str | None) -> int:
    if half and 1 <= hour <= 12:
        return hour % 12 + (12 if half.casefold()[0] == "p" else 0)
    return hour
