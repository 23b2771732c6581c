"""Times and reminders said in German, French or Spanish, put into English. Pure.

Only what says when, and that it is a reminder, is put into English; what is to be done stays as it is.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from planner.timing.slips import mended

_MORE: Final = frozenset({"on", "at", "in", "every", "next", "one", "except"})
"""What counts only before more of a time."""
_BEGINS: Final = re.compile(
    r"(?:every|next|at|in|daily|today|tomorrow|tonight|this|the day|on (?=\w+day))\b|\w+day\b"
)
"""How a time begins in English."""
_NUMBER: Final = r"\d{1,2}[:.h]\d{2}(?:\s?h\b)?|\d{1,2}\s?h\b|\d{1,3}"


@dataclass(frozen=True)
class _Language:
    """How one language asks for a reminder and says times."""

    ask: re.Pattern[str]
    link: re.Pattern[str]
    time: re.Pattern[str]
    """One word of a time, or several that are said together."""
    english: dict[str, str]

    def times(self, line: str, at: int) -> tuple[str, int]:
        """The times that begin there, in English, and where their words end; "" for none."""
        words, place = list[tuple[str, int]](), at
        while match := self.time.match(line, place):
            low = " ".join(match[1].casefold().split())
            words.append((self.english.get(low, low.replace("h", ":")), match.end(1)))
            place = match.end()
        while words and words[-1][0] in _MORE:
            words.pop()
        said = " ".join(" ".join(word for word, _ in words).split())
        said = re.sub(r"(\d):(?!\d)", r"\1:00", said)
        return (said, words[-1][1]) if _BEGINS.match(said) else ("", at)

    def reminder(self, rest: str) -> str:
        """The reminder in English; its time stands before what is to be done, or at its end."""
        when, end = self.times(rest, 0)
        what = self._told(rest[end:])
        if not when:
            for place in re.finditer(r"(?<=\s)\w", what):
                when, end = self.times(what, place.start())
                if when and not what[end:].strip(" .!?"):
                    what = what[: place.start()].rstrip(" ,")
                    break
                when = ""
        parts = ("remind me", when, f"to {what}" if what else "")
        return " ".join(part for part in parts if part)

    def _told(self, words: str) -> str:
        return self.link.sub("", words.lstrip(" ,:"), count=1).strip(" ,:")


def in_english(line: str) -> str:
    """The line with its times in English where it asks for a reminder or they open it, as far as
    they can be read; else the line, slips in its times mended.
    """
    line = mended(line)
    for language in _languages():
        head = language.ask.match(line)
        if head is not None:
            return language.reminder(line[head.end() :])
        said, end = language.times(line, 0)
        if said.startswith(("every", "daily")) and line[end:].strip():
            return f"{said}{line[end:]}"
    return line


def times_in_english(line: str) -> str:
    """The line in English where it is nothing but times; else the line."""
    for language in _languages():
        said, end = language.times(line, 0)
        if said and end == len(line):
            return said
    return line


@cache
def _languages() -> tuple[_Language, ...]:
    path = Path(__file__).with_name("foreign.toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        _language(table["ask"], table["link"], table["words"]) for table in tables.values()
    )


def _language(ask: Iterable[str], link: Iterable[str], words: dict[str, list[str]]) -> _Language:
    english = {way: meaning for meaning, ways in words.items() for way in ways}
    longest = sorted(english, key=len, reverse=True)
    ways = "|".join(re.escape(way).replace(r"\ ", r"\s+") for way in longest)
    return _Language(
        ask=re.compile(rf"\s*(?:{'|'.join(ask)})(?![\w])[\s,:]*", re.IGNORECASE),
        link=re.compile(rf"(?:{'|'.join(_link(way) for way in link)})", re.IGNORECASE),
        time=re.compile(rf"[\s,]*({ways}|{_NUMBER})(?![\w])", re.IGNORECASE),
        english=english,
    )


def _link(way: str) -> str:
    return rf"^{way}" if way.endswith(("'", "’")) else rf"^{way}\s+"
