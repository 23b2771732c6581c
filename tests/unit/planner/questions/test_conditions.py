"""Which rows people mean: values, numbers, spans, what is missing, and rows of other files."""

from datetime import date
from pathlib import Path

import pytest

from executor.data.file_shapes import describe
from executor.data.sources import opened
from executor.egress.files import ProjectFiles
from planner.draft import Draft
from planner.offline.drafter import plan_offline
from planner.questions.conditions.telling import told
from planner.questions.notes import notes_of
from planner.questions.semantics import TRUE
from planner.questions.spec import (
    Compare,
    DatePart,
    During,
    Field,
    Filter,
    Linked,
    Missing,
    OneOf,
    QuerySpec,
)
from tests.unit.planner.world import ask

AT = Field(file="rentals.csv", column="channel")
FILES = {
    "rentals.csv": """rental_id,boat_id,client,started,hours,price,paid,channel,score
1,10,Ann,2026-03-02,2,40,yes,web,5
2,11,Bo,2026-03-14,5,120,no,phone,
3,10,Ann,2026-04-01,1,20,yes,phone,3
4,12,Cy,2026-05-09,8,200,yes,web,4
5,11,Bo,2026-09-20,3,0,no,desk,1
6,12,Dee,2026-10-31,4,90,yes,web,2
""",
    "boats.csv": """boat_id,name,kind,seats,built
10,Swan,rowing,4,1998
11,Gull,sailing,6,2015
12,Tern,sailing,8,
13,Duck,pedal,2,2021
""",
}
ROWS: tuple[tuple[str, list[int]], ...] = (
    # values
    ("rentals by phone or desk", [2, 3, 5]),
    ("rentals neither by phone nor desk", [1, 4, 6]),
    ("rentals from anything but web", [2, 3, 5]),
    ("unpaid rentals", [2, 5]),
    ("rentals that are not paid", [2, 5]),
    # numbers
    ("rentals of 4 hours or longer", [2, 4, 6]),
    ("rentals with price over 30 but under 100", [1, 6]),
    ("rentals with price under 30 or over 150", [3, 4, 5]),
    ("rentals between 2 and 4 hours", [1, 5, 6]),
    ("rentals with score 4 or 5", [1, 4]),
    ("rentals where price is not 0", [1, 2, 3, 4, 6]),
    ("boats with 6 seats or more", [11, 12]),
    ("rentals over 4 hours", [2, 4]),
    ("rentals under 2 or over 4 hours", [2, 3, 4]),
    ("rentals by desk or over 100", [2, 4, 5]),
    # what is missing
    ("rentals without a score", [2]),
    ("boats without a year", [12]),
    ("rentals with a price", [1, 2, 3, 4, 6]),
    # time
    ("rentals started in march", [1, 2]),
    ("rentals since september", [5, 6]),
    ("rentals between 10 and 20 march 2026", [2]),
    ("rentals in the first half of march 2026", [1, 2]),
    ("boats built before 2000", [10]),
    ("boats built in 2015 or later", [11, 13]),
    ("boats from the 90s", [10]),
    ("weekend rentals", [2, 4, 5, 6]),
    # other rows
    ("boats that were never rented", [13]),
    ("boats nobody rented", [13]),
    ("boats not in rentals", [13]),
    ("boats without rentals since may", [10, 13]),
)
CLIENTS: tuple[tuple[str, list[str]], ...] = (
    ("clients with at least 2 phone rentals", []),
    ("clients with both web and phone", ["Ann"]),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("boats")
    for name, words in FILES.items():
        Path(folder, name).write_text(words)
    return folder


def drafted(root: Path, words: str) -> Draft:
    files = ProjectFiles(root)
    return plan_offline(ask(words, tuple(describe(files, path) for path in FILES)))


def first_cells(root: Path, words: str) -> list[object]:
    draft = drafted(root, words)
    assert not draft.declined, draft.declined
    given = [(value.name, str(value.value)) for value in draft.tasks[0].inputs]
    sources = tuple(value for name, value in given if name == "sources")
    with opened(ProjectFiles(root), sources) as (connection, _):
        return [row[0] for row in connection.execute(dict(given)["sql"]).fetchall()]


@pytest.mark.parametrize(("words", "expected"), ROWS, ids=[case[0] for case in ROWS])
def test_these_rows_are_meant(words: str, expected: list[int], root: Path) -> None:
    assert first_cells(root, words) == expected


@pytest.mark.parametrize(("words", "expected"), CLIENTS, ids=[case[0] for case in CLIENTS])
def test_rows_of_the_same_client_are_looked_at(words: str, expected: list[str], root: Path) -> None:
    assert first_cells(root, words) == expected


def test_better_is_asked(root: Path) -> None:
    (gap,) = drafted(root, "rentals with a score better than 3").gaps
    assert gap.options == ("higher score", "lower score")


TOLD: tuple[tuple[Filter, str], ...] = (
    (OneOf(field=AT, values=("web", "desk")), "channel = web or desk"),
    (OneOf(field=AT, values=tuple(sorted(TRUE)), negated=True), "channel = no"),
    (Compare(of=AT, op=">=", value=1200), "channel ≥ 1,200"),
    (Missing(field=AT), "channel is empty"),
    (
        During(field=AT, spans=((date(2026, 3, 1), date(2026, 4, 1)),)),
        "channel in March 2026",
    ),
    (DatePart(field=AT, part="weekday", numbers=(6, 7)), "weekday of channel = Saturday or Sunday"),
    (
        Linked(field=AT, other=AT, where=(Missing(field=AT),), negated=True),
        "channel not in rentals.csv with channel is empty",
    ),
)


@pytest.mark.parametrize(("held", "words"), TOLD)
def test_a_condition_is_told_by_its_column(held: Filter, words: str) -> None:
    assert told(held) == words


def test_what_cannot_be_placed_is_not_guessed(root: Path) -> None:
    draft = drafted(root, "boats with two kinds")
    assert draft.declined or draft.gaps


SHARED = {
    "visits.csv": "visit_id,member_id,minutes\n1,1,10\n2,1,20\n3,2,30\n4,2,40\n5,3,50\n",
    "members.csv": "member_id,name,branch\n1,Ann,North\n2,Ann,South\n3,Bo,North\n",
}


def test_people_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for name, words in SHARED.items():
        Path(tmp_path, name).write_text(words)
    files = ProjectFiles(tmp_path)
    shapes = tuple(describe(files, path) for path in SHARED)
    draft = plan_offline(ask("number of visits by member name", shapes))
    given = [(value.name, str(value.value)) for value in draft.tasks[0].inputs]
    sources = tuple(value for name, value in given if name == "sources")
    with opened(files, sources) as (connection, _):
        rows = connection.execute(dict(given)["sql"]).fetchall()
    assert sorted(row[1:] for row in rows) == [("Ann", 2), ("Ann", 2), ("Bo", 1)]


def test_empty_cells_that_are_kept_by_a_negation_are_told(root: Path) -> None:
    kind = Field(file="boats.csv", column="kind")
    held = OneOf(field=kind, values=("pedal",), negated=True)
    (note,) = notes_of(QuerySpec(files=("boats.csv",), filters=(held,)))
    assert note.sentence == "{0} of these rows have no kind."
    with opened(ProjectFiles(root), ("boats.csv",)) as (connection, _):
        assert connection.execute(note.sql).fetchall() == [(0,)]
