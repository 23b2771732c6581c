"""Work that is out of reach: what is missing and what comes nearest, with the files that are there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from planner.missing.delivery import without_delivery
from planner.port import Answer, Declined, NeedsAnswers, PlanRequest, Ready
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


async def test_examples_are_of_the_files_that_are_there(
    planner: Planner, room: PlanRequest
) -> None:
    result = await planner.plan(room.model_copy(update={"text": "frobnicate the gizmo thoroughly"}))
    assert isinstance(result, Declined), result
    assert "in sales.csv" in result.text


@pytest.mark.parametrize(
    ("words", "missing", "sql"),
    [
        ("send the total revenue by mail to bo@shop.test", "e-mail", 'SUM("revenue")'),
        ("total revenue in sales.csv, then email it to bo@example.org", "e-mail", 'SUM("revenue")'),
        ("mail the total revenue to the boss", "e-mail", 'SUM("revenue")'),
        ("text the total revenue to my phone", "messages outside", 'SUM("revenue")'),
        ("can you SMS me the total revenue", "messages outside", 'SUM("revenue")'),
        ("print the total revenue", "printer", 'SUM("revenue")'),
        ("add the total revenue to my calendar", "not connected", 'SUM("revenue")'),
        ("post the total revenue to twitter", "not connected", 'SUM("revenue")'),
        ("share the total revenue with #finance", "another channel", 'SUM("revenue")'),
        ("tell @kim in the channel #ops the total revenue", "another channel", 'SUM("revenue")'),
        ("let kim know how much revenue we made", "single people", 'SUM("revenue")'),
        ("message @kim the total revenue", "single people", 'SUM("revenue")'),
        ("send the total revenue to @kim", "single people", 'SUM("revenue")'),
    ],
)
async def test_a_result_that_cannot_go_there_is_asked_about(
    words: str, missing: str, sql: str, planner: Planner, room: PlanRequest
) -> None:
    request = room.model_copy(update={"text": words})
    asked = await planner.plan(request)
    assert isinstance(asked, NeedsAnswers), asked
    assert missing in asked.questions[0].text
    assert asked.questions[0].options == ("show it here", "leave it")
    slot = asked.questions[0].slot
    shown = request.model_copy(update={"answers": (Answer(slot=slot, value="show it here"),)})
    ready = await planner.answer(shown)
    assert isinstance(ready, Ready)
    assert any(line.startswith("I left out: “") for line in ready.plan.assumptions)
    (task,) = ready.plan.graph.tasks
    query = str(task.inputs["sql"])
    assert sql in query
    assert "WHERE" not in query
    left = request.model_copy(update={"answers": (Answer(slot=slot, value="leave it"),)})
    assert isinstance(await planner.plan(left.model_copy(update={"request": "req_2"})), Declined)


@pytest.mark.parametrize("words", ["send it to me", "total revenue by region", "share of units"])
def test_what_can_be_delivered_is_not_parted(words: str, room: PlanRequest) -> None:
    assert without_delivery(room.model_copy(update={"text": words})) is None


def test_how_something_came_is_no_delivery(room: PlanRequest) -> None:
    shown = room.model_copy(update={"text": "how many orders came by mail"})
    assert without_delivery(shown) is None
    mailed = without_delivery(
        room.model_copy(update={"text": "e-mail me the tickets opened by phone"})
    )
    assert mailed is not None
    assert mailed.rest == "the tickets opened by phone"
