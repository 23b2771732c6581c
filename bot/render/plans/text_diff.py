"""Two versions of a text, cut to where they differ."""

from collections.abc import Iterable
from itertools import takewhile
from typing import Final

from bot.language.words import clean

CONTEXT: Final = 3
"""Words of what is the same that stand before a difference, so that it can be placed."""


def contrast(before: str, after: str, limit: int) -> tuple[str, str]:
    """Both as one line. Where one is longer than `limit`, the words that both begin and end with
    give way to "…"; what is still longer is for the caller to cut.
    """
    one, other = clean(before).split(), clean(after).split()
    if max(len(" ".join(one)), len(" ".join(other))) <= limit:
        return " ".join(one), " ".join(other)
    start = _alike(one, other)
    ending = _alike(reversed(one[start:]), reversed(other[start:]))
    start = max(start - CONTEXT, 0)
    return _cut(one, start, ending), _cut(other, start, ending)


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """How many words both begin with."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _cut(words: list[str], start: int, ending: int) -> str:
    kept = words[start : len(words) - ending]
    return " ".join([*(["…"] if start else []), *kept, *(["…"] if ending else [])])
