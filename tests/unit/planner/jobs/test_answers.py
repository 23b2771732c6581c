"""Questions answered on the spot: exact numbers, and nothing that's about the data."""

from pathlib import Path

import pytest

from memory.model.timing.schedule import ZONE_SLOT, Every, Schedule
from planner.jobs import calculator
from planner.jobs.answers import answer
from planner.port import Answered
from planner.service import Planner
from tests.conftest import SetClock
from tests.unit.planner.world import ask, describe, folder

SUMS = [
    ("what is 17% of 2340?", "= 397.8"),
    ("Hey, could you work out 4.5 percent of 1,250 please", "= 56.25"),
    ("(1200*1.19)/12", "= 119"),
    ("99.90 + 19%", "= 118.881"),
    ("20% off 59.95", "= 47.96"),
    ("1190 without 19% VAT", "= 1,000"),
    ("0.1 + 0.2", "= 0.3"),
    ("0.1+0.2-0.3", "= 0"),
    ("12345678901234567890 * 10", "= 123,456,789,012,345,678,900"),
    ("what's 2 to the power of 16?", "= 65,536"),
    ("what is the square root of 144", "= 12"),
    ("three times twelve", "= 36"),
    ("17 mod 5", "= 2"),
    ("-4 * -2.5", "= 10"),
    ("how much is 2.5k divided by 4", "= 625"),
    ("36 is what percent of 48?", "= 75 %"),
    ("what percentage of 250 is 40", "= 16 %"),
    ("percentage change from 160 to 120", "= -25 %"),
    ("100/7", "≈ 14.285714285714"),
    ("two thirds of 150", "= 100"),
    ("3/4 of 96", "= 72"),
    ("add 7% to 89.90", "= 96.193"),
    ("19% vat on top of 349", "= 415.31"),
    ("split 187.50 between 4 people with a 10% tip", "= 51.5625"),
    ("1/0", "Nothing can be divided by zero."),
    ("5 mod 0", "Nothing can be divided by zero."),
    ("9**9**9**9", "That number is too large or has no value."),
    ("2^-3", "= 0.125"),
    ("sqrt(-4) + 1", "too large or has no value"),
]
UNITS = [
    ("12 km in miles", "12 km ≈ 7.456454 miles"),
    ("convert 98.6 F to C", "98.6 F = 37 C"),
    ("-40 celsius in fahrenheit", "-40 celsius = -40 fahrenheit"),
    ("how many grams are in a pound?", "1 pound = 453.59237 grams"),
    ("2.5 hours in minutes", "2.5 hours = 150 minutes"),
    ("90 km/h in mph", "90 km/h ≈ 55.923407 mph"),
    ("3 tbsp to ml", "3 tbsp ≈ 44.360294 ml"),
    ("how many mb is 2 gb", "2 gb = 2,000 mb"),
    ("3 1/2 cups in ml", "3 1/2 cups ≈ 828.058828 ml"),
    ("how much is 12 stone 4 in kilos", "12 stone 4 ≈ 78.017888 kilos"),
    ("what's 5 ft 11 in in cm", "= 180.34 cm"),
    ("5 foot 11 in cm", "= 180.34 cm"),
    ("2 hours 30 minutes in seconds", "= 9,000 seconds"),
    ("7 kg in litres", "kg is a weight and litres is a volume"),
]
ELSEWHERE = [  # 2 March 2026, 09:00 UTC
    ("what time is it in tokyo when it's 9am in berlin", "09:00 in Berlin is 17:00 on Monday, 2 March in Tokyo."),
    ("when it is noon in london what's the time in sydney", "12:00 in London is 23:00 on Monday, 2 March in Sydney."),
    ("3pm london in sydney", "15:00 in London is 02:00 on Tuesday, 3 March in Sydney."),
    ("quarter to nine in berlin in madrid", "08:45 in Berlin is 08:45"),
]  # fmt: skip
DAYS = [  # today is Monday, 2 March 2026
    ("how many days until 24 Dec?", "297 days: Thursday, 24 December 2026."),
    ("how long is it until Friday", "4 days: Friday, 6 March 2026."),
    (
        "how many days since 1 January 2026",
        "60 days: from Thursday, 1 January 2026 to Monday, 2 March 2026.",
    ),
    ("what day is 3 March 2027", "Wednesday, 3 March 2027."),
    ("Which weekday was 9 November 1989?", "Thursday, 9 November 1989."),
    ("how many days are there between 2026-02-01 and 2026-03-01", "28 days"),
    ("how many working days until 9 March", "5 working days"),
    ("what date is 90 days from today", "Sunday, 31 May 2026."),
    ("what is 31 January 2026 plus 1 month", "Saturday, 28 February 2026."),
    ("10 business days from 6 March 2026", "Friday, 20 March 2026."),
    ("what day is 30 February", "There's no such day."),
    ("when is christmas eve", "297 days: Thursday, 24 December 2026."),
    ("how many weeks until 1 April", "4 weeks and 2 days"),
    ("what's the date today?", "Monday, 2 March 2026."),
    ("what calendar week is it", "Week 10 of 2026"),
]
NONE = [
    "total revenue by region", "what is the total revenue in sales.csv", "how many orders",
    "what is 50% of the revenue", "42", "the 3 biggest orders", "2024", "write 2+2 to sums.txt",
    "how many days did each order take", "top 10 - 5 customers", "chart revenue 2024-01",
    "sales.csv * 2", "how many miles did we drive", "__import__('os')", "1 +", "3 km", "days",
    "how long until the report is done", "what is in sales.csv", "list the orders",
]  # fmt: skip


@pytest.mark.parametrize(("words", "told"), [*SUMS, *UNITS, *DAYS, *ELSEWHERE])
def test_it_is_answered_to_the_digit(words: str, told: str) -> None:
    assert told in answer(ask(words))


@pytest.mark.parametrize("words", NONE)
def test_what_is_no_such_question_is_left_alone(words: str) -> None:
    assert answer(ask(words)) == ""


def test_today_is_where_the_person_is() -> None:
    late = ask("what's the date today?").now.replace(hour=23, minute=30)
    told = answer(ask("what's the date today?", now=late, preferences={ZONE_SLOT: "Asia/Tokyo"}))
    assert told == "Tuesday, 3 March 2026."


def test_files_are_listed_by_their_kind(tmp_path: Path) -> None:
    files = describe(folder(tmp_path / "p"), "sales.csv", "notes.md", "cities.json")
    assert answer(ask("What files are there?", files)).endswith(
        "`sales.csv`, `notes.md` and `cities.json`."
    )
    assert answer(ask("list the csv files", files)) == "In the project's folder: `sales.csv`."
    assert (
        answer(ask("which excel files do we have", files))
        == "There are no such files in the project's folder."
    )
    assert answer(ask("ls")) == "The project's folder has no files yet."


async def test_the_planner_answers_without_a_plan(tmp_path: Path, clock: SetClock) -> None:
    async with Planner(tmp_path / "c.db", (), None, None, clock) as planner:
        result = await planner.plan(ask("what is 17% of 2340?"))
        assert result == Answered(text="17% of 2340 = 397.8")
        later = ask("what is 17% of 2340?", schedule=Schedule(when=Every(seconds=3600), zone="UTC"))
        assert not isinstance(await planner.plan(later), Answered)


@pytest.mark.parametrize(
    ("words", "result"),
    [
        ("12 * 39.90 plus 19% VAT", "569.772"),
        ("12 × 39.90 + 19%", "569.772"),
        ("3*(4+5) - 10%", "24.3"),
        ("2 * 50 with 19% vat", "119"),
        ("100 - 10%", "90"),
        ("5% + 3%", "0.08"),
    ],
)
def test_a_percentage_on_top_is_of_the_whole(words: str, result: str) -> None:
    value = calculator.reckoned(words)
    assert value is not None
    assert calculator.shown(value) == result


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("240 divided by 7 rounded to 2 places", "= 34.29"),
        ("10/3 rounded to the nearest cent", "= 3.33"),
        ("12,5 * 3", "= 37.5"),
        ("1.250,50 plus 3", "= 1,253.5"),
        ("1,250 * 2", "= 2,500"),
        ("2,5 kg in g", "= 2,500 g"),
        ("19% MwSt auf 1.250 Euro", "= 237.5"),
        ("was ist 15 Prozent von 80", "= 12"),
        ("combien font 12 fois 4", "= 48"),
        ("20 por ciento de 50", "= 10"),
    ],
)
def test_sums_are_read_as_they_are_written_elsewhere(words: str, said: str) -> None:
    assert answer(ask(words)).endswith(said)
