"""Everyday questions over several files, their SQL run in DuckDB; and those that must be asked back."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from executor.data.file_shapes import describe
from executor.data.sources import opened
from executor.egress.files import ProjectFiles
from planner.questions.asking import Questions
from planner.questions.context import Context
from planner.questions.notes import notes_of
from planner.questions.read import Asked, read
from planner.questions.revising import revise
from planner.questions.spec import QuerySpec
from planner.questions.sql.select import render
from tests.unit.planner.questions.files import FILES, written

TODAY = date(2026, 3, 2)
MONTHS = ["2024-01", "2024-02", "2024-03"]

ROWS: tuple[tuple[str, str, list[tuple[Any, ...]]], ...] = (
    ("shop", "average order value per month",
     [(MONTHS[0], 100.25), (MONTHS[1], 177.625), (MONTHS[2], 810.74 / 3)]),
    ("shop", "how many orders per month", [(MONTHS[0], 2), (MONTHS[1], 2), (MONTHS[2], 3)]),
    ("shop", "how many orders do we have?", [(8,)]),
    ("shop", "total amount by country",
     [("Germany", 1046.5), ("(no match)", 200.0), ("France", 179.99)]),
    ("shop", "how many customers are there per city?", [("Berlin", 2), ("Paris", 1), ("Rome", 1)]),
    ("shop", "what share of orders were cancelled?", [(12.5,)]),
    ("shop", "top 2 customers by number of orders", [("Ann Lee", 3), ("Bo Chan", 2)]),
    ("shop", "running total of amount by month",
     [(MONTHS[0], 200.5, 200.5), (MONTHS[1], 355.25, 555.75), (MONTHS[2], 810.74, 1366.49)]),
    ("shop", "revenue by month with growth",
     [(MONTHS[0], 200.5, None), (MONTHS[1], 355.25, 77.18), (MONTHS[2], 810.74, 128.22)]),
    ("shop", "average delivery time", [(16 / 6,)]),
    ("shop", "how many customers from Berlin ordered in 2024?", [(2,)]),
    ("shop", "when was the last order?", [(date(2024, 3, 30),)]),
    ("shop", "total amount in 2024 without cancelled orders", [(1056.49,)]),
    ("shop", "number of orders by status", [("shipped", 6), ("cancelled", 1), ("returned", 1)]),
    ("shop", "customers with more than 1 order",
     [("Ann Lee", 3), ("Bo Chan", 2), ("Cy Diaz", 2)]),
    ("hr", "average salary by department", [("IT", 17200 / 3), ("Sales", 4650.0), ("HR", 3900.0)]),
    ("hr", "how many people work in IT?", [(3,)]),
    ("hr", "how many employees were hired after 2020?", [(2,)]),
    ("hr", "median salary", [(5150.0,)]),
    ("hr", "how many active employees per department?", [("IT", 2), ("Sales", 2), ("HR", 1)]),
    ("hr", "average age of employees", [(38.5,)]),
    ("hr", "which department has the most employees?", [("IT", 3)]),
    ("iot", "average temperature per sensor", [("B1", 30.75), ("A1", 24.25), ("A2", 18.75)]),
    ("iot", "maximum temperature by day",
     [(date(2024, 6, 1), 27.0), (date(2024, 6, 2), 30.5), (date(2024, 6, 3), 31.0)]),
    ("iot", "hottest sensor", [("B1", 31.0)]),
    ("school", "average grade by subject", [("Math", 7 / 3), ("English", 2.0)]),
    ("school", "how many students are there?", [(4,)]),
    ("school", "average grade per class in 2024", [("10b", 2.85), ("10a", 1.3)]),
    ("clinic", "average length of stay by ward", [("Ortho", 5.5), ("Cardio", 2.5), ("Neuro", None)]),
    ("clinic", "patients with more than one visit", [("Abe", 2)]),
    ("desk", "how many open tickets are there?", [(3,)]),
    ("desk", "open tickets per agent", [("Kim", 2), ("Sam", 1)]),
    ("desk", "how many tickets were closed in May?", [(2,)]),
    ("desk", "duplicate customer emails", [("a@x.com", 2), ("b@x.com", 2)]),
    ("desk", "average time to close", [(13 / 3,)]),
    ("money", "total expenses by category", [("Travel", 699.0), ("Office", 75.5), ("Food", 60.25)]),
    ("money", "what did we spend on travel?", [(699.0,)]),
    ("money", "how many expenses are not approved?", [(2,)]),
    ("money", "average vat rate", [(15.0,)]),
    ("money", "3-month moving average of amount",
     [(MONTHS[0], 165.5, 165.5), (MONTHS[1], 540.25, 352.875), (MONTHS[2], 129.0, 278.25)]),
    ("de", "total Betrag by Kunde",
     [("Weber KG", 2450.0), ("Müller GmbH", 1290.4), ("Schmidt AG", 450.1)]),
    ("de", "total amount by customer",
     [("Weber KG", 2450.0), ("Müller GmbH", 1290.4), ("Schmidt AG", 450.1)]),
    ("de", "how many invoices per month?", [(MONTHS[0], 2), (MONTHS[1], 2), (MONTHS[2], 1)]),
    ("store", "revenue by product", [("Chair", 200.0), ("Desk", 200.0), ("Lamp", 118.0)]),
    ("store", "how many orders?", [(3,)]),
    ("store", "average order value", [(518 / 3,)]),
)  # fmt: skip

FIRST: tuple[tuple[str, str, list[Any]], ...] = (
    ("shop", "the 10 biggest orders", [1008, 1003, 1005, 1001, 1006, 1002, 1007, 1004]),
    ("shop", "customers without orders", [4]),
    ("shop", "orders over 100", [1001, 1003, 1005, 1008]),
    ("shop", "orders shipped in March 2024", [1005, 1006, 1007]),
    ("shop", "list customers from Germany", [1, 3]),
    ("hr", "who has the highest salary?", [3]),
    ("hr", "oldest employee", [5]),
    ("hr", "employees without a manager", [1]),
    ("hr", "employees earning more than 5000", [1, 3, 4, 6]),
    ("hr", "who was hired first?", [3]),
    ("hr", "salary above average", [1, 3, 4, 6]),
    ("iot", "readings with missing humidity", ["A2"]),
    ("clinic", "most expensive visit", [3]),
    ("desk", "high priority tickets that are still open", ["T6"]),
)  # fmt: skip

ASKED = (
    ("hr", "what is the salary by department?", "The total or the average of salary?"),
    ("shop", "which customer spent the most?", "Ranked by what?"),
    ("school", "best grade in Math", "Which grade is the best?"),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("questions"))


def context(root: Path, folder: str, questions: Questions) -> Context:
    files = ProjectFiles(root)
    every = tuple(describe(files, path) for path in FILES if path.split("/")[0] == folder)
    return Context(every=every, today=TODAY, questions=questions)


def asked(root: Path, folder: str, words: str, questions: Questions | None = None) -> Asked:
    return read(words, context(root, folder, questions or Questions({})))


def rows(root: Path, spec: QuerySpec | None, sql: str = "") -> list[tuple[Any, ...]]:
    assert spec is not None
    with opened(ProjectFiles(root), spec.paths) as (connection, _):
        return connection.execute(sql or render(spec)).fetchall()


@pytest.mark.parametrize(("folder", "words", "expected"), ROWS, ids=[case[1] for case in ROWS])
def test_a_question_gives_these_figures(
    folder: str, words: str, expected: list[tuple[Any, ...]], root: Path
) -> None:
    found = rows(root, asked(root, folder, words).spec)
    about = [
        tuple(pytest.approx(v) if isinstance(v, float) else v for v in row) for row in expected
    ]
    assert found == about


@pytest.mark.parametrize(("folder", "words", "expected"), FIRST, ids=[case[1] for case in FIRST])
def test_a_question_lists_these_rows(
    folder: str, words: str, expected: list[Any], root: Path
) -> None:
    assert [row[0] for row in rows(root, asked(root, folder, words).spec)] == expected


@pytest.mark.parametrize(("folder", "words", "question"), ASKED, ids=[case[1] for case in ASKED])
def test_two_readings_are_asked_about(folder: str, words: str, question: str, root: Path) -> None:
    questions = Questions({})
    asked(root, folder, words, questions)
    assert [gap.question for gap in questions.gaps] == [question]


@pytest.mark.parametrize(
    ("words", "unread"),
    [
        ("orders per month except weekends and busy days", "busy"),
    ],
)
def test_a_word_nobody_knows_is_asked_about(words: str, unread: str, root: Path) -> None:
    questions = Questions({})
    asked(root, "shop", words, questions)
    assert f"What does “{unread}” mean here?" in [gap.question for gap in questions.gaps]
    assert "leave it out" in questions.gaps[0].options


@pytest.mark.parametrize(
    ("words", "unread"),
    [
        ("total amount by country frobnicated", "frobnicated"),
        ("how many happy orders per month", "happy"),
    ],
)
def test_a_word_that_may_mean_nothing_here_is_no_question_of_its_own(
    words: str, unread: str, root: Path
) -> None:
    questions = Questions({})
    found = asked(root, "shop", words, questions)
    assert found.spec is None
    assert found.unread == (unread,)
    assert questions.gaps == []


def test_what_a_join_leaves_without_a_match_is_counted_with_its_amount(root: Path) -> None:
    spec = asked(root, "shop", "total amount by country").spec
    assert spec is not None
    note = notes_of(spec)[0]
    assert rows(root, spec, note.sql) == [(1, 200.0)]
    assert note.sentence == (
        "{0} rows of orders.csv have no match in customers.csv (total amount: {1}); they are kept "
        "as “(no match)”."
    )


def test_rows_without_a_date_are_counted(root: Path) -> None:
    spec = asked(root, "shop", "how many orders per month").spec
    assert spec is not None
    assert rows(root, spec, notes_of(spec)[0].sql) == [(1,)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "and now by customer_id",
            [
                (1, "Ann Lee", 941.25),
                (9, "(no match)", 200.0),
                (2, "Bo Chan", 179.99),
                (3, "Cy Diaz", 105.25),
            ],
        ),
        ("only for March 2024", [("shipped", 810.74)]),
        ("without the cancelled ones", [("shipped", 1071.24), ("returned", 45.25)]),
        ("no, I meant the quantity", [("shipped", 17), ("cancelled", 5), ("returned", 3)]),
        ("top 1", [("shipped", 1071.24)]),
        ("sorted by status", [("cancelled", 310.0), ("returned", 45.25), ("shipped", 1071.24)]),
    ],
)
def test_what_is_said_next_changes_the_question(
    words: str, expected: list[tuple[Any, ...]], root: Path
) -> None:
    around = context(root, "shop", Questions({}))
    first = read("total amount by status", around).spec
    assert first is not None
    changed = revise(first, words, around)
    assert changed is not None
    assert rows(root, changed.spec) == [
        tuple(pytest.approx(v) if isinstance(v, float) else v for v in row) for row in expected
    ]


@pytest.mark.parametrize("words", ["as a pie chart", "thanks", "only if it rains"])
def test_what_is_no_change_of_the_question_is_none(words: str, root: Path) -> None:
    around = context(root, "shop", Questions({}))
    first = read("total amount by status", around).spec
    assert first is not None
    assert revise(first, words, around) is None


@pytest.mark.parametrize(
    ("folder", "words", "stated"),
    [
        ("clinic", "how many visits per month?", "The date is admission_date."),
        ("clinic", "total expense by ward", "“expense” is the column cost."),
        ("desk", "unresolved tickets per operator", "“operator” is the column agent."),
        ("shop", "how many german customers are there", "“german” means country “Germany”."),
        ("hr", "average wages by division", "“division” is the column department."),
        ("de", "how much is unpaid by customer", "“customer” is the column Kunde."),
    ],
)
def test_what_a_word_surely_means_is_stated(
    folder: str, words: str, stated: str, root: Path
) -> None:
    assert stated in asked(root, folder, words).assumptions
