"""What the words alone leave open is read by a model, and done as any reading is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from memory.store.engine.database import Database
from planner.llms.reader import ModelReader
from tests.conftest import SetClock
from tests.fakes.model import Data, FakeModel, Fault
from tests.flows.bench import Bench, bench
from tests.unit.planner.test_service import endpoint

UNSURE = "let it rest or kill it"


@pytest.fixture
async def model() -> AsyncIterator[FakeModel]:
    async with FakeModel() as server:
        yield server


@asynccontextmanager
async def read_by(
    model: FakeModel, database: Database, clock: SetClock, folder: Path
) -> AsyncIterator[Bench]:
    reader = ModelReader((endpoint(model, provider="x"),), database, clock)
    async with bench(database, clock, folder, rereading=reader) as ready:
        yield ready


async def test_a_doubtful_message_is_what_the_model_says(
    model: FakeModel, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    model.default = Data({"meant": {"action": "request.ask"}})
    async with read_by(model, sqlite, clock, tmp_path) as ready:
        await ready.say("ana", UNSURE)
        assert f'Plan "{UNSURE}"' in ready.heard()


async def test_a_certain_message_costs_nothing(
    model: FakeModel, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with read_by(model, sqlite, clock, tmp_path) as ready:
        await ready.say("ana", "thank you so much")
        assert model.chats == []


async def test_a_model_that_says_yes_runs_nothing(
    model: FakeModel, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    model.default = Data({"meant": {"action": "plan.approve"}})
    async with read_by(model, sqlite, clock, tmp_path) as ready:
        await ready.say("ana", "write the report")
        await ready.say("ana", UNSURE)
        assert "running" not in ready.heard().casefold()
        assert "Did you mean" in ready.heard()


async def test_without_an_answer_the_words_count(
    model: FakeModel, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    model.default = Fault(500)
    async with read_by(model, sqlite, clock, tmp_path) as ready:
        await ready.say("ana", UNSURE)
        assert "Did you mean" in ready.heard()
