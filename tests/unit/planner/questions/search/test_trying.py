"""What comes of readings tells which is meant, and which are the same."""

from memory.model.work.value import Ran
from planner.questions.search.trying import features_of, told_apart

TWO, OTHER = Ran(rows=2, digest="a"), Ran(rows=2, digest="b")
PLAIN: dict[str, float] = {}


def test_readings_with_the_same_rows_are_one() -> None:
    found = [(0, 0.4), (1, 0.35), (2, 0.25)]
    apart = told_apart(found, [TWO, OTHER, TWO], [PLAIN, PLAIN, PLAIN], ["a", "b", "c"])
    assert apart == [(0, 0.65), (1, 0.35)]


def test_the_composed_one_stands_for_its_kind() -> None:
    found = [(0, 0.6), (1, 0.4)]
    apart = told_apart(found, [TWO, TWO], [PLAIN, {"composed": 1.0}], ["a", "b"])
    assert apart == [(1, 1.0)]


def test_what_was_not_tried_is_like_nothing() -> None:
    found = [(0, 0.5), (1, 0.5)]
    assert told_apart(found, [None, None], [PLAIN, PLAIN], ["a", "b"]) == found
    assert [*features_of([PLAIN, PLAIN], [None, None])] == [{}, {}]


def test_an_empty_outcome_and_a_single_group_are_told() -> None:
    figure, listed, grouped = {"no group": 1.0}, {"rows": 1.0, "no group": 1.0}, {"group name": 1.0}
    one, nothing = Ran(rows=1, digest="c"), Ran(rows=0, digest="d")
    told = [*features_of([figure, listed, grouped], [nothing, nothing, one])]
    assert told[0]["ran empty figure"] == 1.0
    assert told[1]["ran empty rows"] == 1.0
    assert told[2]["ran one group"] == 1.0
    assert told[0]["ran alike"] > 0.0
