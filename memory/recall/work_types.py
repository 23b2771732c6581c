"""What is learned of a project's own types of work, kept until its history has grown."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from memory.model.base import ProjectId, name_key
from memory.recall.port import Vector
from memory.store.engine.database import Database
from memory.store.knowledge.given_types import Given, count_given, newest_given

if TYPE_CHECKING:
    from memory.profiles.work_types import WorkTypes

NEWEST: Final = 800
"""So many tasks are learned from."""

GROWN: Final = 1.1
"""It is learned anew when there are a tenth more, and five at least."""

Vectors = Callable[[ProjectId, Sequence[str]], Awaitable[Mapping[str, Vector]]]
"""The vectors of these attempts, as far as there are any. Raises IndexTrouble."""


class _Kept(NamedTuple):
    tasks: int
    types: "WorkTypes | None"


class LearnedTypes:
    """For each project what its tasks teach. Nothing is stored: it can be learned again."""

    def __init__(self, database: Database, vectors: Vectors) -> None:
        self._database = database
        self._vectors = vectors
        self._kept: dict[ProjectId, _Kept] = {}

    async def of(self, project: ProjectId) -> "WorkTypes | None":
        """What is known of the project. Raises IndexTrouble and StorageTrouble."""
        async with self._database.reading() as connection:
            count = await count_given(connection, project)
            kept = self._kept.get(project)
            if kept is not None and kept.tasks <= count < max(kept.tasks * GROWN, kept.tasks + 5):
                return kept.types
            given = await newest_given(connection, project, limit=NEWEST)
        vectors = await self._vectors(project, [task.attempt for task in given])
        types = await asyncio.to_thread(_learned, given, vectors)
        self._kept[project] = _Kept(count, types)
        return types

    def forget(self) -> None:
        """Learn everything anew: the vectors are others now."""
        self._kept.clear()


def _learned(given: Sequence[Given], vectors: Mapping[str, Vector]) -> "WorkTypes | None":
    """What they teach, one for each text and type: what was tried again says nothing new."""
    from memory.profiles.work_types import Example, learned  # noqa: PLC0415 - numpy takes a tenth of a second that start-up does not have

    once = {(task.text, name_key(task.task_type)): task for task in given}
    return learned(
        [
            Example(kind, vectors[task.attempt], task.difficulty)
            for (_, kind), task in once.items()
            if task.attempt in vectors
        ]
    )
