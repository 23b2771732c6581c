"""States under another name, keys that nobody knows, days between two dates, and what can't be."""

from pathlib import Path

import pytest

from executor.data.file_shapes import describe
from executor.data.sources import opened
from executor.egress.files import ProjectFiles
from memory.model.work.value import FileInfo
from planner.offline.drafter import plan_offline
from planner.questions.naming.states import parted, stated
from planner.questions.readers.state import Unclear
from planner.questions.spec import Compare, DatePart, Field, Filter, Missing, OneOf, QuerySpec
from planner.questions.sql.checking import check
from planner.questions.words.terms import Vocabulary
from tests.unit.planner.world import ask

FILES = {
    "moorings.csv": """mooring,boat_no,from,to,fee,dep_pd,closed_on,kind
M01,B1,2026-03-01,2026-03-09,40,yes,2026-03-10,river
M02,B2,2026-03-05,2026-03-06,25,no,,canal
M03,B9,2026-03-06,2026-04-02,90,no,,river
M04,B1,2026-04-01,2026-04-03,30,yes,2026-04-04,lake
M05,B7,2026-04-02,2026-04-20,70,no,2026-04-21,canal
""",
    "boats.csv": """boat_no,Boat,Owner,paint,mass_kg
B1,Heron,Ada Moor,red,900
B2,Wren,Bill Quay,,700
B3,Finch,Cora Lock,blue,1200
B4,Swift,Ada Moor,,650
""",
}
ROWS: tuple[tuple[str, list[object]], ...] = (
    # a state that a column has under another name
    ("moorings that arent finished", ["M02", "M03"]),
    ("unfinished moorings", ["M02", "M03"]),
    ("which moorings havent paid the deposit", ["M02", "M03", "M05"]),
    ("how many moorings with the deposit unpaid", [3]),
    # keys that nobody knows, and rows that nobody has
    ("moorings for a boat we dont have", ["M03", "M05"]),
    ("moorings with a boat number thats not in the boats file", ["M03", "M05"]),
    ("boats never moored", ["B3", "B4"]),
    ("boats with no moorings at all", ["B3", "B4"]),
    ("boats without paint", ["B2", "B4"]),
    # what holds on a day
    ("which moorings were there on 6 march 2026", ["M01", "M02", "M03"]),
    ("which moorings were here on 2 april 2026", ["M03", "M04", "M05"]),
    # one value and another
    ("moorings on the river or the canal", ["M01", "M02", "M03", "M05"]),
    ("how many river moorings and how many canal ones", ["canal", "river"]),
    ("how many moorings and how many not finished", [5]),
    ("boats over 800 kilos", ["B1", "B3"]),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("moorings")
    for name, words in FILES.items():
        Path(folder, name).write_text(words)
    return folder


def shapes(root: Path) -> tuple[FileInfo, ...]:
    return tuple(describe(ProjectFiles(root), path) for path in FILES)


@pytest.mark.parametrize(("words", "expected"), ROWS, ids=[case[0] for case in ROWS])
def test_these_rows_are_meant(words: str, expected: list[object], root: Path) -> None:
    draft = plan_offline(ask(words, shapes(root)))
    assert not draft.declined, draft.declined
    given = [(value.name, str(value.value)) for value in draft.tasks[0].inputs]
    sources = tuple(value for name, value in given if name == "sources")
    with opened(ProjectFiles(root), sources) as (connection, _):
        rows = connection.execute(dict(given)["sql"]).fetchall()
    assert [row[0] for row in rows] == expected


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("jobs that havent been paid", "jobs that haven't been paid"),
        ("houses thats not listed", "houses that is not listed"),
        ("we couldnt go", "we not go"),
        ("noone came", "nobody came"),
        ("what he wants", "what he wants"),
    ],
)
def test_words_run_together_are_parted(words: str, written: str) -> None:
    assert parted(words) == written


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("who owes the deposit", "who not ⟦dep_pd⟧"),
        ("moorings still going", "moorings ⟦closed_on⟧ empty"),
        ("moorings finished in march", "moorings finished in march"),
        ("moorings that aren't unfinished", "moorings that aren't unfinished"),
        ("boats sent away", "boats sent away"),
    ],
)
def test_a_state_is_said_by_its_column(words: str, said: str, root: Path) -> None:
    assert stated(words, Vocabulary(shapes(root))) == said


KIND = Field(file="moorings.csv", column="kind")
FEE = Field(file="moorings.csv", column="fee")
FROM = Field(file="moorings.csv", column="from")


@pytest.mark.parametrize(
    "filters",
    [
        (OneOf(field=KIND, values=("river",)), OneOf(field=KIND, values=("lake",))),
        (OneOf(field=KIND, values=("river",)), Missing(field=KIND)),
        (Compare(of=FEE, op=">", value=50), Compare(of=FEE, op="<", value=50)),
        (
            DatePart(field=FROM, part="month", numbers=(1,)),
            DatePart(field=FROM, part="month", numbers=(6,)),
        ),
    ],
)
def test_what_no_row_can_fulfil_is_refused(filters: tuple[Filter, ...], root: Path) -> None:
    with pytest.raises(Unclear, match="at once"):
        check(QuerySpec(files=("moorings.csv",), filters=filters), shapes(root))


def test_a_range_and_what_is_left_out_can_be_fulfilled(root: Path) -> None:
    filters = (
        Compare(of=FEE, op=">=", value=50),
        Compare(of=FEE, op="<=", value=50),
        OneOf(field=KIND, values=("river", "lake")),
        OneOf(field=KIND, values=("lake",), negated=True),
    )
    check(QuerySpec(files=("moorings.csv",), filters=filters), shapes(root))
