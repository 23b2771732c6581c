"""Ranges hold eight of ten, whatever the values are like, and with few of them too."""

import random
from collections.abc import Callable
from math import exp, log, sin, sqrt

import pytest

from memory.profiles.intervals import Prior, Range, interval, prior_of, together

STREAMS, LENGTH = 16, 240
Draw = Callable[[random.Random, int], float]


def _heavy(rng: random.Random, _: int) -> float:
    return 0.4 * rng.gauss(0, 1) / sqrt(rng.gammavariate(1.25, 1 / 1.25))


def _two(rng: random.Random, _: int) -> float:
    return rng.gauss(0, 0.2) if rng.random() < 0.6 else rng.gauss(2, 0.3)


KINDS: dict[str, Draw] = {
    "log-normal": lambda rng, _: rng.gauss(0, 0.6),
    "heavy tails": _heavy,
    "pareto": lambda rng, _: rng.expovariate(1.2),
    "two kinds of work": _two,
    "upwards": lambda rng, place: 0.01 * place + rng.gauss(0, 0.4),
    "a new price": lambda rng, place: 1.2 * (place // 75 % 2) + rng.gauss(0, 0.4),
    "back and forth": lambda rng, place: 0.6 * sin(place / 12) + rng.gauss(0, 0.3),
}


def _stream(kind: str, seed: int) -> tuple[list[float], Prior]:
    """Values, and a price list that is off by a factor of two, more or less."""
    rng = random.Random(f"{kind}{seed}")
    middle = rng.gauss(8, 1.5)
    values = [exp(middle + KINDS[kind](rng, place)) for place in range(LENGTH)]
    listed = middle + rng.gauss(0, 0.7)
    return values, prior_of(Range(exp(listed - 1), exp(listed + 1)))


def _held(kind: str, first: int, last: int) -> float:
    hits = []
    for seed in range(STREAMS):
        values, prior = _stream(kind, seed)
        for place in range(first, last):
            low, high = interval(values[:place][::-1][:200], prior)
            hits.append(low <= values[place] <= high)
    return 100 * sum(hits) / len(hits)


@pytest.mark.parametrize("kind", KINDS)
def test_eight_of_ten_lie_inside(kind: str) -> None:
    assert 75 <= _held(kind, 9, LENGTH) <= 85


@pytest.mark.parametrize("kind", ["log-normal", "heavy tails", "pareto", "two kinds of work"])
def test_few_values_lie_inside_about_as_often(kind: str) -> None:
    assert 70 <= _held(kind, 3, 9) <= 92


def test_without_values_the_list_stands() -> None:
    low, high = interval((), prior_of(Range(10.0, 1000.0)))
    assert (low, high) == (pytest.approx(10, rel=0.01), pytest.approx(1000, rel=0.01))


def test_what_others_were_off_by_moves_the_range() -> None:
    listed = Range(10.0, 40.0)
    low, high = interval((), prior_of(listed, [3.0, 2.8, 3.3, 3.1, 2.9] * 4))
    assert low > 30
    assert (log(low) + log(high)) / 2 == pytest.approx(log(60), abs=0.05)


def test_a_sum_is_narrower_than_the_sum_of_the_ends_and_holds_eight_of_ten() -> None:
    rng = random.Random(3)
    parts = [(rng.gauss(2, 1), rng.uniform(0.3, 0.8)) for _ in range(6)]
    ranges = [Range(exp(mid - 1.2816 * wide), exp(mid + 1.2816 * wide)) for mid, wide in parts]
    low, high = together(ranges)
    assert sum(part.low for part in ranges) < low
    assert high < sum(part.high for part in ranges)
    sums = [sum(exp(rng.gauss(*part)) for part in parts) for _ in range(4000)]
    assert 75 <= 100 * sum(low <= value <= high for value in sums) / len(sums) <= 85
    assert together([]) == (0.0, 0.0)
    assert together([Range(0.0, 0.0), Range(0.0, 0.0)]) == (0.0, 0.0)
