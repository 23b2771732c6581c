"""Patterns that read short texts only, so that no text can keep the bot busy.

A pattern that looks for something anywhere and for something else behind it takes time by the
square of the text. Orders and asides are a line or two: what is longer isn't one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST: Final = 2_000
"""The longest text in characters that such a pattern reads: 40,000 take 400 times as long."""


@dataclass(frozen=True)
class Short:
    """Reads texts of at most `most` characters as its pattern does; in longer ones it finds nothing."""

    whole: re.Pattern[str]
    most: int = MOST

    @property
    def pattern(self) -> str:
        """How it's written, to be a part of another one."""
        return self.whole.pattern

    def search(self, text: str) -> re.Match[str] | None:
        """The first place where it matches."""
        return self.whole.search(text) if len(text) <= self.most else None

    def match(self, text: str) -> re.Match[str] | None:
        """Where it matches from the start."""
        return self.whole.match(text) if len(text) <= self.most else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Where it matches all of the text."""
        return self.whole.fullmatch(text) if len(text) <= self.most else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every place where it matches."""
        return self.whole.finditer(text) if len(text) <= self.most else iter(())

    def sub(self, replacement: str, text: str, count: int = 0) -> str:
        """The text with the replacement wherever it matches."""
        return self.whole.sub(replacement, text, count) if len(text) <= self.most else text


def short(pattern: str, flags: int = 0, *, most: int = MOST) -> Short:
    """Compile a pattern for texts of at most `most` characters."""
    return Short(re.compile(pattern, flags), most)
