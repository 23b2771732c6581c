"""How alike in meaning words and tools are, where a language model has the tools' vectors."""

from collections.abc import Callable

import numpy as np

from planner.experience.postings import Floats
from planner.experience.similar import Floats as Vectors

TEXTS = 12
"""So many texts of a request are compared; each takes about 8 ms."""
UNRELATED = 0.1
"""Texts that are no more alike than this have nothing to do with each other."""


class Alike:
    """Compares the words of one request with tools, whose vectors of length 1 stand in order.

    `vector` gives the vector of a text, or None where that can't be told.
    """

    def __init__(self, tools: Vectors, vector: Callable[[str], Vectors | None]) -> None:
        self._tools = tools
        self._vector = vector
        self._known: dict[str, Floats | None] = {}

    def to(self, words: str) -> Floats | None:
        """0 to 1 for each tool; None once so many texts were compared that it takes too long."""
        if words not in self._known:
            if len(self._known) >= TEXTS:
                return None
            self._known[words] = self._compared(words)
        return self._known[words]

    def _compared(self, words: str) -> Floats | None:
        vector = self._vector(words)
        if vector is None:
            return None
        likeness = np.asarray(np.einsum("ij,j->i", self._tools, vector), np.float64)
        return np.clip((likeness - UNRELATED) / (1 - UNRELATED), 0.0, 1.0)
