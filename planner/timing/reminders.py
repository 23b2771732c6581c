"""Where the time of a reminder stands, and what a bare hour means there. Pure."""

import re
from typing import Final

from memory.model.patterns import short
from planner.lexicon.words import word_set
from planner.timing.clock import Clock
from planner.timing.foreign import in_english
from planner.timing.literals import masked

WHEN: Final = "time of the reminder"
"""The question when a reminder is due; its answer is read like any other time."""
WHEN_OPTIONS: Final = ("in 1 hour", "tomorrow at 9:00", "next Monday at 9:00")

_ONE: Final = r"(?:me|us|everyone|everybody|all of us|(?:the|this|my|our) (?:team|channel|thread|group)|here|<@[^>\s]+>|@[\w.-]+|(?-i:[A-Z]\w+))"
_WHO: Final = rf"{_ONE}(?:(?:\s*,\s*|\s*,?\s+and\s+){_ONE})*"
_TIME: Final = r"(?:in|every)\s+(?:(?:\w+\s+){1,3}?|\d{1,3})(?:min(?:ute)?s?|h|hours?|hrs?|days?|weeks?)\b|at\s+\d|at\s+(?:noon|midnight)|tomorrow|tonight|today|next\s+\w+day|(?:on|every)\s+\w+day"
"""What makes a reminder of "tell me": a time right behind it."""
_ASK: Final = (
    r"(?:please[,\s]+|(?:can|could|would|will)\s+you\s+(?:please\s+)?|hey[,\s]+|pls\s+){0,3}"
    rf"(?:(?:remind|nudge|ping|alert|notify|warn|poke|buzz)\s+{_WHO}|wake\s+{_WHO}(?:\s+up)?|(?:don['’]?t|do\s+not)\s+let\s+{_WHO}\s+forget"
    rf"|tell\s+{_WHO}(?=\s+(?:{_TIME}))|(?:set|create|add|make|schedule)\s+(?:(?:me|us)\s+)?a\s+reminder(?:\s+for\s+{_WHO})?"
    r"|reminder)"
)
HEAD: Final = short(rf"\s{{0,20}}{_ASK}[\s,:]+(?:for\s+)?", re.IGNORECASE)
"""What opens a reminder; its time may stand right behind it."""
SAID: Final = re.compile(rf"(?:^|\W){_ASK}\b", re.IGNORECASE)
PAST: Final = re.compile(
    r"(?:yesterday|last\s+(?:week|month|year|night|(?:sun|mon|tues|wednes|thurs|fri|satur)day)|(?:\d{1,6}|an?)\s+\w{1,30}\s+ago)\b",
    re.IGNORECASE,
)
"""Times nobody can be reminded at."""
_DAY: Final = re.compile(
    r"(?P<before>\b\w+\s+)?\b(?P<day>(?:sun|mon|tues|wednes|thurs|fri|satur)day)\b"
    r"(?=\s+(?:at|morning|noon|afternoon|evening|night|to|that|about|\d)|\s*[.!]?$)",
    re.IGNORECASE,
)
_SAID_OF_DAY: Final = word_set(
    "on next this every each other second alternate two coming last by until before and or through for of"
)
_AND: Final = short(
    r"(?<=\S)(?:\s*[,;.!]\s*|\s+)(?:(?:and|then|also|plus|please|&|und|dann|auch|et|puis|aussi|y|también)[\s,]+)+|(?<=\S)[;.!]\s+",
    re.IGNORECASE,
)
"""What joins one order to another."""
_BESIDE: Final = re.compile(
    rf"{_ASK}[\s,:]+(?:(?P<time>{_TIME})|to\b|about\b|of\b|that\b)", re.IGNORECASE
)
AFTERNOON: Final = 7
"""A bare hour below this one is meant in the afternoon: nobody is reminded at three at night."""


def is_reminder(words: str) -> bool:
    """Whether a reminder is asked for, with a time or without one."""
    return SAID.search(in_english(words)) is not None


def beside(line: str) -> tuple[str, str] | None:
    """The order and the reminder that is asked for beside it; None where there are no two of them."""
    reminds = HEAD.match(in_english(line)) is not None  # "call Bo and remind Kim" may be its text
    for parting in _AND.finditer(masked(line)):
        rest = line[parting.end() :]
        found = _BESIDE.match(in_english(rest))
        if found and (found["time"] or not reminds):
            return line[: parting.start()].strip(), rest.strip()
    return None


def with_days(line: str) -> str:
    """The line with an "on" before weekdays that stand alone: "remind me Friday at 3"."""

    def put(match: re.Match[str]) -> str:
        before = match["before"] or ""
        said = before.strip().casefold() in _SAID_OF_DAY
        return match[0] if said else f"{before}on {match['day']}"

    return _DAY.sub(put, line)


def meant(clock: Clock, words: str, *, passed: bool) -> Clock:
    """The hour a person means by "at 3": in the afternoon, unless a.m. or 03:00 was said.

    `passed`: that hour is over today, so that a later one is meant.
    """
    hour, minute = clock
    bare = rf"(?<![\d:.]){hour}(?:[:.]{minute:02})?(?![\d:.]\d|\d)(?!\s*(?:[ap]\.?m\b|h\b|uhr\b))"
    late = 0 < hour < (12 if passed else AFTERNOON)
    return (hour + 12, minute) if late and re.search(bare, words, re.IGNORECASE) else clock
