"""What can't be posted waits, in order, and goes out when it can: each fault of both platforms."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from memory.store.engine.database import Database
from memory.store.tables import outbox
from tests.conftest import SetClock
from tests.fakes.discord.harness import discord_bench
from tests.fakes.discord.rules import said
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.harness import SlackHarness, slack_bench
from tests.fakes.slack.state import Channel, Message

ALWAYS = 500


@contextmanager
def archived(harness: SlackHarness) -> Iterator[None]:
    harness.workspace.general.archived = True
    yield
    harness.workspace.general.archived = False


@contextmanager
def kicked(harness: SlackHarness) -> Iterator[None]:
    members = harness.workspace.general.members
    members.discard(harness.workspace.bot.id)
    yield
    members.add(harness.workspace.bot.id)


@contextmanager
def gone(harness: SlackHarness) -> Iterator[None]:
    """As Slack says of a private channel that the bot was removed from."""
    channel = harness.workspace.state.channels.pop(harness.workspace.general.id)
    yield
    harness.workspace.state.channels[channel.id] = channel


@pytest.mark.parametrize("fault", [archived, kicked, gone])
async def test_a_result_waits_for_its_channel_and_is_told_to_who_asked_meanwhile(
    fault: Callable[[SlackHarness], Iterator[None]],
    sqlite: Database, clock: SetClock, tmp_path: Path,
) -> None:  # fmt: skip
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", "write the report")
        with fault(harness):
            await harness.react("ana", "✅")
            await harness.workspace.wait_for(lambda: len(_direct(harness, "ana")) == 2)
            assert harness.messages() == []
            for _ in range(3):  # tried again and again, and told once
                clock.forward(hours=1)
                harness.services.wakeups.outbox.ring()
                await harness._settled()
            assert "failed" not in await _states(sqlite)
        told = _told(harness)
        (result,) = (text for text in told if "so I say it here" in text)
        assert "Done in" in result
        (_,) = (text for text in told if "What I have to say waits" in text)
        clock.forward(hours=1)
        harness.services.wakeups.outbox.ring()
        await harness.workspace.wait_for(lambda: "Done in" in harness.heard())
        heard = harness.heard()
        assert heard.index("Approved by ana") < heard.index("Done in")
        await harness._settled()
        assert await _states(sqlite) <= {"sent", "superseded"}
        assert len(_direct(harness, "ana")) == 2


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "missing_scope"])
async def test_with_a_refused_token_everything_waits_and_nothing_is_lost(
    error: str, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        harness.workspace.faults.plan("chat.postMessage", *[Fault(error=error)] * 3)
        await harness.say("ana", "write the report")
        await harness.workspace.wait_for(
            lambda: _later(harness, clock) and "2 tasks" in harness.heard()
        )
        await harness.say("ana", "run")
        assert "Approved by ana" in harness.heard()


async def test_a_plan_that_waits_is_told_of_and_approved_only_where_it_is_shown(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        with archived(harness):
            await harness.say("ana", "write the report")
            await harness.workspace.wait_for(lambda: len(_direct(harness, "ana")) == 2)
            (told,) = (text for text in _told(harness) if "The plan you asked for is ready" in text)
            assert "approved by nobody before" in told
            (direct,) = _places(harness, "ana")
            harness.workspace.say(
                harness.workspace.user("ana"), "run", channel=direct, mention=False
            )
            await harness.workspace.wait_for(lambda: len(_direct(harness, "ana")) == 3)
            await harness._settled()
            assert not any("Approved" in text for text in _told(harness))
        clock.forward(hours=1)
        harness.services.wakeups.outbox.ring()
        await harness.workspace.wait_for(lambda: "2 tasks" in harness.heard())
        await harness.say("ana", "run")
        assert "Approved by ana" in harness.heard()


async def test_a_reaction_given_before_the_bot_knew_its_plan_was_out_counts(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        workspace = harness.workspace
        workspace.faults.plan("chat.postMessage", Fault(status=503, after=True))
        workspace.say(workspace.user("ana"), "write the report")
        await workspace.wait_for(workspace.from_bot)
        (plan,) = workspace.from_bot()
        workspace.react(workspace.user("ana"), plan, "white_check_mark", told=False)
        await workspace.wait_for(
            lambda: _later(harness, clock) and "Approved by ana" in harness.heard()
        )
        assert [message.ts for message in workspace.from_bot()].count(plan.ts) == 1


async def test_somebody_who_speaks_where_it_was_silent_wakes_what_waits(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        with archived(harness):
            await harness.say("ana", "write the report")
            await harness.workspace.wait_for(lambda: "chat.postMessage" in harness.workspace.calls)
        await harness.say("ana", "status")
        await harness.workspace.wait_for(lambda: "2 tasks" in harness.heard())


async def test_other_channels_do_not_wait_and_a_restart_keeps_what_waits(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        with archived(harness):
            await harness.say("ana", "write the report")
            other = harness.workspace.channel("bo", kind="im")
            harness.workspace.say(
                harness.workspace.user("bo"), "help", channel=other, mention=False
            )
            await harness.workspace.wait_for(lambda: harness.workspace.from_bot(other))
    assert "parked" in await _states(sqlite)
    async with slack_bench(sqlite, clock, tmp_path) as again:
        # A workspace of its own: the channel's id is the same, the thread is not.
        await again.workspace.wait_for(lambda: "chat.postMessage" in again.workspace.calls)


@pytest.mark.parametrize("code", [50001, 50013, 10003])
async def test_on_discord_a_channel_that_shuts_us_out_is_waited_for(
    code: int, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with discord_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", "write the report")
        shut = harness.server.faults.add(
            rf"(POST|PATCH) .*/channels/{harness.thread}/messages", 403 if code != 10003 else 404,
            times=ALWAYS, code=code,
        )  # fmt: skip
        await harness.react("ana", "✅")
        direct = harness.server.world.dm(harness.server.member("ana"))
        await harness.server.wait_for(
            lambda: any("Done in" in said(m) for m in harness.server.messages(direct))
        )
        shut.times = 0
        clock.forward(minutes=6)
        harness.services.wakeups.outbox.ring()
        await harness.server.wait_for(
            lambda: any("Done in" in said(m) for m in harness.server.messages(harness.thread))
        )
        await harness._settled()
        assert await _states(sqlite) <= {"sent", "superseded"}


def _later(harness: SlackHarness, clock: SetClock) -> bool:
    """Time goes by while something is waited for."""
    clock.forward(seconds=5)
    harness.services.wakeups.outbox.ring()
    return True


def _places(harness: SlackHarness, name: str) -> list[Channel]:
    user = harness.workspace.user(name)
    return [c for c in harness.workspace.state.channels.values() if c.name == user.id]


def _direct(harness: SlackHarness, name: str) -> list[Message]:
    return [each for where in _places(harness, name) for each in harness.workspace.from_bot(where)]


def _told(harness: SlackHarness) -> list[str]:
    return [message.shown for message in _direct(harness, "ana")]


async def _states(database: Database) -> set[str]:
    async with database.reading() as connection:
        return set((await connection.execute(sa.select(outbox.c.state))).scalars())
