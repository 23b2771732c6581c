"""Whoever has to approve is called by name, so that their phone rings; nobody else is."""

from pathlib import Path

from memory.store.engine.database import Database
from tests.conftest import SetClock
from tests.fakes.discord.harness import discord_bench
from tests.fakes.discord.rules import said
from tests.fakes.slack.harness import slack_bench


async def test_on_slack_the_approvers_are_mentioned_where_they_are_needed(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path, approvers=("bo",)) as harness:
        mention = f"<@{harness.workspace.user('bo').id}>"
        await harness.say("ana", "write the report")
        assert not any(mention in message.shown for message in harness.messages())
        await harness.say("ana", "drop")
        await harness.say("ana", "publish the report")
        assert any(mention in message.shown for message in harness.messages())
        await harness.react("bo", "✅")
        assert "Approved by bo · " in harness.heard()


async def test_on_discord_the_approvers_are_mentioned_where_they_are_needed(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with discord_bench(sqlite, clock, tmp_path, approvers=("bo",)) as harness:
        mention = f"<@{harness.server.member('bo')}>"
        await harness.say("ana", "publish the report")
        posted = harness.server.messages(harness.thread)
        assert any(mention in said(message) for message in posted)
        await harness.react("bo", "✅")
        assert "Approved by bo · " in harness.heard()
