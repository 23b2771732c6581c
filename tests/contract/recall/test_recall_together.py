"""Searches find what is there while the index is emptied, filled and given up beside them."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from memory.model.base import ProjectId
from memory.model.work.value import Label
from memory.recall.keywords import KeywordEmbedder, similarity
from memory.recall.port import Marks, Vector
from memory.recall.service import Recall
from memory.store.engine.database import Database
from memory.store.knowledge import notes
from tests.conftest import SetClock

PROJECT = ProjectId("p")
COUNT = 40


class SlowIndex:
    """Vectors in memory; every call lets the others go on before and after what it does."""

    def __init__(self) -> None:
        self._marks: Marks = {}
        self._vectors: dict[str, dict[str, Vector]] = {}

    async def open(self, *, distrusted: bool) -> Marks:
        del distrusted
        return self._marks

    async def mark(self, marks: Marks) -> None:
        self._marks = marks

    async def put(self, collection: str, ids: Sequence[str], vectors: Sequence[Vector]) -> None:
        await _others()
        self._vectors.setdefault(collection, {}).update(zip(ids, vectors, strict=True))
        await _others()

    async def nearest(self, collection: str, vector: Vector, limit: int) -> list[tuple[str, float]]:
        await _others()
        likeness = _likeness(self._vectors.get(collection, {}), vector)
        await _others()
        return likeness[:limit]

    async def remove(self, collection: str, ids: Sequence[str]) -> None:
        for vector_id in ids:
            self._vectors.get(collection, {}).pop(vector_id, None)

    async def clear(self) -> None:
        await _others()
        self._vectors.clear()
        self._marks = {}
        await _others()

    async def close(self) -> None:
        pass


def _likeness(vectors: Mapping[str, Vector], wanted: Vector) -> list[tuple[str, float]]:
    pairs = [(name, similarity(vector, wanted)) for name, vector in vectors.items()]
    return sorted(pairs, key=lambda pair: -pair[1])


async def _others() -> None:
    # Long enough for a rebuild to pass by, which reads the store in another thread.
    for _ in range(20):
        await asyncio.to_thread(lambda: None)


async def test_searches_beside_rebuilds_find_everything(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    del tmp_path
    async with database.transaction() as tx:
        for number in range(COUNT):
            text = f"note number {number} of herons"
            await notes.keep_note(tx, PROJECT, "note", "", text, text, Label.TRUSTED, clock.now())
    async with Recall(database, SlowIndex(), KeywordEmbedder) as recall:
        assert await recall.catch_up() == COUNT
        rebuilding = asyncio.ensure_future(_rebuild_often(recall))
        answers = []
        while not rebuilding.done():
            answers.append(len(await recall.search(PROJECT, "herons", kinds=("note",), limit=5)))
        await rebuilding
        assert set(answers) == {5}
        assert recall.status == "ok"


async def _rebuild_often(recall: Recall) -> None:
    for _ in range(10):
        assert await recall.rebuild() == COUNT
