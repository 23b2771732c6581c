"""Every dialogue at a terminal: the same words, reactions and choices lead to the same answers."""

from pathlib import Path

import pytest

from memory.store.database import Database
from tests.conftest import SetClock
from tests.fakes.console import console_bench
from tests.flows.dialogues import DIALOGUES
from tests.flows.play import Dialogue, play

ELSEWHERE = {
    # Whoever sits at the terminal answers for everybody who is asked there.
    "a person is asked, and only that person answers",
}


@pytest.mark.parametrize(
    "dialogue", [one for one in DIALOGUES if one.name not in ELSEWHERE], ids=lambda one: one.name
)
async def test_dialogue(
    dialogue: Dialogue, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    people = {"approvers": dialogue.approvers, "owners": dialogue.owners}
    async with console_bench(sqlite, clock, tmp_path, **people) as harness:
        await play(harness, dialogue)
