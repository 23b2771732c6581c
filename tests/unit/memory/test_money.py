"""Money as people read it: short, and never an amount that is not there."""

import pytest

from memory.model.money import show_money, show_range


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "$0"),
        (1, "$0.000001"),
        (49, "$0.000049"),
        (50, "$0.0001"),
        (4_200, "$0.0042"),
        (10_000, "$0.01"),
        (130_000, "$0.13"),
        (1_234_500_000, "$1,234.50"),
    ],
)
def test_an_amount_is_short_and_never_nothing(amount: int, shown: str) -> None:
    assert show_money(amount) == shown


def test_a_range_whose_ends_show_alike_is_one_figure() -> None:
    assert show_range(110_000, 240_000) == "$0.11–0.24"
    assert show_range(110_000, 110_001) == "$0.11"
