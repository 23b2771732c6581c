"""Columns cut short, cells that list things, and the file that is meant when none is named."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from executor.data.file_shapes import describe
from executor.data.sources import opened
from executor.egress.files import ProjectFiles
from memory.model.work.value import Column
from planner.questions.asking import Questions
from planner.questions.context import Context
from planner.questions.read import Asked, read
from planner.questions.semantics import Role, role_of, words_of
from planner.questions.sql.select import render
from planner.questions.words.short import is_short_for

FILES = {
    "salon/clients.csv": """cl_no,Client,born,sex,allerg,remarks
11,Ann Lee,1980-05-05,F,nuts,comes with her dog
12,Bo Chan,1992-11-30,M,nuts; latex,prefers mornings
13,Cy Diaz,1985-02-20,F,,always late and chatty
14,Di Evans,1999-08-08,F,latex,likes the window seat
15,Ed Moss,1971-01-01,M,,moved to another town
""",
    "salon/appts.csv": """appt,dt,cl_no,styl,trtmt,mins,chrg,tip
1,2024-01-05,11,Kim,cut,30,35.00,5
2,2024-01-17,12,Kim,colour,90,80.00,
3,2024-02-02,13,Jo,cut,45,40.00,2
4,2024-02-14,11,Jo,colour,95,82.50,8
5,2024-03-01,14,Kim,cut,30,35.00,
6,2024-03-09,15,Jo,perm,120,110.00,10
""",
}
TODAY = date(2026, 11, 27)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("named")
    for path, text in FILES.items():
        (made / path).parent.mkdir(exist_ok=True)
        (made / path).write_text(text)
    return made


def asked(root: Path, words: str, questions: Questions) -> Asked:
    every = tuple(describe(ProjectFiles(root), path) for path in FILES)
    return read(words, Context(every, TODAY, questions))


def rows(root: Path, found: Asked) -> list[tuple[Any, ...]]:
    assert found.spec is not None, found
    with opened(ProjectFiles(root), found.spec.paths) as (connection, _):
        return connection.execute(render(found.spec)).fetchall()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("average charge per treatment", [("perm", 110), ("colour", 81.25), ("cut", 36.666666666666664)]),
        ("total quid by stylist", [("Jo", 232.5), ("Kim", 150)]),
        ("average minutes by treatment", [("perm", 120), ("colour", 92.5), ("cut", 35)]),
        ("how many appointments in february 2024", [(2,)]),
        ("how many clients are allergic to latex", [(2,)]),
        ("how many clients are female", [(3,)]),
        ("how many clients have a date of birth before 1985", [(2,)]),
    ],
)  # fmt: skip
def test_short_names_and_lists_are_understood(
    words: str, expected: list[tuple[Any, ...]], root: Path
) -> None:
    questions = Questions({})
    assert rows(root, asked(root, words, questions)) == expected
    assert not questions.gaps


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("how many chatty ones", "salon/clients.csv"),
        ("longest treatment in mins", "salon/appts.csv"),
        ("how many were born before 1990", "salon/clients.csv"),
        ("total tips per month", "salon/appts.csv"),
    ],
)
def test_the_file_that_explains_the_words_is_taken(words: str, path: str, root: Path) -> None:
    questions = Questions({})
    assert asked(root, words, questions).base.path == path
    assert "Which file has the data?" not in [gap.question for gap in questions.gaps]


def test_the_file_is_asked_for_where_both_explain_as_much(root: Path) -> None:
    questions = Questions({})
    asked(root, "how many rows are there", questions)
    gap = questions.gaps[0]
    assert gap.question == "Which file has the data?"
    told = asked(root, "how many rows are there", Questions({gap.slot: "salon/appts.csv"}))
    assert rows(root, told) == [(6,)]


def test_what_nobody_would_think_of_is_no_option(root: Path) -> None:
    questions = Questions({})
    asked(root, "how many zorbing appointments", questions)
    assert not [gap for gap in questions.gaps if gap.question.startswith("What does")]


@pytest.mark.parametrize(
    ("name", "kind", "role"),
    [
        ("chrg", "DOUBLE", Role.AMOUNT),
        ("wt_kg", "DOUBLE", Role.MEASURED),
        ("fee EUR", "DOUBLE", Role.AMOUNT),
        ("CHF", "DOUBLE", Role.AMOUNT),
        ("mooring_pa", "BIGINT", Role.AMOUNT),
        ("boat_reg", "BIGINT", Role.KEY),
        ("unit_pr", "DOUBLE", Role.PRICE),
        ("hrs", "BIGINT", Role.QUANTITY),
    ],
)
def test_a_short_name_has_the_role_of_the_long_one(name: str, kind: str, role: Role) -> None:
    assert role_of(Column(name=name, type=kind, least="3", most="97"), 50) is role


def test_what_a_name_is_short_for_depends_on_what_the_column_holds() -> None:
    assert words_of(Column(name="dep", type="DOUBLE")) == ("deposit",)
    assert words_of(Column(name="dep", type="VARCHAR", values=("IT", "Sales"))) == ("department",)
    assert words_of(Column(name="dep", type="DATE")) == ("departure",)


@pytest.mark.parametrize(
    ("short", "word", "is_one"),
    [("swp", "sweeper", True), ("mbr", "member", True), ("in", "including", False),
     ("no", "nothing", False), ("tip", "temperature", False)],
)  # fmt: skip
def test_beginnings_and_consonants_are_short_for_a_word(
    short: str, word: str, *, is_one: bool
) -> None:
    assert (is_short_for(short, word) >= 0.75) is is_one
