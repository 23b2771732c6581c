"""Okapi BM25 over weighted words: which documents fit, among thousands, in well under 1 ms."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Postings:
    """Documents as bags of weighted words. `saturation` and `length_weight` are k1 and b."""

    def __init__(
        self, documents: Sequence[Mapping[str, float]], *, saturation: float, length_weight: float
    ) -> None:
        self._count = len(documents)
        lengths = [sum(document.values()) for document in documents]
        mean = sum(lengths) / max(1, len(lengths)) or 1.0
        entries: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, document in enumerate(documents):
            norm = saturation * (1 - length_weight + length_weight * lengths[number] / mean)
            for word, weight in document.items():
                entries[word].append((number, weight * (saturation + 1) / (weight + norm)))
        self._postings = {word: self._weighted(having) for word, having in entries.items()}

    def match(self, words: Mapping[str, float]) -> Floats:
        """One score per document; `words` gives the weight of each word."""
        scores = np.zeros(self._count)
        for word, weight in words.items():
            if word in self._postings:
                numbers, weights = self._postings[word]
                scores[numbers] += weights * weight
        return scores

    def rarity(self, word: str) -> float:
        """How well a word tells documents apart, from 0; most for one that no document has."""
        having = len(self._postings[word][0]) if word in self._postings else 0
        return _rarity(having, self._count)

    def _weighted(self, entries: list[tuple[int, float]]) -> tuple[NDArray[np.int64], Floats]:
        rarity = _rarity(len(entries), self._count)
        return (
            np.array([number for number, _ in entries], np.int64),
            np.array([weight for _, weight in entries]) * rarity,
        )


def _rarity(having: int, count: int) -> float:
    return float(np.log(1 + (count - having + 0.5) / (having + 0.5)))
