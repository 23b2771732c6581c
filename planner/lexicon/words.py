"""Words that mean the same whoever reads them: numbers and aggregates. Pure."""

from collections.abc import Mapping
from typing import Final, Literal

Function = Literal["SUM", "AVG", "COUNT", "MAX", "MIN", "MEDIAN", "DISTINCT"]


def word_set(*lines: str) -> frozenset[str]:
    """The words of the lines, which blanks part."""
    return frozenset(word for line in lines for word in line.split())


FUNCTIONS: Final[Mapping[str, Function]] = {
    "total": "SUM", "totals": "SUM", "sum": "SUM", "sums": "SUM", "average": "AVG", "avg": "AVG",
    "averages": "AVG", "mean": "AVG", "count": "COUNT", "counts": "COUNT", "max": "MAX",
    "maximum": "MAX", "highest": "MAX", "largest": "MAX", "biggest": "MAX", "min": "MIN",
    "minimum": "MIN", "lowest": "MIN", "smallest": "MIN", "median": "MEDIAN",
}  # fmt: skip
NUMBERS: Final[Mapping[str, int]] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
}  # fmt: skip
ORDINALS: Final[Mapping[str, int]] = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_OTHERS: Final[Mapping[str, int]] = {"once": 1, "twice": 2, "a": 1, "an": 1}

FUNCTION: Final = "|".join(sorted(FUNCTIONS, key=len, reverse=True))
"""The names of aggregates, as a pattern."""
NUMBER: Final = rf"\d[\d,]*|{'|'.join(NUMBERS)}"
"""A whole number in digits or in a word, as a pattern."""


def number(words: str) -> int:
    """What "1,200", "five", "twice" or "a" counts."""
    low = words.casefold()
    return NUMBERS.get(low) or _OTHERS.get(low) or int(low.replace(",", ""))


def without(text: str, start: int, end: int) -> str:
    """The text with a blank in place of what stands from `start` to `end`."""
    return f"{text[:start]} {text[end:]}"
