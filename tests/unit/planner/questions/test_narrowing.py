"""What the search puts together of spans of time and of values beside each other: it is among the readings."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from executor.data.sources import opened
from executor.egress.files import ProjectFiles
from planner.questions.asking import Questions
from planner.questions.search.narrowing.asides import to_the_point
from planner.questions.search.narrowing.contrasts import reconciled
from planner.questions.search.ranking import ranked
from planner.questions.spec import DatePart, During, Field, OneOf
from tests.unit.planner.questions.files import written
from tests.unit.planner.questions.test_everyday import context

FEBRUARY, MARCH = date(2024, 2, 1), date(2024, 3, 1)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("narrowing"))


@pytest.mark.parametrize(
    ("folder", "words", "expected"),
    [
        (
            "shop",
            "january amount vs march",
            {("2024-01", 200.5), ("2024-03", 810.74)},
        ),
        ("money", "amount travel vs office", {("Travel", 699.0), ("Office", 75.5)}),
        ("money", "amount feb 24", {(540.25,)}),
        ("shop", "number of orders january-february 24", {(4,)}),
        ("shop", "orders shipped 1 jan to 20 jan how many", {(2,)}),
        ("desk", "tickets that took over 1 week, how many", {(1,)}),
        ("clinic", "how many visits within 1 day", {(2,)}),
        ("shop", "orders shipped on the same day, how many", {(0,)}),
        (
            "shop",
            "same customer, same status more than once",
            {(1, "Ann Lee", "shipped", 2), (2, "Bo Chan", "shipped", 2)},
        ),
        ("school", "average grade 2023 vs 2024", {(2023, 2.0), (2024, 7 / 3)}),
    ],
)
def test_what_is_meant_is_among_the_readings(
    folder: str, words: str, expected: set[tuple[Any, ...]], root: Path
) -> None:
    readings = ranked(words, context(root, folder, Questions({})), None, 60)
    paths = sorted({path for reading in readings for path in reading.spec.paths})
    with opened(ProjectFiles(root), tuple(paths)) as (connection, _):
        made = [{*connection.execute(reading.sql).fetchall()} for reading in readings]
    assert expected in made, [reading.sql for reading in readings[:9]]


@pytest.mark.parametrize(
    ("words", "point"),
    [
        ("Who paid? It would be lovely to announce it on Sunday.", "Who paid?"),
        ("Did more come in cash? Mavis and I have a friendly bet on it.", "Did more come in cash?"),
        ("Who leads? Not counting May, please.", "Who leads? Not counting May, please."),
        (
            "The total of gifts in memory, as I'd like to mention it in the magazine.",
            "The total of gifts in memory.",
        ),
        ("We have 30 people. Which rooms would do?", "We have 30 people. Which rooms would do?"),
        (
            "Orders as of June, because it was after 2024",
            "Orders as of June, because it was after 2024",
        ),
    ],
)
def test_what_is_told_beside_the_question_asks_for_nothing(words: str, point: str) -> None:
    assert to_the_point(words) == point


def test_no_row_is_two_things_at_once() -> None:
    field = Field(file="a.csv", column="kind")
    cash, card = (OneOf(field=field, values=(value,)) for value in ("cash", "card"))
    assert reconciled([cash, card]) == [OneOf(field=field, values=("cash", "card"))]
    assert reconciled([cash, card.model_copy(update={"negated": True})])[0] == cash
    may, june = (DatePart(field=field, part="month", numbers=(month,)) for month in (5, 6))
    assert reconciled([may, june]) == [DatePart(field=field, part="month", numbers=(5, 6))]
    early = During(field=field, spans=((None, FEBRUARY),))
    late = During(field=field, spans=((MARCH, None),))
    within = During(field=field, spans=((FEBRUARY, MARCH),))
    assert reconciled([early, late]) == [
        During(field=field, spans=((None, FEBRUARY), (MARCH, None)))
    ]
    assert reconciled([During(field=field, spans=((FEBRUARY, None),)), within])[-1] == within
