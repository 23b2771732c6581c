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
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, document in enumerate(documents):
            norm = saturation * (1 - length_weight + length_weight * lengths[number] / mean)
            for word, weight in document.items():
                found[word].append((number, weight * (saturation + 1) / (weight + norm)))
        self._postings = {word: self._weighted(entries) for word, entries in found.items()}

    def match(self, words: Mapping[str, float]) -> Floats:
        """One score per document; each word counts as much as it is said to."""
        scores = np.zeros(self._count)
        for word, weight in words.items():
            found = self._postings.get(word)
            if found is not None:
                numbers, weights = found
                scores[numbers] += weights * weight
        return scores

    def rarity(self, word: str) -> float:
        """How much a word tells apart, from 0; the largest for a word that no document has."""
        found = self._postings.get(word)
        return _rarity(0 if found is None else len(found[0]), self._count)

    def _weighted(self, entries: list[tuple[int, float]]) -> tuple[NDArray[np.int64], Floats]:
        rarity = _rarity(len(entries), self._count)
        return (
            np.array([number for number, _ in entries], np.int64),
            np.array([weight for _, weight in entries]) * rarity,
        )


def _rarity(having: int, count: int) -> float:
    return float(np.log(1 + (count - having + 0.5) / (having + 0.5)))
