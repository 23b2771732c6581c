"""A sample of the held-out sets: they can be read, and the judge can tell right from wrong."""

from pathlib import Path

from memory.model.work.value import Table
from tests.acceptance import coverage, recall, requests
from tests.acceptance.cases import lines
from tests.acceptance.material import make
from tests.acceptance.numbers import Truth, has_numbers, has_rows


def test_every_answer_that_counts_as_right_can_be_worked_out(tmp_path: Path) -> None:
    make(tmp_path)
    truth = Truth(tmp_path)
    cases = [case for name in ("everyday", "newcomer") for case in lines(f"{name}.jsonl")]
    empty = [case["id"] for case in cases for sql in case.get("sql", ()) if not truth.rows(sql)]
    assert len(cases) == 133
    assert empty == []


def test_the_judge_tells_a_wrong_number_from_a_right_one() -> None:
    gold = [("Germany", 10.25), ("France", 8.0), (None, 3.0)]
    right = Table(
        columns=("country", "n"), rows=(("germany", 10.25), ("France", "8.00")), total_rows=2
    )
    wrong = right.model_copy(update={"rows": (("Germany", 10.75), ("France", 8))})
    assert has_rows(gold, right)
    assert not has_rows(gold, wrong)
    assert not has_rows(gold[:1], right)
    assert has_numbers([(1234.5,)], "that is 1,234.50 euros")
    assert not has_numbers([(1234.5,)], "that is 1,235 euros")


async def test_a_sample_of_everyday_requests_goes_through_the_whole_program(tmp_path: Path) -> None:
    scores = await requests.measure(tmp_path, every=20)
    assert {score.name for score in scores if not score.kept} & {
        "everyday: broken, %",
        "newcomer: broken, %",
    } == set()


async def test_a_sample_of_requests_with_many_parts_loses_none_to_an_error(tmp_path: Path) -> None:
    scores = await coverage.measure(tmp_path, every=15)
    assert sum(score.value for score in scores) > 99


async def test_notes_are_found_by_other_words(tmp_path: Path) -> None:
    found = await recall.measure(tmp_path)
    assert all(score.kept for score in found)
