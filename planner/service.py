"""Planning as the rest of the program sees it: a request goes in, a typed result comes out."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Self

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import AgentName, RequestId, sha256
from memory.model.money import show_money
from memory.model.text import text
from memory.model.timing.clock import Clock
from memory.model.work.graph import TaskGraph
from memory.model.work.plan import Plan
from memory.model.work.run import Usage
from memory.recall.minilm import installed
from memory.recall.port import Embedder
from memory.recall.service import Recall
from memory.store.engine.database import Database
from memory.store.money import planning
from planner.catalogue.cards import foreign
from planner.catalogue.learning import Learning
from planner.catalogue.meanings import Meanings
from planner.drafter_chain import ExperiencedDrafter, TemplateFirst
from planner.jobs import answers
from planner.llms.looking import Look
from planner.llms.material import ALWAYS, TOOLS, asked, tools_in
from planner.llms.purse import Forecast, ProjectPurse
from planner.llms.repeats import Repeat, Repeats
from planner.material import with_material
from planner.offline.drafter import OfflineDrafter
from planner.port import (
    Answered,
    Declined,
    NeedsAnswers,
    PlanRequest,
    PlanResult,
    Question,
    Ready,
    Say,
    silent,
)
from planner.stages import Slots, Work

if TYPE_CHECKING:
    from planner.graph import PlanningGraph
    from planner.llms.drafter import ModelDrafter
    from planner.llms.ladder import Ladder

LOST_AFTER = timedelta(minutes=15)
"""A question to a model that was begun longer ago has nobody who waits for it."""


class Planner:
    """Plans requests. An async context manager; opening is cheap, libraries load on first use.

    `checkpoints` is a file for SQLite, or the URL of a Postgres. Without endpoints every plan
    is made by the offline planner. `embedder` gives what finds by meaning, None where only words
    are to count. `learnt` is the folder that keeps what was learnt of tools and past plans, beside
    the checkpoints if it isn't given.
    """

    def __init__(
        self,
        checkpoints: Path | str,
        endpoints: Sequence[ModelEndpoint],
        database: Database | None,
        recall: Recall | None,
        clock: Clock,
        eyes: Look | None = None,
        *,
        embedder: Callable[[], Embedder | None] = installed,
        learnt: Path | None = None,
    ) -> None:
        self._checkpoints = checkpoints
        self._endpoints = tuple(endpoints)
        self._database = database
        self._recall = recall
        self._clock = clock
        self._eyes = eyes
        self._repeats = Repeats()
        self._looks_for_lost_at: datetime | None = None
        self._ladder: Ladder | None = None
        if learnt is None and isinstance(checkpoints, Path):
            learnt = checkpoints.parent / "learnt"
        self._learning = Learning(database, Meanings(embedder, learnt), learnt)
        self._offline = ExperiencedDrafter(OfflineDrafter(), self._learning)
        self._graph: PlanningGraph | None = None
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Itself; the graph is opened by `warm` or the first plan."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the checkpoints."""
        await self._stack.aclose()
        await asyncio.to_thread(self._learning.close)

    async def warm(self) -> None:
        """Load the libraries and open the checkpoints; call it while nobody is waiting."""
        await self._opened()
        await asyncio.to_thread(self._learning.warm)

    async def learn(self, request: PlanRequest) -> None:
        """Learn all that the project's past plans teach about the request's tools, and wait for it.

        Without it that happens beside the first requests. Raises StorageTrouble.
        """
        tools = foreign(request.catalogue)
        if tools:
            await self._learning.of(request, tools, wait=True)

    async def plan(self, request: PlanRequest, say: Say = silent) -> PlanResult:
        """Plan a new request, or answer it on the spot. Doing it twice is harmless.

        `say` hears what is being done.
        """
        told = answers.answer(request) if request.base is None and not request.schedule else ""
        if told:
            return Answered(text=told)
        graph = await self._opened()
        request = await self._informed(request)
        work = await self._work(request, say)
        return await self._ended(await graph.start(request.request, _words(request), work), work)

    async def answer(self, request: PlanRequest, say: Say = silent) -> PlanResult:
        """Go on with a request whose answers are in it; from the beginning if need be."""
        graph = await self._opened()
        request = await self._informed(request)
        work, words = await self._work(request, say), _words(request)
        slots = await graph.resume(request.request, words, work)
        if slots is None:
            slots = await graph.start(request.request, words, work)
        return await self._ended(slots, work)

    async def forget(self, request: RequestId) -> None:
        """Drop what is kept of a request that nobody will answer."""
        await (await self._opened()).forget(request)

    async def nearest(self, request: PlanRequest, limit: int) -> tuple[AgentName, ...]:
        """The tools that fit the words best, as a model is shown them."""
        return await self._learning.nearest(tools_in(request.catalogue), asked(request), limit)

    async def _informed(self, request: PlanRequest) -> PlanRequest:
        """The request with what else planning may look at."""
        request = await with_material(request, self._database, self._recall)
        if self._eyes is not None:
            trial = await self._eyes.trying(request.project)
            request = request.model_copy(update={"trial": trial})
        if not self._endpoints or len(tools_in(request.catalogue)) <= ALWAYS:
            return request
        fitting = await self.nearest(request, TOOLS)
        return request.model_copy(update={"fitting": fitting})

    async def _work(self, request: PlanRequest, say: Say) -> Work:
        drafter, purse = self._drafter(request), self._purse(request)
        priced = drafter is not None and purse is not None
        return Work(
            request=request,
            model=drafter and TemplateFirst(drafter),
            offline=self._offline,
            database=self._database,
            recall=self._recall,
            clock=self._clock,
            looker=drafter,
            eyes=self._eyes,
            repeats=self._repeats,
            forecast=await purse.forecast(self._endpoints[0]) if priced and purse else None,
            say=say,
        )

    def _drafter(self, request: PlanRequest) -> "ModelDrafter | None":
        if self._ladder is None:
            return None
        from planner.llms.drafter import ModelDrafter  # noqa: PLC0415 - loaded with the ladder

        return ModelDrafter(self._endpoints, self._ladder, self._purse(request))

    def _purse(self, request: PlanRequest) -> ProjectPurse | None:
        if self._database is None:
            return None
        person = request.author.key
        return ProjectPurse(self._database, request.project, request.request, person, self._clock)

    async def _ended(self, slots: Slots, work: Work) -> PlanResult:
        """The result, with what planning itself has cost where models were asked."""
        result = _result(slots)
        if not isinstance(result, Ready) or work.model is None:
            return result
        if slots["situation"] and not slots["offline"] and not slots["rounds"]:
            repeat = Repeat(slots["draft"], slots["author"])
            await self._repeats.keep(work.request, slots["situation"], repeat)
        purse = self._purse(work.request)
        if purse is None:
            return result
        used = await purse.spent()
        if not used.requests or used.cost_micro_usd == 0:
            return result
        return result.model_copy(
            update={"remarks": (*result.remarks, planning_cost(used, work.forecast))}
        )

    async def _opened(self) -> "PlanningGraph":
        async with self._opening:
            if self._graph is None:
                # Two seconds of imports: beside the loop, not on it.
                module = await asyncio.to_thread(import_module, "planner.graph")
                if self._endpoints:
                    await asyncio.to_thread(import_module, "planner.llms.drafter")
                    ladder = await asyncio.to_thread(import_module, "planner.llms.ladder")
                    self._ladder = ladder.Ladder()
                graph = await self._stack.enter_async_context(module.open_graph(self._checkpoints))
                await graph.prune(self._clock.now())
                if isinstance(self._checkpoints, Path) and self._endpoints:
                    shelf = module.DraftShelf(self._checkpoints.with_name("repeats.db"))
                    self._repeats = Repeats(shelf)
                self._graph = graph
            if self._ladder is not None:
                await self._release_lost()
            return self._graph

    async def _release_lost(self) -> None:
        """Free what was set aside for questions whose process has died; looked for now and then."""
        now = self._clock.now()
        if self._database is None or (self._looks_for_lost_at or now) > now:
            return
        self._looks_for_lost_at = now + LOST_AFTER
        async with self._database.transaction() as tx:
            await planning.release_lost(tx, before=now - LOST_AFTER, at=now)


def planning_cost(used: Usage, forecast: Forecast | None = None) -> str:
    """What planning cost, for people, beside what it was thought to."""
    if used.cost_micro_usd is None:
        return text("Planning took {tokens:,} tokens.", tokens=used.tokens_in + used.tokens_out)
    money = show_money(used.cost_micro_usd)
    if forecast is None:
        return text("Planning cost {money}.", money=money)
    low, high = map(show_money, forecast)
    return text("Planning cost {money} (forecast {low}–{high}).", money=money, low=low, high=high)


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
