"""How alike a request is to each of those that were planned before: TF-IDF and its kernel."""

from collections import Counter
from collections.abc import Sequence
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from planner.experience.words import ngrams

Floats = NDArray[np.float32]
Vector = tuple[NDArray[np.int64], Floats]
"""The places that are not 0, and their values."""

_BLOCK = 4096
"""Columns multiplied at a time, so that 3,000 requests take 50 MB and not 500."""
CHARS_READ = 8000


class Requests:
    """Past requests as unit vectors over the n-grams that at least two of them share."""

    def __init__(self, texts: Sequence[str]) -> None:
        documents = [ngrams(text[:CHARS_READ]) for text in texts]
        counts = Counter(feature for document in documents for feature in document)
        kept = [(feature, count) for feature, count in counts.items() if count > 1]
        self._place = {feature: place for place, (feature, _) in enumerate(kept)}
        self._count = len(documents)
        shares = [np.log((1 + self._count) / (1 + count)) + 1 for _, count in kept]
        self._rarity = np.array(shares, np.float32)
        self._rows = [self._vector(document) for document in documents]
        self._postings = _by_column(self._rows)

    def likeness(self, text: str) -> tuple[Floats, float]:
        """The cosine with each past request, and how much of the text is known n-grams (0 to 1)."""
        cosines = np.zeros(self._count, np.float32)
        document = ngrams(text[:CHARS_READ])
        columns, values = self._vector(document)
        for column, value in zip(columns.tolist(), values.tolist(), strict=True):
            numbers, weights = self._postings[column]
            cosines[numbers] += weights * value
        known = float((self._rarity[columns] ** 2).sum())
        strange = (len(document) - len(columns)) * (log(1 + self._count) + 1) ** 2
        return cosines, sqrt(known / ((known + strange) or 1.0))

    def kernel(self) -> Floats:
        """The cosine of each past request with each."""
        total = np.zeros((self._count, self._count), np.float32)
        for first in range(0, len(self._place), _BLOCK):
            block = np.zeros((self._count, _BLOCK), np.float32)
            for number, (columns, values) in enumerate(self._rows):
                within = (columns >= first) & (columns < first + _BLOCK)
                block[number, columns[within] - first] = values[within]
            total += block @ block.T
        return total

    def _vector(self, document: Counter[str]) -> Vector:
        known = [(self._place[name], n) for name, n in document.items() if name in self._place]
        columns = np.array([place for place, _ in known], np.int64)
        counts = np.array([count for _, count in known], np.float32)
        values = (1 + np.log(np.maximum(counts, 1))) * self._rarity[columns]
        length = np.linalg.norm(values)
        return columns, (values / length if length > 0 else values).astype(np.float32)


def _by_column(rows: Sequence[Vector]) -> dict[int, Vector]:
    """For each column the rows that have it, and their values."""
    columns = np.concatenate([row for row, _ in rows] or [np.zeros(0, np.int64)])
    if not columns.size:
        return {}
    values = np.concatenate([row for _, row in rows])
    numbers = np.repeat(np.arange(len(rows)), [len(row) for row, _ in rows])
    order = np.argsort(columns, kind="stable")
    having, starts = np.unique(columns[order], return_index=True)
    return dict(
        zip(
            having.tolist(),
            zip(
                np.split(numbers[order], starts[1:]),
                np.split(values[order], starts[1:]),
                strict=True,
            ),
            strict=True,
        )
    )
