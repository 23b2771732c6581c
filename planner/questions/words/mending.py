"""Slips in the words that say what is done with data: "avrage", "grouped pr". Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache

from planner.questions.words.likeness import is_word
from planner.questions.words.phrases import FILLER, NUMBERS, PHRASES
from planner.questions.words.points import COUNTS, SEASONS
from planner.questions.words.spelling import distance
from planner.questions.words.terms import Vocabulary

SHORTEST = 5
"""A shorter word has too many neighbours."""
_MENDED = frozenset("F!BTLXGHgrdvSUDhqzO")
_SINGLE = tuple(
    sorted(
        {
            words[0]
            for words, (letter, _) in PHRASES.items()
            if len(words) == 1
            and letter in _MENDED
            and len(words[0]) >= SHORTEST - 1
            and words[0].isalpha()
        }
    )
)
_KNOWN = (
    frozenset(word for words in PHRASES for word in words) | FILLER | {*NUMBERS, *SEASONS, *COUNTS}
)


def mended(words: str, vocabulary: Vocabulary) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The words with such slips put right, and which; a word that a file knows stays as it is."""
    changed: list[tuple[str, str]] = []

    def put_right(match: re.Match[str]) -> str:
        word = match.group()
        low = word.lower()
        near = "" if _is_known(low, vocabulary) else nearest(low)
        if not near:
            return word
        changed.append((word, near))
        return near

    quoted = re.split(r"([\"“][^\"”]*[\"”])", words)
    done = [
        part if n % 2 else re.sub(r"(?<![\w.-])[^\W\d_]{4,}(?![\w.-])", put_right, part)
        for n, part in enumerate(quoted)
    ]
    return "".join(done), tuple(changed)


def _is_known(low: str, vocabulary: Vocabulary) -> bool:
    if low in _KNOWN or is_word(low) or any(map(is_word, _bare(low))):
        return True
    looks = (vocabulary.column, vocabulary.value, vocabulary.noun, vocabulary.thing, vocabulary.alike,
             vocabulary.stemmed, vocabulary.formed, vocabulary.near)  # fmt: skip
    return any(look(low) is not None for look in looks)


def _bare(word: str) -> Iterator[str]:
    """What it may be the comparative of: "fat" of "fattest"."""
    for ending in ("est", "er"):
        base = word.removesuffix(ending)
        if base != word and len(base) > 2:
            yield base
            yield f"{base}e"
            if base[-1] == base[-2]:
                yield base[:-1]


@lru_cache(maxsize=2_000)
def nearest(word: str) -> str:
    """The one word at the smallest distance: one slip, or two in a long word; "" where there are more."""
    most = 2 if len(word) >= 8 else 1
    near = [
        (distance(word, known), known)
        for known in _SINGLE
        if abs(len(known) - len(word)) <= most and max(len(known), len(word)) >= SHORTEST
    ]
    least = min((far for far, _ in near), default=most + 1)
    found = {_meaning(known): known for far, known in near if far == least}
    return next(iter(found.values())) if 0 < least <= most and len(found) == 1 else ""


def _meaning(word: str) -> tuple[str, str]:
    return PHRASES[(word,)]
