"""What is believed of all agents together at one type of task: their qualities, and how sure.

A mixed logistic model (Breslow and Clayton 1993): the log odds that a result is good are a
stranger's, plus the agent's effect, plus that of the type of work, plus what the agent does
otherwise than usual at this type. Each effect is shrunk towards nothing while little is known, so
an agent is judged at work that it never did, nobody is blamed for work at which all fail, and a
difference between two agents is believed no sooner than it is seen. Before any record the dearer
is expected to be the better. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, pi

import numpy as np
from numpy.typing import NDArray

from memory.profiles.evidence import STRANGER, Seen

AGENT_SPREAD, TYPE_SPREAD, OTHERWISE_SPREAD = 0.5, 1.0, 0.3
"""Standard deviations of the effects, in log odds; the last one before anything is seen."""

OTHERWISE = OTHERWISE_SPREAD * np.geomspace(0.4, 4.0, 9)
OTHERWISE_ODDS = -0.5 * (np.log(OTHERWISE / OTHERWISE_SPREAD) / 0.7) ** 2
"""How much agents differ from type to type is a matter of the project: what it may be, and how
likely each is beforehand (logarithms)."""

PRICE_SLOPE, PRICE_REACH = 0.35, 1.5
"""What an agent ten times as dear is expected to do better, in log odds; from so many powers of
ten on it counts no more."""

ROUNDS = 4
"""Of Newton's method, from nothing; more change the third digit."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Posterior:
    """The agents' qualities at the task at hand: means, and the covariance between them."""

    mean: Vector
    covariance: Vector

    def spread(self, other: int) -> Vector:
        """The standard deviation of what each agent differs by from this one."""
        own = np.diag(self.covariance)
        between = own + self.covariance[other, other] - 2 * self.covariance[other]
        spread: Vector = np.sqrt(np.maximum(between, 1e-9))
        return spread


def posterior(cells: Sequence[Sequence[Seen]], at: int, dearness: Sequence[float]) -> Posterior:
    """The belief at type `at`, from what was seen of each agent (rows) at each type (columns).

    `dearness` is by how many powers of ten each agent is cheaper than the dearest, 0 or less.
    """
    quality = np.array([[seen.quality for seen in row] for row in cells])
    weight = np.array([[seen.weight for seen in row] for row in cells])
    usual = log(STRANGER / (1 - STRANGER)) + PRICE_SLOPE * np.maximum(dearness, -PRICE_REACH)
    base, precision, kept, otherwise = _fitted(quality, weight, usual)
    agents = len(cells)
    pick = np.zeros((agents, len(precision)))
    pick[:, :agents] = np.eye(agents)
    pick[:, agents + at] = 1.0
    left = 1 - kept[:, at]
    shared = pick @ np.linalg.inv(precision) @ pick.T
    covariance = np.outer(left, left) * shared + np.diag(left) * otherwise
    # The mean of a logistic of a normal (MacKay 1992), and the delta method for its spread.
    mean = _logistic(base[:, at] / np.sqrt(1 + pi * np.diag(covariance) / 8))
    slope = mean * (1 - mean)
    return Posterior(mean, np.outer(slope, slope) * covariance)


def _fitted(quality: Vector, weight: Vector, usual: Vector) -> tuple[Vector, Vector, Vector, float]:
    """The log odds of each cell, the precision of the effects, each cell's own share in its odds,
    and the variance of what agents do otherwise than usual.

    Penalised quasi-likelihood: the odds are made linear around the last round's.
    """
    agents, types = quality.shape
    seen = weight > 0
    odds = np.tile(usual[:, None], (1, types))
    precision = np.diag([AGENT_SPREAD**-2] * agents + [TYPE_SPREAD**-2] * types)
    kept, otherwise = np.zeros_like(odds), OTHERWISE_SPREAD**2
    for _ in range(ROUNDS):
        chance = _logistic(odds)
        noise = 1 / np.maximum(weight * chance * (1 - chance), 1e-9)
        working = np.where(seen, odds + weight * (quality - chance) * noise - usual[:, None], 0.0)
        sure = np.where(seen, 1 / (noise + otherwise), 0.0)
        precision = _precision(sure)
        pulled = sure * working
        effects = np.linalg.solve(precision, np.concatenate([pulled.sum(1), pulled.sum(0)]))
        shared = effects[:agents, None] + effects[None, agents:]
        kept = np.where(seen, otherwise * sure, 0.0)
        odds = usual[:, None] + shared + np.clip(kept * (working - shared), -2.0, 2.0)
        otherwise = _otherwise(working - shared, noise, seen)
    return odds, precision, kept, otherwise


def _otherwise(rest: Vector, noise: Vector, seen: NDArray[np.bool_]) -> float:
    """The variance of what cells do otherwise, expected by what is left of each (empirical Bayes)."""
    squares, noises = rest[seen] ** 2, noise[seen]
    variances = noises + OTHERWISE[:, None] ** 2
    fits = OTHERWISE_ODDS - 0.5 * (np.log(variances) + squares / variances).sum(axis=1)
    chances = np.exp(fits - fits.max())
    return float(chances @ OTHERWISE**2 / chances.sum())


def _precision(sure: Vector) -> Vector:
    agents = len(sure)
    by_agent, by_type = sure.sum(1) + AGENT_SPREAD**-2, sure.sum(0) + TYPE_SPREAD**-2
    precision = np.diag(np.concatenate([by_agent, by_type]))
    precision[:agents, agents:], precision[agents:, :agents] = sure, sure.T
    return precision


def _logistic(odds: Vector) -> Vector:
    chances: Vector = 1 / (1 + np.exp(-odds))
    return chances
