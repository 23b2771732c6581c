"""What a request mentions."""

from decimal import Decimal

import pytest

from planner.coverage.mentions import Mention, mentions


def of(kind: str, words: str) -> list[str]:
    return [found.text for found in mentions(words) if found.kind == kind]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("write 3 taglines of 12 words", [3, 12]),
        ("orders over 1,500 and under 2.5k", [1500, 2500]),
        ("the top 10% of 2023", [10, 2023]),
        ("load data/2024-01.csv and q3.md", []),
        ("meet at 9:30 on 3 May, send 2 lines", [2]),
        ("rerun step 2 of plan 7", []),
        ("see https://x.example/page/12 and 4 more", [4]),
        ("1. read it\n2. sum it", []),
        ("write “buy 2 lamps” to a.txt", []),
    ],
)
def test_numbers_are_told_from_dates_names_and_step_numbers(words: str, numbers: list[int]) -> None:
    found = [mention.number for mention in mentions(words) if mention.kind == "number"]
    assert found == [Decimal(number) for number in numbers]


@pytest.mark.parametrize(
    ("words", "caps"),
    [
        ("write a poem for at most $0.50", [Decimal("0.5")]),
        ("draft it, max 20 cents", [Decimal("0.2")]),
        ("do it for less than 2 dollars", [Decimal(2)]),
        ("spend up to $1 on each task", []),
        ("list what cost more than $40", []),
        ("keep it within €3", [None]),
    ],
)
def test_caps_are_amounts_that_the_work_may_cost(words: str, caps: list[Decimal | None]) -> None:
    assert [found.number for found in mentions(words) if found.kind == "money"] == caps


@pytest.mark.parametrize(
    ("kind", "words", "found"),
    [
        ("file", "compare a.csv with data/b.json, write out/c.md.", ["a.csv", "data/b.json", "out/c.md"]),
        ("file", "e.g. version 2.0 is fine, i.e. done", []),
        ("url", "read https://a.example/x?y=1, then b", ["https://a.example/x?y=1"]),
        ("quote", 'reply "Thanks, Bo" and “Bye”', ["Bye", "Thanks, Bo"]),
        ("language", "translate it into German and French", ["German", "French"]),
        ("deadline", "I need it before Friday", ["before Friday"]),
        ("deadline", "have it done by 5 pm", ["by 5 pm"]),
        ("condition", "if revenue falls, tell me", ["if revenue falls"]),
        ("negation", "sum it up but don't publish it", ["don't publish it"]),
        ("negation", "a list without duplicates, please", ["without duplicates"]),
    ],
)  # fmt: skip
def test_other_things_are_found(kind: str, words: str, found: list[str]) -> None:
    assert sorted(of(kind, words)) == sorted(found)


def test_a_thing_said_twice_counts_once() -> None:
    assert mentions("use 5 and 5") == (Mention("number", "5", Decimal(5)),)


@pytest.mark.parametrize(
    ("kind", "words", "found"),
    [
        ("file", "put it into docs/a.b.md and c.tar.gz", ["docs/a.b.md", "c.tar.gz"]),
        ("channel", "post it in #ops, not C#", ["#ops"]),
        ("deadline", "be quick, within 2 hours", ["within 2 hours"]),
        ("negation", "leave a.csv as it is", ["leave a.csv as it is"]),
        ("money", "spend nothing on it", ["spend nothing"]),
    ],
)
def test_more_things_are_found(kind: str, words: str, found: list[str]) -> None:
    assert of(kind, words) == found
