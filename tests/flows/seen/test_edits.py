"""A request whose message is edited or deleted, over the real SDKs of both platforms."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from memory.store.engine.database import Database
from memory.store.tables import plans
from tests.conftest import SetClock
from tests.fakes.discord.harness import DiscordHarness, discord_bench
from tests.fakes.slack.harness import SlackHarness, slack_bench

Harness = SlackHarness | DiscordHarness
BENCHES = {"slack": slack_bench, "discord": discord_bench}


@pytest.fixture(params=["slack", "discord"])
async def harness(
    request: pytest.FixtureRequest, sqlite: Database, clock: SetClock, tmp_path: Path
) -> AsyncIterator[Harness]:
    async with BENCHES[request.param](sqlite, clock, tmp_path) as one:
        yield one


async def test_an_edited_request_is_planned_anew_and_the_old_plan_is_void(
    harness: Harness, sqlite: Database
) -> None:
    await harness.say("ana", "write the reprot")
    assert 'Plan "write the reprot"' in harness.heard()
    await harness.edit("write the report")
    heard = harness.heard()
    assert "You edited your request, so I'm planning it again" in heard
    assert "The request was edited, so this plan is void" in heard
    assert 'Plan "write the report"' in heard
    assert "Changed from plan" in heard
    await harness.react("ana", "✅", on="first plan")
    assert "replaced by a newer one" in harness.heard()
    assert harness.services.executor.starts == 0
    await harness.react("ana", "✅")
    assert "Approved by ana" in harness.heard()
    assert await _states(sqlite) == ["superseded", "started"]


async def test_an_edit_that_changes_nothing_is_silent(harness: Harness, sqlite: Database) -> None:
    await harness.say("ana", "write the report")
    await harness.edit("write  the report ")
    assert harness.heard() == ""
    assert await _states(sqlite) == ["waiting"]


async def test_an_edit_while_questions_are_open_asks_them_anew(harness: Harness) -> None:
    await harness.say("ana", "write a blog post")
    assert "Who reads it?" in harness.heard()
    await harness.edit("write the report")
    assert 'Plan "write the report"' in harness.heard()


async def test_an_edit_of_an_edit_counts_and_back_again(harness: Harness, sqlite: Database) -> None:
    await harness.say("ana", "write the report")
    await harness.edit("write the memo")
    await harness.edit("write the report")
    assert 'Plan "write the report"' in harness.heard()
    assert await _states(sqlite) == ["superseded", "superseded", "waiting"]


async def test_what_already_runs_is_told_with_the_way_to_stop_it(harness: Harness) -> None:
    await harness.say("ana", "slow report")
    await harness.react("ana", "✅")
    await harness.edit("quick report")
    assert "It's already running as you said it first; say cancel to stop it." in harness.heard()
    assert harness.services.executor.starts == 1


async def test_a_deleted_request_is_dropped_and_said_once(
    harness: Harness, sqlite: Database
) -> None:
    await harness.say("ana", "write the report")
    await harness.delete()
    heard = harness.heard()
    assert heard.count("You deleted your request, so I dropped it.") == 1
    assert "The request was deleted, so this plan is void." in heard
    await harness.react("ana", "✅")
    assert harness.services.executor.starts == 0
    assert await _states(sqlite) == ["dropped"]


async def test_a_request_that_was_edited_into_a_command_is_dropped_and_nothing_obeyed(
    harness: Harness, sqlite: Database
) -> None:
    await harness.say("ana", "write the report")
    await harness.edit("run")
    assert "You took your request back, so I dropped it." in harness.heard()
    assert harness.services.executor.starts == 0
    assert await _states(sqlite) == ["dropped"]


async def test_a_declined_request_is_tried_with_its_new_words(harness: Harness) -> None:
    await harness.say("ana", "write nonsense")
    assert "I cannot make a plan of that" in harness.heard()
    await harness.edit("write the report")
    assert 'Plan "write the report"' in harness.heard()


async def test_a_deleted_plan_is_shown_again_and_only_the_new_message_is_approved(
    harness: Harness, sqlite: Database
) -> None:
    await harness.say("ana", "write the report")
    await harness.delete(on="plan")
    assert "was deleted, so here it is again" in harness.heard()
    await harness.say("ana", "run")
    assert "Approved by ana" in harness.heard()
    assert await _states(sqlite) == ["started"]


async def test_a_change_that_is_edited_changes_the_same_plan_otherwise(
    harness: Harness, sqlite: Database
) -> None:
    await harness.say("ana", "write the report")
    await harness.say("ana", "change: skip 1")
    await harness.edit("change: skip 2", mention=False)
    assert "You edited your request" in harness.heard()
    assert await _states(sqlite) == ["superseded", "superseded", "waiting"]


async def _states(database: Database) -> list[str]:
    async with database.reading() as connection:
        rows = await connection.execute(sa.select(plans.c.state).order_by(plans.c.created_at))
        return sorted(rows.scalars(), key=["superseded", "dropped", "waiting", "started"].index)
