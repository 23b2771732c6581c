"""Amounts that words speak of without a number: "free", "out of stock", "still has", "in the red". Pure."""

import re
from collections.abc import Iterator

from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import MEASURES
from planner.questions.spec import Compare, Op
from planner.questions.words.terms import Ref

_KINDS: tuple[tuple[str, Op, re.Pattern[str]], ...] = (
    ("none", "=", re.compile(
        r"\b(?:free(?: of (?:cost|charge))?|out of|sold out|ran out|zero|none|nothing|empty|without|no)\b", re.I)),
    ("some", ">", re.compile(
        r"\b(?:still|already|with|has|have|had|left|remaining|any|some|available|at least one|in stock|on the shelf)\b", re.I)),
    ("negative", "<", re.compile(
        r"\b(?:minus|negative|overdrawn|overdraft|in the red|below zero|under zero|in debt|owes?|owing)\b", re.I)),
)  # fmt: skip
"""What a word says of an amount, how the amount is compared with 0, and the words."""


def amounts(said: Saying) -> Iterator[Piece[Held]]:
    """For each such word, each figure that may be meant: named, or one of the rows that reaches 0."""
    found = {(kind, op): _places(said, pattern) for kind, op, pattern in _KINDS}
    for ref in said.reading.vocabulary.refs:
        if ref.column.numeric and ref.role in MEASURES:
            for (kind, op), places in found.items():
                if places and _reaches(ref, op):
                    yield from _held(said, ref, kind, op, places)


def _held(
    said: Saying, ref: Ref, kind: str, op: Op, places: dict[int, float]
) -> Iterator[Piece[Held]]:
    of, here = said.of(ref), ref.file.path == said.reading.base.path
    if of or here:
        features = {
            f"{kind} link": max(of.values(), default=0.0),
            f"{kind} unsaid": float(not of),
            f"{kind} near": float(any(abs(a - b) <= 2 for a in of for b in places)),
            f"{kind} of other file": float(not here),
        }
        held = Compare(of=ref.field, op=op, value=0)
        yield Piece((held, f"{ref.name} {op} 0"), f"amount {kind}", {**of, **places}, features)


def _reaches(ref: Ref, op: Op) -> bool:
    """Whether some of its numbers are such and some aren't, as far as anybody knows."""
    try:
        least, most = float(ref.column.least), float(ref.column.most)
    except ValueError:
        return False
    return least < 0 if op == "<" else least <= 0 < most


def _places(said: Saying, pattern: re.Pattern[str]) -> dict[int, float]:
    """Where its words stand among the marks."""
    told = {word for match in pattern.findall(said.words) for word in match.lower().split()}
    return {
        place: 1.0
        for place, mark in enumerate(said.marks)
        if told & {*mark.words.lower().split()} and mark.letter in "~XxzOFwK_"
    }
