"""The words of a schedule within a line: where they begin and end, and what they say. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from planner.timing import reminders
from planner.timing.clock import Clock, take_clocks
from planner.timing.days import Days, take_days, without_days
from planner.timing.schedule_words import (
    CRON,
    GAP,
    LEAD,
    LIMIT,
    LOOSE,
    POLICIES,
    PREDICATE,
    PREPOSITION,
    TRIGGER,
)
from planner.timing.zones import CannotRead, take_zone

FEW_WORDS: Final = 8
TRIED: Final = 100
EXAMPLES: Final = (
    "“every weekday at 9:00 Berlin time”, “on the first of each month at 8:30”, “every 2 hours”, "
    "“tomorrow at 14:00” or in cron, `0 9 * * 1-5 Europe/Berlin`"
)


def unread() -> CannotRead:
    """What is said of a schedule that can't be read."""
    return CannotRead("I couldn't tell when to do that. Say it like {examples}.", examples=EXAMPLES)


@dataclass(frozen=True)
class Phrase:
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


@dataclass(frozen=True)
class Reader:
    """Finds the words of a schedule in a line; `said` is the line with its literals in it."""

    line: str
    today: date
    said: str = ""
    reminding: bool = False

    def split(self) -> tuple[Phrase | None, str]:
        """The schedule's words, and the line without them. Raises CannotRead."""
        head = reminders.HEAD.match(self.line) if self.reminding else None
        if head:
            return self._of_reminder(head.end())
        phrase = self.first()
        if phrase is not None and self._opens(phrase):
            return phrase, self._text[phrase.end :].lstrip(" \t\n:,;-–—.").strip()
        for phrase in self._phrases():
            if self._closes(phrase) or self._stands_between(phrase):
                return phrase, self._without(phrase)
        return None, self._text

    def _phrases(self) -> Iterator[Phrase]:
        """All phrases in the line. Raises CannotRead for one that is surely meant to be one."""
        for start in self._starts():
            try:
                phrase = self._phrase(start)
            except CannotRead:
                if self._is_meant(start):
                    raise
                continue
            if phrase is not None:
                yield phrase

    def _of_reminder(self, start: int) -> tuple[Phrase | None, str]:
        """The time of a reminder: right behind its head, or at its end. Raises CannotRead."""
        if reminders.PAST.match(self.line, start) or re.search(
            rf"\b(?:{reminders.PAST.pattern})\s*[.!?]?\s*$", self.line[start:], re.IGNORECASE
        ):
            raise CannotRead("That time has passed. Give one in the future.")
        phrase = self._phrase(start)
        if phrase is not None:
            rest = self._text[phrase.end :].lstrip(" \t\n,;:")
            before = re.sub(r"[\s,:]*(?:\s+for)?[\s,:]*$", "", self._text[:start])
            return phrase, f"{before} {rest}".strip()
        for place in self._starts():
            phrase = self._phrase(place) if place >= start else None
            if phrase is not None and not self.line[phrase.end :].strip(" \t\n.!?)"):
                return phrase, self._without(phrase)
        return None, self._text

    @property
    def _text(self) -> str:
        return self.said or self.line

    def _starts(self) -> list[int]:
        """Where a schedule's words may begin: of very many places those near either end."""
        starts = [match.start() for match in TRIGGER.finditer(self.line)]
        return starts if len(starts) <= 2 * TRIED else [*starts[:TRIED], *starts[-TRIED:]]

    def first(self) -> Phrase | None:
        """The words of a schedule at the beginning. Raises CannotRead."""
        lead = LEAD.match(self.line)
        return self._phrase(lead.end() if lead else 0)

    def _phrase(self, start: int) -> Phrase | None:
        """As many of a schedule's words as stand there one after the other. Raises CannotRead."""
        more: Phrase | None = Phrase(start, start)
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

    def _more(self, at: int, phrase: Phrase) -> Phrase | None:
        """The phrase with one more part of a schedule's words, if there is one."""
        more = self._cron_or_days(at, phrase) or self._clocks(at, phrase)
        if more is None and phrase.has_time:
            more = self._but(phrase) or self._zone(at, phrase) or self._policy(at, phrase)
        return more

    def _cron_or_days(self, at: int, phrase: Phrase) -> Phrase | None:
        if phrase.days is not None or phrase.cron:
            return None
        cron = None if phrase.clocks else CRON.match(self.line, at)
        if cron and (cron["word"] or "*" in cron["fields"]):
            return replace(phrase, cron=cron["fields"], end=cron.end())
        days = take_days(self.line, at, self.today)
        return replace(phrase, days=days[0], end=days[1]) if days else None

    def _clocks(self, at: int, phrase: Phrase) -> Phrase | None:
        if phrase.clocks or phrase.cron or (phrase.days and phrase.recurs and phrase.days.seconds):
            return None
        clocks = take_clocks(self.line, at, bare=phrase.days is not None)
        return replace(phrase, clocks=clocks[0], end=clocks[1]) if clocks else None

    def _but(self, phrase: Phrase) -> Phrase | None:
        """The phrase without the days that it excepts."""
        left = without_days(phrase.days, self.line, phrase.end) if phrase.days else None
        return replace(phrase, days=left[0], end=left[1]) if left else None

    def _zone(self, at: int, phrase: Phrase) -> Phrase | None:
        zone = take_zone(self.line, at) if phrase.zone is None else None
        return replace(phrase, zone=zone[0], end=zone[1]) if zone else None

    def _policy(self, at: int, phrase: Phrase) -> Phrase | None:
        for pattern, name, policy in POLICIES:
            match = pattern.match(self.line, at)
            if match and name not in phrase.policies:
                return replace(phrase, policies={**phrase.policies, name: policy}, end=match.end())
        return None

    def _is_meant(self, start: int) -> bool:
        """Whether words that cannot be kept were to be a schedule: they end what is asked for."""
        before = self.line[:start].rstrip(" (")
        return len(self.line[start:].split()) <= FEW_WORDS and not PREPOSITION.search(before)

    def _opens(self, phrase: Phrase) -> bool:
        """Whether words at the beginning are when the rest is to be done."""
        rest = self.line[phrase.end :]
        if not rest.strip(" \t\n.!") or re.match(r"\s*[:,;–—]", rest):
            return True
        strength = self._strength(phrase)
        if strength == "loose" or not re.match(r"\s", rest):
            return False
        return strength == "strong" or not PREDICATE.match(rest)

    def _closes(self, phrase: Phrase) -> bool:
        """Whether words at the end are when all before them is to be done."""
        before = self.line[: phrase.start].rstrip(" (")
        if self.line[phrase.end :].strip(" \t\n.!)") or PREPOSITION.search(before):
            return False
        return self._strength(phrase) != "loose" or before.endswith(tuple(",;:-–—."))

    def _stands_between(self, phrase: Phrase) -> bool:
        """Whether words in the middle can be nothing else: days that recur, with a time of day."""
        if not phrase.recurs or not phrase.clocks:
            return False
        if PREPOSITION.search(self.line[: phrase.start].rstrip()):
            return False
        return bool(re.match(r"\s*(?:[.,;:\n)]|and\s|then\s)", self.line[phrase.end :]))

    def _strength(self, phrase: Phrase) -> Literal["strong", "medium", "loose"]:
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

    def _without(self, phrase: Phrase) -> str:
        before = re.sub(r"[\s,;:(–—-]+(?:and|but)?\s*$", "", self._text[: phrase.start])
        after = self._text[phrase.end :].lstrip(" \t)")
        if not after.strip(" .!\n"):
            return before
        glue = "" if after[:1] in ".,;:\n" else " "
        return f"{before}{glue}{after}".strip(" ,;:")
