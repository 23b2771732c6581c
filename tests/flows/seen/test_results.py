"""What can be done with a result where it stands: again, at times, as a template, an opinion and why."""

from pathlib import Path

from memory.model.base import ProjectId
from memory.store.engine.database import Database
from memory.store.knowledge import notes
from tests.conftest import SetClock
from tests.fakes.discord.harness import discord_bench
from tests.fakes.slack.harness import SlackHarness, slack_bench

TEST = ProjectId("test")


async def _done(harness: SlackHarness) -> None:
    await harness.say("ana", "write the report")
    await harness.press("ana", "✅ Run")
    assert "Done in" in harness.heard()


async def _opinions(database: Database) -> list[tuple[str, str]]:
    async with database.reading() as connection:
        known = await notes.notes_of(connection, TEST)
    return [(note.title, note.text) for note in known if note.kind == "note"]


async def test_again_makes_a_plan_that_needs_a_new_approval(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        await _done(harness)
        await harness.press("ana", "🔁 Again")
        assert "Waiting for approval" in harness.heard()
        assert harness.services.executor.starts == 1


async def test_times_that_are_typed_make_a_plan_of_the_same_work(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        await _done(harness)
        await harness.press("ana", "Schedule", "every weekday at 9:00")
        assert "every weekday" in harness.heard()
        await _done(harness)
        await harness.press("ana", "Schedule", "  ")
        assert "Please say when" in harness.heard()


async def test_it_is_saved_under_the_name_that_is_typed(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        await _done(harness)
        await harness.press("ana", "Save as template", "weekly report")
        assert "Saved as the template weekly report" in harness.heard()


async def test_why_is_asked_once_and_kept_until_the_opinion_changes(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        await _done(harness)
        await harness.press("ana", "👎")
        assert "Thanks, noted" in harness.heard()
        await harness.press("ana", "Say why", "too long")
        assert "I keep that with the result" in harness.heard()
        ((title, text),) = await _opinions(sqlite)
        assert title.startswith("👎")
        assert text == "too long"
        await harness.press("ana", "👎")
        assert harness.heard() == ""
        await harness.press("ana", "👍")
        assert await _opinions(sqlite) == []


async def test_on_discord_the_same_buttons_do_the_same(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with discord_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", "write the report")
        await harness.press("ana", "✅ Run")
        await harness.press("ana", "👍")
        await harness.press("ana", "Say why", "just right")
        assert [text for _, text in await _opinions(sqlite)] == ["just right"]
        await harness.press("ana", "Save as template", "weekly report")
        assert "Saved as the template weekly report" in harness.heard()
