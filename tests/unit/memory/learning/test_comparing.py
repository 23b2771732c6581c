"""A difference is told where nine of ten pairs of values show it."""

from random import Random

import pytest

from memory.profiles.comparing import Verdict, compared, less
from memory.profiles.intervals import Prior, Range, interval


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((2.0, 8.0), (2.0, 8.0), "same"),
        ((2.0, 8.0), (3.0, 9.0), "unclear"),
        ((0.02, 0.08), (0.02, 0.09), "unclear"),
        ((2.0, 8.0), (0.1, 0.4), "less"),
        ((0.1, 0.4), (2.0, 8.0), "more"),
        ((0.0, 4.0), (0.0, 5.0), "unclear"),
        ((0.0, 0.0), (1.0, 2.0), "more"),
        ((3.0, 3.0), (0.0, 0.0), "less"),
    ],
)
def test_overlapping_ranges_are_no_difference(
    before: tuple[float, float], after: tuple[float, float], verdict: Verdict
) -> None:
    assert compared(Range(*before), Range(*after)) == verdict


def test_the_probability_is_that_of_drawn_pairs() -> None:
    chance = Random(1)
    one = [chance.lognormvariate(0.0, 0.5) for _ in range(60)]
    other = [chance.lognormvariate(-0.6, 0.4) for _ in range(60)]
    pairs = sum(b < a for a in one for b in other) / 3600
    prior = Prior(0.0, 1.0)
    told = less(interval(one, prior), interval(other, prior))
    assert told == pytest.approx(pairs, abs=0.06)
