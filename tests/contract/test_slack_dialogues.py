"""Every dialogue over Slack: the same words, reactions and buttons lead to the same answers."""

from pathlib import Path

import pytest

from memory.store.database import Database
from tests.conftest import SetClock
from tests.fakes.slack.harness import slack_bench
from tests.flows.dialogues import DIALOGUES
from tests.flows.play import Dialogue, play


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda one: one.name)
async def test_dialogue(
    dialogue: Dialogue, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    people = {"approvers": dialogue.approvers, "owners": dialogue.owners}
    async with slack_bench(sqlite, clock, tmp_path, **people) as harness:
        await play(harness, dialogue)
