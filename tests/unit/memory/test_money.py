"""Money: one id for a budget however it is spelt, and amounts as people read them."""

import pytest

from memory.model.base import ProjectId
from memory.model.budget import budget_id
from memory.model.money import show_money, show_range

PROJECT = ProjectId("sales")


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Research", "research"),
        ("Straße", "STRASSE"),
        (" café ", "cafe\u0301"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_two_spellings_are_one_budget(name: str, same: str) -> None:
    assert budget_id(PROJECT, name) == budget_id(PROJECT, same)


def test_other_names_scripts_and_projects_are_other_budgets() -> None:
    names = ("研究", "营销", "бюджет", "тест", "research", "")
    ids = {budget_id(project, name) for name in names for project in (PROJECT, ProjectId("tax"))}
    assert len(ids) == 2 * len(names)


def test_an_id_stays_what_it_was() -> None:
    """Stored budgets are found by it."""
    assert budget_id(PROJECT, "Research") == "bud_967febe0160c6b17"


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
