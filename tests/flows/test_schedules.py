"""Schedules in chat: said, approved, due, steered; the same on every platform."""

from pathlib import Path

import pytest

from memory.store.engine.database import Database
from tests.conftest import SetClock
from tests.flows.play import Dialogue, play
from tests.flows.schedules import SCHEDULES
from tests.flows.test_dialogues import BENCHES, on_platforms


@pytest.mark.parametrize(("platform", "dialogue"), on_platforms(SCHEDULES))
async def test_dialogue(
    platform: str, dialogue: Dialogue, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    people = {"approvers": dialogue.approvers, "owners": dialogue.owners}
    async with BENCHES[platform](sqlite, clock, tmp_path, **people) as harness:
        await play(harness, dialogue)
