"""Which of two uncertain amounts is less, where that can be told. Pure."""

from math import hypot, log
from statistics import NormalDist
from typing import Final, Literal

from memory.profiles.intervals import Range, Z

SURE: Final = 0.9
"""A difference counts when it comes out in nine of ten pairs of values."""

Verdict = Literal["less", "more", "same", "unclear"]


def compared(before: Range, after: Range) -> Verdict:
    """How the second stands to the first; `unclear` where their distributions overlap too much."""
    if before == after:
        return "same"
    probability = less(before, after)
    if probability >= SURE:
        return "less"
    return "more" if probability <= 1 - SURE else "unclear"


def less(before: Range, after: Range) -> float:
    """The probability that a value of the second is below one of the first, both independent.

    Log-normal by their p10 and p90, as forecasts are; normal where one may be nothing.
    """
    logs = before.low > 0 and after.low > 0
    (middle, spread), (other, others) = (_normal(part, logs=logs) for part in (before, after))
    both = hypot(spread, others)
    if not both:
        return 0.5 if middle == other else float(other < middle)
    return NormalDist().cdf((middle - other) / both)


def _normal(part: Range, *, logs: bool) -> tuple[float, float]:
    low, high = (log(part.low), log(part.high)) if logs else part
    return (low + high) / 2, (high - low) / (2 * Z)
