"""Chroma as the vector index: embedded in one process's folder, or a server for several."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Sequence
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
    from chromadb.api.models.Collection import Collection

PREFIX = "orchestra-"
MARKS = f"{PREFIX}marks"
SEARCH_EF = 200
"""Candidates weighed per search; below 200 neighbours were missed."""
BATCH = 1_000

log = structlog.get_logger(__name__)
Result = TypeVar("Result")


class ChromaIndex:
    """One Chroma. Its blocking calls run in threads; whatever it raises becomes IndexTrouble."""

    def __init__(self, connect: Callable[[ExitStack, bool], "ClientAPI"]) -> None:
        self._connect = connect
        self._held = ExitStack()
        self._client: ClientAPI | None = None
        self._collections: dict[str, Collection] = {}

    async def open(self, *, distrusted: bool) -> Marks:
        """Connect and give back the marks; an embedded folder that is broken starts anew."""
        return await _in_thread(lambda: self._open(distrusted=distrusted))

    async def mark(self, marks: Marks) -> None:
        """Keep the marks as the metadata of a collection without vectors."""
        await _in_thread(lambda: self._collection(MARKS).modify(metadata=dict(marks)))

    async def put(self, collection: str, ids: Sequence[str], vectors: Sequence[Vector]) -> None:
        """Upsert, a thousand at a time."""

        def work() -> None:
            for start in range(0, len(ids), BATCH):
                part = slice(start, start + BATCH)
                self._collection(collection).upsert(
                    ids=list(ids[part]), embeddings=list(vectors[part])
                )

        await _in_thread(work)

    async def nearest(self, collection: str, vector: Vector, limit: int) -> list[tuple[str, float]]:
        """Ids with 1 - cosine distance, best first."""

        def work(known: "Collection") -> list[tuple[str, float]]:
            answer = known.query(query_embeddings=[vector], n_results=limit, include=["distances"])
            distances = (answer["distances"] or [[]])[0]
            return [
                (found, 1 - distance)
                for found, distance in zip(answer["ids"][0], distances, strict=True)
            ]

        return await _in_thread(lambda: self._where_it_exists(collection, work)) or []

    async def remove(self, collection: str, ids: Sequence[str]) -> None:
        """Delete those of the ids that are there."""

        if ids:
            await _in_thread(
                lambda: self._where_it_exists(collection, lambda known: known.delete(ids=list(ids)))
            )

    async def clear(self) -> None:
        """Delete every collection of ours; others on the same server stay."""

        def work() -> None:
            self._collections.clear()
            client = self._ready()
            for collection in client.list_collections():
                if collection.name.startswith(PREFIX):
                    client.delete_collection(collection.name)

        await _in_thread(work)

    async def close(self) -> None:
        """Let go of the client and the folder."""
        self._collections.clear()
        self._client, held = None, self._held.pop_all()
        with suppress(IndexTrouble):  # it is being given up anyway
            await _in_thread(held.close)

    def _open(self, *, distrusted: bool) -> Marks:
        self._client = self._connect(self._held, distrusted)
        return {
            name: value
            for name, value in (self._collection(MARKS).metadata or {}).items()
            if isinstance(value, str | int)
        }

    def _ready(self) -> "ClientAPI":
        if self._client is None:
            raise IndexTrouble("The search index is closed.")
        return self._client

    def _collection(self, name: str) -> "Collection":
        if name not in self._collections:
            self._collections[name] = self._ready().get_or_create_collection(
                name,
                embedding_function=None,
                configuration={
                    "hnsw": {
                        "space": "cosine",
                        "ef_search": SEARCH_EF,
                        "ef_construction": SEARCH_EF,
                    }
                },
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

    return ChromaIndex(connect)


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

    return ChromaIndex(connect)


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


async def _in_thread(work: Callable[[], Result]) -> Result:
    return await asyncio.to_thread(_sorted, work)


def _sorted(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except ImportError as error:
        raise IndexTrouble(
            "Chroma is not installed; search reads the newest notes only.", detail=repr(error)
        ) from error
    except OrchestraError as error:
        raise IndexTrouble(error.user_text, detail=error.detail) from error
    # Chroma raises anything, Rust's panics included; in a thread no cancellation is lost by this.
    except BaseException as error:
        raise IndexTrouble(
            "The search index cannot be used; search reads the newest notes only.",
            detail=repr(error),
        ) from error
