"""Where words can't be read piece by piece, whole readings are offered; none is taken in silence."""

from pathlib import Path

import pytest

from planner.offline.drafter import plan_offline
from planner.questions.asking import Questions
from planner.questions.context import Context
from planner.questions.read import Asked
from planner.questions.search.offering import settled
from tests.unit.planner.questions.files import written
from tests.unit.planner.questions.test_everyday import context, rows
from tests.unit.planner.world import ask, describe


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("offered"))


def offered(words: str, known: Context) -> Asked | None:
    """What comes of words that could not be read piece by piece."""
    return settled(words, known, None, len(known.questions.gaps), known.questions.used)


@pytest.mark.parametrize(
    ("folder", "words", "reading", "expected"),
    [
        ("shop", "how did the amount develop month by month", "Total amount by month of order_date",
         [("2024-01", 200.5), ("2024-02", 355.25), ("2024-03", 810.74)]),
        ("hr", "eldest of IT", "Employees with the earliest birth_date where department = IT", [3]),
        ("desk", "busiest agent", "Agent with the highest number of tickets", [("Kim", 3), ("Sam", 3)]),
    ],
)  # fmt: skip
def test_the_reading_that_is_chosen_is_asked(
    folder: str, words: str, reading: str, expected: list[object], root: Path
) -> None:
    questions = Questions({})
    assert offered(words, context(root, folder, questions)) is not None
    gap = questions.gaps[0]
    assert reading in gap.options, gap.options
    found = offered(words, context(root, folder, Questions({gap.slot: reading})))
    assert found is not None
    made = rows(root, found.spec)
    assert [row if isinstance(expected[0], tuple) else row[0] for row in made] == expected


def test_something_else_is_an_answer(root: Path) -> None:
    questions = Questions({})
    words = "how did the amount develop month by month"
    offered(words, context(root, "shop", questions))
    answers = {questions.gaps[0].slot: "something else"}
    assert offered(words, context(root, "shop", Questions(answers))) is None


@pytest.mark.parametrize(
    "words",
    ["what's the weather tomorrow", "write a poem about rivers", "zzz qqq", "who are you?", "42"],
)
def test_what_speaks_for_nothing_in_the_files_is_no_question_to_them(
    words: str, root: Path
) -> None:
    assert offered(words, context(root, "shop", Questions({}))) is None


def test_no_reading_is_planned_without_asking(root: Path) -> None:
    staff = describe(root, "hr/employees.csv")
    draft = plan_offline(ask("eldest of IT", staff))
    assert (
        draft.gaps[0].question
        == "I'm not sure how to read “eldest of IT”. What do you want to know?"
    )
    assert draft.gaps[0].options[-1] == "something else"
