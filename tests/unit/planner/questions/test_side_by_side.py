"""Figures of several values, counts with conditions of their own, durations between dates, and ties."""

from pathlib import Path
from typing import Any

import pytest

from planner.draft import Draft
from planner.port import Answer
from tests.unit.planner.questions.files import answered, asked_of, drafted

FILES = {
    "repairs.csv": """job,instrument,owner,kind,booked,collected,paid,price
J1,viola,Iris,strings,2026-01-05,2026-01-09,yes,40
J2,cello,Otto,bridge,2026-01-05,2026-01-25,no,120
J3,viola,Iris,bridge,2026-02-02,2026-02-05,yes,90
J4,harp,Nell,strings,2026-02-03,2026-02-23,no,200
J5,viola,Otto,polish,2026-03-01,2026-03-02,yes,60
""",
    "clients.csv": """client,land,plan
Abe,US,team
Bea,UK,solo
Cid,DE,team
Dot,UK,team
""",
}

ROWS: tuple[tuple[str, list[tuple[Any, ...]]], ...] = (
    # no row is both
    ("average price strings v bridge", [("strings", 120.0), ("bridge", 105.0)]),
    ("how many violas and how many cellos", [("viola", 3), ("cello", 1)]),
    ("how many are a cello or were a harp", [(2,)]),
    ("how many violas, cellos and harps", [("viola", 3), ("cello", 1), ("harp", 1)]),
    # who, beside what else is asked
    ("who paid and for which instrument", [("Iris", "viola"), ("Iris", "viola"), ("Otto", "viola")]),
    # a code that is a word as well
    ("clients from us or uk on the team plan", [("Abe", "US", "team"), ("Dot", "UK", "team")]),
    # each count has its own conditions
    ("how many repairs and how many paid", [(5, 3)]),
    ("how many violas and what percent", [(3, 60.0)]),
    ("paid percentage for the violas", [(100.0,)]),
    # from date to date
    ("average days from booked to collected", [(48 / 5,)]),
    ("how long from booked to collected on average", [(48 / 5,)]),
    ("median days until collected per owner", [("Nell", 20.0), ("Otto", 10.5), ("Iris", 3.5)]),
    # the first place is shared, and what was asked for besides
    ("dearest repair and its owner", [("J4", "Nell", 200)]),
    ("busiest owner", [("Iris", 2), ("Otto", 2)]),
    ("bookings per month", [("2026-01", 2), ("2026-02", 2), ("2026-03", 1)]),
)  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beside")
    for name, words in FILES.items():
        Path(folder, name).write_text(words)
    return folder


def planned(root: Path, words: str) -> Draft:
    return drafted(asked_of(root, words, FILES))


@pytest.mark.parametrize(("words", "expected"), ROWS, ids=[case[0] for case in ROWS])
def test_it_gives_these_figures(words: str, expected: list[tuple[Any, ...]], root: Path) -> None:
    about = [
        tuple(pytest.approx(v) if isinstance(v, float) else v for v in row) for row in expected
    ]
    assert answered(root, planned(root, words)) == about


def test_the_longest_between_two_dates_is_offered_beside_the_earliest(root: Path) -> None:
    (gap,) = planned(root, "which repair took the longest booked to collected").gaps
    longest = "Job with the highest days from booked to collected"
    assert longest in gap.options
    answers = (Answer(slot=gap.slot, value=longest),)
    asked = asked_of(root, "which repair took the longest booked to collected", FILES)
    draft = drafted(asked.model_copy(update={"answers": answers}))
    assert answered(root, draft) == [("J2", 20), ("J4", 20)]


@pytest.mark.parametrize(
    "words",
    [
        "weekend or weekdays, repairs",  # every day is one of both
        "the other owner, same thing",  # as what?
    ],
)
def test_what_says_nothing_by_itself_is_asked_about(words: str, root: Path) -> None:
    assert planned(root, words).gaps
