"""Words that may mean two things: the buttons do what is pressed, once, for who said them."""

from pathlib import Path

import pytest

from bot.language.routing.opening import router
from memory.store.engine.database import Database
from planner.understanding.utterance import Frame, Unclear
from tests.conftest import SetClock
from tests.flows.bench import Bench, Talk, person
from tests.flows.platform import RecordingPlatform
from tests.flows.scripted import ScriptedExecutor

WORDS = "let it rest or kill it"
AS_WORK = "plan it as new work"


@pytest.fixture
async def unsure(sqlite: Database, clock: SetClock, tmp_path: Path) -> None:
    assert isinstance(router().read(WORDS, Frame()), Unclear)


async def asked(ready: Bench) -> None:
    await ready.say("ana", WORDS)
    assert "Did you mean" in ready.heard()
    assert "Plan" not in ready.heard()


@pytest.mark.usefixtures("unsure")
async def test_the_button_does_what_it_says_and_only_once(talk: Talk) -> None:
    async with talk() as ready:
        await asked(ready)
        label = AS_WORK
        old = next(
            posted for posted in ready.platform.messages if "Did you mean" in posted.out.text
        ).out
        button = next(button for button in old.sections[0].buttons if button.label == label)
        message = ready.platform.messages[-1].ref.message
        await ready.press("ana", label)
        assert f'Plan "{WORDS}"' in ready.heard()
        assert f"“{WORDS}”: {AS_WORK}." in ready.heard()
        await ready.act(kind="button", author=person("ana"), action=button.action, message=message)
        assert "already told me" in ready.heard()
        assert "Plan" not in ready.heard()


@pytest.mark.usefixtures("unsure")
async def test_only_who_said_it_can_say_what_was_meant(talk: Talk) -> None:
    async with talk() as ready:
        await asked(ready)
        await ready.press("bo", AS_WORK)
        assert "Only ana can say" in ready.heard()
        assert "Plan" not in ready.heard()


@pytest.mark.usefixtures("unsure")
async def test_the_button_works_after_a_restart(
    sqlite: Database, clock: SetClock, talk: Talk
) -> None:
    platform, executor = RecordingPlatform(), ScriptedExecutor(sqlite, clock)
    async with talk(platform=platform, executor=executor) as ready:
        await asked(ready)
    async with talk(platform=platform, executor=executor) as ready:
        ready.count = 10
        await ready.press("ana", AS_WORK)
        assert f'Plan "{WORDS}"' in ready.heard()
