"""Rows by what belongs to them, times of the day, contraries of dates, rates and durations."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from executor.data.file_shapes import describe
from executor.data.sources import opened
from executor.data.trials import tried
from executor.egress.files import ProjectFiles
from planner.questions.asking import Questions
from planner.questions.context import Context
from planner.questions.read import read
from planner.questions.search.judging import judged
from planner.questions.search.offering import as_candidate
from tests.unit.planner.questions.files import asked_of, drafted

FILES = {
    "singers.csv": """code,singer,voice,born
S1,Ann Bell,alto,1961-04-02
S2,Bo Carr,bass,1999-09-30
S3,Cy Dorn,tenor,1984-01-15
S4,Di Ekman,soprano,1990-07-07
S5,Ed Frost,bass,1972-12-24
S6,Flo Gray,alto,2001-03-11
S7,Gil Hart,tenor,1955-05-05
S8,Hana Ito,soprano,1988-10-19
S9,Ian Judd,bass,1979-06-28
S10,Joy King,alto,1993-08-08
""",
    "rehearsals.csv": """no,singer,day,arrived,gone,state,last_coached
1,S1,2025-01-07,2025-01-07 18:55:00,2025-01-07 20:40:00,present,2024-11-01
2,S2,2025-01-07,2025-01-07 19:20:00,2025-01-07 20:00:00,late,
3,S1,2025-02-04,2025-02-04 18:50:00,2025-02-04 20:50:00,present,2025-01-15
4,S3,2025-02-04,2025-02-04 08:05:00,2025-02-04 10:45:00,present,2024-12-30
5,S1,2024-12-03,2024-12-03 18:58:00,2024-12-03 20:10:00,late,
6,S4,2025-03-04,2025-03-04 19:00:00,2025-03-04 19:30:00,late,2025-02-20
7,S2,2024-11-05,2024-11-05 19:05:00,2024-11-05 20:45:00,present,2024-10-10
""",
    "slots.csv": """slot,date,starts,room
1,2025-01-07,07:30,hall
2,2025-01-08,12:15,hall
3,2025-01-09,08:45,attic
4,2025-01-10,18:00,hall
""",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("choir")
    for name, words in FILES.items():
        Path(folder, name).write_text(words)
    return folder


def likeliest(root: Path, words: str) -> list[set[tuple[Any, ...]]]:
    """What the three likeliest readings give."""
    files = ProjectFiles(root)
    every = tuple(describe(files, path) for path in FILES)
    questions = Questions({})
    around = Context(
        every=every, today=date(2025, 6, 1), questions=questions, trial=partial(tried, files)
    )
    composed = as_candidate(words, read(words, around), len(questions.gaps), around)
    with opened(files, tuple(FILES)) as (connection, _):
        found = judged(words, around, composed).readings[:3]
        return [{*connection.execute(reading.sql).fetchall()} for reading in found]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # so many of them
        ("how many singers came more than once", {(2,)}),
        ("how many singers have at least 3 rehearsals", {(1,)}),
        # a part of the day is told by a clock, never by a day
        ("how many slots start before 8 in the morning", {(1,)}),
        ("how many rehearsals did people arrive at before 9 in the morning", {(1,)}),
        # what was not done since then may never have been done
        ("how many rehearsals were not last coached since 2025-01-01", {(5,)}),
        # from moment to moment
        ("how many rehearsals took over 100 minutes", {(3,)}),
    ],
)
def test_what_is_meant_is_among_the_likeliest(
    words: str, expected: set[tuple[Any, ...]], root: Path
) -> None:
    given = likeliest(root, words)
    assert expected in given, given


def test_the_oldest_was_born_first(root: Path) -> None:
    first = likeliest(root, "oldest singer")[0]
    assert {row[1] for row in first} == {"Gil Hart"}


def test_a_key_is_shown_with_its_name(root: Path) -> None:
    first = likeliest(root, "number of rehearsals per singer")[0]
    assert ("S1", "Ann Bell", 3) in first or ("Ann Bell", 3) in first


def test_a_rate_is_of_each_and_no_part_of_all(root: Path) -> None:
    asked = asked_of(root, "late rate per singer", FILES)
    draft = drafted(asked)
    assert draft.gaps or "SUM(COUNT(*))" not in str(draft.tasks)
