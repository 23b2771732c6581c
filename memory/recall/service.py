"""Recall: finds what a project knows, and how tasks like this one went before.

The store is the truth; the index holds vectors only, and how far it has read. Whatever a search
finds is read from the store, by project; what the index has not read yet is looked through row by
row. So a lost, broken or missing index costs reach and speed, never an answer that is wrong.
"""

import asyncio
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

import structlog

from memory.model.agents.profile import SimilarTask
from memory.model.agents.routing import TypeGuess
from memory.model.base import ProjectId
from memory.model.errors import StorageTrouble
from memory.model.text import text
from memory.recall.keywords import KeywordEmbedder
from memory.recall.matching import Match, best, scanned
from memory.recall.port import (
    Embed,
    Embedder,
    Found,
    IndexTrouble,
    Marks,
    ModelSilent,
    ModelTrouble,
    NotPaid,
    Vector,
    VectorIndex,
    embed_free,
)
from memory.recall.sources import (
    NOTES,
    PASSAGES,
    SOURCES,
    TASKS,
    Entry,
    Source,
    collection_of,
    entry_id,
    texts_of,
    vector_id,
)
from memory.recall.unpaid import Unpaid
from memory.recall.work_types import LearnedTypes
from memory.store.engine.database import Database
from memory.store.knowledge.learning import TaskRecord
from memory.store.knowledge.notes import KNOWLEDGE

LAYOUT = 3
"""Raise it when collections or ids change: indexes of another layout are made again."""

BATCH = 256
SCANNED = 500
"""How many rows that are not in the index a search looks through, newest first."""

LOOK_BACK = 200
"""On Postgres a transaction may commit behind a later number; this far back is read again."""
RETRY_S = 30.0
NOT_YET = text("The search index is still opening, so search reads the newest notes only.")

log = structlog.get_logger(__name__)


class Recall:
    """Search over one store. An async context manager; nothing is opened before `catch_up`."""

    def __init__(
        self,
        database: Database,
        index: VectorIndex,
        choose: Callable[[], Embedder],
        embed: Embed = embed_free,
    ) -> None:
        self._database = database
        self._index = index
        self._choose = choose
        self._embed = embed
        self._embedder: Embedder = KeywordEmbedder()
        self._ready = False
        self._distrusted = False
        self._status = NOT_YET
        self._types = LearnedTypes(database, self._task_vectors)
        self._places = dict.fromkeys((source.name for source in SOURCES), 0)
        self._read: dict[str, set[int]] = {source.name: set() for source in SOURCES}
        self._unpaid = {source.name: Unpaid() for source in SOURCES}
        self._turn = asyncio.Lock()
        self.wanted = asyncio.Event()  # somebody has searched
        # Held while the index changes together with what is known of it, and while it is asked.
        self._in_step = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Itself; opening is left to `catch_up`, for it takes seconds."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the index."""
        await self._close()

    @property
    def status(self) -> str:
        """ "ok", or a sentence that says why search reaches less far than it could."""
        return self._status

    @property
    def model(self) -> str:
        """What embeds: "keyword-1" finds shared words, a language model finds meaning."""
        return self._embedder.name

    async def search(
        self,
        project: ProjectId,
        text: str,
        *,
        kinds: Sequence[str] = KNOWLEDGE,
        limit: int = 5,
    ) -> tuple[Found, ...]:
        """The project's passages that fit best, best first. Never raises."""
        matches = await self._matches(NOTES, project, kinds, text, limit)
        return tuple(match.entry.found(match.passage, match.score) for match in matches)

    async def similar_tasks(
        self, project: ProjectId, text: str, limit: int = 20
    ) -> tuple[SimilarTask, ...]:
        """How the project's tasks most like this text went, most alike first. Never raises."""
        matches = await self._matches(TASKS, project, TASKS.kinds, text, limit)
        return tuple(
            SimilarTask(
                agent=record.agent,
                succeeded=record.succeeded,
                similarity=match.score,
                quality=record.quality,
                strength=1.0 if record.strength is None else record.strength,
                difficulty=record.difficulty,
            )
            for match in matches
            if isinstance(record := match.entry.row, TaskRecord)
        )

    async def type_of(
        self, project: ProjectId, text: str, difficulty: float | None = None
    ) -> TypeGuess | None:
        """Which of the project's types of work this text is, by its tasks of given types. Never raises.

        None while these are few, or the index is closed.
        """
        self.wanted.set()
        if not self._ready or not text.strip():
            return None
        try:
            types = await self._types.of(project)
            if types is None:
                return None
            (vector,) = await self._embed(self._embedder, project, [text])
        except (IndexTrouble, NotPaid, StorageTrouble) as trouble:
            log.warning("recall could not tell a type of work", reason=trouble.detail)
            return None
        return types.guess(vector, difficulty)

    async def catch_up(self) -> int:
        """Index what the store has and the index lacks; how many rows that were. Never raises."""
        count = 0
        async with self._turn:
            try:
                await self._open()
                for source in SOURCES:
                    count += await self._catch_up(source)
                self._status = "ok"
            except IndexTrouble as trouble:
                await self._give_up(trouble)
            except StorageTrouble as trouble:
                self._status = trouble.user_text
        return count

    async def rebuild(self) -> int:
        """Empty the index and fill it from the store; how many rows it has then. Never raises."""
        async with self._turn:
            try:
                await self._open()
                await self._empty()
            except IndexTrouble as trouble:
                await self._give_up(trouble)
        return await self.catch_up()

    async def follow(self, *, every_s: float = 2.0) -> None:
        """Catch up for ever; run it in a task group. After trouble it tries again in 30 s."""
        while True:
            await self.catch_up()
            await asyncio.sleep(every_s if self._status == "ok" else max(every_s, RETRY_S))

    async def _matches(
        self, source: Source, project: ProjectId, kinds: Sequence[str], text: str, limit: int
    ) -> list[Match]:
        self.wanted.set()
        if not text.strip() or limit < 1:
            return []
        try:
            try:
                hits, behind = await self._nearest(source, project, kinds, text, limit)
            except (IndexTrouble, NotPaid) as trouble:
                if isinstance(trouble, IndexTrouble):
                    await self._give_up(trouble)
                hits, behind = {}, 0
            return await self._look_up(source, project, kinds, text, limit, hits, behind)
        except StorageTrouble as trouble:
            log.warning("recall could not read the store", reason=trouble.detail)
            return []

    async def _nearest(
        self, source: Source, project: ProjectId, kinds: Sequence[str], text: str, limit: int
    ) -> tuple[dict[str, float], int]:
        """Similarity by vector id, and the number up to which the index had read when asked."""
        opened = self._ready
        if not opened:
            return {}, 0  # a model that doesn't answer isn't asked each time
        (vector,) = await self._embed(self._embedder, project, [text])
        hits: dict[str, float] = {}
        async with self._in_step:
            if not self._ready:
                return {}, 0
            for kind in kinds:
                # More than asked for: the re-ranking chooses, and passages share an entry.
                collection = collection_of(project, kind)
                hits |= dict(await self._index.nearest(collection, vector, limit * 4 + 8))
            return hits, self._unpaid[source.name].place(self._places[source.name], project)

    async def _task_vectors(self, project: ProjectId, attempts: Sequence[str]) -> dict[str, Vector]:
        ids = {f"{attempt}#0": attempt for attempt in attempts}
        async with self._in_step:
            if not self._ready:
                raise IndexTrouble("The search index is closed.")
            found = await self._index.vectors(collection_of(project, "task"), list(ids))
        return {ids[name]: vector for name, vector in found.items()}

    async def _look_up(
        self,
        source: Source,
        project: ProjectId,
        kinds: Sequence[str],
        text: str,
        limit: int,
        hits: dict[str, float],
        behind: int,
    ) -> list[Match]:
        likeness: dict[str, float] = {}
        for vector, value in hits.items():
            likeness[entry_id(vector)] = max(value, likeness.get(entry_id(vector), -1.0))
        async with self._database.reading() as connection:
            rows = await source.by_id(connection, project, list(likeness))
            rest = await source.newest(connection, project, kinds, after=behind, limit=SCANNED)
        gone = set(likeness) - {entry.id for entry in rows}
        if gone:
            await self._forget(project, kinds, [item for item in hits if entry_id(item) in gone])
        known = [entry for entry in rows if entry.seq <= behind]  # others changed since
        embedder = self._embedder
        return await asyncio.to_thread(
            lambda: best(
                text,
                [(entry, likeness[entry.id]) for entry in known] + scanned(text, rest),
                embedder,
                limit=limit,
            )
        )

    async def _forget(self, project: ProjectId, kinds: Sequence[str], ids: list[str]) -> None:
        """Take out vectors whose rows are gone, so that they crowd out nobody."""
        try:
            for kind in kinds:
                await self._index.remove(collection_of(project, kind), ids)
        except IndexTrouble as trouble:
            await self._give_up(trouble)

    async def _open(self) -> None:
        if self._ready:
            return
        self._embedder = await asyncio.to_thread(self._choose)
        marks = await self._index.open(distrusted=self._distrusted)
        self._distrusted = False
        if {name: marks.get(name) for name in self._about()} != self._about():
            await self._empty()
            marks = {}
        self._places = {source.name: int(marks.get(source.name, 0)) for source in SOURCES}
        self._unpaid = {source.name: Unpaid() for source in SOURCES}
        self._ready = True

    async def _empty(self) -> None:
        async with self._in_step:
            for source in SOURCES:
                self._places[source.name] = 0
                self._read[source.name].clear()
                self._unpaid[source.name].clear()
            await self._index.clear()
            self._types.forget()

    async def _catch_up(self, source: Source) -> int:
        count = await self._pay_up(source)
        async with self._database.reading() as connection:
            last = await source.last(connection)
        if self._places[source.name] >= last:
            self._places[source.name] = last  # less, where the store is an older one than before
            return count
        while rows := await self._unread(source):
            await self._read_in(source, rows)
            count += len(rows)
        return count

    async def _pay_up(self, source: Source) -> int:
        """Put in what wasn't paid for before, as far as there's money now; how many rows it was."""
        unpaid, count = self._unpaid[source.name], 0
        for project, ids in unpaid.some(BATCH).items():
            async with self._database.reading() as connection:
                rows = await source.by_id(connection, project, ids)
            unpaid.done(project, set(ids) - {row.id for row in rows})
            if rows:
                count += await self._put(source, project, rows)
                await self._index.mark(self._marks())
        return count

    async def _unread(self, source: Source) -> list[Entry]:
        back = 0 if self._database.is_sqlite else LOOK_BACK
        async with self._database.reading() as connection:
            rows = await source.after(
                connection, max(0, self._places[source.name] - back), back + BATCH
            )
        return [row for row in rows if row.seq not in self._read[source.name]]

    async def _read_in(self, source: Source, rows: Sequence[Entry]) -> None:
        """Put the rows' vectors into the index, and note how far it has read."""
        by_project: dict[ProjectId, list[Entry]] = {}
        for row in rows:
            by_project.setdefault(row.project, []).append(row)
        for project, of_project in by_project.items():
            await self._put(source, project, of_project)
        async with self._in_step:
            place = max(self._places[source.name], rows[-1].seq)
            read = self._read[source.name] | {row.seq for row in rows}
            self._places[source.name] = place
            self._read[source.name] = {seq for seq in read if seq > place - LOOK_BACK}
            await self._index.mark(self._marks())

    async def _put(self, source: Source, project: ProjectId, rows: Sequence[Entry]) -> int:
        """Put the vectors of a project's rows into the index; how many rows it was.

        Those that its budgets have no room for are noted as unpaid.
        """
        texts = texts_of(rows)
        try:
            vectors = await self._embed(self._embedder, project, [text for *_, text in texts])
        except NotPaid:
            self._unpaid[source.name].add(rows)
            return 0
        by_collection: dict[str, dict[str, Vector]] = {}
        for (collection, name, _), vector in zip(texts, vectors, strict=True):
            by_collection.setdefault(collection, {})[name] = vector
        async with self._in_step:
            for collection, known in by_collection.items():
                await self._index.put(collection, list(known), list(known.values()))
            if source is NOTES:
                await self._remove_shortened(rows)
            self._unpaid[source.name].done(project, [row.id for row in rows])
        return len(rows)

    async def _remove_shortened(self, notes: Sequence[Entry]) -> None:
        """Take out passages that a note had when it was longer."""
        gone: dict[str, list[str]] = {}
        for note in notes:
            numbers = range(len(note.passages), PASSAGES)
            ids = gone.setdefault(collection_of(note.project, note.kind), [])
            ids += [vector_id(note, number) for number in numbers]
        for collection, ids in gone.items():
            await self._index.remove(collection, ids)

    def _marks(self) -> Marks:
        read = {name: self._unpaid[name].place(place) for name, place in self._places.items()}
        return {**self._about(), **read}

    def _about(self) -> Marks:
        return {"layout": LAYOUT, "model": self._embedder.name, "dims": self._embedder.dims}

    async def _give_up(self, trouble: IndexTrouble) -> None:
        if self._status != trouble.user_text:
            log.warning("recall goes on without its index", reason=trouble.detail)
        if isinstance(trouble, ModelTrouble):
            self._choose = KeywordEmbedder
        if not isinstance(trouble, ModelSilent):  # its vectors stay good
            self._distrusted = self._distrusted or self._ready
        self._status = trouble.user_text
        await self._close()

    async def _close(self) -> None:
        self._ready = False
        await self._index.close()
