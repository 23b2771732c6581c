"""Details: every word of a plan, for whoever asks and nobody else, on the real SDKs."""

from pathlib import Path

from memory.store.engine.database import Database
from tests.conftest import SetClock
from tests.fakes.discord.harness import discord_bench
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.harness import SlackHarness, slack_bench
from tests.fakes.slack.state import Json, View, words_of

TOLD = "tell it to be short"


def _words(blocks: list[Json]) -> str:
    return "\n".join(text for block in blocks for text in words_of(block))


async def _press(harness: SlackHarness) -> View | None:
    plan = next(message for message in harness.messages() if message.buttons)
    harness._begin()
    view = await harness.workspace.click(harness.workspace.user("bo"), plan, "Details")
    await harness._settled()
    return view


async def test_on_slack_a_view_has_all_of_the_plan(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", TOLD)
        view = await _press(harness)
        assert view is not None
        words = _words(view.content["blocks"])
        assert TOLD in words
        assert "*1. think*" in words
        assert view.user == harness.workspace.user("bo").id
        assert harness.messages() == []


async def test_on_slack_it_is_whispered_where_no_view_opens(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", TOLD)
        harness.workspace.faults.plan("views.open", Fault(error="expired_trigger_id"))
        assert await _press(harness) is None
        ((user, _, blocks),) = harness.workspace.state.whispers
        assert user == harness.workspace.user("bo").id
        assert TOLD in _words(blocks)
        assert harness.messages() == []


async def test_on_slack_the_running_plan_can_still_be_looked_into(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", "write it slow")
        await harness.react("ana", "✅")
        view = await _press(harness)
        assert view is not None
        assert "write it slow" in _words(view.content["blocks"])


async def test_on_discord_it_is_whispered(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with discord_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", "change: " + TOLD + ". " + "more and " * 600)
        plan = next(message for message in harness.messages() if message["components"])
        harness._begin()
        click = harness.server.click("bo", plan, "Details")
        await harness.server.wait_for(lambda: click["response"] and len(click["follow_ups"]) >= 2)
        await harness._settled()
        first, *others = [click["response"]["data"], *click["follow_ups"]]
        assert TOLD in first["content"]
        assert {answer["flags"] for answer in (first, *others)} == {64}
        assert harness.messages() == []
