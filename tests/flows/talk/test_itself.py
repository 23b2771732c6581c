"""The bot says what it is, where data goes and what time it is, as it's true of what is connected."""

import pytest

from memory.model.agents.spec import Catalogue
from memory.store.engine.database import Database
from tests.conftest import SetClock
from tests.flows.bench import Talk, person
from tests.flows.scripted import WRITER
from tests.flows.talk.test_teaching import WithModels, model


class Away(WithModels):
    """A model outside this machine, and one on it."""

    def catalogue(self) -> Catalogue:
        away = model("claude").model_copy(update={"local": False})
        return Catalogue(agents=(WRITER, away, model("coder")))


async def test_without_a_model_nothing_leaves_this_machine(talk: Talk) -> None:
    async with talk() as ready:
        await ready.say("ana", "is my data sent anywhere?")
        assert "nothing you say or keep here leaves it through me" in ready.heard()
        assert "I keep messages and results of finished runs for 90 days" in ready.heard()
        await ready.say("ana", "which model do you use")
        assert "No language model is connected to me" in ready.heard()
        await ready.say("ana", "is this free")
        assert "nothing that's connected here charges money" in ready.heard()


async def test_who_gets_data_is_named_where_it_leaves_this_machine(
    sqlite: Database, clock: SetClock, talk: Talk
) -> None:
    async with talk(executor=Away(sqlite, clock, asked=person("kim"))) as ready:
        await ready.say("ana", "where does my data go")
        assert "Claude get the words and files that an approved plan gives them" in ready.heard()
        assert "At work on this machine: Coder (on this machine)" in ready.heard()
        assert "nothing you say" not in ready.heard()
        await ready.say("ana", "do you cost anything")
        assert "what Claude may charge comes on top" in ready.heard()


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("what day is it", "It's Monday, 2 March 2026"),
        ("wie spät ist es", "in UTC"),
        ("what time is it in Tokyo", "in Asia/Tokyo"),
    ],
)
async def test_the_time_is_told_by_the_clock_that_is_meant(
    words: str, answer: str, talk: Talk
) -> None:
    async with talk() as ready:
        await ready.say("ana", words)
        assert answer in ready.heard()


async def test_the_time_is_told_in_ones_own_zone(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await ready.say("ana", "my time zone is Berlin")
        await ready.say("ana", "what time is it")
        assert "in Europe/Berlin" in ready.heard()
