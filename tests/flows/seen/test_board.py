"""A channel's board: put there on request, edited where it stands, pinned, and ended."""

from pathlib import Path

from bot.workers import boards
from memory.store.engine.database import Database
from tests.conftest import SetClock
from tests.fakes.discord.harness import discord_bench
from tests.fakes.slack.harness import SlackHarness, slack_bench
from tests.fakes.slack.state import Message
from tests.flows.bench import bench


def _boards(harness: SlackHarness) -> list[Message]:
    return [one for one in harness.workspace.from_bot() if "Under way here" in one.shown]


async def _kept(harness: SlackHarness) -> None:
    """As the worker does every few seconds."""
    await boards.look(harness.services, set())
    await harness._settled()


async def test_it_tells_what_waits_and_runs_where_it_stands(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", "show a board here")
        (board,) = _boards(harness)
        assert board.thread_ts == ""
        assert "Nothing is running" in board.shown
        await harness.say("ana", "write the report slow")
        await _kept(harness)
        assert "waits for anybody" in board.shown
        await harness.say("ana", "run")
        await _kept(harness)
        assert "running" in board.shown
        edits = board.edits
        await _kept(harness)
        assert board.edits == edits
        await harness.workspace.wait_for(
            lambda: (board.channel, board.ts) in harness.workspace.state.pins
        )


async def test_asked_for_twice_the_newer_one_stands_and_once_removed_it_is_left_alone(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        for _ in range(2):
            await harness.say("ana", "show a board here")
        first, second = _boards(harness)
        assert "There's a newer board below" in first.shown
        await harness.say("ana", "remove the board")
        assert "isn't kept any more" in second.shown
        await harness.say("ana", "write the report")
        await _kept(harness)
        assert "isn't kept any more" in second.shown
        await harness.say("ana", "remove the board")
        assert "There's no board" in harness.heard()


async def test_on_discord_it_is_pinned_as_well(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with discord_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", "show a board here")
        (board,) = harness.server.messages()
        await boards.look(harness.services, set())
        await harness.server.wait_for(lambda: board.get("pinned"))


async def test_who_only_looks_on_gets_none(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        guest = harness.workspace.user("gus")
        guest.marks["is_restricted"] = True
        await harness.say("gus", "show a board here")
        assert _boards(harness) == []


async def test_words_around_it_are_left_to_the_router(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path) as talk:
        await talk.say("ana", "board")
        assert "Under way here" in talk.heard()
