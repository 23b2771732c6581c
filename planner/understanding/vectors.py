"""The vectors of phrasings, kept as bytes beside them: embedding two thousand texts takes seconds."""

from collections.abc import Container, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np

from memory.recall.port import Embedder
from planner.understanding.retrieval import Floats
from planner.understanding.spoken import cleaned, in_common_words

SCALE: Final = 127 / 0.35
"""No number of a vector is larger than 0.35 in practice; eight bits each keep a likeness to 0.01."""


def embedded(embedder: Embedder, texts: Sequence[str]) -> Floats:
    """A vector of length 1 for each text as the router compares it. Raises IndexTrouble."""
    return np.array(embedder.embed([_plain(text) for text in texts]), np.float32)


def vectors_of(embedder: Embedder, texts: Sequence[str], stored: Path) -> Floats:
    """The texts' vectors: those that are stored, and the others made now. Raises IndexTrouble."""
    known, marks = _stored(stored, embedder.name), list(map(_mark, texts))
    missing = {mark: text for mark, text in zip(marks, texts, strict=True) if mark not in known}
    if missing:
        known |= dict(zip(missing, embedded(embedder, [*missing.values()]), strict=True))
    return np.stack([known[mark] for mark in marks])


def missing_from(stored: Path, model: str, texts: Sequence[str]) -> list[str]:
    """The texts of which no vector of this model is stored."""
    return _missing(_stored(stored, model), texts)


def _missing(known: Container[int], texts: Sequence[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if _mark(text) not in known]


def store(embedder: Embedder, texts: Sequence[str], path: Path) -> None:
    """Keep the texts' vectors. Raises IndexTrouble."""
    unique = list(dict.fromkeys(texts))
    small = np.clip(np.rint(embedded(embedder, unique) * SCALE), -127, 127).astype(np.int8)
    marks = np.array([_mark(text) for text in unique], np.uint64)
    np.savez(path, model=np.array(embedder.name), marks=marks, vectors=small)


def _stored(path: Path, model: str) -> dict[int, Floats]:
    if not path.is_file():
        return {}
    with np.load(path, allow_pickle=False) as file:
        if str(file["model"]) != model:
            return {}
        vectors = file["vectors"].astype(np.float32)
        marks = file["marks"].tolist()
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return dict(zip(marks, vectors, strict=True))


def _mark(text: str) -> int:
    return int.from_bytes(blake2b(_plain(text).encode(), digest_size=8).digest())


def _plain(text: str) -> str:
    """The model knows English."""
    return in_common_words(cleaned(text))
