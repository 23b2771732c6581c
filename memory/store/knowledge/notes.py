"""What a project knows: notes, files and results in words, found again by recall."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, get_args

import sqlalchemy as sa

from memory.model.base import Model, ProjectId, sha256
from memory.model.work.value import Label
from memory.privacy.redaction import redact
from memory.store.engine.database import Connection
from memory.store.engine.upsert import insert_into
from memory.store.tables import notes

NoteKind = Literal["note", "file", "result", "plan"]
"""A plan is kept by the words it was asked for in; its `source` is its hash."""

NOTE_KINDS: tuple[NoteKind, ...] = get_args(NoteKind)
KNOWLEDGE: tuple[NoteKind, ...] = ("note", "file", "result")
"""What says something about the world, and not only what was planned."""

TEXT_CHARS = 20_000
"""How much of a text is kept; the whole of it stays where `source` points."""


class Note(Model):
    """Something worth finding again. `seq` grows with every new or changed note."""

    seq: int
    id: str
    project: ProjectId
    kind: NoteKind
    title: str
    text: str
    source: str
    """Where it is from: a path, a run's id, a message's key."""
    label: Label
    at: datetime


async def keep_note(
    tx: Connection,
    project: ProjectId,
    kind: NoteKind,
    title: str,
    text: str,
    source: str,
    label: Label,
    at: datetime,
) -> str:
    """Keep one note per project, kind and source, the newest words winning; give back its id.

    What looks like a secret is masked first.
    """
    note = "note_" + sha256("\x00".join((project, kind, source)).encode())[:24]
    title, text = redact(title), redact(text)[:TEXT_CHARS]
    where = (notes.c.project_id == project) & (notes.c.id == note)
    same = where & (notes.c.title == title) & (notes.c.text == text) & (notes.c.label == label)
    if (await tx.execute(sa.update(notes).where(same).values(at=at))).rowcount:
        return note
    await tx.execute(sa.delete(notes).where(where))
    await tx.execute(
        insert_into(tx, notes)
        .values(
            id=note,
            project_id=project,
            kind=kind,
            title=title,
            text=text,
            source=source,
            label=label,
            at=at,
        )
        .on_conflict_do_nothing(index_elements=["id"])  # somebody kept it this very moment
    )
    return note


async def forget_note(tx: Connection, project: ProjectId, note: str) -> bool:
    """Remove a note; False where the project has none of this id."""
    gone = await tx.execute(
        sa.delete(notes).where((notes.c.project_id == project) & (notes.c.id == note))
    )
    return gone.rowcount == 1


async def notes_of(
    connection: Connection,
    project: ProjectId,
    *,
    kinds: Sequence[NoteKind] = KNOWLEDGE,
    after: int = 0,
    limit: int = 100,
) -> tuple[Note, ...]:
    """The project's newest notes of these kinds behind the number, newest first."""
    return await _notes(
        connection,
        sa.select(notes)
        .where(
            (notes.c.project_id == project) & notes.c.kind.in_(list(kinds)) & (notes.c.seq > after)
        )
        .order_by(notes.c.seq.desc())
        .limit(limit),
    )


async def notes_after(connection: Connection, seq: int, *, limit: int) -> tuple[Note, ...]:
    """Notes of all projects behind the number, oldest first."""
    return await _notes(
        connection,
        sa.select(notes).where(notes.c.seq > seq).order_by(notes.c.seq).limit(limit),
    )


async def notes_by_id(
    connection: Connection, project: ProjectId, ids: Sequence[str]
) -> tuple[Note, ...]:
    """Those of the notes that exist in this project."""
    return await _notes(
        connection,
        sa.select(notes).where((notes.c.project_id == project) & notes.c.id.in_(ids)),
    )


async def last_note(connection: Connection) -> int:
    """The number of the newest note of all; 0 where there is none."""
    return (await connection.execute(sa.select(sa.func.max(notes.c.seq)))).scalar_one() or 0


async def _notes(connection: Connection, query: sa.Select[tuple[object, ...]]) -> tuple[Note, ...]:
    query = query.add_columns(notes.c.project_id.label("project"))
    rows = await connection.execute(query)
    return tuple(Note.model_validate(row, from_attributes=True) for row in rows)
