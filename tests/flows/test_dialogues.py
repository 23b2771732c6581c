"""Every dialogue on every platform: the same words, reactions and buttons, the same answers."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from tests.conftest import SetClock
from tests.fakes.console import console_bench
from tests.fakes.discord.harness import discord_bench
from tests.fakes.slack.harness import slack_bench
from tests.flows.bench import bench
from tests.flows.dialogues import DIALOGUES
from tests.flows.play import Dialogue, play
from tests.flows.understanding import UNDERSTOOD

BENCHES = {
    "recording": bench,
    "console": console_bench,
    "slack": slack_bench,
    "discord": discord_bench,
}
ELSEWHERE = {
    # Whoever sits at the terminal answers for everybody who is asked there.
    ("console", "a person is asked, and only that person answers"),
}
EVERY = (*DIALOGUES, *UNDERSTOOD)


def on_platforms(every: Sequence[Dialogue]) -> list[object]:
    """Each dialogue on each platform: without a server, and on one of the others by turns; CI
    plays it on all of them.
    """
    alone, *served = BENCHES
    return [
        pytest.param(
            on,
            one,
            id=f"{on}-{one.name}",
            marks=() if on in {alone, served[number % len(served)]} else pytest.mark.wide,
        )
        for on in BENCHES
        for number, one in enumerate(every)
        if (on, one.name) not in ELSEWHERE
    ]


@pytest.mark.parametrize(("platform", "dialogue"), on_platforms(EVERY))
async def test_dialogue(
    platform: str, dialogue: Dialogue, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    people = {"approvers": dialogue.approvers, "owners": dialogue.owners}
    async with BENCHES[platform](sqlite, clock, tmp_path, **people) as harness:
        await play(harness, dialogue)


@pytest.mark.parametrize(
    "name",
    [
        "run takes the defaults, then approves, then is harmless",
        "who asked for publishing may not approve it",
        "a budget warns and pauses at its end",
    ],
)
async def test_dialogue_on_postgres(
    name: str, postgres_url: str, clock: SetClock, tmp_path: Path
) -> None:
    dialogue = next(one for one in DIALOGUES if one.name == name)
    people = {"approvers": dialogue.approvers, "owners": dialogue.owners}
    database = Database(database_url(tmp_path, postgres_url))
    try:
        await schema.upgrade(database)
        async with bench(database, clock, tmp_path, **people) as ready:
            await play(ready, dialogue)
    finally:
        await database.close()
