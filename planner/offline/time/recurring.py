"""The parts of which times are said: days that come again, single days, times of day. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from planner.offline.time.dates import MONTHS

WEEKDAYS: Final = (
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
)  # fmt: skip
_NUMBERS: Final = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
]
_VALUES: Final = (*range(1, 13), 15, 20, 30)
_N: Final = rf"\d{{1,4}}|{'|'.join(_NUMBERS)}|an?"
_D: Final = r"(?:sun|mon|tues|wednes|thurs|fri|satur)days?|sun|mon|tues?|wed|thur?s?|fri|sat"
_DAYS: Final = rf"(?:{_D})(?:\s{{0,3}}(?:,\s{{0,3}}and|,|and|&|or)\s{{0,3}}(?:{_D})){{0,7}}"
_M: Final = "|".join([*MONTHS, *(month[:3] for month in MONTHS), "sept"])
_NTH: Final = r"\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|last"
_EACH: Final = r"(?:of\s+)?(?:each|every|the|a)\s+month"
_UNITS: Final = {"min": 60, "hou": 3600, "hr": 3600, "h": 3600, "day": 86400, "wee": 604800}
_PARTS: Final = {"morning": 9, "noon": 12, "midday": 12, "afternoon": 15, "evening": 18,
                 "night": 20, "midnight": 0}  # fmt: skip
_ORDER: Final = ("first", "second", "third", "fourth", "fifth")


class CannotRead(ValueError):
    """It is a schedule, and one that cannot be kept; the text says what can."""


@dataclass(frozen=True)
class Again:
    """Days that come again, as cron's fields for day, month and weekday; or every so many seconds."""

    days: str = "* * *"
    seconds: int = 0
    hour: int | None = None
    """Where the words say a part of the day."""


@dataclass(frozen=True)
class Once:
    """One day; or so many seconds from now."""

    day: date | None = None
    seconds: int = 0
    hour: int | None = None
    loose: bool = False
    """A day that may be meant otherwise when no time of day is said with it."""


def take_again(text: str, start: int) -> tuple[Again, int] | None:
    """Days that come again, said there; and where the words end. Raises CannotRead."""
    for pattern, build in _AGAIN:
        found = pattern.match(text, start)
        if found:
            return build(found), found.end()
    return None


def take_once(text: str, start: int, today: date) -> tuple[Once, int] | None:
    """A single day said there, and where the words end. Raises CannotRead for no such day."""
    for pattern, build in _ONCE:
        found = pattern.match(text, start)
        if found:
            try:
                return build(found, today), found.end()
            except ValueError as error:
                raise CannotRead(f"There is no such day as “{found[0].strip()}”.") from error
    return None


def take_clock(
    text: str, start: int, *, bare: bool
) -> tuple[tuple[tuple[int, int], ...], int] | None:
    """Times of day (hour, minute). `bare`: days were said, so a number alone is one, and one
    beyond 23 raises CannotRead; else only "at 9" is.
    """
    found = _CLOCKS.match(text, start)
    if found is None or not (bare or found["at"]):
        return None
    said = list(_CLOCK.finditer(found[0]))
    plain = all(one["hour"] and not one["minute"] and not one["half"] for one in said)
    if plain and (not bare or not found["at"]) and any(int(one["hour"]) > 23 for one in said):
        return None
    return tuple(_time(one) for one in said), found.end()


def _time(found: re.Match[str]) -> tuple[int, int]:
    if found["word"]:
        return _PARTS[found["word"].casefold()], 0
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").casefold()[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        raise CannotRead(f"There is no time of day such as “{found[0].strip()}”.")
    return hour, minute


def _number(text: str | None) -> int:
    low = (text or "1").casefold()
    if low.isdecimal():
        return int(low)
    return 1 if low in {"a", "an"} else _VALUES[_NUMBERS.index(low)]


def _every(found: re.Match[str]) -> Again:
    count, unit = _number(found["n"]), found["unit"].casefold()
    if unit.startswith("mo"):
        if count not in {1, 2, 3, 4, 6, 12}:
            raise CannotRead("I can repeat work every 1, 2, 3, 4, 6 or 12 months.")
        return Again(days=f"1 {'*' if count == 1 else f'*/{count}'} *")
    if unit.startswith(("day", "week")):
        if count == 1:
            return Again() if unit.startswith("day") else Again(days="* * 1")
        raise CannotRead(
            f"I cannot repeat work “{found[0].strip()}”: name days of the week or of the month, "
            "or say every so many minutes or hours."
        )
    size = next(value for key, value in _UNITS.items() if unit.startswith(key))
    if not 60 <= count * size <= 366 * 86400:
        raise CannotRead("Between two times there are a minute at the least and a year at most.")
    return Again(seconds=count * size)


def _weekdays(found: re.Match[str]) -> Again:
    names = re.findall(_D, found["days"], re.IGNORECASE)
    numbers = sorted({_day_number(name) for name in names}, key=lambda day: day or 7)
    return Again(days=f"* * {','.join(str(number) for number in numbers)}")


def _nth(found: re.Match[str]) -> Again:
    names = re.findall(_NTH, found["nths"], re.IGNORECASE)
    days = [_date_number(name) for name in names]
    return Again(days=f"{','.join(days)} * *")


def _nth_weekday(found: re.Match[str]) -> Again:
    day, nth = _day_number(found["day"]), found["nth"].casefold()
    return Again(days=f"* * {day}L" if nth == "last" else f"* * {day}#{_nth_number(nth)}")


def _yearly(found: re.Match[str]) -> Again:
    day = found["d"] or found["d2"]
    month = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(_month(found)))
    return Again(days=f"{int(day)} {month} *")


def _month(found: re.Match[str]) -> str:
    return str(found["m"] or found["m2"]).casefold()[:3]


def _word(found: re.Match[str]) -> Again:
    word = found["word"].casefold()
    plain = {"hourly": Again(seconds=3600), "daily": Again(), "nightly": Again(hour=20),
             "weekly": Again(days="* * 1"), "monthly": Again(days="1 * *")}  # fmt: skip
    return plain[word]


def _part(found: re.Match[str]) -> Again:
    return Again(hour=_PARTS[found["part"].casefold()])


def _other(found: re.Match[str]) -> Again:
    raise CannotRead(
        f"I cannot repeat work “{found[0].strip()}”: name days of the week or of the month, or say "
        "every so many minutes or hours."
    )


def _in(found: re.Match[str], _: date) -> Once:
    unit = found["unit"].casefold()
    size = next(value for key, value in _UNITS.items() if unit.startswith(key))
    count = 0.5 if found["half"] else _number(found["n"])
    return Once(seconds=int(count * size))


def _near(found: re.Match[str], today: date) -> Once:
    word, part = found["word"].casefold(), (found["part"] or "").casefold()
    if word == "tonight":
        return Once(today, hour=20)
    hour = _PARTS.get(part)
    if word in {"today", "this"}:
        return Once(today, hour=hour, loose=hour is None)
    ahead = 2 if word.startswith("day") else 1
    return Once(today + timedelta(days=ahead), hour=hour)


def _next_weekday(found: re.Match[str], today: date) -> Once:
    wanted = (_day_number(found["day"]) - 1) % 7
    ahead = (wanted - today.weekday()) % 7 or 7
    return Once(today + timedelta(days=ahead), loose=True)


def _date(found: re.Match[str], today: date) -> Once:
    if found["iso"]:
        return Once(date.fromisoformat(found["iso"]), loose=True)
    month = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(_month(found)))
    number = int(found["d"] or found["d2"])
    year = found["y"] or found["y2"]
    day = date(int(year) if year else today.year, month, number)
    return Once(day if year or day >= today else day.replace(year=today.year + 1), loose=True)


def _day_number(name: str) -> int:
    return next(n for n, day in enumerate(WEEKDAYS) if day.startswith(name.casefold()[:3]))


def _date_number(name: str) -> str:
    low = name.casefold()
    if low == "last":
        return "L"
    number = _nth_number(low)
    if not 1 <= number <= 31:
        raise CannotRead(f"A month has no {name}.")
    return str(number)


def _nth_number(low: str) -> int:
    return _ORDER.index(low) + 1 if low in _ORDER else int(low[:-2])


def _p(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?![\w/])", re.IGNORECASE)


_CLOCK: Final = re.compile(
    r"(?P<word>noon|midday|midnight)|(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?"
    r"(?:\s*(?P<half>[ap]\.?m\b\.?))?(?:\s*(?:o['’]clock|uhr|h)\b)?",
    re.IGNORECASE,
)
_ONE: Final = r"(?:noon|midday|midnight|\d{1,2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\b\.?)?(?:\s*(?:o['’]clock|uhr|h)\b)?)"
_CLOCKS: Final = re.compile(
    rf"(?P<at>at\s+|@\s*)?{_ONE}"
    rf"(?:\s{{0,3}}(?:,\s{{0,3}}and|,|and|&)\s{{0,3}}(?:at\s+)?{_ONE}(?!\w|[%$/-]|[.:]\w)){{0,23}}"
    r"(?!\w|[%$/-]|[.:]\w)",
    re.IGNORECASE,
)
_AGAIN: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Again]], ...]] = (
    (_p(rf"(?:every|each)\s+(?:other|second|alternate|few)\s+(?:days?|weeks?|months?|years?|hours?|minutes?|weekdays?|mornings?|evenings?|{_D})|every\s+(?:\d+\s+)?seconds?|bi-?weekly|fortnightly"), _other),
    (_p(rf"(?:on\s+)?the\s+(?P<nth>{_NTH})\s+(?P<day>{_D})\s+{_EACH}"), _nth_weekday),
    (_p(rf"(?:every|each)\s+(?P<nth>first|third|fourth|fifth|last)\s+(?P<day>{_D})\s+{_EACH}"), _nth_weekday),
    (_p(rf"(?:on\s+)?the\s+(?P<nths>(?:{_NTH})(?:\s{{0,3}}(?:,\s{{0,3}}and|,|and)\s{{0,3}}(?:the\s+)?(?:{_NTH})){{0,12}})(?:\s+day)?\s+{_EACH}"), _nth),
    (_p(rf"(?:every|each)\s+(?P<nths>{_NTH})(?:\s+day)?\s+of\s+(?:the|a)\s+month"), _nth),
    (_p(rf"(?:(?:every|each)\s+month|monthly),?\s+on\s+the\s+(?P<nths>(?:{_NTH})(?:\s{{0,3}}(?:,\s{{0,3}}and|,|and)\s{{0,3}}(?:the\s+)?(?:{_NTH})){{0,12}})(?:\s+day)?"), _nth),
    (_p(rf"(?:(?:(?:every|each)\s+year|yearly|annually),?\s+on\s+(?:the\s+)?|(?:every|each)\s+)(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_M})|(?P<m2>{_M})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)"), _yearly),
    (_p(rf"(?:(?:every|each)\s+week|weekly),?\s+on\s+(?P<days>{_DAYS})"), _weekdays),
    (_p(r"(?:(?:every|each)\s+(?:week|work(?:ing)?|business)[ -]?day|(?:on\s+)?(?:week|work)days|monday\s+(?:to|through|-)\s+friday|mon-fri)"), lambda _: Again(days="* * 1-5")),
    (_p(r"(?:every|each)\s+weekend|(?:on\s+)?weekends"), lambda _: Again(days="* * 6,0")),
    (_p(rf"(?:every|each)\s+(?P<days>{_DAYS})"), _weekdays),
    (_p(r"(?:on\s+)?(?P<days>(?:sun|mon|tues|wednes|thurs|fri|satur)days(?:\s{0,3}(?:,\s{0,3}and|,|and|&)\s{0,3}(?:sun|mon|tues|wednes|thurs|fri|satur)days){0,6})"), _weekdays),
    (_p(r"(?:every|each)\s+(?P<part>morning|noon|afternoon|evening|night|midnight)"), _part),
    (_p(r"every\s+half(?:\s+an)?[ -]hour"), lambda _: Again(seconds=1800)),
    (_p(r"(?:every|each)\s+quarter"), lambda _: Again(days="1 */3 *")),
    (_p(rf"(?:every|each)\s+(?:(?P<n>{_N})\s+)?(?P<unit>min(?:ute)?s?|hours?|hrs?|days?|weeks?|months?)"), _every),
    (_p(r"(?P<word>hourly|daily|nightly|weekly|monthly)"), _word),
)  # fmt: skip
_ONCE: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Once]], ...]] = (
    (_p(rf"in\s+(?:(?P<half>half\s+an)|(?P<n>{_N}))\s+(?P<unit>min(?:ute)?s?|hours?|hrs?|days?|weeks?)(?:\s+from\s+now)?"), _in),
    (_p(r"(?:on\s+)?(?:the\s+)?(?P<word>day\s+after\s+tomorrow|tomorrow|today|tonight|this(?=\s+(?:morning|afternoon|evening)))(?:\s+(?P<part>morning|noon|afternoon|evening|night))?"), _near),
    (_p(rf"(?:on|next|this|coming)\s+(?:next\s+)?(?P<day>{_D})"), _next_weekday),
    (_p(rf"(?:on\s+)?(?:the\s+)?(?:(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})|(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<m>{_M})(?:\s+(?P<y>20\d\d))?|(?P<m2>{_M})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y2>20\d\d))?)"), _date),
)  # fmt: skip
