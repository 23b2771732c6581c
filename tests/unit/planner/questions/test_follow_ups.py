"""What is said after a result, read against the question before it; its SQL run in DuckDB."""

from pathlib import Path
from typing import Any

import pytest

from planner.questions.asking import Questions
from planner.questions.read import read
from planner.questions.revising import revise
from planner.questions.spec import QuerySpec
from tests.unit.planner.questions.files import written
from tests.unit.planner.questions.test_everyday import context, rows

MONEY = "total amount by status in orders.csv"
DAYS = "number of orders per month of order_date"
OPEN = "list the shipped orders"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("follow"))


def first(root: Path, words: str, folder: str = "shop") -> QuerySpec:
    spec = read(words, context(root, folder, Questions({}))).spec
    assert spec is not None
    return spec


@pytest.mark.parametrize(
    ("base", "words", "expected"),
    [
        (MONEY, "make it the average",
         [("cancelled", 310.0), ("shipped", 1071.24 / 6), ("returned", 45.25)]),
        (MONEY, "no, the number of orders rather than the amount",
         [("shipped", 6), ("cancelled", 1), ("returned", 1)]),
        (MONEY, "not cancelled", [("shipped", 1071.24), ("returned", 45.25)]),
        (MONEY, "which one is the biggest?", [("shipped", 1071.24)]),
        (MONEY, "and who has the least", [("returned", 45.25)]),
        (MONEY, "what's the total?", [(1426.49,)]),
        (MONEY, "in percent",
         [("shipped", 1071.24, 75.1), ("cancelled", 310.0, 21.73), ("returned", 45.25, 3.17)]),
        (MONEY, "quantity instead of amount", [("shipped", 17), ("cancelled", 5), ("returned", 3)]),
        (DAYS, "newest first", [("2024-03", 3), ("2024-02", 2), ("2024-01", 2)]),
        (DAYS, "quarterly rather than monthly", [("2024-Q1", 7)]),
        (DAYS, "running total",
         [("2024-01", 2, 2), ("2024-02", 2, 4), ("2024-03", 3, 7)]),
        (DAYS, "only 2023", []),
    ],
)  # fmt: skip
def test_what_a_follow_up_leaves_out_comes_from_the_question_before(
    base: str, words: str, expected: list[Any], root: Path
) -> None:
    around = context(root, "shop", Questions({}))
    changed = revise(first(root, base), words, around)
    assert changed is not None
    assert rows(root, changed.spec) == [
        tuple(pytest.approx(v, abs=0.01) if isinstance(v, float) else v for v in row)
        for row in expected
    ]
    assert around.questions.gaps == []


def test_a_column_is_left_out_of_a_list(root: Path) -> None:
    changed = revise(first(root, OPEN), "hide the amount", context(root, "shop", Questions({})))
    assert changed is not None
    assert changed.spec is not None
    assert "amount" not in [field.column for field in changed.spec.columns]
    assert len(rows(root, changed.spec)) == 6


def test_the_same_is_asked_of_another_file_and_what_it_lacks_is_asked_for(root: Path) -> None:
    around = context(root, "shop", Questions({}))
    spec = first(root, "number of orders by status")
    changed = revise(spec, "same for customers.csv", around)
    assert changed is not None
    assert changed.spec is not None
    assert changed.spec.files[0].endswith("customers.csv")
    assert [gap.question.rpartition("/")[2] for gap in around.questions.gaps] == [
        "customers.csv has no column status. Which one instead?"
    ]


def test_why_a_figure_is_low_is_answered_by_what_it_is_made_of(root: Path) -> None:
    changed = revise(
        first(root, MONEY), "why is returned so low?", context(root, "shop", Questions({}))
    )
    assert changed is not None
    assert [row[:3] for row in rows(root, changed.spec)][-1] == ("returned", 45.25, 1)
    assert any("doesn't say why" in line for line in changed.assumptions)


@pytest.mark.parametrize("words", ["put it in a report", "why Gemini?", "show all of them"])
def test_words_that_say_nothing_of_the_figures_change_none(words: str, root: Path) -> None:
    assert revise(first(root, MONEY), words, context(root, "shop", Questions({}))) is None
