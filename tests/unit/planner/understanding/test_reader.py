"""A model's reading: taken where it fits the table, never for approvals, booked, and not waited for."""

from typing import Any

import pytest

from bot.language.routing.opening import router
from memory.model.base import ProjectId
from memory.store.engine.database import Database
from memory.store.money import planning
from planner.llms.reader import ModelReader
from planner.understanding.utterance import Arguments, Asker, Frame, Unclear
from tests.conftest import SetClock
from tests.fakes.model import Data, FakeModel, Refusal, Reply, Slow, Text
from tests.unit.planner.test_service import endpoint

ASKER = Asker(project=ProjectId("p1"), event="ev1", person="console:local:ana")
PLAN = Frame(scenes=frozenset({"plan"}), agents=("Claude", "Gemini"))


def meant(action: str, **arguments: Any) -> Data:
    return Data({"meant": {"action": action, **arguments}})


async def reading(
    said: str, reply: Reply, frame: Frame = PLAN, database: Database | None = None
) -> tuple[str, Arguments] | Unclear | None:
    async with FakeModel() as model:
        model.default = reply
        reader = ModelReader((endpoint(model, provider="x"),), database, SetClock(), within_s=1.0)
        weighed = router().weighed(said, frame)
        return await reader.read(said, frame, weighed, ASKER)


async def test_a_row_of_the_table_is_taken_with_what_the_words_have() -> None:
    action = meant("schedule.pause", number=4)
    found = await reading("could the fourth, er, schedule 4 take a nap", action)
    assert isinstance(found, tuple)
    assert found[0] == "schedule.pause"
    assert found[1].number == 4
    invented = await reading("could the weekly one take a nap", action)
    assert isinstance(invented, tuple)
    assert invented[1].number is None


@pytest.mark.parametrize(
    "reply",
    [
        meant("plan.explode"),
        meant("schedule.pause", number="all"),
        meant("schedule.pause", number=1, force=True),
        Data({"meant": {"action": "budget.set", "amount_usd": 1e400, "period": None}}),
        Text("it's a schedule, I'd say"),
        Refusal(),
        Slow(3.0, meant("run.status", number=None, name=None)),
        meant("plan.approve"),
        meant("plan.approve_part"),
        meant("rule.accept", number=None),
    ],
)
async def test_what_does_not_fit_or_would_approve_leaves_the_words_to_themselves(
    reply: Reply,
) -> None:
    assert await reading("well then, off it goes I suppose", reply) is None


async def test_what_cannot_be_undone_is_asked_about_where_the_words_say_otherwise() -> None:
    said = "write a poem about rain"
    found = await reading(said, meant("work.stop_all"))
    assert isinstance(found, Unclear)
    assert found.candidates == ("work.stop_all", "request.ask")


async def test_it_is_booked_like_planning(sqlite: Database) -> None:
    await reading("how's that thing coming along", meant("help"), database=sqlite)
    async with sqlite.reading() as connection:
        spent = await planning.spent(connection, ASKER.project, ASKER.event)
    assert (spent.requests, spent.tokens_in, spent.tokens_out) == (1, 100, 50)
