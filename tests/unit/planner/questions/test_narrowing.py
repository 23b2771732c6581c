"""What the search puts together of spans of time and of values beside each other: it is among the readings."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from executor.data.sources import opened
from executor.egress.files import ProjectFiles
from planner.questions.asking import Questions
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
