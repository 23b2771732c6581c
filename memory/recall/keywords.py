"""Finding by words: the built-in embedder, and how many of a question's words a text has.

It finds texts that share words or parts of words. It does not know what words mean; that is why
it is called keyword search wherever people see its name.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from math import log, sqrt
from zlib import crc32

from memory.recall.port import Vector

_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by do for from has have how i in is it its me my of on or our "
        "please that the their then this to was we were what when where which who will with you",
    )
)
# Scripts written without spaces are taken a character at a time.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+")
_PIECE_WEIGHT = 0.3
"""A shared three-letter piece counts less than a shared word, but finds other endings."""


def words(text: str) -> list[str]:
    """The words that matter, without case and plural."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return [_singular(word) for word in _WORD.findall(plain) if word not in _COMMON]


def overlap(wanted: frozenset[str], text: str) -> float:
    """The share of the wanted words that the text has, 0..1."""
    if not wanted:
        return 0.0
    return len(wanted.intersection(words(text))) / len(wanted)


class KeywordEmbedder:
    """Words and their pieces, hashed into 512 signed buckets (the hashing trick)."""

    name = "keyword-1"
    dims = 512
    floor = 0.2
    wordless_floor = 0.4
    """Higher, because hashes meet by chance."""

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector of length 1 per text; all zeros for a text without words."""
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Vector:
        vector = [0.0] * self.dims
        for word, count in Counter(words(text)).items():
            weight = 1 + log(count)
            _add(vector, word, weight)
            padded = f"^{word}$"
            for start in range(len(padded) - 2):
                _add(vector, padded[start : start + 3], weight * _PIECE_WEIGHT)
        length = sqrt(sum(number * number for number in vector))
        return [number / length for number in vector] if length else vector


def similarity(one: Vector, other: Vector) -> float:
    """The cosine of two vectors of length 1."""
    return sum(left * right for left, right in zip(one, other, strict=True))


def _add(vector: list[float], feature: str, weight: float) -> None:
    number = crc32(feature.encode())
    vector[number % len(vector)] += weight if number & 0x8000_0000 else -weight


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word
