"""What is known about a project's tools: how to find them, and what its past plans teach.

It's fitted once and kept. A plan that was approved since is learnt beside other work, and until
then what was known before counts: a request waits only the first time.
"""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from memory.model.agents.spec import AgentSpec
from memory.model.base import ProjectId, sha256
from memory.store.engine.database import Database
from planner.catalogue.finder import Finder
from planner.catalogue.history import History, Slot, read
from planner.catalogue.meanings import Floats, Meanings
from planner.experience.alike import Alike
from planner.experience.past import Experience, PastPlan
from planner.port import PlanRequest

_PROJECTS = 20
"""So many projects are kept in mind; the one that was longest unused goes."""


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
class _Fitted:
    """The newest fit of a project; `key` says of what, `wanted` what is being fitted."""

    key: tuple[str, int, bool]
    experience: Experience | None
    wanted: tuple[str, int, bool]


class Learning:
    """Keeps finders by catalogue and experience by project. Close it at the end."""

    def __init__(self, database: Database | None, meanings: Meanings) -> None:
        self._database = database
        self._meanings = meanings
        self._finders: dict[str, Finder] = {}
        self._vectors: dict[str, Floats] = {}
        """Of the tools, by catalogue."""
        self._histories: dict[ProjectId, History] = {}
        self._fits: dict[ProjectId, _Fitted] = {}
        self._beside = ThreadPoolExecutor(1, "learning")

    async def of(
        self, request: PlanRequest, tools: Sequence[AgentSpec], *, wait: bool = False
    ) -> Learnt:
        """What is known now; with `wait` all that can be known. Raises StorageTrouble."""
        key, finder = await asyncio.to_thread(self._found, tools)
        alike = await asyncio.to_thread(self._alike, key, finder, wait=wait)
        if self._database is None:
            return Learnt(finder, alike=alike)
        history = await read(self._database, request.project, self._histories.get(request.project))
        self._histories.pop(request.project, None)
        self._histories[request.project] = history
        while len(self._histories) > _PROJECTS:
            oldest = next(iter(self._histories))
            self._histories.pop(oldest)
            self._fits.pop(oldest, None)
        if not history.plans:
            return Learnt(finder, alike=alike)
        fit = partial(self._fit, key, finder, history, wait=wait)
        experience = await asyncio.to_thread(fit)
        vector = None
        if experience is not None and experience.by_meaning:
            vector = await asyncio.to_thread(self._meanings.one, request.text)
        return Learnt(finder, experience, vector, alike, history.values)

    async def finder(self, tools: Sequence[AgentSpec]) -> Finder:
        """How these tools are found."""
        return (await asyncio.to_thread(self._found, tools))[1]

    def close(self) -> None:
        """Stop what goes on beside."""
        self._meanings.close()
        self._beside.shutdown(wait=True, cancel_futures=True)

    def _found(self, tools: Sequence[AgentSpec]) -> tuple[str, Finder]:
        names = "\0".join(f"{tool.name}\0{tool.description}" for tool in tools)
        key = sha256(names.encode())
        if key not in self._finders:
            self._vectors.clear()
            self._finders.clear()  # a catalogue changes seldom, and the old one is gone then
            self._finders[key] = Finder(tools)
        return key, self._finders[key]

    def _alike(self, key: str, finder: Finder, *, wait: bool) -> Alike | None:
        """None while the tools' vectors are being worked out: nobody waits for that."""
        if key not in self._vectors:
            vectors = self._meanings.of(finder.texts, wait=wait)
            if vectors is None:
                return None
            self._vectors[key] = vectors
        return Alike(self._vectors[key], self._meanings.one)

    def _fit(self, key: str, finder: Finder, history: History, *, wait: bool) -> Experience | None:
        fitted = self._fits.get(history.project)
        if fitted is not None and fitted.key == (key, history.number, True):
            return fitted.experience
        past = history.taught(finder.names)
        vectors = self._meanings.of([plan.request for plan in past], wait=wait) if past else None
        wanted = (key, history.number, vectors is not None or not past)
        if fitted is not None and fitted.key[0] == key and not wait:
            if fitted.wanted != wanted:
                fitted.wanted = wanted
                self._beside.submit(self._refit, finder, history.project, past, vectors, wanted)
            return fitted.experience
        if fitted is None or fitted.key != wanted:
            self._refit(finder, history.project, past, vectors, wanted)
        return self._fits[history.project].experience

    def _refit(
        self,
        finder: Finder,
        project: ProjectId,
        past: Sequence[PastPlan],
        vectors: Floats | None,
        wanted: tuple[str, int, bool],
    ) -> None:
        experience = finder.experience(past, vectors) if past else None
        self._fits[project] = _Fitted(wanted, experience, wanted)
