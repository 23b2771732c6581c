"""Chroma as the vector index: embedded in one process's folder, or a server for several."""

import asyncio
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import structlog

from memory.model.errors import OrchestraError
from memory.recall.port import IndexTrouble, Marks, Vector
from memory.store.engine.ownership import owning

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection
    from numpy import float32
    from numpy.typing import NDArray

    Array = NDArray[float32]

PREFIX = "orchestra-"
MARKS = f"{PREFIX}marks"
EXACT = 10_000
"""Collections of at most this many vectors are searched exactly, where no other process writes.

HNSW can't reach every vector: one unlike all others loses its last incoming edge when its
neighbours prune theirs, and then no search finds it (https://github.com/nmslib/nmslib/issues/337).
"""
HNSW: "CreateHNSWConfiguration" = {
    "space": "cosine",
    "ef_search": 200,
    "ef_construction": 200,
    "max_neighbors": 64,
}
"""For larger collections. Of 20 vectors unlike 10,000 others, 16 neighbours find 13, 64 find 19."""
BATCH = 1_000

log = structlog.get_logger(__name__)
Result = TypeVar("Result")


class ChromaIndex:
    """One Chroma. Its blocking calls run in threads; whatever it raises becomes IndexTrouble.

    `alone`: no other process writes to it, so small collections can be held in memory.
    """

    def __init__(self, connect: Callable[[ExitStack, bool], "ClientAPI"], *, alone: bool) -> None:
        self._connect = connect
        self._alone = alone
        self._held = ExitStack()
        self._client: ClientAPI | None = None
        self._collections: dict[str, Collection] = {}
        self._vectors: dict[str, dict[str, Array]] = {}
        self._turn = threading.Lock()

    async def open(self, *, distrusted: bool) -> Marks:
        """Connect and give back the marks; an embedded folder that is broken starts anew."""

        def work() -> Marks:
            self._client = self._connect(self._held, distrusted)
            marks = self._collection(MARKS).metadata or {}
            return {name: value for name, value in marks.items() if isinstance(value, str | int)}

        return await self._in_thread(work)

    async def mark(self, marks: Marks) -> None:
        """Keep the marks as the metadata of a collection without vectors."""
        await self._in_thread(lambda: self._collection(MARKS).modify(metadata=dict(marks)))

    async def put(self, collection: str, ids: Sequence[str], vectors: Sequence[Vector]) -> None:
        """Upsert, a thousand at a time."""

        def work() -> None:
            for start in range(0, len(ids), BATCH):
                part = slice(start, start + BATCH)
                self._collection(collection).upsert(
                    ids=list(ids[part]), embeddings=list(vectors[part])
                )
            if collection in self._vectors:
                self._vectors[collection].update(zip(ids, map(_array, vectors), strict=True))

        await self._in_thread(work)

    async def nearest(self, collection: str, vector: Vector, limit: int) -> list[tuple[str, float]]:
        """Ids with their cosine similarity, best first."""

        def work(known: "Collection") -> list[tuple[str, float]]:
            held = self._held_vectors(known)
            if held is not None:
                return _most_alike(held, _array(vector), limit)
            answer = known.query(query_embeddings=[vector], n_results=limit, include=["distances"])
            distances = (answer["distances"] or [[]])[0]
            return [
                (vector_id, 1 - distance)
                for vector_id, distance in zip(answer["ids"][0], distances, strict=True)
            ]

        return await self._in_thread(lambda: self._where_it_exists(collection, work)) or []

    async def vectors(self, collection: str, ids: Sequence[str]) -> Mapping[str, Vector]:
        """From memory where the collection is held there."""

        def work(known: "Collection") -> dict[str, Vector]:
            held = self._held_vectors(known)
            if held is None:
                kept = known.get(ids=list(ids), include=["embeddings"])
                found = [] if kept["embeddings"] is None else kept["embeddings"]
                held = dict(zip(kept["ids"], map(_array, found), strict=True))
            return {name: held[name].tolist() for name in ids if name in held}

        if not ids:
            return {}
        return await self._in_thread(lambda: self._where_it_exists(collection, work)) or {}

    async def remove(self, collection: str, ids: Sequence[str]) -> None:
        """Delete those of the ids that are there."""

        def work(known: "Collection") -> None:
            known.delete(ids=list(ids))
            for vector_id in ids:
                self._vectors.get(collection, {}).pop(vector_id, None)

        if ids:
            await self._in_thread(lambda: self._where_it_exists(collection, work))

    async def clear(self) -> None:
        """Delete every collection of ours; others on the same server stay."""

        def work() -> None:
            self._forget_collections()
            client = self._ready()
            for collection in client.list_collections():
                if collection.name.startswith(PREFIX):
                    client.delete_collection(collection.name)

        await self._in_thread(work)

    async def close(self) -> None:
        """Let go of the client and the folder."""

        def work() -> None:
            self._forget_collections()
            self._client = None
            self._held.pop_all().close()

        with suppress(IndexTrouble):  # it is being given up anyway
            await self._in_thread(work)

    def _forget_collections(self) -> None:
        self._collections.clear()
        self._vectors.clear()

    def _held_vectors(self, known: "Collection") -> "dict[str, Array] | None":
        """All vectors of a collection that is to be searched exactly, by id."""
        if not self._alone or known.count() > EXACT:
            self._vectors.pop(known.name, None)
            return None
        if known.name not in self._vectors:
            kept = known.get(include=["embeddings"])
            vectors = [] if kept["embeddings"] is None else kept["embeddings"]
            self._vectors[known.name] = dict(zip(kept["ids"], map(_array, vectors), strict=True))
        return self._vectors[known.name]

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        # The lock is the thread's, for a call that was cancelled still runs to its end.
        def alone() -> Result:
            with self._turn:
                return _sorted(work)

        return await asyncio.to_thread(alone)

    def _ready(self) -> "ClientAPI":
        if self._client is None:
            raise IndexTrouble("The search index is closed.")
        return self._client

    def _collection(self, name: str) -> "Collection":
        if name not in self._collections:
            self._collections[name] = self._ready().get_or_create_collection(
                name,
                embedding_function=None,
                configuration={"hnsw": HNSW},
            )
        return self._collections[name]

    def _where_it_exists(self, name: str, work: Callable[["Collection"], Result]) -> Result | None:
        from chromadb.errors import NotFoundError  # noqa: PLC0415 - takes over a second

        try:
            if name not in self._collections:
                self._collections[name] = self._ready().get_collection(
                    name, embedding_function=None
                )
            return work(self._collections[name])
        except NotFoundError:  # never made, or cleared at this moment
            self._collections.pop(name, None)
            self._vectors.pop(name, None)
            return None


def embedded(folder: Path) -> ChromaIndex:
    """An index in this folder, which no other process may have open."""

    def connect(held: ExitStack, distrusted: bool) -> "ClientAPI":  # noqa: FBT001 - a callback
        held.enter_context(owning(folder))
        kept = sorted(folder.glob("index-*"))
        if kept and not distrusted:
            try:
                return _embedded_client(kept[0], held)
            except IndexTrouble as trouble:
                log.warning("search index was broken and starts anew", reason=trouble.detail)
        # It can be made again from the store, so a broken one is not worth keeping.
        for path in kept:
            shutil.rmtree(path, ignore_errors=True)
        return _embedded_client(_new(folder), held)

    return ChromaIndex(connect, alone=True)


def served(url: str) -> ChromaIndex:
    """An index on a Chroma server, which several processes of one installation may share."""

    def connect(held: ExitStack, _distrusted: bool) -> "ClientAPI":  # noqa: FBT001 - a callback
        import chromadb  # noqa: PLC0415 - takes over a second

        parts = urlsplit(url)
        secure = parts.scheme == "https"
        client = chromadb.HttpClient(
            host=parts.hostname or "localhost",
            port=parts.port or (443 if secure else 8000),
            ssl=secure,
            settings=_settings(),
        )
        held.callback(_close, client)
        return client

    return ChromaIndex(connect, alone=False)


def _embedded_client(path: Path, held: ExitStack) -> "ClientAPI":
    def work() -> "ClientAPI":
        import chromadb  # noqa: PLC0415 - takes over a second

        return chromadb.PersistentClient(str(path), settings=_settings())

    client = _sorted(work)
    held.callback(_close, client)
    return client


def _new(folder: Path) -> Path:
    # A fresh name each time: Chroma remembers, by path, clients that could not be opened.
    return Path(tempfile.mkdtemp(prefix="index-", dir=folder))


def _settings() -> Any:
    from chromadb.config import Settings  # noqa: PLC0415 - takes over a second

    return Settings(anonymized_telemetry=False)


def _close(client: Any) -> None:
    # Neither is in the interface. Over HTTP, `close` leaves the connections of both halves open.
    client.close()
    for half in (client, getattr(client, "_admin_client", None)):
        session = getattr(getattr(half, "_server", None), "_session", None)
        if session is not None:
            session.close()


def _array(vector: Any) -> "Array":
    import numpy as np  # noqa: PLC0415 - a tenth of a second that start-up does not have

    return np.asarray(vector, dtype=np.float32)


def _most_alike(
    vectors: "dict[str, Array]", wanted: "Array", limit: int
) -> list[tuple[str, float]]:
    import numpy as np  # noqa: PLC0415 - a tenth of a second that start-up does not have

    if not vectors:
        return []
    ids, matrix = list(vectors), np.stack(list(vectors.values()))
    lengths = np.linalg.norm(matrix, axis=1) * np.linalg.norm(wanted)
    likeness = matrix @ wanted / np.maximum(lengths, 1e-12)
    best = np.argsort(-likeness, kind="stable")[:limit]
    return [(ids[place], float(likeness[place])) for place in best]


def _sorted(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except ImportError as error:
        raise IndexTrouble(
            "Chroma isn't installed, so search reads the newest notes only.", detail=repr(error)
        ) from error
    except OrchestraError as error:
        raise IndexTrouble("{reason}", detail=error.detail, reason=error.user_text) from error
    # Chroma raises anything, Rust's panics included; in a thread no cancellation is lost by this.
    except BaseException as error:
        raise IndexTrouble(
            "The search index can't be used, so search reads the newest notes only.",
            detail=repr(error),
        ) from error
