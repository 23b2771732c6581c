"""Whether words name what they mean by its very name, so that nothing was guessed. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from planner.questions.words.lexicon import plain
from planner.questions.words.marks import Mark, marked, refs_of
from planner.questions.words.terms import Vocabulary

_BACK: Final = re.compile(
    r"\b(?:he|she|him|hers?)\b|\b(?:is|has|was|did|does|had) (?:it|this|that|they|those)\b|\bthe other\b|\bsame (?:again|but|for)\b",
    re.IGNORECASE,
)
"""Words that mean somebody or something said before."""


def is_exact(words: str, vocabulary: Vocabulary, today: date) -> bool:
    """Whether each word that names something does so by a column's, a value's or the rows' own name."""
    return not leans(words) and _all_named(marked(words, vocabulary, today))


def leans(words: str) -> bool:
    """Whether it only means something beside what was said before: "has he paid?"."""
    return _BACK.search(words) is not None


def _all_named(marks: Sequence[Mark]) -> bool:
    return all(_is_named(mark) for mark in marks)


def _is_named(mark: Mark) -> bool:
    if mark.letter == "~":
        return False
    if mark.letter not in 'CVE"':
        return True
    term = mark.term
    if term is None or term.alike or term.near or term.stemmed:
        return False
    own = (plain(ref.name) == plain(mark.words) for ref in refs_of(mark))
    return mark.letter != "C" or any(own)
