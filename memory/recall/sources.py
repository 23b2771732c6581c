"""What is searched: rows of the store, seen alike whether they are notes or finished tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from memory.model.base import ProjectId, sha256
from memory.model.work.value import Label
from memory.recall.port import Found
from memory.store.engine.database import Connection
from memory.store.knowledge import learning, notes
from memory.store.knowledge.learning import TaskRecord
from memory.store.knowledge.notes import Note, NoteKind

PASSAGE_CHARS = 1_500
PASSAGES = 8
"""A text is searched by its first eight passages."""


@dataclass(frozen=True)
class Entry:
    """A row that can be found. `row` is what it came from."""

    seq: int
    id: str
    project: ProjectId
    kind: str
    title: str
    passages: tuple[str, ...]
    row: Note | TaskRecord

    def found(self, passage: str, score: float) -> Found:
        """The entry as an answer."""
        note = self.row if isinstance(self.row, Note) else None
        return Found(
            project=self.project,
            kind=self.kind,
            id=self.id,
            title=self.title,
            text=passage,
            source=note.source if note else self.id,
            label=note.label if note else Label.UNTRUSTED,
            score=score,
            at=self.row.at,
        )


class Notes:
    """Notes, files and results."""

    name = "notes"
    kinds: tuple[str, ...] = get_args(NoteKind)

    async def after(self, connection: Connection, seq: int, limit: int) -> list[Entry]:
        """Entries of all projects behind the number, oldest first."""
        return [_of_note(row) for row in await notes.notes_after(connection, seq, limit=limit)]

    async def newest(
        self,
        connection: Connection,
        project: ProjectId,
        kinds: Sequence[str],
        *,
        after: int,
        limit: int,
    ) -> list[Entry]:
        """The project's newest entries of these kinds behind the number."""
        wanted = [kind for kind in notes.NOTE_KINDS if kind in kinds]
        rows = await notes.notes_of(connection, project, kinds=wanted, after=after, limit=limit)
        return [_of_note(row) for row in rows]

    async def by_id(
        self, connection: Connection, project: ProjectId, ids: Sequence[str]
    ) -> list[Entry]:
        """Those of the notes that the project has."""
        return [_of_note(row) for row in await notes.notes_by_id(connection, project, ids)]

    async def last(self, connection: Connection) -> int:
        """The newest number."""
        return await notes.last_note(connection)


class Tasks:
    """Finished attempts."""

    name = "tasks"
    kinds: tuple[str, ...] = ("task",)

    async def after(self, connection: Connection, seq: int, limit: int) -> list[Entry]:
        """Entries of all projects behind the number, oldest first."""
        rows = await learning.records_after(connection, seq, limit=limit)
        return [_of_record(row) for row in rows]

    async def newest(
        self,
        connection: Connection,
        project: ProjectId,
        kinds: Sequence[str],
        *,
        after: int,
        limit: int,
    ) -> list[Entry]:
        """The project's newest entries behind the number; there is one kind."""
        del kinds
        rows = await learning.newest_records(connection, project, after=after, limit=limit)
        return [_of_record(row) for row in rows]

    async def by_id(
        self, connection: Connection, project: ProjectId, ids: Sequence[str]
    ) -> list[Entry]:
        """Those of the records that the project has."""
        return [_of_record(row) for row in await learning.records_by_id(connection, project, ids)]

    async def last(self, connection: Connection) -> int:
        """The newest number."""
        return await learning.last_record(connection)


Source = Notes | Tasks
"""A table of the store, read in the order of its numbers."""


def collection_of(project: ProjectId, kind: str) -> str:
    """The index's collection: one per project and kind, named so that any project's id fits."""
    return f"orchestra-{sha256(project.encode())[:40]}-{kind}"


def vector_id(entry: Entry, passage: int) -> str:
    """The id of a passage's vector; the same passage has the same id for ever."""
    return f"{entry.id}#{passage}"


def entry_id(vector: str) -> str:
    """The id of the entry a vector belongs to."""
    return vector.rpartition("#")[0]


def _of_note(row: Note) -> Entry:
    return Entry(
        seq=row.seq,
        id=row.id,
        project=row.project,
        kind=row.kind,
        title=row.title,
        passages=_passages(row.text),
        row=row,
    )


def _of_record(row: TaskRecord) -> Entry:
    return Entry(
        seq=row.seq,
        id=row.id,
        project=row.project,
        kind="task",
        title="",  # what it was counted as is learned from the vectors, so it isn't in them
        passages=(row.text[:PASSAGE_CHARS],),
        row=row,
    )


def _passages(text: str) -> tuple[str, ...]:
    """The text cut where words end, as far as there are any."""
    cut: list[str] = []
    while len(cut) < PASSAGES and (text := text.strip()):
        end = len(text)
        if end > PASSAGE_CHARS:
            end = text.rfind(" ", PASSAGE_CHARS // 2, PASSAGE_CHARS)
            end = PASSAGE_CHARS if end < 0 else end
        cut.append(text[:end])
        text = text[end:]
    return tuple(cut) or ("",)


def texts_of(rows: Sequence[Entry]) -> list[tuple[str, str, str]]:
    """What is embedded of them: the collection, the vector's id and the text."""
    return [
        (
            collection_of(entry.project, entry.kind),
            vector_id(entry, number),
            f"{entry.title}\n{passage}",
        )
        for entry in rows
        for number, passage in enumerate(entry.passages)
    ]


NOTES, TASKS = Notes(), Tasks()
SOURCES: tuple[Source, ...] = (NOTES, TASKS)
