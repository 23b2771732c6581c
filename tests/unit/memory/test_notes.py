"""What a project knows, on SQLite and Postgres."""

from memory.model.base import ProjectId
from memory.model.work.value import Label
from memory.store.engine.database import Connection, Database
from memory.store.knowledge import notes
from memory.store.knowledge.notes import NoteKind
from tests.conftest import SetClock

PROJECT = ProjectId("p")
OTHER = ProjectId("q")


async def _keep(
    tx: Connection,
    text: str,
    *,
    clock: SetClock,
    source: str = "msg_1",
    kind: NoteKind = "note",
    project: ProjectId = PROJECT,
) -> str:
    return await notes.keep_note(
        tx, project, kind, "Style", text, source, Label.UNTRUSTED, clock.now()
    )


async def test_a_source_has_one_note_of_a_kind_and_the_newest_words_win(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        first = await _keep(tx, "we write dates as ISO", clock=clock)
        second = await _keep(tx, "we write dates in words", clock=clock)
        third = await _keep(tx, "we write", clock=clock, kind="file")
        kept = await notes.notes_of(tx, PROJECT, kinds=["note"])
    assert first == second != third
    assert [note.text for note in kept] == ["we write dates in words"]


async def test_a_changed_note_moves_behind_its_readers_and_an_unchanged_one_does_not(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        await _keep(tx, "one", clock=clock)
        seen = await notes.last_note(tx)
        clock.forward(minutes=1)
        await _keep(tx, "one", clock=clock)
        assert await notes.notes_after(tx, seen, limit=9) == ()
        assert (await notes.notes_of(tx, PROJECT))[0].at == clock.now()
        await _keep(tx, "two", clock=clock)
        assert [note.text for note in await notes.notes_after(tx, seen, limit=9)] == ["two"]


async def test_a_number_is_not_given_again_after_its_note_was_forgotten(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        note = await _keep(tx, "one", clock=clock)
        seen = await notes.last_note(tx)
        assert await notes.forget_note(tx, PROJECT, note)
        assert not await notes.forget_note(tx, PROJECT, note)
        await _keep(tx, "two", clock=clock, source="msg_2")
        assert len(await notes.notes_after(tx, seen, limit=9)) == 1


async def test_notes_stay_in_their_project(database: Database, clock: SetClock) -> None:
    async with database.transaction() as tx:
        theirs = await _keep(tx, "secret recipe", clock=clock, project=OTHER)
        assert await _keep(tx, "ours", clock=clock) != theirs
        assert not await notes.forget_note(tx, PROJECT, theirs)
        assert await notes.notes_by_id(tx, PROJECT, [theirs]) == ()
        assert [note.text for note in await notes.notes_of(tx, PROJECT)] == ["ours"]


async def test_secrets_are_blotted_out_before_they_are_kept(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        await _keep(tx, "the key is xoxb-123456789012-abcdef", clock=clock)
        (note,) = await notes.notes_of(tx, PROJECT)
    assert "xoxb" not in note.text
