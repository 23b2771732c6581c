"""When work is to be done, split off from what is to be done. Pure, and needs no model.

What is taken for a schedule begins or ends the request, or says days that recur with a time of
day; "total revenue by month" is left alone. What is a schedule and cannot be kept is declined.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from memory.model.text import text
from memory.model.timing.occurrences import following
from memory.model.timing.schedule import At, Cron, Every, Schedule
from planner.offline.time.clock import Clock, take_clocks
from planner.offline.time.days import Days, take_days
from planner.offline.time.schedule_words import (
    CRON,
    GAP,
    INSTEAD,
    LEAD,
    LIMIT,
    LOOSE,
    NEVER,
    OVERLOOKED,
    POLICIES,
    PREDICATE,
    PREPOSITION,
    TRIGGER,
)
from planner.offline.time.zones import CannotRead, take_zone

USUAL_HOUR: Final = 9
FEW_WORDS: Final = 8
TRIED: Final = 100
EXAMPLES: Final = (
    "“every weekday at 9:00 Berlin time”, “on the first of each month at 8:30”, “every 2 hours”, "
    "“tomorrow at 14:00” or in cron, `0 9 * * 1-5 Europe/Berlin`"
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


@dataclass(frozen=True)
class _Phrase:
    """A schedule's words, from `start` to `end` of the line."""

    start: int
    end: int
    days: Days | None = None
    cron: str = ""
    clocks: tuple[Clock, ...] = ()
    zone: str | None = None
    policies: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_time(self) -> bool:
        """Whether more than policies was said."""
        return bool(self.days or self.cron or self.clocks)

    @property
    def recurs(self) -> bool:
        """Whether days that recur were said."""
        return self.days is not None and self.days.recurring


def read(words: str, *, now: datetime, zone: Zone) -> Timed | Unreadable:
    """The request's schedule and the rest of its words; the last paragraph that has one counts.

    `words` is what people wrote, oldest first, joined by blank lines.
    """
    timed = Timed(None, "")
    work: list[str] = []
    problem = ""
    for paragraph in words.split("\n\n"):
        try:
            timed, rest = _paragraph(paragraph, timed, now, zone)
            problem = problem if timed.latest == "nothing" else ""
            work += [rest] if rest else []
        except CannotRead as error:
            problem = str(error)
    if timed.schedule is not None and not work:
        problem = problem or text(
            "Say what to do at those times as well, for example `every weekday at 9:00: total the "
            "revenue in sales.csv`."
        )
    return Unreadable(problem) if problem else replace(timed, work="\n\n".join(work))


def _paragraph(line: str, before: Timed, now: datetime, zone: Zone) -> tuple[Timed, str]:
    """What is known of the times after this paragraph, and its work. Raises CannotRead."""
    if NEVER.fullmatch(line.strip()):
        return Timed(None, "", latest="alone"), ""
    phrase, rest = _Reader(line, _today(now, zone)).split()
    if phrase is None:
        if OVERLOOKED.search(line):
            raise _unread()
        return replace(before, latest="nothing"), line.strip()
    schedule, assumed = _built(phrase, now, zone, like=before.schedule)
    rest = INSTEAD.sub("", rest).strip()
    return Timed(schedule, "", assumed, "more" if rest else "alone"), rest


def read_alone(words: str, *, now: datetime, zone: Zone, like: Schedule) -> Schedule | Unreadable:
    """A schedule said by itself; policies that are not said stay as they are in `like`."""
    line = words.strip().rstrip(".!")
    try:
        phrase = _Reader(line, _today(now, zone)).first()
        if phrase is None or line[phrase.end :].strip(" \t\n.!,"):
            raise _unread()
        return _built(phrase, now, zone, like=like)[0]
    except CannotRead as error:
        return Unreadable(str(error))


def _unread() -> CannotRead:
    return CannotRead("I couldn't tell when to do that. Say it like {examples}.", examples=EXAMPLES)


@dataclass(frozen=True)
class _Reader:
    """Finds the words of a schedule in a line."""

    line: str
    today: date

    def split(self) -> tuple[_Phrase | None, str]:
        """The schedule's words, and the line without them. Raises CannotRead."""
        phrase = self.first()
        if phrase is not None and self._opens(phrase):
            return phrase, self.line[phrase.end :].lstrip(" \t\n:,;-–—.").strip()
        for start in self._starts():
            try:
                phrase = self._phrase(start)
            except CannotRead:
                if self._is_meant(start):
                    raise
                continue
            if phrase is not None and (self._closes(phrase) or self._stands_between(phrase)):
                return phrase, self._without(phrase)
        return None, self.line

    def _starts(self) -> list[int]:
        """Where a schedule's words may begin: of very many places those near either end."""
        starts = [match.start() for match in TRIGGER.finditer(self.line)]
        return starts if len(starts) <= 2 * TRIED else [*starts[:TRIED], *starts[-TRIED:]]

    def first(self) -> _Phrase | None:
        """The words of a schedule at the beginning. Raises CannotRead."""
        lead = LEAD.match(self.line)
        return self._phrase(lead.end() if lead else 0)

    def _phrase(self, start: int) -> _Phrase | None:
        """As many of a schedule's words as stand there one after the other. Raises CannotRead."""
        more: _Phrase | None = _Phrase(start, start)
        while more is not None:
            phrase = more
            gap = GAP.match(self.line, phrase.end) if phrase.end > start else None
            more = self._more(gap.end() if gap else phrase.end, phrase)
        if not phrase.has_time:
            return None
        limit = LIMIT.match(self.line, phrase.end)
        if limit:
            raise CannotRead(
                "I can't keep “{words} …” in a schedule. Leave it out, or write it in cron, for "
                "example `0 9-17 * * 1-5 Europe/Berlin`.",
                words=limit[0].strip(" ,"),
            )
        return phrase

    def _more(self, at: int, phrase: _Phrase) -> _Phrase | None:
        """The phrase with one more part of a schedule's words, if there is one."""
        more = self._cron_or_days(at, phrase) or self._clocks(at, phrase)
        if more is None and phrase.has_time:
            more = self._zone(at, phrase) or self._policy(at, phrase)
        return more

    def _cron_or_days(self, at: int, phrase: _Phrase) -> _Phrase | None:
        if phrase.days is not None or phrase.cron:
            return None
        cron = None if phrase.clocks else CRON.match(self.line, at)
        if cron and (cron["word"] or "*" in cron["fields"]):
            return replace(phrase, cron=cron["fields"], end=cron.end())
        days = take_days(self.line, at, self.today)
        return replace(phrase, days=days[0], end=days[1]) if days else None

    def _clocks(self, at: int, phrase: _Phrase) -> _Phrase | None:
        if phrase.clocks or phrase.cron or (phrase.days and phrase.recurs and phrase.days.seconds):
            return None
        clocks = take_clocks(self.line, at, bare=phrase.days is not None)
        return replace(phrase, clocks=clocks[0], end=clocks[1]) if clocks else None

    def _zone(self, at: int, phrase: _Phrase) -> _Phrase | None:
        zone = take_zone(self.line, at) if phrase.zone is None else None
        return replace(phrase, zone=zone[0], end=zone[1]) if zone else None

    def _policy(self, at: int, phrase: _Phrase) -> _Phrase | None:
        for pattern, name, policy in POLICIES:
            match = pattern.match(self.line, at)
            if match and name not in phrase.policies:
                return replace(phrase, policies={**phrase.policies, name: policy}, end=match.end())
        return None

    def _is_meant(self, start: int) -> bool:
        """Whether words that cannot be kept were to be a schedule: they end what is asked for."""
        before = self.line[:start].rstrip(" (")
        return len(self.line[start:].split()) <= FEW_WORDS and not PREPOSITION.search(before)

    def _opens(self, phrase: _Phrase) -> bool:
        """Whether words at the beginning are when the rest is to be done."""
        rest = self.line[phrase.end :]
        if not rest.strip(" \t\n.!") or re.match(r"\s*[:,;–—]", rest):
            return True
        strength = self._strength(phrase)
        if strength == "loose" or not re.match(r"\s", rest):
            return False
        return strength == "strong" or not PREDICATE.match(rest)

    def _closes(self, phrase: _Phrase) -> bool:
        """Whether words at the end are when all before them is to be done."""
        before = self.line[: phrase.start].rstrip(" (")
        if self.line[phrase.end :].strip(" \t\n.!)") or PREPOSITION.search(before):
            return False
        return self._strength(phrase) != "loose" or before.endswith(tuple(",;:-–—."))

    def _stands_between(self, phrase: _Phrase) -> bool:
        """Whether words in the middle can be nothing else: days that recur, with a time of day."""
        if not phrase.recurs or not phrase.clocks:
            return False
        if PREPOSITION.search(self.line[: phrase.start].rstrip()):
            return False
        return bool(re.match(r"\s*(?:[.,;:\n)]|and\s|then\s)", self.line[phrase.end :]))

    def _strength(self, phrase: _Phrase) -> Literal["strong", "medium", "loose"]:
        """How surely the words are a schedule."""
        words, days = self.line[phrase.start : phrase.end].casefold(), phrase.days
        if phrase.cron:
            return "strong" if phrase.zone is not None or "cron" in words else "loose"
        if days is None:
            return "loose"
        if phrase.clocks:
            return "strong"
        if days.loose or (days.recurring and LOOSE.match(words)):
            return "loose"
        return "strong" if days.seconds else "medium"

    def _without(self, phrase: _Phrase) -> str:
        before = re.sub(r"[\s,;:(–—-]+(?:and|but)?\s*$", "", self.line[: phrase.start])
        after = self.line[phrase.end :].lstrip(" \t)")
        if not after.strip(" .!\n"):
            return before
        glue = "" if after[:1] in ".,;:\n" else " "
        return f"{before}{glue}{after}".strip(" ,;:")


def _built(
    phrase: _Phrase, now: datetime, zone: Zone, *, like: Schedule | None
) -> tuple[Schedule, tuple[str, ...]]:
    """The schedule that was said, and what it takes for granted. Raises CannotRead."""
    name, days, assumed = phrase.zone or zone.name, phrase.days, list[str]()
    if days is not None and days.seconds:
        due = (now + timedelta(seconds=days.seconds)).astimezone(UTC).replace(microsecond=0)
        once = At(moment=due.isoformat())
        when: Cron | Every | At = Every(seconds=days.seconds) if days.recurring else once
    else:
        when = _when(phrase, now, name, assumed)
        assumed += [] if phrase.zone else [_zone_assumed(name, zone.whose)]
    kept = like or Schedule(when=when, zone=name)
    schedule = Schedule(when=when, zone=name, missed=kept.missed, overlap=kept.overlap)
    return schedule.model_copy(update=dict(phrase.policies)), tuple(assumed)


def _zone_assumed(name: str, whose: str) -> str:
    if whose:
        return text("Times are in {zone}, {whose}.", zone=name, whose=whose)
    return text("Times are in {zone}. For another zone, say for example “Berlin time”.", zone=name)


def _when(phrase: _Phrase, now: datetime, zone: str, assumed: list[str]) -> Cron | At:
    if phrase.cron:
        return _cron(phrase.cron)
    days = phrase.days or Days(recurring=False)
    clocks = phrase.clocks
    if not clocks:
        clocks = ((USUAL_HOUR if days.hour is None else days.hour, 0),)
        assumed.append(text("No time was given, so it runs at {hour:02}:00.", hour=clocks[0][0]))
    if not days.recurring:
        if len(clocks) > 1:
            raise CannotRead("Give one time for work that is done once.")
        return _at(days.day, clocks[0], now, zone)
    return _daily(clocks, days.cron)


def _daily(clocks: tuple[Clock, ...], days: str) -> Cron:
    """Those times on those days."""
    minutes = {minute for _, minute in clocks}
    if len(minutes) > 1:
        raise CannotRead("All times of a schedule need the same minutes. Make a schedule for each.")
    hours = ",".join(str(hour) for hour in sorted({hour for hour, _ in clocks}))
    return _cron(f"{minutes.pop()} {hours} {days}")


def _cron(expression: str) -> Cron:
    try:
        return Cron(expression=expression)
    except ValidationError as error:
        raise CannotRead("`{cron}` isn't a valid cron expression. Say it like {examples}.",
                 cron=expression, examples=EXAMPLES) from error  # fmt: skip


def _at(day: date | None, clock: Clock, now: datetime, zone: str) -> At:
    """That time of that day; without a day the next such time. Raises CannotRead when it is over."""
    hour, minute = clock
    fields, after = "* *", now
    if day is not None:
        fields = f"{day.day} {day.month}"
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
        after = midnight - timedelta(seconds=1)
    cron = Cron(expression=f"{minute} {hour} {fields} *")
    due = following(Schedule(when=cron, zone=zone), after)
    if due is None or due <= now:
        raise CannotRead("That time has passed. Give one in the future.")
    return At(moment=due.isoformat())


def _today(now: datetime, zone: Zone) -> date:
    return now.astimezone(ZoneInfo(zone.name)).date()
