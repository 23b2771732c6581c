"""Days in words: those that recur, and single ones. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from memory.model.timing.schedule import MOST_STEPS
from planner.lexicon.calendar import MONTH, WEEKDAYS, month_number
from planner.lexicon.words import NUMBERS, ORDINALS, number
from planner.timing.clock import PARTS
from planner.timing.zones import CannotRead

_N: Final = rf"\d{{1,4}}|{'|'.join(NUMBERS)}|an?"
_D: Final = r"(?:sun|mon|tues|wednes|thurs|fri|satur)days?|sun|mon|tues?|wed|thur?s?|fri|sat"
_AND: Final = r"\s{0,3}(?:,\s{0,3}and|,|and|&|or)\s{0,3}"
_DAYS: Final = rf"(?:{_D})(?:{_AND}(?:{_D})){{0,7}}"
_PLURAL: Final = r"(?:sun|mon|tues|wednes|thurs|fri|satur)days"
_PART: Final = r"(?:\s+(?P<part>morning|noon|afternoon|evening|night)s?)?"
_WORKDAY: Final = r"(?:week|work(?:ing)?|business)[ -]?day"
_NTH: Final = rf"\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(ORDINALS)}|last"
_NTHS: Final = rf"(?P<nths>(?:{_NTH})(?:{_AND}(?:the\s+)?(?:{_NTH})){{0,12}})(?:\s+day)?"
_EACH: Final = r"(?:of\s+)?(?:each|every|the|a)\s+month"
_DATE: Final = (
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<m>{MONTH})(?:\s+(?P<y>20\d\d))?"
    rf"|(?P<m2>{MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y2>20\d\d))?"
)
_OTHER: Final = "other|second|2nd|alternate"
_MANY: Final = rf"(?P<n>{_OTHER}|third|3rd|fourth|4th|{_N})"
_EVERY: Final = r"(?:once\s+)?(?:every|each)"
_UNIT: Final = r"(?P<unit>min(?:ute)?s?|hours?|hrs?|h|days?|weeks?"
_SECONDS: Final = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


_EXCEPT: Final = re.compile(
    rf"[\s,]{{0,3}}\(?(?:except|excluding|but\s+not|other\s+than|apart\s+from|not|without)(?:\s+(?:for|on|at))?\s+"
    rf"(?:(?:the|a|every)\s+)?(?P<days>weekends?|weekdays?|{_DAYS})\)?(?![\w/])",
    re.IGNORECASE,
)
_WEEKS: Final = {"weekend": {0, 6}, "weekday": {1, 2, 3, 4, 5}}


@dataclass(frozen=True)
class Days:
    """Days that recur, as cron's fields for day, month and weekday, or a single one."""

    recurring: bool = True
    cron: str = "* * *"
    day: date | None = None
    step: tuple[Literal["day", "week"], int] | None = None
    """Of the days that recur, only those of every so-manieth day or week."""
    seconds: int = 0
    """No days but seconds: between two times, or from now."""
    hour: int | None = None
    """Where the words say a part of the day."""
    loose: bool = False
    """A day that may be meant otherwise when no time of day is said with it."""


def take_days(line: str, start: int, today: date) -> tuple[Days, int] | None:
    """The days said there, and where the words end. Raises CannotRead for none that can be kept."""
    for pattern, build in _PATTERNS:
        match = pattern.match(line, start)
        if match is None:
            continue
        try:
            return build(match, today), match.end()
        except ValueError as error:
            raise CannotRead("There's no such day as “{day}”.", day=match[0].strip()) from error
    return None


def without_days(days: Days, line: str, start: int) -> tuple[Days, int] | None:
    """The days without those that are excepted there ("every day except Sundays"), and where the
    words end; None where nothing is, or where none of the days would be left.
    """
    match = _EXCEPT.match(line, start)
    if match is None or days.seconds or not days.recurring or not days.cron.startswith("* * "):
        return None
    left = _days_of(days.cron.removeprefix("* * "))
    said = match["days"].casefold()
    away = _WEEKS.get(said.removesuffix("s")) or {
        _weekday(name) for name in re.findall(_D, said, re.IGNORECASE)
    }
    kept = left - away
    return (replace(days, cron=_on(kept)), match.end()) if kept and away & left else None


def _days_of(field: str) -> set[int]:
    """The days of cron's field for the day of the week; none for one that counts weeks as well."""
    if field == "*":
        return set(range(7))
    if field == "1-5":
        return _WEEKS["weekday"]
    return {int(day) for day in field.split(",")} if field.replace(",", "").isdigit() else set()


def _every(match: re.Match[str], _: date) -> Days:
    count, unit = _count(match["n"] or "a"), match["unit"].casefold()
    if unit.startswith("mo"):
        if count not in {1, 2, 3, 4, 6, 12}:
            raise CannotRead("I can repeat work every 1, 2, 3, 4, 6 or 12 months.")
        return Days(cron=f"1 {'*' if count == 1 else f'*/{count}'} *")
    if unit.startswith(("day", "week")):
        daily = unit.startswith("day")
        days = Days(cron="* * *" if daily else "* * 1")
        return _stepped(days, "day" if daily else "week", count, match)
    seconds = count * _SECONDS[unit[0]]
    if not 60 <= seconds <= 366 * 86400:
        raise CannotRead("Runs must be at least a minute and at most a year apart.")
    return Days(seconds=seconds)


def _weeks(match: re.Match[str], today: date) -> Days:
    """ "every 2 weeks on Friday", "every other Friday"; without a day on Mondays, as "weekly" is."""
    days = _weekdays(match, today) if match["days"] else Days(cron="* * 1")
    return _stepped(days, "week", _count(match.groupdict().get("n") or "two"), match)


def _parts(match: re.Match[str], _: date) -> Days:
    """ "every other morning"."""
    return _stepped(Days(hour=_hour(match)), "day", 2, match)


def _stepped(days: Days, unit: Literal["day", "week"], count: int, match: re.Match[str]) -> Days:
    """The days, of which only every so-manieth counts. Raises CannotRead."""
    if count > MOST_STEPS:
        raise _uneven(match)
    return replace(days, step=(unit, count) if count > 1 else None)


def _count(said: str) -> int:
    """How many: "other" is every second one."""
    low = said.casefold()
    if low in _OTHER.split("|"):
        return 2
    return ORDINALS.get(low) or number(re.sub(r"(?<=\d)(?:rd|th)$", "", low))


def _weekdays(match: re.Match[str], _: date) -> Days:
    names = re.findall(_D, match["days"], re.IGNORECASE)
    return Days(cron=_on({_weekday(name) for name in names}), hour=_hour(match))


def _workdays(match: re.Match[str], _: date) -> Days:
    return Days(cron="* * 1-5", hour=_hour(match))


def _weekends(match: re.Match[str], _: date) -> Days:
    return Days(cron="* * 6,0", hour=_hour(match))


def _hour(match: re.Match[str]) -> int | None:
    """The hour of the part of the day that is said with a day."""
    return PARTS.get((match.groupdict().get("part") or "").casefold())


def _on(days: set[int]) -> str:
    """These days of the week, as cron says them: Sunday is 0, and comes last."""
    return f"* * {','.join(str(day) for day in sorted(days, key=lambda day: day or 7))}"


def _nth(match: re.Match[str], _: date) -> Days:
    names = re.findall(_NTH, match["nths"], re.IGNORECASE)
    return Days(cron=f"{','.join(_day_of_month(name.casefold()) for name in names)} * *")


def _nth_weekday(match: re.Match[str], _: date) -> Days:
    day, nth = _weekday(match["day"]), match["nth"].casefold()
    return Days(cron=f"* * {day}L" if nth == "last" else f"* * {day}#{_place(nth)}")


def _yearly(match: re.Match[str], _: date) -> Days:
    if match["y"] or match["y2"]:
        raise _uneven(match)  # a year of its own can't recur
    month = month_number(match["m"] or match["m2"])
    return Days(cron=f"{int(match['d'] or match['d2'])} {month} *")


def _part(match: re.Match[str], _: date) -> Days:
    return Days(hour=PARTS[match["part"].casefold()])


def _refused(match: re.Match[str], _: date) -> Days:
    raise _uneven(match)


def _uneven(match: re.Match[str]) -> CannotRead:
    return CannotRead(
        "I can't repeat work “{words}”. Name days of the week or of the month, or say every so "
        "many minutes, hours, days or weeks.",
        words=match[0].strip(),
    )


def _from_now(match: re.Match[str], _: date) -> Days:
    count = 0.5 if match["half"] else number(match["n"])
    return Days(recurring=False, seconds=int(count * _SECONDS[match["unit"][0].casefold()]))


def _near(match: re.Match[str], today: date) -> Days:
    word, hour = match["word"].casefold(), PARTS.get((match["part"] or "").casefold())
    if word in {"today", "this", "tonight"}:
        hour = PARTS["night"] if word == "tonight" else hour
        return Days(recurring=False, day=today, hour=hour, loose=hour is None)
    ahead = timedelta(days=1 if word == "tomorrow" else 2)
    return Days(recurring=False, day=today + ahead, hour=hour)


def _next_weekday(match: re.Match[str], today: date) -> Days:
    ahead = (_weekday(match["day"]) - 1 - today.weekday()) % 7 or 7
    hour = PARTS.get((match["part"] or "").casefold())
    return Days(recurring=False, day=today + timedelta(days=ahead), hour=hour, loose=hour is None)


def _date(match: re.Match[str], today: date) -> Days:
    if match["iso"]:
        return Days(recurring=False, day=date.fromisoformat(match["iso"]), loose=True)
    year, day = match["y"] or match["y2"], int(match["d"] or match["d2"])
    dated = date(int(year or today.year), month_number(match["m"] or match["m2"]), day)
    if not year and dated < today:
        dated = dated.replace(year=today.year + 1)
    if match["w"] and _weekday(match["w"]) != dated.isoweekday() % 7:
        raise CannotRead("{day} {date:%B %Y} is a {date:%A}. Which day do you mean?",
                         day=dated.day, date=dated)  # fmt: skip
    return Days(recurring=False, day=dated, loose=True)


def _weekday(name: str) -> int:
    """As cron counts: Sunday is 0."""
    low = name.casefold()[:3]
    return next(n % 7 for n, day in enumerate(WEEKDAYS, 1) if day.startswith(low))


def _day_of_month(nth: str) -> str:
    if nth == "last":
        return "L"
    if not 1 <= _place(nth) <= 31:
        raise CannotRead("No month has a {day}.", day=nth)
    return str(_place(nth))


def _place(nth: str) -> int:
    return ORDINALS.get(nth) or int(nth[:-2])


def _p(
    pattern: str, build: Callable[[re.Match[str], date], Days] | Days
) -> tuple[re.Pattern[str], Callable[[re.Match[str], date], Days]]:
    compiled = re.compile(rf"(?:{pattern})(?![\w/])", re.IGNORECASE)
    return compiled, (lambda _match, _today: build) if isinstance(build, Days) else build


_PATTERNS: Final = (
    _p(rf"(?:every|each)\s+(?:few\s+(?:days?|weeks?|months?|years?|hours?|minutes?|{_D})|(?:{_OTHER})\s+(?:years?|{_WORKDAY}))|every\s+(?:\d+\s+seconds?|second(?!\s+\w))", _refused),
    _p(rf"(?:on\s+)?the\s+(?P<nth>{_NTH})\s+(?P<day>{_D})\s+{_EACH}", _nth_weekday),
    _p(rf"(?:every|each)\s+(?P<nth>{_NTH})\s+(?P<day>{_D})\s+{_EACH}", _nth_weekday),
    _p(rf"{_EVERY}\s+{_MANY}\s+weeks?,?\s+(?:on\s+)?(?:the\s+)?(?P<days>{_DAYS}){_PART}", _weeks),
    _p(rf"(?:on\s+)?(?P<days>{_DAYS}),?\s+{_EVERY}\s+{_MANY}\s+weeks?", _weeks),
    _p(rf"{_EVERY}\s+(?P<n>{_OTHER}|two|2)\s+(?P<days>{_DAYS}){_PART}", _weeks),
    _p(rf"(?:bi-?weekly|fortnightly|(?:every|each|once\s+a)\s+fortnight)(?:,?\s+on\s+(?P<days>{_DAYS}))?", _weeks),
    _p(rf"{_EVERY}\s+(?P<n>{_OTHER})\s+(?P<part>morning|afternoon|evening|night)", _parts),
    _p(rf"(?:on\s+)?the\s+{_NTHS}\s+{_EACH}", _nth),
    _p(rf"(?:every|each)\s+(?P<nths>{_NTH})(?:\s+day)?\s+of\s+(?:the|a)\s+month", _nth),
    _p(rf"(?:(?:every|each)\s+month|monthly),?\s+on\s+the\s+{_NTHS}", _nth),
    _p(rf"(?:(?:(?:every|each)\s+year|yearly|annually),?\s+on\s+(?:the\s+)?|(?:every|each)\s+)(?:{_DATE})", _yearly),
    _p(rf"(?:(?:every|each)\s+week|weekly),?\s+on\s+(?P<days>{_DAYS})", _weekdays),
    _p(rf"(?:(?:every|each)\s+{_WORKDAY}|(?:on\s+)?(?:week|work)days|monday\s+(?:to|through|-)\s+friday|mon-fri){_PART}", _workdays),
    _p(rf"(?:(?:every|each)\s+weekend|(?:on\s+)?weekends){_PART}", _weekends),
    _p(rf"(?:every|each)\s+(?P<days>{_DAYS}){_PART}", _weekdays),
    _p(rf"(?:on\s+)?(?P<days>{_DAYS})\s+(?P<part>morning|afternoon|evening|night)s", _weekdays),
    _p(rf"(?:on\s+)?(?P<days>{_PLURAL}(?:{_AND}{_PLURAL}){{0,6}})", _weekdays),
    _p(r"(?:every|each)\s+(?P<part>morning|noon|afternoon|evening|night|midnight)", _part),
    _p(r"every\s+half(?:\s+an)?[ -]hour", Days(seconds=1800)),
    _p(r"(?:every|each)\s+quarter", Days(cron="1 */3 *")),
    _p(rf"{_EVERY}\s+(?:{_MANY}\s+)?{_UNIT}|months?)", _every),
    _p("hourly", Days(seconds=3600)),
    _p("daily", Days()),
    _p("nightly", Days(hour=PARTS["night"])),
    _p("weekly", Days(cron="* * 1")),
    _p("monthly", Days(cron="1 * *")),
    _p(rf"in\s+(?:(?P<half>half\s+an)|(?P<n>{_N}))\s*{_UNIT})(?:\s+from\s+now)?", _from_now),
    _p(r"(?:on\s+)?(?:the\s+)?(?P<word>day\s+after\s+tomorrow|tomorrow|today|tonight|this(?=\s+(?:morning|afternoon|evening)))(?:\s+(?P<part>morning|noon|afternoon|evening|night))?", _near),
    _p(rf"(?:on\s+)?(?P<w>{_D}),?\s+(?:the\s+)?(?:(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})|{_DATE})", _date),
    _p(rf"(?:on|next|this|coming)\s+(?:next\s+)?(?P<day>{_D})(?:\s+(?P<part>morning|afternoon|evening|night))?", _next_weekday),
    _p(rf"(?P<w>)(?:on\s+)?(?:the\s+)?(?:(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})|{_DATE})", _date),
)  # fmt: skip
"""How days are said, the most particular first."""
