"""When work is to be done, split off from what is to be done. Pure, and needs no model.

What is taken for a schedule begins or ends the request, or says days that come again with a time
of day; "total revenue by month" is left alone. What is a schedule and cannot be kept is declined.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from memory.model.timing.occurrences import following
from memory.model.timing.schedule import At, Cron, Every, Missed, Overlap, Schedule
from planner.offline.time.recurring import (
    Again,
    CannotRead,
    Once,
    take_again,
    take_clock,
    take_once,
)
from planner.offline.time.schedule_words import (
    CRON,
    GAP,
    INSTEAD,
    LEAD,
    LIMIT,
    LOOSE,
    MISSED,
    MISSED_ONE,
    NEVER,
    OVERLAP,
    PREDICATE,
    PREPOSITION,
    TRIGGER,
)
from planner.offline.time.zones import take_zone

USUAL_HOUR: Final = 9
FEW_WORDS: Final = 8
TRIED: Final = 100
EXAMPLES: Final = (
    "say it like “every weekday at 9:00 Berlin time”, “on the first of each month at 8:30”, "
    "“every 2 hours”, “tomorrow at 14:00” or in cron, `0 9 * * 1-5 Europe/Berlin`"
)


@dataclass(frozen=True)
class Zone:
    """The zone of times that name none, and whose it is ("" where none is known)."""

    name: str
    whose: str


@dataclass(frozen=True)
class Timed:
    """The work, the schedule it is for (None: at once), and what was assumed about the times.

    `latest` is what the last paragraph says: nothing of times, times and more, or times alone.
    """

    schedule: Schedule | None
    work: str
    assumed: tuple[str, ...] = ()
    latest: Literal["nothing", "more", "alone"] = "nothing"


@dataclass(frozen=True)
class Unreadable:
    """It is a schedule that cannot be kept, or not be read; `text` says why, in a sentence."""

    text: str


Strength = Literal["strong", "medium", "loose"]


@dataclass(frozen=True)
class _Said:
    """A schedule's words, from `start` to `end` of the text."""

    start: int
    end: int
    again: Again | None = None
    once: Once | None = None
    cron: str = ""
    clocks: tuple[tuple[int, int], ...] = ()
    zone: str | None = None
    missed: Missed | None = None
    overlap: Overlap | None = None

    @property
    def has_time(self) -> bool:
        """Whether more than policies was said."""
        return bool(self.again or self.once or self.cron or self.clocks)


def read(text: str, *, now: datetime, zone: Zone) -> Timed | Unreadable:
    """The request's schedule and the rest of its words; the last paragraph that has one counts.

    `text` is what people wrote, oldest first, joined by blank lines.
    """
    found = Timed(None, "")
    work: list[str] = []
    problem = ""
    for paragraph in text.split("\n\n"):
        try:
            found, rest = _paragraph(paragraph, found, now, zone)
            problem = problem if found.latest == "nothing" else ""
            work += [rest] if rest else []
        except CannotRead as error:
            problem = str(error)
    if problem:
        return Unreadable(problem)
    if found.schedule is not None and not work:
        return Unreadable(
            "Say with the times what is to be done, for example `every weekday at 9:00: total the "
            "revenue in sales.csv`."
        )
    return replace(found, work="\n\n".join(work))


def _paragraph(text: str, before: Timed, now: datetime, zone: Zone) -> tuple[Timed, str]:
    """What is known of the times after this paragraph, and its work. Raises CannotRead."""
    if NEVER.fullmatch(text.strip()):
        return Timed(None, "", latest="alone"), ""
    taken = _take(text, now, zone)
    if taken is None:
        if MISSED_ONE.search(text):
            raise CannotRead(f"I could not read when that is to be done; {EXAMPLES}.")
        return replace(before, latest="nothing"), text.strip()
    said, rest = taken
    schedule, assumed = _built(said, now, zone, like=before.schedule)
    rest = INSTEAD.sub("", rest).strip()
    return Timed(schedule, "", assumed, "more" if rest else "alone"), rest


def read_alone(text: str, *, now: datetime, zone: Zone, like: Schedule) -> Schedule | Unreadable:
    """A schedule said by itself; policies that are not said stay as they are in `like`."""
    try:
        plain = text.strip().rstrip(".!")
        said = _phrase(plain, _lead(plain), _today(now, zone))
        if said is None or plain[said.end :].strip(" \t\n.!,"):
            return Unreadable(f"I could not read that; {EXAMPLES}.")
        return _built(said, now, zone, like=like)[0]
    except CannotRead as error:
        return Unreadable(str(error))


def _take(text: str, now: datetime, zone: Zone) -> tuple[_Said, str] | None:
    """The schedule in the paragraph, and the paragraph without it. Raises CannotRead."""
    today = _today(now, zone)
    lead = _lead(text)
    first = _phrase(text, lead, today)
    if first is not None and _opens(text, first):
        return first, text[first.end :].lstrip(" \t\n:,;-–—.").strip()
    for start in _begins(text):
        try:
            said = _phrase(text, start, today)
        except CannotRead:
            if _is_meant(text, start):
                raise
            continue
        if said is not None and (_closes(text, said) or _stands_between(text, said)):
            return said, _without(text, said)
    return None


def _is_meant(text: str, start: int) -> bool:
    """Whether words that cannot be kept were to be a schedule: they end what is asked for."""
    before = text[:start].rstrip(" (")
    return len(text[start:].split()) <= FEW_WORDS and not PREPOSITION.search(before)


def _opens(text: str, said: _Said) -> bool:
    """Whether words at the beginning are when the rest is to be done."""
    rest = text[said.end :]
    if not rest.strip(" \t\n.!") or re.match(r"\s*[:,;–—]", rest):
        return True
    strength = _strength(text, said)
    if strength == "loose" or not re.match(r"\s", rest):
        return False
    return strength == "strong" or not PREDICATE.match(rest)


def _closes(text: str, said: _Said) -> bool:
    """Whether words at the end are when all before them is to be done."""
    if text[said.end :].strip(" \t\n.!)"):
        return False
    before = text[: said.start].rstrip(" (")
    if PREPOSITION.search(before):
        return False
    return _strength(text, said) != "loose" or before.endswith((",", ";", ":", "-", "–", "—", "."))


def _stands_between(text: str, said: _Said) -> bool:
    """Whether words in the middle can be nothing else: days that come again, with a time of day."""
    if said.again is None or not said.clocks or PREPOSITION.search(text[: said.start].rstrip()):
        return False
    return bool(re.match(r"\s*(?:[.,;:\n)]|and\s|then\s)", text[said.end :]))


def _strength(text: str, said: _Said) -> Strength:
    if said.cron and said.zone is None and "cron" not in text[said.start : said.end].casefold():
        return "loose"
    if said.cron or (said.clocks and (said.again or said.once)):
        return "strong"
    if said.again is not None:
        words = text[said.start : said.end].casefold()
        if said.again.seconds:
            return "loose" if words.startswith(("hourly", "each")) else "strong"
        return "loose" if LOOSE.match(words) else "medium"
    if said.once is not None:
        return "loose" if said.once.loose else "strong" if said.once.seconds else "medium"
    return "loose"


def _without(text: str, said: _Said) -> str:
    before = re.sub(r"[\s,;:(–—-]+(?:and|but)?\s*$", "", text[: said.start])
    after = text[said.end :].lstrip(" \t)")
    if not after.strip(" .!\n"):
        return before
    glue = "" if after[:1] in ".,;:\n" else " "
    return f"{before}{glue}{after}".strip(" ,;:")


def _begins(text: str) -> Iterator[int]:
    """Where times may begin: near the beginning, near the end, and at some places between."""
    found = [one.start() for one in TRIGGER.finditer(text)]
    return iter(found if len(found) <= 2 * TRIED else [*found[:TRIED], *found[-TRIED:]])


def _lead(text: str) -> int:
    found = LEAD.match(text)
    return found.end() if found else 0


def _phrase(text: str, start: int, today: date) -> _Said | None:
    """As many of a schedule's words as stand there one after the other. Raises CannotRead."""
    said = _Said(start, start)
    while True:
        gap = GAP.match(text, said.end) if said.end > start else None
        more = _piece(text, gap.end() if gap else said.end, said, today)
        if more is None:
            break
        said = more
    if not said.has_time:
        return None
    limit = LIMIT.match(text, said.end)
    if limit:
        raise CannotRead(
            f"I cannot keep “{limit[0].strip(' ,')} …” of a schedule; leave it out, or say it in "
            "cron, for example `0 9-17 * * 1-5 Europe/Berlin`."
        )
    return said


def _piece(text: str, at: int, said: _Said, today: date) -> _Said | None:
    """One more part of the schedule's words, if there is one."""
    cron = CRON.match(text, at) if not said.has_time else None
    if cron and (cron["word"] or "*" in cron["fields"]):
        return replace(said, cron=cron["fields"], end=cron.end())
    if said.again is None and said.once is None and not said.cron:
        again = take_again(text, at)
        if again:
            return replace(said, again=again[0], end=again[1])
        once = take_once(text, at, today)
        if once:
            return replace(said, once=once[0], end=once[1])
    return _finer(text, at, said)


def _finer(text: str, at: int, said: _Said) -> _Said | None:
    if not said.clocks and not said.cron and not (said.again and said.again.seconds):
        clock = take_clock(text, at, bare=bool(said.again or said.once))
        if clock:
            return replace(said, clocks=clock[0], end=clock[1])
    if said.zone is None and said.has_time:
        try:
            zone = take_zone(text, at)
        except ValueError as error:
            raise CannotRead(str(error)) from error
        if zone:
            return replace(said, zone=zone[0], end=zone[1])
    return _policy(text, at, said) if said.has_time else None


def _policy(text: str, at: int, said: _Said) -> _Said | None:
    for pattern, missed in MISSED:
        found = pattern.match(text, at)
        if found and said.missed is None:
            return replace(said, missed=missed, end=found.end())
    for pattern, overlap in OVERLAP:
        found = pattern.match(text, at)
        if found and said.overlap is None:
            return replace(said, overlap=overlap, end=found.end())
    return None


def _built(
    said: _Said, now: datetime, zone: Zone, *, like: Schedule | None
) -> tuple[Schedule, tuple[str, ...]]:
    """The schedule that was said, and what it takes for granted. Raises CannotRead."""
    name, assumed = said.zone or zone.name, list[str]()
    when = _when(said, now, name, assumed)
    if not said.zone and not isinstance(when, Every) and not (said.once and said.once.seconds):
        assumed.append(
            f"Times are in {name}, {zone.whose}."
            if zone.whose
            else f"Times are in {name}; say for example “Berlin time” for another zone."
        )
    schedule = Schedule(
        when=when,
        zone=name,
        missed=said.missed or (like.missed if like else "once"),
        overlap=said.overlap or (like.overlap if like else "skip"),
    )
    return schedule, tuple(assumed)


def _when(said: _Said, now: datetime, zone: str, assumed: list[str]) -> Cron | Every | At:
    if said.cron:
        return _cron(said.cron)
    if said.again is not None and said.again.seconds:
        return Every(seconds=said.again.seconds)
    if said.once is not None and said.once.seconds:
        due = now + timedelta(seconds=said.once.seconds)
        return At(moment=due.astimezone(UTC).replace(microsecond=0).isoformat())
    part = said.again.hour if said.again else said.once.hour if said.once else None
    clocks = said.clocks or (((USUAL_HOUR if part is None else part), 0),)
    if not said.clocks:
        assumed.append(f"The time of day is {clocks[0][0]:02}:00, as none was said.")
    if said.again is not None:
        return _cron(f"{_minute(clocks)} {_hours(clocks)} {said.again.days}")
    if len(clocks) > 1:
        raise CannotRead("Name one time for work that is done once.")
    return _at(said.once, clocks[0], now, zone)


def _cron(expression: str) -> Cron:
    try:
        return Cron(expression=expression)
    except ValidationError as error:
        raise CannotRead(f"The cron expression `{expression}` is none; {EXAMPLES}.") from error


def _minute(clocks: tuple[tuple[int, int], ...]) -> int:
    minutes = {minute for _, minute in clocks}
    if len(minutes) > 1:
        raise CannotRead("Times of one schedule have the same minutes; make a schedule of each.")
    return minutes.pop()


def _hours(clocks: tuple[tuple[int, int], ...]) -> str:
    return ",".join(str(hour) for hour in sorted({hour for hour, _ in clocks}))


def _at(once: Once | None, clock: tuple[int, int], now: datetime, zone: str) -> At:
    """That time of that day; without a day the next such time. Raises CannotRead when it is over."""
    hour, minute = clock
    tz = ZoneInfo(zone)
    if once is None or once.day is None:
        daily = Schedule(when=Cron(expression=f"{minute} {hour} * * *"), zone=zone)
        due = following(daily, now)
    else:
        day = once.day
        dated = Cron(expression=f"{minute} {hour} {day.day} {day.month} *")
        midnight = datetime(day.year, day.month, day.day, tzinfo=tz) - timedelta(seconds=1)
        due = following(Schedule(when=dated, zone=zone), midnight)
    if due is None or due <= now:
        raise CannotRead("That time is over; say one that is to come.")
    return At(moment=due.isoformat())


def _today(now: datetime, zone: Zone) -> date:
    return now.astimezone(ZoneInfo(zone.name)).date()
