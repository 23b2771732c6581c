"""What is known about a project's tools: how to find them, and what its past plans teach.

Nobody waits for thousands of plans to be worked out: that goes on beside other work, and until then
what was known before counts. What was worked out is kept on disk, so that a restart reads it.
"""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from memory.model.agents.spec import AgentSpec
from memory.model.base import AgentName, ProjectId
from memory.store.engine.database import Database
from planner.catalogue.finder import Finder
from planner.catalogue.learnt.fits import Fits, key_of
from planner.catalogue.learnt.history import History, Slot, read
from planner.catalogue.meanings import Floats, Meanings
from planner.experience.alike import Alike
from planner.experience.past import Experience, PastPlan
from planner.port import PlanRequest

_PROJECTS, _CATALOGUES = 20, 3
"""So many are kept in mind; the one that was longest unused goes."""
_AT_ONCE = 300
"""So few plans are worked out while somebody waits: it takes a quarter of a second."""


@dataclass(frozen=True)
class Learnt:
    """What a request is planned with."""

    finder: Finder
    experience: Experience | None = None
    vector: Floats | None = None
    """The request's meaning, where that is known of the past plans too."""
    alike: Alike | None = None
    """How alike words and tools are in meaning, where that is known of all tools."""
    values: Mapping[Slot, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class _Tools:
    """A catalogue's tools, how they are found, and their vectors once they are known."""

    tools: tuple[AgentSpec, ...]
    finder: Finder
    vectors: Floats | None = None

    def are(self, tools: Sequence[AgentSpec]) -> bool:
        """Whether these are the tools; telling it of the same objects takes no time."""
        pairs = zip(self.tools, tools, strict=False)
        return len(tools) == len(self.tools) and all(
            mine is other or mine == other for mine, other in pairs
        )


@dataclass
class _Fitted:
    """The newest that was learnt for a project, and the number of the plan being learnt up to."""

    finder: Finder
    number: int = 0
    experience: Experience | None = None
    wanted: int = 0


class Learning:
    """Keeps finders by catalogue and experience by project. Close it at the end.

    `folder` keeps what was learnt over a restart.
    """

    def __init__(
        self, database: Database | None, meanings: Meanings, folder: Path | None = None
    ) -> None:
        self._database = database
        self._meanings = meanings
        self._kept = Fits(folder)
        self._catalogues: list[_Tools] = []
        self._histories: dict[ProjectId, History] = {}
        self._fits: dict[ProjectId, _Fitted] = {}
        self._finding, self._fitting = threading.Lock(), threading.Lock()
        self._beside = ThreadPoolExecutor(1, "learning")

    async def of(
        self, request: PlanRequest, tools: Sequence[AgentSpec], *, wait: bool = False
    ) -> Learnt:
        """What is known now; with `wait` all that can be known. Raises StorageTrouble."""
        history = await self._history(request.project)
        return await asyncio.to_thread(self._learnt, request.text, tools, history, wait=wait)

    async def finder(self, tools: Sequence[AgentSpec]) -> Finder:
        """How these tools are found."""
        return (await asyncio.to_thread(self._found, tools)).finder

    async def nearest(
        self, tools: Sequence[AgentSpec], texts: Sequence[str], limit: int
    ) -> tuple[AgentName, ...]:
        """The tools that fit any of the texts best, by words and as far as known by meaning."""
        return await asyncio.to_thread(self._nearest, tools, texts, limit)

    def _nearest(
        self, tools: Sequence[AgentSpec], texts: Sequence[str], limit: int
    ) -> tuple[AgentName, ...]:
        known = self._found(tools)
        alike = self._alike(known, wait=False)
        found = (name for text in texts for name in known.finder.nearest(text, limit, alike))
        return tuple(AgentName(name) for name in dict.fromkeys(found))

    def warm(self) -> None:
        """Load the model of meanings, and come back when it has told its first vector."""
        self._meanings.warm()

    def close(self) -> None:
        """Stop what goes on beside."""
        self._meanings.close()
        self._beside.shutdown(wait=True, cancel_futures=True)

    async def _history(self, project: ProjectId) -> History | None:
        if self._database is None:
            return None
        history = await read(self._database, project, self._histories.get(project))
        self._histories.pop(project, None)
        self._histories[project] = history
        while len(self._histories) > _PROJECTS:
            oldest = next(iter(self._histories))
            self._histories.pop(oldest)
            self._fits.pop(oldest, None)
        return history

    def _learnt(
        self, words: str, tools: Sequence[AgentSpec], history: History | None, *, wait: bool
    ) -> Learnt:
        known = self._found(tools)
        alike = self._alike(known, wait=wait)
        if history is None or not history.plans:
            return Learnt(known.finder, alike=alike)
        experience = self._experience(known.finder, history, wait=wait)
        vector = None
        if experience is not None and experience.by_meaning:
            vector = self._meanings.one(words)
        return Learnt(known.finder, experience, vector, alike, history.values)

    def _found(self, tools: Sequence[AgentSpec]) -> _Tools:
        with self._finding:
            known = next((known for known in self._catalogues if known.are(tools)), None)
            if known is None:
                known = _Tools(tuple(tools), Finder(tools))
                self._catalogues = [*self._catalogues[1 - _CATALOGUES :], known]
        return known

    def _alike(self, known: _Tools, *, wait: bool) -> Alike | None:
        """None while the tools' vectors are being worked out: nobody waits for that."""
        if known.vectors is None:
            known.vectors = self._meanings.of(known.finder.texts, wait=wait)
        return None if known.vectors is None else Alike(known.vectors, self._meanings.one)

    def _experience(self, finder: Finder, history: History, *, wait: bool) -> Experience | None:
        with self._fitting:
            fitted = self._fits.get(history.project)
            if fitted is None or fitted.finder is not finder:
                fitted = self._fits[history.project] = _Fitted(finder)
                if not wait:
                    self._glance(fitted, history)
            if wait:
                self._fit(fitted, history, wait=True)
            elif history.number > max(fitted.number, fitted.wanted):
                fitted.wanted = history.number
                self._beside.submit(self._fit, fitted, history)
        return fitted.experience

    def _glance(self, fitted: _Fitted, history: History) -> None:
        """Learn what takes no time: plans that were worked out before, or few of them."""
        past = history.taught(fitted.finder.names)
        vectors = self._meanings.of([plan.request for plan in past]) if past else None
        if len(past) <= _AT_ONCE or self._kept.has(self._key(past, vectors)):
            self._learn(fitted, past, vectors)
            if vectors is not None or not past or not self._meanings.model:
                fitted.number = history.number

    def _fit(self, fitted: _Fitted, history: History, *, wait: bool = False) -> None:
        """Learn these plans: by their words until the meaning of all of them is known."""
        past = history.taught(fitted.finder.names)
        words = [plan.request for plan in past]
        if not wait and fitted.experience is None and self._meanings.of(words) is None:
            self._learn(fitted, past, None)
        self._learn(fitted, past, self._meanings.of(words, wait=True) if past else None)
        fitted.number = history.number

    def _learn(self, fitted: _Fitted, past: Sequence[PastPlan], vectors: Floats | None) -> None:
        if not past:
            fitted.experience = None
            return
        key = self._key(past, vectors)
        kept = self._kept.read(key)
        fitted.experience = fitted.finder.experience(past, vectors, kept)
        if fitted.experience.fit is not kept and len(past) > _AT_ONCE:
            self._kept.keep(key, fitted.experience.fit)

    def _key(self, past: Sequence[PastPlan], vectors: Floats | None) -> str:
        return key_of(past, "" if vectors is None else self._meanings.model)
