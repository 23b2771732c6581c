"""What is learned of a project's own types of work, kept until its history has grown."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, NamedTuple

from memory.model.base import ProjectId, name_key
from memory.profiles.work_types import Example, WorkTypes, learned
from memory.recall.port import Vector
from memory.store.engine.database import Database
from memory.store.knowledge.given_types import Given, count_given, newest_given

NEWEST: Final = 800
"""So many tasks are learned from."""

GROWN: Final = 1.1
"""It is learned anew when there are a tenth more, and five at least."""

Vectors = Callable[[ProjectId, Sequence[str]], Awaitable[Mapping[str, Vector]]]
"""The vectors of these attempts, as far as there are any. Raises IndexTrouble."""


class _Kept(NamedTuple):
    tasks: int
    types: WorkTypes | None


class LearnedTypes:
    """For each project what its tasks teach. Nothing is stored: it can be learned again."""

    def __init__(self, database: Database, vectors: Vectors) -> None:
        self._database = database
        self._vectors = vectors
        self._kept: dict[ProjectId, _Kept] = {}

    async def of(self, project: ProjectId) -> WorkTypes | None:
        """What is known of the project. Raises IndexTrouble and StorageTrouble."""
        async with self._database.reading() as connection:
            count = await count_given(connection, project)
            kept = self._kept.get(project)
            if kept is not None and kept.tasks <= count < max(kept.tasks * GROWN, kept.tasks + 5):
                return kept.types
            given = await newest_given(connection, project, limit=NEWEST)
        vectors = await self._vectors(project, [task.attempt for task in given])
        types = await asyncio.to_thread(learned, _examples(given, vectors))
        self._kept[project] = _Kept(count, types)
        return types

    def forget(self) -> None:
        """Learn everything anew: the vectors are others now."""
        self._kept.clear()


def _examples(given: Sequence[Given], vectors: Mapping[str, Vector]) -> list[Example]:
    """One for each text and type: what was tried again says nothing new."""
    once = {(task.text, name_key(task.task_type)): task for task in given}
    return [
        Example(kind, vectors[task.attempt], task.difficulty)
        for (_, kind), task in once.items()
        if task.attempt in vectors
    ]
