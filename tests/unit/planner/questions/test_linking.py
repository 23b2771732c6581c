"""Words that no file knows are linked by meaning, form and spelling; facts say what words mean."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from executor.data.file_shapes import describe
from executor.data.sources import opened
from executor.egress.files import ProjectFiles
from memory.model.work.value import FileInfo
from planner.questions.asking import Questions
from planner.questions.context import Context
from planner.questions.read import Asked, read
from planner.questions.sql.select import render
from planner.questions.words.facts import definitions, with_fiscal_year, year_start
from planner.questions.words.linking import candidates, sure
from planner.questions.words.terms import Vocabulary

FILES = {
    "bookings.csv": """booking_id,guest,room_type,checkin,checkout,nights,price_per_night,total,refund,source,cancelled,status
1,Ann Lee,Double,2026-01-03,2026-01-05,2,80,160,10,Expedia,no,live
2,Bob Ray,Single,2026-05-04,2026-05-05,1,60,60,0,Website,yes,old
3,Cy Fox,Suite,2026-06-01,2026-06-05,4,150,600,100,Phone,no,live
4,Ann Lee,Suite,2026-06-11,2026-06-12,1,150,150,0,Phone,no,old
""",
    "patients.csv": """patient_id,name,sex,dob,insurer,doctor,last_visit,smoker,country
1,Ann Lee,F,1990-01-01,AOK,Dr Weiss,2026-01-01,yes,DE
2,Bob Ray,M,1980-01-01,TK,Dr Schwarz,2026-01-02,no,FR
3,Cy Fox,F,1970-01-01,AOK,Dr Weiss,2026-01-03,no,DE
""",
}
FACTS = (
    "revenue means total minus refund",
    "our fiscal year starts in April",
    "active guests are those with status live",
    "Ann is our accountant",
)
TODAY = date(2026, 11, 27)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("linking")
    for path, rows in FILES.items():
        (made / path).write_text(rows)
    return made


def file(root: Path, path: str) -> FileInfo:
    return describe(ProjectFiles(root), path)


def asked(
    root: Path, path: str, words: str, questions: Questions, facts: tuple[str, ...] = ()
) -> Asked:
    return read(words, Context((file(root, path),), TODAY, questions, facts=facts))


def rows(root: Path, found: Asked) -> list[tuple[Any, ...]]:
    assert found.spec is not None, found
    with opened(ProjectFiles(root), found.spec.paths) as (connection, _):
        return connection.execute(render(found.spec)).fetchall()


@pytest.mark.parametrize(
    ("path", "word", "names"),
    [
        ("bookings.csv", "money", "total"),
        ("bookings.csv", "customers", "guest"),
        ("bookings.csv", "channel", "source"),
        ("bookings.csv", "arrival", "checkin"),
        ("bookings.csv", "guets", "guest"),
        ("patients.csv", "gender", "sex"),
        ("patients.csv", "physician", "doctor"),
        ("patients.csv", "women", "F"),
        ("patients.csv", "german", "DE"),
        ("patients.csv", "Weiss", "Dr Weiss"),
    ],
)
def test_a_word_is_surely_one_thing(path: str, word: str, names: str, root: Path) -> None:
    about = file(root, path)
    best = sure(candidates(word, Vocabulary([about]), about))
    assert best is not None
    term = best.term
    assert names == (term.refs[0].name if term.refs else term.values[0][1][0])


@pytest.mark.parametrize("word", ["happy", "windy", "useless", "boring", "generous"])
def test_nothing_is_surely_meant_by_a_word_that_is_near_nothing(word: str, root: Path) -> None:
    for path in FILES:
        about = file(root, path)
        assert sure(candidates(word, Vocabulary([about]), about)) is None


@pytest.mark.parametrize(
    ("path", "words", "expected"),
    [
        ("patients.csv", "how many nonsmokers are there", [(2,)]),
        ("patients.csv", "how many patients were born after 1975", [(2,)]),
        ("patients.csv", "how many women per physician", [("Dr Weiss", 2)]),
        ("bookings.csv", "how many uncancelled bookings", [(3,)]),
        ("bookings.csv", "total minus refund by channel",
         [("Phone", 650), ("Expedia", 150), ("Website", 60)]),
    ],
)  # fmt: skip
def test_words_nobody_wrote_into_the_file_give_these_rows(
    path: str, words: str, expected: list[tuple[Any, ...]], root: Path
) -> None:
    questions = Questions({})
    assert rows(root, asked(root, path, words, questions)) == expected
    assert not questions.gaps


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("leave it out", [(4,)]), ("room_type “Suite”", [(2,)]), ("nights over 1", [(2,)])],
)
def test_what_people_say_a_word_means_is_taken(
    answer: str, expected: list[tuple[Any, ...]], root: Path
) -> None:
    slot = "bookings.csv:fancy means"
    questions = Questions({slot: answer})
    found = asked(root, "bookings.csv", "how many fancy bookings", questions)
    assert rows(root, found) == expected
    assert not questions.gaps


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("revenue by source", [("Phone", 650), ("Expedia", 150), ("Website", 60)]),
        ("how many active guests are there", [(2,)]),
        ("revenue this fiscal year", [(710,)]),
        ("revenue last fiscal year", [(150,)]),
    ],
)
def test_taught_facts_say_what_words_mean(
    words: str, expected: list[tuple[Any, ...]], root: Path
) -> None:
    found = asked(root, "bookings.csv", words, Questions({}), FACTS)
    assert rows(root, found) == expected
    assert found.assumptions


def test_a_fiscal_year_nobody_told_of_is_asked_for(root: Path) -> None:
    questions = Questions({})
    asked(root, "bookings.csv", "total refund this fiscal year", questions)
    assert "In which month does the fiscal year start?" in [g.question for g in questions.gaps]


def test_only_what_says_what_a_word_means_is_a_definition() -> None:
    assert [d.term for d in definitions(FACTS)] == ["revenue", "active guests"]
    assert year_start(FACTS) == 4
    assert with_fiscal_year("sales in fiscal year 2025", 7, TODAY) == (
        "sales  between 2025-07-01 and 2026-06-30"
    )
