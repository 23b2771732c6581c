"""What the dialogues do not show: files, quorum, taking back, order, what is stored."""

import asyncio
from pathlib import Path

import sqlalchemy as sa

from bot.chat import Attachment, Incoming
from memory.model.base import ProjectId
from memory.store.engine.database import Database
from memory.store.knowledge import notes, projects
from memory.store.tables import approvals, members
from memory.store.traffic import audit
from tests.conftest import SetClock
from tests.flows.bench import THREAD, Talk, person
from tests.flows.platform import RecordingPlatform

TEST = ProjectId("test")
FILE = Attachment(name="../sales.csv", media_type="text/csv", size=3, handle="h")


async def test_attached_files_are_kept_beneath_the_project_and_told_to_the_planner(
    tmp_path: Path, talk: Talk
) -> None:
    platform = RecordingPlatform(uploads={"h": b"a,b"})
    async with talk(platform=platform) as ready:
        await ready.say("ana", "chart this", FILE)
        asked = ready.services.planner.seen[0]
    assert (tmp_path / "test" / "inbox" / "sales.csv").read_bytes() == b"a,b"
    assert [file.path for file in asked.files] == ["inbox/sales.csv"]


async def test_another_file_of_the_same_name_does_not_replace_the_first(
    tmp_path: Path, talk: Talk
) -> None:
    platform = RecordingPlatform(uploads={"h": b"a,b"})
    async with talk(platform=platform) as ready:
        await ready.say("ana", "", FILE)
        assert "Say what to do with it" in ready.heard()
        platform.uploads["h"] = b"new"
        await ready.say("ana", "", FILE)
        assert "inbox/sales-2.csv" in ready.heard()
    assert (tmp_path / "test" / "inbox" / "sales.csv").read_bytes() == b"a,b"


async def test_a_file_that_cannot_be_fetched_is_named(talk: Talk) -> None:
    async with talk() as ready:
        await ready.say("ana", "chart this", FILE)
        assert "could not be fetched" in ready.heard()


async def test_a_quorum_of_two_waits_for_the_second_and_a_withdrawn_one_does_not_count(
    talk: Talk,
) -> None:
    async with talk(quorum=2) as ready:
        await ready.say("ana", "write the report")
        await ready.react("bo", "✅")
        assert "1 more approver" in ready.heard()
        await ready.react("bo", "✅", removed=True)
        assert "2 approvers" in ready.heard()
        await ready.react("cy", "✅")
        assert ready.services.executor.starts == 0
        await ready.react("bo", "✅")
        assert ready.services.executor.starts == 1
        assert "Approved by" in ready.heard()


async def test_one_person_is_not_a_quorum(talk: Talk) -> None:
    async with talk(quorum=2) as ready:
        await ready.say("ana", "write the report")
        await ready.react("bo", "✅")
        await ready.react("bo", "✅")
        await ready.say("bo", "run")
        assert ready.services.executor.starts == 0


async def test_the_approval_row_says_who_as_what_on_which_message(
    sqlite: Database, talk: Talk
) -> None:
    async with talk(approvers=("bo",)) as ready:
        await ready.say("ana", "publish the report")
        await ready.react("bo", "✅")
        shown = next(
            message for message in ready.platform.messages if message.key.startswith("plan:")
        )
    async with sqlite.reading() as connection:
        row = (await connection.execute(sa.select(approvals))).one()
        assert await audit.first_broken(connection) is None
    assert shown.key == f"plan:{row.plan_hash}"
    assert (row.person, row.role, row.message, row.via) == (
        person("bo").key,
        "approver",
        shown.ref.message,
        "reaction",
    )


async def test_a_role_taken_away_meanwhile_counts(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await ready.say("ana", "make @bo approver")
        await ready.say("cy", "publish the report")
        await ready.say("ana", "make @bo viewer")
        await ready.react("bo", "✅")
        assert ready.services.executor.starts == 0
        assert "read-only" in ready.heard()


async def test_a_preference_is_learned_and_not_asked_again(talk: Talk) -> None:
    async with talk() as ready:
        await ready.say("ana", "write a blog post")
        await ready.say("ana", "managers, draft")
        await ready.say("ana", "run")
        await ready.say("ana", "write another blog post")
        assert ready.services.planner.seen[-1].preferences == {"reader": "managers"}
        assert "Publish now" in ready.heard()  # what is done with one text says nothing of others
        assert "Who reads it?" not in ready.heard()


async def test_a_result_becomes_knowledge_and_a_dry_run_does_not(
    sqlite: Database, talk: Talk
) -> None:
    async with talk() as ready:
        await ready.say("ana", "write the report")
        await ready.react("ana", "🧪")
        async with sqlite.reading() as connection:
            assert await notes.notes_of(connection, TEST) == ()
        await ready.react("ana", "✅")
    async with sqlite.reading() as connection:
        kept = await notes.notes_of(connection, TEST)
    assert [(one.kind, one.title) for one in kept] == [("result", "write the report")]


async def test_a_request_is_seen_at_once(talk: Talk) -> None:
    async with talk() as ready:
        await ready.say("ana", "write the report")
        assert [emoji for _, emoji in ready.platform.reactions] == ["👀"]


async def test_only_plans_that_can_still_be_decided_are_watched(talk: Talk) -> None:
    async with talk() as ready:
        await ready.say("ana", "write the report")
        assert len(await ready.app.open_messages()) == 1
        await ready.react("ana", "❌")
        assert await ready.app.open_messages() == ()


async def test_strangers_talk_leaves_no_trace(sqlite: Database, talk: Talk) -> None:
    async with talk() as ready:
        await ready.act(kind="message", author=person("bo"), text="lunch?", addressed=False)
        assert ready.platform.messages == []
    async with sqlite.reading() as connection:
        assert (await connection.execute(sa.select(members))).all() == []
        assert await projects.of_channel(connection, THREAD) is None


async def test_threads_run_side_by_side_and_each_in_order(clock: SetClock, talk: Talk) -> None:
    async with talk() as ready:
        async with asyncio.TaskGroup() as group:
            for number in range(12):
                thread = THREAD.model_copy(update={"thread": f"t{number % 4}"})
                event = Incoming(
                    event_id=f"x{number}",
                    kind="message",
                    thread=thread,
                    author=person("ana"),
                    text="help" if number < 8 else "write the report",
                    at=clock.now(),
                )
                group.create_task(ready.app.receive(event))
        await ready.settled()
        for number in range(4):
            keys = [
                message.key
                for message in ready.platform.messages
                if message.ref.where.thread == f"t{number}"
            ]
            assert len(keys) == 3
            assert keys[-1].startswith("plan:")


async def test_working_means_that_no_person_is_needed(talk: Talk) -> None:
    async with talk() as ready:
        await ready.say("ana", "write the slow report")
        await ready.say("ana", "run")
        assert (await ready.app.running(), await ready.app.working()) == (True, True)
        await ready.say("ana", "pause")
        assert (await ready.app.running(), await ready.app.working()) == (True, False)
        await ready.say("ana", "cancel")
        assert await ready.app.running() is False


async def test_a_message_nobody_can_handle_is_put_aside_with_one_sentence(talk: Talk) -> None:
    async with talk() as ready:
        ready.services.executor.open_waits = None  # type: ignore[assignment]  # a bug, on purpose
        await ready.say("ana", "write the report")
        ready.mark = 0
        await ready.say("ana", "help")
        assert ready.heard().count("Something went wrong here") == 1


async def test_a_denial_is_said_in_the_plans_thread_though_the_reaction_names_only_the_channel(
    talk: Talk,
) -> None:
    async with talk(owners=("ana",)) as ready:
        await ready.say("ana", "publish the report")
        ready.thread = THREAD.channel_ref()
        await ready.react("bo", "✅")
        denial = ready.platform.messages[-1]
    assert "has to approve" in denial.out.text
    assert denial.ref.where == THREAD


async def test_a_request_whose_planning_breaks_is_closed_with_one_sentence(talk: Talk) -> None:
    async with talk() as ready:
        ready.services.planner.seen = None  # type: ignore[assignment]  # a bug, on purpose
        await ready.say("ana", "write the report")
        assert ready.heard().count("Something went wrong here") == 1
        await ready.say("ana", "run")
        assert "no plan here yet" in ready.heard()
