"""Whether words go on from what was done, or stand on their own."""

from pathlib import Path

import pytest

from memory.model.work.value import FileInfo
from planner.understanding.follow_ups import is_a_request, leans
from tests.unit.planner.world import ask, describe, folder


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[FileInfo, ...]:
    root: Path = folder(tmp_path_factory.mktemp("leans") / "work")
    return tuple(describe(root, "sales.csv", "notes.md"))


@pytest.mark.parametrize(
    "words",
    [
        "and by product too", "only for 2024", "no, I meant the units", "as a pie", "line chart please",
        "same for notes.csv", "what about Lamp?", "cheapest first", "round it", "put it in a report",
        "send that to me every Monday at 8", "per month", "top 2 only", "without the lamps",
    ],
)  # fmt: skip
def test_words_that_leave_something_out_lean(words: str, files: tuple[FileInfo, ...]) -> None:
    assert leans(words, files)


@pytest.mark.parametrize(
    "words",
    [
        "total revenue by region", "how many sales per month", "sort sales.csv by revenue",
        "now show me the average revenue by product in sales.csv", "list the sales over 100",
        "write a blog post about lamps for beginners",
        "and then\nsomething with two lines",
    ],
)  # fmt: skip
def test_questions_of_their_own_do_not(words: str, files: tuple[FileInfo, ...]) -> None:
    assert not leans(words, files)


def test_while_questions_are_open_only_outright_words_lean(files: tuple[FileInfo, ...]) -> None:
    assert leans("and by product", files, outright=True)
    assert not leans("the second column", files, outright=True)


@pytest.mark.parametrize("words", ["revenue per month", "how many sales per product"])
def test_what_could_be_asked_by_itself_is_a_request(
    words: str, files: tuple[FileInfo, ...]
) -> None:
    assert is_a_request(ask(words, files))


@pytest.mark.parametrize(
    "words", ["the revenue", "and per region", "the second one please", "zxcv qwer asdf"]
)
def test_an_answer_or_a_slip_is_none(words: str, files: tuple[FileInfo, ...]) -> None:
    assert not is_a_request(ask(words, files))
