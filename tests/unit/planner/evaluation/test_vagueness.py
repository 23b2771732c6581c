"""Telling vague tasks from clear ones."""

import pytest

from planner.experience.vagueness import shipped_judge


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


@pytest.mark.parametrize("text", ["", "   ", "?!", "🙂🙂"])
def test_a_text_without_words_is_vague(text: str) -> None:
    assert shipped_judge().judge(text).vague


@pytest.mark.parametrize("text", ["你好", "x" * 40_000, "a " * 20_000, "\x00\ud7ff", "1" * 5000])
def test_any_text_gets_a_verdict(text: str) -> None:
    judgement = shipped_judge().judge(text)
    assert judgement.vague is (judgement.score > 0)


def test_few_weights_are_shipped() -> None:
    assert shipped_judge().size <= 1000
