"""A message given to the bot by its menu, and the field behind the shortcut, on the real SDKs."""

from pathlib import Path

from memory.store.engine.database import Database
from tests.conftest import SetClock
from tests.fakes.discord.harness import discord_bench
from tests.fakes.slack.harness import slack_bench


async def test_on_slack_a_message_is_planned_in_its_thread_for_whoever_gave_it_and_once(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        workspace, bo = harness.workspace, harness.workspace.user("bo")
        said = workspace.say(workspace.user("ana"), "write the report", mention=False)
        await harness._settled()
        assert workspace.from_bot() == []
        for _ in range(2):
            await workspace.shortcut(bo, "give", said)
        await harness._settled()
        (plan,) = workspace.from_bot()
        assert plan.thread_ts == said.ts
        assert "Waiting for approval" in plan.shown
        assert said.reactions == {"eyes": [workspace.bot.id]}
        workspace.say(bo, "run", thread_ts=said.ts, mention=False)
        await harness._settled()
        assert harness.services.executor.starts == 1


async def test_a_given_run_approves_nothing(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", "write the report")
        run = harness.workspace.say(harness.workspace.user("eve"), "run", mention=False)
        await harness.workspace.shortcut(harness.workspace.user("ana"), "give", run)
        await harness._settled()
        assert harness.services.executor.starts == 0


async def test_what_says_nothing_or_is_none_of_ours_is_left_alone(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        workspace, ana = harness.workspace, harness.workspace.user("ana")
        empty = workspace.say(ana, " ", mention=False)
        said = workspace.say(ana, "write the report", mention=False)
        await workspace.shortcut(ana, "give", empty)
        await workspace.shortcut(ana, "else", said)
        await harness._settled()
        assert workspace.from_bot() == []


async def test_the_shortcut_opens_a_field_and_answers_in_direct_messages(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        view = await harness.workspace.shortcut(harness.workspace.user("ana"), "ask")
        assert view is not None
        await harness.workspace.submit(view, "write the report")
        await harness._settled()
        (direct,) = [one for one in harness.workspace.state.channels.values() if one.kind == "im"]
        (plan,) = harness.workspace.from_bot(direct)
        assert "Waiting for approval" in plan.shown


async def test_on_discord_a_message_is_planned_in_a_thread_on_it(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with discord_bench(sqlite, clock, tmp_path) as harness:
        said = harness.server.say("ana", "general", "write the report")
        await harness._settled()
        for _ in range(2):
            given = harness.server.give("bo", said)
            await harness.server.wait_for(lambda given=given: given["response"])
            assert "thread on that message" in given["response"]["data"]["content"]
        await harness._settled()
        harness.thread = said["id"]
        (plan,) = harness.server.messages(said["id"])
        assert "write the report" in str(harness.server.world.channels[said["id"]]["name"])
        assert plan["components"]
