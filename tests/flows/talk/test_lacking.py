"""A command that lacks something: it is asked for, and what is said next fills it, or is itself."""

from pathlib import Path

import pytest

from memory.store.engine.database import Database
from tests.conftest import SetClock
from tests.flows.bench import Bench, bench
from tests.flows.platform import RecordingPlatform
from tests.flows.scripted import ScriptedExecutor


async def says(ready: Bench, *texts: str) -> str:
    for text in texts:
        await ready.say("ana", text)
    return ready.heard()


@pytest.mark.parametrize(
    ("said", "answers", "done"),
    [
        (("set a budget", "How much"), ("$20 a week",), "is now $20 a week"),
        (("make kim approver", "Who?"), ("@kim please",), "kim is now an approver"),
        (("give @kim a role", "Which role"), ("I'd say viewer",), "kim is now a viewer"),
        (("delete a schedule", "Which one?"), ("number 3",), "no schedule 3"),
        (("delete a schedule", "Which one?"), ("schedule 4 please",), "no schedule 4"),
    ],
)
async def test_the_next_words_complete_it(
    sqlite: Database,
    clock: SetClock,
    tmp_path: Path,
    said: tuple[str, str],
    answers: tuple[str, ...],
    done: str,
) -> None:
    async with bench(sqlite, clock, tmp_path) as ready:
        assert said[1] in await says(ready, said[0])
        assert done in await says(ready, *answers)


async def test_something_else_is_no_answer(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path) as ready:
        await says(ready, "delete a schedule")
        assert "no schedule 7" not in await says(ready, "summarise the 7 points in notes.md")
        assert "no schedule" not in await says(ready, "7")  # asked two messages ago


async def test_it_is_completed_after_a_restart_and_only_by_who_gave_it(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    platform, executor = RecordingPlatform(), ScriptedExecutor(sqlite, clock)
    async with bench(sqlite, clock, tmp_path, platform=platform, executor=executor) as ready:
        await says(ready, "set a budget")
    async with bench(sqlite, clock, tmp_path, platform=platform, executor=executor) as ready:
        ready.count = 10
        await ready.say("bo", "@orchestra $20 a week")
        assert "is now $20" not in ready.heard()
    async with bench(sqlite, clock, tmp_path, platform=platform, executor=executor) as ready:
        ready.count = 20
        await says(ready, "set a budget", "$30 a week")
        assert "is now $30" in ready.heard()


async def test_a_role_is_taken_away_without_asking_which(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path) as ready:
        await says(ready, "make @kim approver")
        assert "kim is now a member" in await says(ready, "take the approver role from @kim")
        assert "kim is now a viewer" in await says(ready, "take all rights away from @kim")
        assert "no role here" in await says(ready, "remove @kim's role")
