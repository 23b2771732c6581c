"""Every dialogue, over Discord: the real App, adapter and client against the fake server."""

from pathlib import Path

import pytest

from memory.store.database import Database
from tests.conftest import SetClock
from tests.fakes.discord.harness import discord_bench
from tests.flows.dialogues import DIALOGUES
from tests.flows.play import Dialogue, play


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda one: one.name)
async def test_dialogue_over_discord(
    dialogue: Dialogue, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    people = {"approvers": dialogue.approvers, "owners": dialogue.owners}
    async with discord_bench(sqlite, clock, tmp_path, **people) as harness:
        await play(harness, dialogue)
