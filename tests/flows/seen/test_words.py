"""`run` approves only a plan that stood there when it was written, over the real SDKs."""

from pathlib import Path

from memory.store.engine.database import Database
from tests.conftest import SetClock
from tests.fakes.discord.harness import discord_bench
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.harness import slack_bench


async def test_run_in_the_very_second_in_which_the_plan_was_posted_counts(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    """Our clock noted the post an hour after Slack did."""
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", "write the report")
        assert "2 tasks" in harness.heard()
        clock.forward(hours=-1)
        await harness.say("ana", "run")
        assert "Approved by ana" in harness.heard()


async def test_run_that_was_written_while_the_plan_was_being_posted_approves_nothing(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        workspace, ana = harness.workspace, harness.workspace.user("ana")
        workspace.faults.plan("chat.postMessage", Fault(delay_s=0.3))
        asked = workspace.say(ana, "write the report")
        await workspace.wait_for(lambda: "chat.postMessage" in workspace.calls)
        workspace.say(ana, "run", thread_ts=asked.ts, mention=False)
        clock.forward(hours=1)
        harness.thread = asked.ts
        await harness._settled()
        assert "You said that before this plan was shown" in harness.heard()
        assert harness.services.executor.starts == 0
        await harness.say("ana", "run")
        assert harness.services.executor.starts == 1


async def test_on_discord_the_snowflakes_decide(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with discord_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", "write the report")
        clock.forward(hours=-1)
        await harness.say("ana", "run")
        assert "Approved by ana" in harness.heard()
