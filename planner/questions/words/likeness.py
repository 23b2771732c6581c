"""How near the meanings of short texts are, by the language model on this machine.

Where the model isn't there or can't be loaded, nothing is near anything, and words decide alone.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from memory.recall.minilm import VOCABULARY, installed
from memory.recall.port import ModelTrouble

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

CACHED: Final = 8_192
"""Texts whose vectors are kept, 1.5 kB each."""


@lru_cache(maxsize=CACHED)
def _vector(text: str) -> "NDArray[float32] | None":
    import numpy as np  # noqa: PLC0415 - a tenth of a second that start-up does not have

    model = installed()
    try:
        return np.asarray(model.embed([text])[0], np.float32) if model is not None else None
    except ModelTrouble:
        return None


def likeness(text: str, others: Sequence[str]) -> list[float]:
    """The cosine of the text with each of the others; 0 where nobody can tell."""
    asked = _vector(text)
    if asked is None:
        return [0.0] * len(others)
    vectors = map(_vector, others)
    return [float(asked @ vector) if vector is not None else 0.0 for vector in vectors]


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    words = VOCABULARY.read_text(encoding="utf-8").split("\n")
    return frozenset(word for word in words if word.isalpha() and len(word) > 2)


def is_word(word: str) -> bool:
    """Whether it is a common English word or name, so that it is no slip for another one."""
    return word.lower() in _english()
