"""What type of work a task is, by the project's own history: a linear probe over sentence vectors.

Multinomial logistic regression on the vectors of tasks whose type was given, with how hard each
looked beside them. It says nothing while the history is young, and nothing of a task that is like
none before. Pure.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from memory.model.agents.routing import TypeGuess
from memory.profiles.logistic import Floats, fitted, logs

OF_A_TYPE: Final = 5
"""Types with fewer examples aren't learned."""

IN_ALL: Final = 20
"""With fewer examples in all nothing is."""

RIDGE: Final = 0.001
HARDNESS: Final = 0.5
"""What the whole range of difficulty counts for, beside a vector of length 1."""

ALIKE: Final = 0.25
"""A task that is less like every example than this is another kind of work."""

USUAL_HARDNESS: Final = 0.3

FOLDS: Final = 5
SHARPER: Final = (1.0, 1.25, 1.5, 1.75, 2.0)
"""By what logits may be multiplied, so that chances are as sure as they turn out to be right."""


class Example(NamedTuple):
    """A task whose type was given: its vector of length 1, and how hard it looked (0..1)."""

    task_type: str
    vector: Sequence[float]
    difficulty: float | None = None


@dataclass(frozen=True)
class WorkTypes:
    """The types of a project's work, and what tells them apart."""

    types: tuple[str, ...]
    counts: tuple[int, ...]
    table: Floats
    weights: Floats

    def guess(self, vector: Sequence[float], difficulty: float | None) -> TypeGuess | None:
        """How likely each type is; None where the task is like nothing that was done."""
        row = _row(vector, difficulty)
        size = len(vector)
        if (self.table[:, :size] @ row[:size]).max() < ALIKE:
            return None
        chances = np.exp(logs((row @ self.weights)[None])[0])
        return TypeGuess(
            shares=dict(zip(self.types, map(float, chances), strict=True)),
            of=dict(zip(self.types, self.counts, strict=True)),
        )


def learned(examples: Sequence[Example]) -> WorkTypes | None:
    """What the examples teach; None where they are too few, or all of one type."""
    counts = Counter(example.task_type for example in examples)
    types = tuple(sorted(kind for kind, count in counts.items() if count >= OF_A_TYPE))
    kept = [example for example in examples if example.task_type in types]
    if len(types) < 2 or len(kept) < IN_ALL:
        return None
    table = np.stack([_row(example.vector, example.difficulty) for example in kept])
    labels = np.array([types.index(example.task_type) for example in kept])
    weights = fitted(table, labels, len(types), ridge=RIDGE) * _sharpness(table, labels)
    return WorkTypes(types, tuple(counts[kind] for kind in types), table, weights)


def _sharpness(table: Floats, labels: NDArray[np.intp]) -> float:
    """What fits best where each example is told by the others (temperature scaling, Guo 2017)."""
    folds = np.arange(len(labels)) % FOLDS
    classes = int(labels.max()) + 1
    logits = np.zeros((len(labels), classes), np.float32)
    for fold in range(FOLDS):
        hidden = folds == fold
        weights = fitted(table[~hidden], labels[~hidden], classes, ridge=RIDGE)
        logits[hidden] = table[hidden] @ weights
    rows = np.arange(len(labels))
    fits = [logs(logits * by)[rows, labels].sum() for by in SHARPER]
    return SHARPER[int(np.argmax(fits))]


def _row(vector: Sequence[float], difficulty: float | None) -> Floats:
    hard = USUAL_HARDNESS if difficulty is None else difficulty
    return np.array([*vector, HARDNESS * (hard - USUAL_HARDNESS), 1.0], np.float32)
