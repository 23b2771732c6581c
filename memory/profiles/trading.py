"""Quality against cost: which of the agents that only their use decides between. Pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from memory.model.agents.routing import Allowance, Dial
from memory.model.timing.clock import Random
from memory.profiles.posterior import Posterior


class Margin(NamedTuple):
    """How far a cheaper agent may fall short of the best."""

    paid: float
    """In quality, for one that costs nearly nothing; less in the measure that it saves less."""
    free: float
    """As a share of the best's quality, for one that costs nothing at all."""
    known: float
    """On how many attempts' worth; on less, asking it is a trial."""


MARGINS: Mapping[Dial, Margin] = {
    Dial.CHEAP: Margin(0.15, 0.40, 0.0),
    Dial.BALANCED: Margin(0.08, 0.25, 5.0),
    Dial.BEST: Margin(0.02, 0.06, 5.0),
}
"""Balanced takes a free agent that is 85 % as good: who connects one wants it used. That it is a
quarter worse has to be unlikely then, so a stranger doesn't pass for it."""

FREE_DOUBT = 0.5
"""In standard deviations: a free agent keeps to its margin with a chance of 70 in 100."""

INSURED = 0.08
"""A dearer agent that is better with at least this chance is still asked now and then."""

TRIABLE = 0.1
"""An agent that is good enough with less than this chance is not tried out."""

UNSTEADY = 0.1
"""For a difference of no more than this nobody gives way to a stranger."""

TRIED_FIRST = 8.0
"""How strictly the likeliest to be good enough are tried first (the shape of a gamma draw)."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Rivals:
    """The agents compared: what is believed of them, less what they lose for being slow or busy.

    `costs` are in any unit, the dearest 1 or less; `prices` are what a trial takes, in micro-USD.
    """

    believed: Posterior
    costs: Vector
    prices: Sequence[int | None]
    evidence: Sequence[float]
    dial: Dial


def picked(rivals: Rivals, random: Random | None, allowance: Allowance | None) -> tuple[int, bool]:
    """The place of the agent that should do the task, and whether that tries it out.

    Without a source of randomness it is the cheapest that is believed to be good enough.
    """
    terms = _terms(rivals)
    if random is None:
        return terms.cheapest(terms.good, terms.quality), False
    dice = _Dice(random)

    def allowed(place: int) -> bool:
        return allowance is None or allowance.covers(rivals.prices[place])

    draw = np.array([dice.gauss(0.0, 1.0) for _ in rivals.prices])
    quality = rivals.believed.mean + _root(rivals.believed.covariance) @ draw
    first = terms.cheapest(terms.good | terms.insured, quality)
    if not (terms.good[first] or terms.known[first]):
        if allowed(first):
            return first, True
        first = terms.cheapest(terms.good | (terms.insured & terms.known), quality)
    tried = _trial(terms, first, dice)
    return (tried, True) if tried is not None and allowed(tried) else (first, False)


@dataclass(frozen=True)
class _Terms:
    """How each agent stands against the best, `cost` in shares of the best's."""

    best: int
    quality: Vector
    cost: Vector
    margin: Vector
    enough: Vector
    """The chance that it is good enough: within its margin, or better where it is dearer."""
    known: NDArray[np.bool_]
    good: NDArray[np.bool_]
    insured: NDArray[np.bool_]

    def cheapest(self, among: NDArray[np.bool_], quality: Vector) -> int:
        """The cheapest of these that would be within its margin, were this their quality."""
        places = np.flatnonzero(among)
        top = quality[places].max()
        within = places[quality[places] + self.margin[places] >= top]
        if not len(within):
            return self.best
        return int(within[np.argmin(self.cost[within] - quality[within])])


def _terms(rivals: Rivals) -> _Terms:
    quality = rivals.believed.mean
    paid, for_free, enough_known = MARGINS[rivals.dial]
    known = np.array(rivals.evidence) >= enough_known
    best = _measure(quality, np.array(rivals.evidence), known)
    cost, free = _against(rivals.costs, best)
    margin = np.where(free, for_free * quality[best], paid * np.clip(1 - cost, 0, 1))
    spread = rivals.believed.spread(best)
    short = quality[best] - quality
    good = known & (cost < 1) & (short + FREE_DOUBT * free * spread <= margin)
    needed = margin - paid * np.clip(cost - 1, 0, 1)
    enough = np.array([_normal(z) for z in (needed - short) / np.maximum(spread, 1e-6)])
    good[best] = True
    insured = (cost >= 1) & (enough >= INSURED)
    return _Terms(best, quality, cost, margin, enough, known, good, insured)


def _measure(quality: Vector, evidence: Vector, known: NDArray[np.bool_]) -> int:
    """The best, strangers by a margin; before anybody is known, who was asked most stays it."""
    if known.any():
        return int(np.argmax(quality - UNSTEADY * ~known))
    near = quality >= quality.max() - UNSTEADY
    return int(np.argmax(np.where(near, evidence, -1.0) + quality))


def _against(costs: Vector, best: int) -> tuple[Vector, NDArray[np.bool_]]:
    """Costs in shares of the best's, and who is free where the best is not."""
    if not costs[best]:
        return np.where(costs > 0, 2.0, 1.0), np.zeros(len(costs), dtype=bool)
    return costs / costs[best], costs == 0


def _trial(terms: _Terms, first: int, dice: "_Dice") -> int | None:
    """Whom to try out instead of the first, as often as one of them may be good enough."""
    if (terms.insured & ~terms.known).any():
        return None  # what dearer ones are worth is learnt first: they are the measure
    others = np.flatnonzero(~(terms.good | terms.insured) & (terms.enough >= TRIABLE))
    if not len(others) or dice.random() >= terms.enough[others].max():
        return None
    saved = np.maximum(terms.cost[first] - terms.cost[others], 0.02)
    luck = [dice.gammavariate(TRIED_FIRST, 1 / TRIED_FIRST) for _ in others]
    return int(others[np.argmax(terms.enough[others] ** 2 * saved * luck)])


def _root(covariance: Vector) -> Vector:
    return np.asarray(np.linalg.cholesky(covariance + 1e-9 * np.eye(len(covariance))))


def _normal(z: float) -> float:
    return 0.5 * (1 + erf(z / sqrt(2)))


class _Dice(random.Random):
    """The library's distributions over our source of randomness."""

    def __init__(self, random: Random) -> None:
        super().__init__(0)
        self._source = random

    def random(self) -> float:
        """A number in [0, 1)."""
        return self._source.random()
