"""A whole new request said to a plan that waits: a new plan takes its place, never a refusal."""

import shutil
from pathlib import Path

import pytest

from tests.flows.play import Reacts, Said, bot
from tests.flows.whole.program import (
    IN_TURN,
    ExternalAgents,
    state,
    whole,
)
from tests.flows.whole.test_whole import REQUEST, SALES, files


@pytest.fixture
def outside(tmp_path: Path) -> ExternalAgents:
    made = ExternalAgents(tmp_path)
    made.files.mkdir()
    shutil.copy(SALES, made.files)
    return made


@pytest.mark.parametrize("platform", IN_TURN)
async def test_a_request_of_its_own_is_planned_in_place_of_the_one_that_waits(
    platform: str, outside: ExternalAgents
) -> None:
    async with whole(platform, outside) as ready:
        await state(
            ready,
            Said("ana", REQUEST),
            bot("⚠ writes reports/q3.md"),
            Said("ana", "How many rows of sales.csv are there by product?"),
            bot("Replaced by plan", "Number of rows by product", "1 task", "Waiting for approval",
                absent=["didn't understand", "removed"]),
            Reacts("ana", "✅"),
            bot("Approved by ana", "Done in"),
        )  # fmt: skip
        assert files(ready) == {"sales.csv"}


async def test_a_request_of_its_own_may_ask_first(outside: ExternalAgents) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", REQUEST),
            bot("⚠ writes reports/q3.md"),
            Said("ana", "total the benefit by region in sales.csv"),
            bot(
                "I'm not sure how to read", "Total revenue by region", absent=["didn't understand"]
            ),
            Said("ana", "1"),
            bot("Replaced by plan", "1 task"),
            Said("ana", "only the top 3"),
            bot("Replaced by plan", "LIMIT 3", absent=["reports/q3.md"]),
        )


async def test_what_is_neither_change_nor_request_is_refused_and_the_plan_stays(
    outside: ExternalAgents,
) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", REQUEST),
            Said("ana", "skip the chart colours"),
            bot("didn't understand that change", absent=["Replaced"]),
            Reacts("ana", "✅", on="first plan"),
            bot("Approved by ana", "Done in"),
        )
