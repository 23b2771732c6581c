"""What kind of thing is said, by all of its words and its meaning at once: a linear probe.

Likeness to the nearest phrasings tells which row is meant; this tells, where none is near, whether
it is work or about the bot (multinomial logistic regression on word features and the sentence's
vector; its own phrasing is hidden while the rest is fitted, in five folds).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from memory.profiles.logistic import fitted, logs
from planner.understanding.retrieval import Floats, Phrasings, weighted
from planner.understanding.spoken import Spoken
from planner.understanding.utterance import Kind

KINDS: Final[tuple[Kind, ...]] = (
    "work", "change", "answer", "control", "about", "teach", "forget", "social",
)  # fmt: skip
FOLDS: Final = 5
SEEN: Final = 3
"""A feature that fewer phrasings have tells nothing."""
WORDS, MEANING = 3.0, 2.0
"""How much words and the vector count, each of length 1: chosen by the phrasings in folds."""
RIDGE: Final = 0.0003
SEED: Final = 11


@dataclass(frozen=True)
class Probe:
    """Weights of each kind: a row for each word feature, then one for each number of a vector."""

    words: dict[str, int]
    weights: Floats

    def chances(self, phrasings: Phrasings, said: Spoken, vector: Floats | None) -> Floats:
        """The logarithm of each kind's chance, in the order of KINDS; zeros without a vector."""
        if vector is None:
            return np.zeros(len(KINDS), np.float32)
        logits = _row(self.words, phrasings, said, vector) @ self.weights
        said_of: Floats = logs(logits[None])[0]
        return said_of


def fit(phrasings: Phrasings, without: Sequence[int] = ()) -> Probe:
    """A probe fitted to all phrasings but those."""
    words = _vocabulary(phrasings)
    kept = np.ones(len(phrasings.texts), bool)
    kept[list(without)] = False
    table = _table(words, phrasings)
    kinds = np.array([KINDS.index(phrasings.verbs[verb].kind) for verb in phrasings.verb_of])
    return Probe(words, fitted(table[kept], kinds[kept], len(KINDS), ridge=RIDGE))


def unseen(phrasings: Phrasings) -> Floats:
    """For each phrasing what a probe says that never saw it."""
    folds = np.random.default_rng(SEED).integers(0, FOLDS, len(phrasings.texts))
    table = _table(_vocabulary(phrasings), phrasings)
    said = np.zeros((len(phrasings.texts), len(KINDS)), np.float32)
    for fold in range(FOLDS):
        hidden = np.flatnonzero(folds == fold)
        said[hidden] = logs(table[hidden] @ fit(phrasings, hidden.tolist()).weights)
    return said


def store(probe: Probe, path: Path) -> None:
    """Keep it as small numbers."""
    np.savez_compressed(
        path, words=np.array(list(probe.words)), weights=probe.weights.astype(np.float16)
    )


def stored(path: Path) -> Probe:
    """The probe that is kept there."""
    with np.load(path, allow_pickle=False) as file:
        words = {word: place for place, word in enumerate(file["words"].tolist())}
        return Probe(words, file["weights"].astype(np.float32))


def _vocabulary(phrasings: Phrasings) -> dict[str, int]:
    counts = Counter(
        feature for said in phrasings.read for feature in weighted(said, phrasings.inverse)
    )
    often = (feature for feature, count in counts.items() if count >= SEEN)
    return {feature: place for place, feature in enumerate(often)}


def _table(words: dict[str, int], phrasings: Phrasings) -> Floats:
    vectors = phrasings.vectors
    assert vectors is not None
    pairs = zip(phrasings.read, vectors, strict=True)
    return np.stack([_row(words, phrasings, said, vector) for said, vector in pairs])


def _row(words: dict[str, int], phrasings: Phrasings, said: Spoken, vector: Floats) -> Floats:
    row = np.zeros(len(words) + len(vector) + 1, np.float32)
    for feature, weight in weighted(said, phrasings.inverse).items():
        place = words.get(feature)
        if place is not None:
            row[place] = WORDS * weight
    row[len(words) : -1] = MEANING * vector
    row[-1] = 1
    return row
