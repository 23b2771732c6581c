"""Telling vague tasks from clear ones, and naming what they leave open."""

import pytest

from planner.experience.vagueness import shipped_judge
from planner.gaps import left_open
from planner.llms.prompt import first_messages
from planner.port import Answer
from tests.unit.planner.world import ask


@pytest.mark.parametrize(
    ("task", "vague"),
    [
        ("Plan a holiday for my family.", True),
        ("Recommend a good restaurant.", True),
        ("Write a script to back up my files.", True),
        ("Find the best laptop for me.", True),
        ("What is the capital of Australia?", False),
        ("Who won the Nobel Prize in Physics in 1921?", False),
        ("Write a Python function that checks whether a string is a palindrome.", False),
        ("Add up the revenue column of sales.csv by region and save it to q3.md", False),
    ],
)
def test_tasks_of_everyday_life_are_told_apart(task: str, *, vague: bool) -> None:
    assert shipped_judge().judge(task).vague is vague


def test_what_a_task_says_is_not_missing() -> None:
    judge = shipped_judge()
    bare = [point.what for point in judge.open_points("Plan a trip")]
    told = judge.open_points("Plan a trip to Paris next May for two people, three days, $900")
    assert bare == ["When it is to be", "Where to", "What it may cost"]
    assert not {point.what for point in told} & set(bare)


def test_at_most_three_points_are_told_each_with_a_choice() -> None:
    for task in ("Plan a trip", "Write something", "Buy a laptop", "Learn Spanish", "zzz"):
        points = shipped_judge().open_points(task)
        assert 1 <= len(points) <= 3
        assert all(2 <= len(point.options) <= 4 for point in points)


def test_a_clear_task_misses_nothing() -> None:
    assert shipped_judge().judge("What is the capital of Australia?").missing == ()


@pytest.mark.parametrize("text", ["", "   ", "?!", "🙂🙂"])
def test_a_text_without_words_is_vague(text: str) -> None:
    assert shipped_judge().judge(text).vague


@pytest.mark.parametrize("text", ["你好", "x" * 40_000, "a " * 20_000, "\x00\ud7ff", "1" * 5000])
def test_any_text_gets_a_verdict(text: str) -> None:
    judgement = shipped_judge().judge(text)
    assert len(judgement.missing) <= 3


def test_what_a_vague_request_leaves_open_are_gaps_with_options() -> None:
    gaps = left_open("Plan a trip")
    assert [gap.question for gap in gaps][:2] == ["When it is to be", "Where to"]
    assert all(gap.options for gap in gaps)
    assert left_open("What is the capital of Australia?") == ()


@pytest.mark.parametrize(("text", "hinted"), [("Plan a trip", True), ("Who won in 1921?", False)])
def test_a_model_is_told_what_a_vague_request_may_leave_open(text: str, *, hinted: bool) -> None:
    user = first_messages(ask(text), known=(), earlier=None)[1].text
    assert ("<<<BEGIN PERHAPS NOT SAID>>>" in user) is hinted
    answered = ask(text, answers=(Answer(slot="x", value="y"),))
    assert "PERHAPS NOT SAID" not in first_messages(answered, known=(), earlier=None)[1].text


def test_few_weights_are_shipped() -> None:
    assert shipped_judge().size <= 1000
