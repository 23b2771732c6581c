"""Two small fits: which of several is right, and whether something is. With numpy alone."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Weights = dict[str, float]
Features = Mapping[str, float]
STEPS, RATE = 300, 0.05


def among(
    cases: Sequence[tuple[Sequence[Features], Sequence[bool]]], ridge: float, seen: int = 4
) -> Weights:
    """Weights by which the right ones of each case come first (conditional logit).

    A feature is fitted where it is in at least `seen` cases. Each case needs a right one.
    """
    counts: dict[str, int] = {}
    for features, _ in cases:
        for name in {name for each in features for name in each}:
            counts[name] = counts.get(name, 0) + 1
    names = [name for name, count in counts.items() if count >= seen]
    table = _Table(cases, {name: place for place, name in enumerate(names)})
    weights = table.fitted(ridge)
    return {name: float(value) for name, value in zip(names, weights, strict=True)}


class _Table:
    """The features of all cases, as entries of a sparse table."""

    def __init__(
        self, cases: Sequence[tuple[Sequence[Features], Sequence[bool]]], places: Mapping[str, int]
    ) -> None:
        rows, columns, values, right, starts = [], [], [], [], [0]
        for features, labels in cases:
            for each, label in zip(features, labels, strict=True):
                for name, value in each.items():
                    if name in places:
                        rows.append(len(right))
                        columns.append(places[name])
                        values.append(value)
                right.append(label)
            starts.append(len(right))
        self._rows, self._columns = np.array(rows), np.array(columns)
        self._values, self._right = np.array(values), np.array(right, float)
        self._starts = np.array(starts[:-1])
        self._case = np.repeat(np.arange(len(cases)), np.diff(starts))
        self._width = len(places)

    def fitted(self, ridge: float) -> NDArray[np.float64]:
        """By Adam, which needs no library."""
        weights = np.zeros(self._width)
        mean, spread = np.zeros(self._width), np.zeros(self._width)
        for step in range(1, STEPS + 1):
            slope = self._slope(weights) + ridge * weights
            mean = 0.9 * mean + 0.1 * slope
            spread = 0.999 * spread + 0.001 * slope * slope
            root = np.sqrt(spread / (1 - 0.999**step)) + 1e-8
            weights -= RATE * (mean / (1 - 0.9**step)) / root
        return weights

    def _slope(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        count = len(self._right)
        scores = np.bincount(self._rows, self._values * weights[self._columns], count)
        raised = np.exp(scores - np.maximum.reduceat(scores, self._starts)[self._case])
        every = raised / np.add.reduceat(raised, self._starts)[self._case]
        right = raised * self._right
        only = right / np.maximum(np.add.reduceat(right, self._starts), 1e-12)[self._case]
        return np.bincount(self._columns, self._values * (every - only)[self._rows], self._width)


def whether(features: Sequence[Features], right: Sequence[bool], ridge: float = 2.0) -> Weights:
    """Weights of the chance that something is right (logistic). "always" is the intercept."""
    names = sorted({name for each in features for name in each})
    table = np.array([[each.get(name, 0.0) for name in names] for each in features])
    labels, level = np.array(right, float), names.index("always")
    centre, width = table.mean(0), table.std(0)
    centre[level], width[level] = 0.0, 1.0
    width[width < 1e-6] = 1.0
    scaled, weights = (table - centre) / width, np.zeros(len(names))
    for _ in range(1_500):
        chance = 1 / (1 + np.exp(-scaled @ weights))
        weights -= 0.5 * (scaled.T @ (chance - labels) + ridge * weights) / len(labels)
    made = weights / width
    made[level] = weights[level] - float((weights * centre / width).sum())
    return {name: float(value) for name, value in zip(names, made, strict=True)}
