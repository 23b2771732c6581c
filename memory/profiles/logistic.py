"""Multinomial logistic regression, for a few hundred examples. Pure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

STEPS: Final = 150
RATE: Final = 0.05


def fitted(table: Floats, labels: NDArray[np.intp], classes: int, *, ridge: float) -> Floats:
    """The weights of each class (columns): full-batch Adam on the mean log loss with a ridge."""
    weights: Floats = np.zeros((table.shape[1], classes), np.float32)
    first, second = np.zeros(weights.shape), np.zeros(weights.shape)
    wanted = np.eye(classes)[labels]
    for step in range(1, STEPS + 1):
        slope = table.T @ (np.exp(logs(table @ weights)) - wanted) / len(table) + ridge * weights
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        hop = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        weights -= (RATE * hop).astype(np.float32)
    return weights


def logs(logits: Floats) -> Floats:
    """The logarithms of the chances, a row for each row."""
    highest = logits.max(axis=1, keepdims=True)
    raised: Floats = logits - highest - np.log(np.exp(logits - highest).sum(axis=1, keepdims=True))
    return raised
