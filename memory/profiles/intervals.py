"""Ranges that hold eight of ten: p10–p90 of what will be, from what was. Pure.

All on a log scale, for costs and times are a factor off, not an amount. From a few values on, the
quantiles of the newest ones by rank, which hold the share they say for whatever distribution
(split conformal prediction, Vovk et al. 2005); the share aimed at follows how often earlier ranges
held (adaptive conformal inference, Gibbs and Candès 2021), so that a drift widens them. With
fewer, the predictive distribution of a log-normal whose prior is what is known of others.
"""

from bisect import insort
from collections.abc import Sequence
from math import exp, log, sqrt
from typing import NamedTuple

MISS = 0.2
"""The share of values that may lie outside: below p10 or above p90."""

ENOUGH = 9
"""With fewer, the tenth part of the ranks lies beyond the least and the greatest value."""

WINDOW = 60
"""The newest values that ranks are taken of: older ones are about another time."""

STEP = 0.04
"""How far one hit or miss moves the share aimed at (the gamma of Gibbs and Candès)."""

LEAST, MOST = 0.04, 0.5
"""Between what the share aimed at stays."""

Z = 1.2816
"""The 90th percentile of a normal distribution."""

T90 = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356)
"""The 90th percentiles of Student's t with 1 to 12 degrees of freedom."""


class Range(NamedTuple):
    """p10 and p90."""

    low: float
    high: float


class Prior(NamedTuple):
    """What is expected before any value: a log-normal, and on how many values' worth."""

    middle: float
    """Of the logarithms."""
    spread: float
    """Their standard deviation."""
    weight: float = 0.3
    freedom: float = 0.8


def prior_of(listed: Range, others: Sequence[float] = ()) -> Prior:
    """The prior where the price list gives this range.

    `others` are the factors by which comparable values were off the middle of theirs.
    """
    low, high = max(listed.low, 1e-9), max(listed.high, listed.low, 1e-9)
    middle, spread = (log(low) + log(high)) / 2, max((log(high) - log(low)) / (2 * Z), 0.2)
    off = [log(max(factor, 1e-9)) for factor in others]
    if not off:
        return Prior(middle, spread)
    mean = sum(off) / len(off)
    around = sum((value - mean) ** 2 for value in off) + 3 * spread**2
    known = min(len(off), 9)
    return Prior(middle + mean, sqrt(around / (len(off) + 3)), 0.5, 1.0 + known / 3)


def interval(newest: Sequence[float], prior: Prior) -> Range:
    """The range of the next value. `newest` are those before, newest first."""
    values = [log(max(value, 1e-9)) for value in reversed(newest)]
    if len(values) < ENOUGH:
        return _predictive(values, prior)
    ordered = sorted(values[-WINDOW:])
    miss = _aimed(values)
    return Range(exp(_quantile(ordered, miss / 2)), exp(_quantile(ordered, 1 - miss / 2)))


def together(ranges: Sequence[Range]) -> Range:
    """The range of a sum of independent values, each log-normal (Fenton 1960).

    The sum of all p90 would be passed far less often than one time in ten.
    """
    if not ranges:
        return Range(0.0, 0.0)
    if len(ranges) == 1:
        return ranges[0]
    mean = variance = 0.0
    for low, high in ranges:
        if low <= 0:
            mean, variance = mean + (low + high) / 2, variance + ((high - low) / (2 * Z)) ** 2
            continue
        middle, spread = (log(low) + log(high)) / 2, (log(high) - log(low)) / (2 * Z)
        part = exp(middle + spread**2 / 2)
        mean, variance = mean + part, variance + part**2 * (exp(spread**2) - 1)
    if mean <= 0:
        return Range(0.0, 0.0)
    spread = sqrt(log(1 + variance / mean**2))
    middle = log(mean) - spread**2 / 2
    return Range(exp(middle - Z * spread), exp(middle + Z * spread))


def _predictive(values: Sequence[float], prior: Prior) -> Range:
    """Student's t, from a normal-inverse-gamma prior and a few values."""
    count = len(values)
    mean = sum(values) / count if count else 0.0
    weight, freedom = prior.weight + count, prior.freedom + count
    middle = (prior.weight * prior.middle + count * mean) / weight
    around = prior.freedom * prior.spread**2 + sum((value - mean) ** 2 for value in values)
    around += prior.weight * count * (mean - prior.middle) ** 2 / weight
    scale = sqrt(around / freedom * (1 + 1 / weight)) if count else prior.spread
    t90 = T90[max(0, min(round(freedom), len(T90)) - 1)] if count else Z
    return Range(exp(middle - t90 * scale), exp(middle + t90 * scale))


def _aimed(values: Sequence[float]) -> float:
    """The share to aim at, after all the values: less where more than that share was missed."""
    miss = MISS
    window: list[float] = sorted(values[:ENOUGH])
    for place in range(ENOUGH, len(values)):
        value = values[place]
        low, high = _quantile(window, miss / 2), _quantile(window, 1 - miss / 2)
        outside = not low <= value <= high
        miss = min(MOST, max(LEAST, miss + STEP * (MISS - outside)))
        insort(window, value)
        if len(window) > WINDOW:
            window.remove(values[place - WINDOW])
    return miss


def _quantile(ordered: Sequence[float], share: float) -> float:
    """By rank among n + 1 (Weibull 1939): beyond the ends, the ends and as much again as is usual."""
    count = len(ordered)
    place = share * (count + 1) - 1
    if place < 0:
        return ordered[0] + place * _gap(ordered)
    if place > count - 1:
        return ordered[-1] + (place - (count - 1)) * _gap(ordered)
    below = int(place)
    above = min(below + 1, count - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _gap(ordered: Sequence[float]) -> float:
    """How far apart values at the edge usually are."""
    return (ordered[-1] - ordered[0]) / max(1, len(ordered) - 1) * 2
