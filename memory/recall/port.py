"""What recall needs of a model that embeds and of an index that finds neighbours."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from memory.model.base import Model, ProjectId
from memory.model.errors import OrchestraError
from memory.model.work.value import Label

Vector = Sequence[float]
Marks = Mapping[str, str | int]


class IndexTrouble(OrchestraError):
    """The index can't be used now; the store still can."""

    code = "index"
    retryable = True


class ModelTrouble(IndexTrouble):
    """The language model can't be used; keyword search still can."""

    code = "model"


class ModelSilent(IndexTrouble):
    """The language model doesn't answer now; vectors that it gave before stay good."""

    code = "model_silent"


class NotPaid(OrchestraError):
    """The project's budgets have no room for embedding; its newest rows can still be read."""

    code = "not_paid"


class Found(Model):
    """A passage that fits. `score` is 0..1; `source` and `title` are for citing it."""

    project: ProjectId
    kind: str
    id: str
    title: str
    text: str
    source: str
    label: Label
    score: float
    at: datetime


class Embedder(Protocol):
    """Turns texts into vectors of length 1. Blocking; called in a thread."""

    name: str
    """The model and its version; vectors of different names do not mix."""
    dims: int
    """How many numbers a vector has."""
    floor: float
    """The similarity below which two texts have nothing to do with each other."""
    wordless_floor: float
    """The same for two texts that share no word."""

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector per text. Raises IndexTrouble."""


class VectorIndex(Protocol):
    """Vectors by id in named collections. Holds no words. Every call may raise IndexTrouble."""

    async def open(self, *, distrusted: bool) -> Marks:
        """Make it ready, empty if it was new or broken, and give back the marks kept in it.

        `distrusted`: it failed while it was open, so one that only we use starts anew.
        """

    async def mark(self, marks: Marks) -> None:
        """Keep these few values with the vectors, instead of the ones before."""

    async def put(self, collection: str, ids: Sequence[str], vectors: Sequence[Vector]) -> None:
        """Add the vectors, or replace those of the same id."""

    async def nearest(self, collection: str, vector: Vector, limit: int) -> list[tuple[str, float]]:
        """Ids with their cosine similarity, best first; none where there is no such collection."""

    async def vectors(self, collection: str, ids: Sequence[str]) -> Mapping[str, Vector]:
        """The vectors of those of the ids that are there."""

    async def remove(self, collection: str, ids: Sequence[str]) -> None:
        """Take out those of the ids that are there."""

    async def clear(self) -> None:
        """Take out everything, the marks too."""

    async def close(self) -> None:
        """Let go of it; `open` may be called again."""


Embed = Callable[[Embedder, ProjectId, Sequence[str]], Awaitable[list[Vector]]]
"""Embeds for a project, and books what that costs. Raises IndexTrouble, NotPaid, StorageTrouble."""


async def embed_free(embedder: Embedder, project: ProjectId, texts: Sequence[str]) -> list[Vector]:
    """What embeds on this machine costs nothing."""
    del project
    return await asyncio.to_thread(embedder.embed, texts)
