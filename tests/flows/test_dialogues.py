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
