"""Marks that only their neighbours make clear: opposites, "or over", functions that are columns."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from planner.questions.words.marks import Mark
from planner.questions.words.phrases import PHRASES
from planner.questions.words.terms import Vocabulary

_OPPOSITE = re.compile(r"(?:un|in|non|im|ir|dis)-?(\w{3,})")


def reworded(marks: Iterable[Mark], vocabulary: Vocabulary) -> list[Mark]:
    """The marks as conditions are read."""
    return [*_columns(_with_or(_with_opposites(marks, vocabulary)))]


def _with_opposites(marks: Iterable[Mark], vocabulary: Vocabulary) -> Iterator[Mark]:
    """ "uninsured" and "inactive" as "not insured", where a column or a value is called so."""
    for mark in marks:
        found = _OPPOSITE.fullmatch(mark.words.lower()) if mark.letter == "~" else None
        term = vocabulary.stemmed(found[1]) or vocabulary.value(found[1]) if found else None
        if found is None or term is None:
            yield mark
        else:
            yield Mark("X", mark.words)
            yield Mark("C" if term.refs else "V", found[1], term=term)


def _with_or(marks: Iterable[Mark]) -> Iterator[Mark]:
    """ "under 30 or over 150": here "or over" is no "150 or over"."""
    for mark, after in _pairs(marks):
        joint, _, rest = mark.words.partition(" ")
        known = PHRASES.get(tuple(rest.split()))
        numbered = mark.letter == "O" and after is not None and after.letter == "N"
        if numbered and joint in {"or", "and"} and known is not None:
            yield Mark("o" if joint == "or" else "a", joint)
            yield Mark(known[0], rest, carries=known[1])
        else:
            yield mark


def _columns(marks: Iterable[Mark]) -> Iterator[Mark]:
    """ "whose total is above average": a column, where the word may be a function."""
    for mark, after in _pairs(marks):
        named = mark.letter == "F" and mark.also is not None and mark.also.letter == "C"
        compared = after is not None and after.letter in "IO"
        yield mark.also if named and compared and mark.also is not None else mark


def _pairs(marks: Iterable[Mark]) -> Iterator[tuple[Mark, Mark | None]]:
    known: list[Mark | None] = [*marks, None]
    for mark, after in pairwise(known):
        if mark is not None:
            yield mark, after
