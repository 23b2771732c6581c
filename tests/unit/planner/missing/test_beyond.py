"""Work that is out of reach: what is missing and what comes nearest, with the files that are there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from planner.missing.beyond import without_delivery
from planner.port import Declined, PlanRequest, Ready
from planner.service import Planner
from tests.conftest import SetClock
from tests.unit.planner.world import ask, describe, folder


@pytest.fixture
async def planner(tmp_path: Path, clock: SetClock) -> AsyncIterator[Planner]:
    async with Planner(tmp_path / "plans.db", (), None, None, clock) as opened:
        yield opened


@pytest.fixture
def room(tmp_path: Path) -> PlanRequest:
    root = folder(tmp_path / "work")
    files = describe(root, "sales.csv", "notes.md")
    return ask("", files)


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("book a table for four on Friday", "order, book or pay"),
        ("phone the supplier", "phone calls"),
        ("will it rain tomorrow", "no live data"),
        ("put sales.csv on dropbox", "not connected to that service"),
        ("make slides about the sales", "slides"),
        ("search the web for lamp makers", "search the web"),
        ("draw a logo for the shop", "pictures"),
        ("mail the price list to ann@example.org", "e-mail"),
    ],
)
async def test_what_is_missing_is_named_with_the_nearest_thing(
    words: str, missing: str, planner: Planner, room: PlanRequest
) -> None:
    result = await planner.plan(room.model_copy(update={"text": words}))
    assert isinstance(result, Declined), result
    assert missing in result.text
    assert "I can " in result.text.partition(".")[2] or "With your files" in result.text


async def test_all_but_the_delivery_is_planned(planner: Planner, room: PlanRequest) -> None:
    words = "total revenue by region in sales.csv, then email it to bo@example.org"
    result = await planner.plan(room.model_copy(update={"text": words}))
    assert isinstance(result, Ready)
    assert [task.type for task in result.plan.graph.tasks] == ["data.query"]
    assert any(
        "I left out: “email it to bo@example.org”" in line for line in result.plan.assumptions
    )


async def test_examples_are_of_the_files_that_are_there(
    planner: Planner, room: PlanRequest
) -> None:
    result = await planner.plan(room.model_copy(update={"text": "frobnicate the gizmo thoroughly"}))
    assert isinstance(result, Declined), result
    assert "in sales.csv" in result.text


@pytest.mark.parametrize("words", ["send it to me", "total revenue by region", "share of units"])
def test_what_can_be_delivered_is_not_parted(words: str) -> None:
    assert without_delivery(words) is None
