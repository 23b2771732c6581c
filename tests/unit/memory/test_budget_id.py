"""One budget per name, however it is spelt."""

import pytest

from memory.model.base import ProjectId
from memory.model.budget import budget_id

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
