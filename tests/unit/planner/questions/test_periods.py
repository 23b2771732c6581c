"""Spans of time as people say them, on Friday, 27 November 2026."""

from datetime import date

import pytest

from planner.questions.words.periods import find_periods

TODAY = date(2026, 11, 27)
SPANS = (
    ("since 1.10.2026", "2026-10-01", None),
    ("between 10 and 20 march 2026", "2026-03-10", "2026-03-21"),
    ("in the second half of october 2026", "2026-10-16", "2026-11-01"),
    ("second half of 2026", "2026-07-01", "2027-01-01"),
    ("born in the 80s", "1980-01-01", "1990-01-01"),
    ("this month so far", "2026-11-01", "2026-11-28"),
    ("revenue ytd", "2026-01-01", "2026-11-28"),
    ("from 2021 on", "2021-01-01", None),
    ("2024 or earlier", None, "2025-01-01"),
    ("2019-2021", "2019-01-01", "2022-01-01"),
    ("jan-mar 2026", "2026-01-01", "2026-04-01"),
    ("week 12 of 2026", "2026-03-16", "2026-03-23"),
    ("in summer 2026", "2026-06-01", "2026-09-01"),
    ("more than 30 days ago", None, "2026-10-28"),
    ("in the next 7 days", "2026-11-27", "2026-12-05"),
    ("last monday", "2026-11-23", "2026-11-24"),
    ("on 25/03/2026", "2026-03-25", "2026-03-26"),
    ("since the beginning of the year", "2026-01-01", None),
    ("until yesterday", None, "2026-11-27"),
    ("on xmas eve 2024", "2024-12-24", "2024-12-25"),
    ("easter monday 2025", "2025-04-21", "2025-04-22"),
    ("good friday 2024", "2024-03-29", "2024-03-30"),
    ("since new year", "2026-01-01", None),
    ("the week of 12 march 2025", "2025-03-10", "2025-03-17"),
)
PARTS = (
    ("may hours", "month", (5,)),
    ("before 8 in the morning", "hour", tuple(range(8))),
    ("after 6pm", "hour", (18, 19, 20, 21, 22, 23)),
    ("between 9 and 12 o'clock", "hour", (9, 10, 11)),
    ("monday to friday", "weekday", (1, 2, 3, 4, 5)),
    ("from nov to feb", "month", (11, 12, 1, 2)),
    ("in winter", "month", (12, 1, 2)),
)


@pytest.mark.parametrize(("words", "start", "end"), SPANS)
def test_a_span_has_these_days(words: str, start: str | None, end: str | None) -> None:
    (found,) = find_periods(words, TODAY)
    shown = [day.isoformat() if day else None for day in (found.period.start, found.period.end)]
    assert shown == [start, end]


@pytest.mark.parametrize(("words", "part", "numbers"), PARTS)
def test_a_part_of_every_day_week_or_year(words: str, part: str, numbers: tuple[int, ...]) -> None:
    (found,) = find_periods(words, TODAY)
    assert (found.period.part, found.period.numbers) == (part, numbers)


def test_months_that_are_listed_share_their_year() -> None:
    march, april = find_periods("in march and april 2025", TODAY)
    assert (march.period.start, april.period.start) == (date(2025, 3, 1), date(2025, 4, 1))


def test_a_month_without_its_year_is_the_latest_in_the_data() -> None:
    (found,) = find_periods("since september", TODAY)
    assert found.period.placed(date(2024, 8, 1)).start == date(2023, 9, 1)
    assert found.period.placed(date(2024, 12, 1)).start == date(2024, 9, 1)


@pytest.mark.parametrize(
    "words",
    ["before 31 february 2026", "over 2000 units", "between 15 and 30 minutes", "2026-T1"],
)
def test_what_is_no_span_is_none(words: str) -> None:
    assert not find_periods(words, TODAY)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [("hires march 25", "2025-03-01", "2025-04-01"), ("july-august 24", "2024-07-01", "2024-09-01"),
     ("nov-feb 25", "2024-11-01", "2025-03-01")],
)  # fmt: skip
def test_a_day_may_be_a_short_year_as_well(words: str, start: str, end: str) -> None:
    (found,) = find_periods(words, TODAY)
    other = found.period.also
    assert found.period.yearless
    assert other is not None
    assert (str(other.start), str(other.end)) == (start, end)


def test_a_span_may_go_over_the_turn_of_the_year() -> None:
    (found,) = find_periods("20 dec to 5 jan", TODAY)
    placed = found.period.placed(date(2025, 6, 30))
    assert (str(placed.start), str(placed.end)) == ("2024-12-20", "2025-01-06")


def test_a_month_has_the_year_of_the_one_beside_it() -> None:
    first, second = find_periods("jan vs feb 25", TODAY)
    assert first.period.also is not None
    assert second.period.also is not None
    assert first.period.also.end == second.period.also.start == date(2025, 2, 1)
