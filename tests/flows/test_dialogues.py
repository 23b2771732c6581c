"""Every dialogue, over the recording platform."""

from pathlib import Path

import pytest

from memory.store.database import Database
from tests.conftest import SetClock
from tests.flows.bench import bench
from tests.flows.dialogues import DIALOGUES
from tests.flows.play import Dialogue, play


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda one: one.name)
async def test_dialogue(
    dialogue: Dialogue, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    people = {"approvers": dialogue.approvers, "owners": dialogue.owners}
    async with bench(sqlite, clock, tmp_path, **people) as ready:
        await play(ready, dialogue)


@pytest.mark.parametrize(
    "name",
    [
        "run takes the defaults, then approves, then is harmless",
        "who asked for publishing may not approve it",
        "a budget warns and pauses at its end",
    ],
)
async def test_dialogue_on_either_database(
    name: str, database: Database, clock: SetClock, tmp_path: Path
) -> None:
    dialogue = next(one for one in DIALOGUES if one.name == name)
    people = {"approvers": dialogue.approvers, "owners": dialogue.owners}
    async with bench(database, clock, tmp_path, **people) as ready:
        await play(ready, dialogue)
