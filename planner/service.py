"""Planning as the rest of the program sees it: a request goes in, a typed result comes out."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Self

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import RequestId, sha256
from memory.model.timing.clock import Clock
from memory.model.work.graph import TaskGraph
from memory.model.work.plan import Plan
from memory.recall.service import Recall
from memory.store.engine.database import Database
from planner.drafter_chain import ExperiencedDrafter, TemplateFirst
from planner.drafter_port import Drafter
from planner.jobs import answers
from planner.material import with_material
from planner.offline.drafter import OfflineDrafter
from planner.port import Answered, Declined, NeedsAnswers, PlanRequest, PlanResult, Question, Ready
from planner.stages import Slots, Work

if TYPE_CHECKING:
    from planner.graph import PlanningGraph


class Planner:
    """Plans requests. An async context manager; opening is cheap, libraries load on first use.

    `checkpoints` is a file for SQLite, or the URL of a Postgres. Without endpoints every plan
    is made by the offline planner.
    """

    def __init__(
        self,
        checkpoints: Path | str,
        endpoints: Sequence[ModelEndpoint],
        database: Database | None,
        recall: Recall | None,
        clock: Clock,
    ) -> None:
        self._checkpoints = checkpoints
        self._endpoints = tuple(endpoints)
        self._database = database
        self._recall = recall
        self._clock = clock
        self._offline = ExperiencedDrafter(OfflineDrafter())
        self._model: Drafter | None = None
        self._graph: PlanningGraph | None = None
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Itself; the graph is opened by `warm` or the first plan."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the checkpoints."""
        await self._stack.aclose()

    async def warm(self) -> None:
        """Load the libraries and open the checkpoints; call it while nobody is waiting."""
        await self._opened()

    async def plan(self, request: PlanRequest) -> PlanResult:
        """Plan a new request, or answer it on the spot. Doing it twice is harmless."""
        told = answers.answer(request) if request.base is None and not request.schedule else ""
        if told:
            return Answered(text=told)
        graph = await self._opened()
        request = await with_material(request, self._database, self._recall)
        return _result(await graph.start(request.request, _words(request), self._work(request)))

    async def answer(self, request: PlanRequest) -> PlanResult:
        """Go on with a request whose answers are in it; from the beginning if need be."""
        graph = await self._opened()
        request = await with_material(request, self._database, self._recall)
        work, words = self._work(request), _words(request)
        slots = await graph.resume(request.request, words, work)
        if slots is None:
            slots = await graph.start(request.request, words, work)
        return _result(slots)

    async def forget(self, request: RequestId) -> None:
        """Drop what is kept of a request that nobody will answer."""
        await (await self._opened()).forget(request)

    def _work(self, request: PlanRequest) -> Work:
        return Work(
            request=request,
            model=self._model,
            offline=self._offline,
            database=self._database,
            recall=self._recall,
            clock=self._clock,
        )

    async def _opened(self) -> "PlanningGraph":
        async with self._opening:
            if self._graph is None:
                # Two seconds of imports: beside the loop, not on it.
                module = await asyncio.to_thread(import_module, "planner.graph")
                if self._endpoints:
                    drafter = await asyncio.to_thread(import_module, "planner.llms.drafter")
                    self._model = TemplateFirst(drafter.ModelDrafter(self._endpoints))
                graph = await self._stack.enter_async_context(module.open_graph(self._checkpoints))
                await graph.prune(self._clock.now())
                self._graph = graph
            return self._graph


def _words(request: PlanRequest) -> str:
    return sha256(request.text.encode())


def _result(slots: Slots) -> PlanResult:
    if slots["declined"]:
        return Declined(text=slots["declined"], small_talk=slots["small_talk"])
    if slots["plan"]:
        plan = Plan.model_validate_json(slots["plan"])
        return Ready(plan=plan, remarks=tuple(slots["remarks"]))
    questions = tuple(Question.model_validate(question) for question in slots["questions"])
    graph = TaskGraph.model_validate_json(slots["graph"]) if slots["graph"] else None
    return NeedsAnswers(questions=questions, graph=graph)
