"""Where the time of a reminder stands, and what a bare hour means there. Pure."""

import re
from typing import Final

from planner.offline.time.clock import Clock

WHEN: Final = "time of the reminder"
"""The question when a reminder is due; its answer is read like any other time."""
WHEN_OPTIONS: Final = ("in 1 hour", "tomorrow at 9:00", "next Monday at 9:00")

_WHO: Final = r"(?:me|us|everyone|everybody|all of us|(?:the|this|my|our) (?:team|channel|thread|group)|here|<@[^>\s]+>|@[\w.-]+|[A-Z]\w+)"
_ASK: Final = (
    r"(?:please[,\s]+|(?:can|could|would|will)\s+you\s+(?:please\s+)?|hey[,\s]+|pls\s+)*"
    rf"(?:(?:remind|nudge|ping|alert|notify)\s+{_WHO}|(?:set|create|add|make|schedule)\s+(?:(?:me|us)\s+)?a\s+reminder(?:\s+for\s+{_WHO})?"
    r"|reminder)"
)
HEAD: Final = re.compile(rf"\s*{_ASK}[\s,:]+(?:for\s+)?", re.IGNORECASE)
"""What opens a reminder; its time may stand right behind it."""
SAID: Final = re.compile(rf"(?:^|\W){_ASK}\b", re.IGNORECASE)
_BARE_DAY: Final = re.compile(
    r"(?:sun|mon|tues|wednes|thurs|fri|satur)day\b|(?:mon|tue|wed|thu|fri|sat|sun)\b(?=\s+at\b)",
    re.IGNORECASE,
)
AFTERNOON: Final = 7
"""A bare hour below this one is meant in the afternoon: nobody is reminded at three at night."""


def named_day(line: str, start: int) -> str:
    """The line with an "on" before a weekday that stands there alone: "remind me Friday at 3"."""
    return f"{line[:start]}on {line[start:]}" if _BARE_DAY.match(line, start) else line


def meant(clock: Clock, words: str) -> Clock:
    """The hour a person means by "at 3": in the afternoon, unless a.m. or 03:00 was said."""
    hour, minute = clock
    plain = re.search(
        rf"(?<![\d:]){hour}(?:[:.]{minute:02})?(?![\d:])(?!\s*(?:[ap]\.?m\b|h\b|uhr\b))",
        words,
        re.I,
    )
    return (hour + 12, minute) if plain and 0 < hour < AFTERNOON else clock
