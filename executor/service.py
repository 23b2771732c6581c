"""The executor's entry: short transactions that return at once, while an engine does the work."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from types import TracebackType
from typing import Self

import structlog
from pydantic import JsonValue

from executor import looking, views
from executor.agents.person import PERSON
from executor.controls import answers, control, retrying
from executor.data.trials import tried
from executor.egress.files import ProjectFiles
from executor.engine.port import Engine
from executor.hooks import Hooks
from executor.parts import Parts, RulesOf, no_rules
from executor.policy.breaker import BreakerPolicy
from executor.policy.retry import RetryPolicy
from executor.port import Agent, Call, Reply
from executor.runs import start
from executor.versions import rollback
from executor.worker.watch import Health, Watch
from executor.workshop.pool import Pool
from executor.workshop.shapes import Shapes
from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue
from memory.model.base import PlanHash, ProjectId, RunId
from memory.model.errors import AgentRejected, OrchestraError, StorageTrouble
from memory.model.identity import Identity
from memory.model.timing.clock import Clock, Random, system_random
from memory.model.timing.schedule import Firing
from memory.model.work.run import RunView
from memory.model.work.value import FileInfo, Trial
from memory.model.work.wait import WaitView
from memory.store.engine.database import Connection, Database
from memory.store.knowledge import projects
from memory.store.running import runs, waits

log = structlog.get_logger(__name__)


class Executor:
    """Runs approved plans. As a context manager it opens the engine in the background.

    Everything may be called at once; what needs the engine waits until it is open. Deeds take the
    caller's transaction as `tx`, which has to begin after `ready`; else they have their own.
    """

    def __init__(
        self,
        database: Database,
        agents: Sequence[Agent],
        *,
        engine: Engine,
        clock: Clock,
        random: Random | None = None,
        retry: RetryPolicy | None = None,
        breaker: BreakerPolicy | None = None,
        hooks: Hooks | None = None,
        rules: RulesOf = no_rules,
        cache_s: float = 0.0,
    ) -> None:
        everyone = _with_person(agents)
        self._parts = Parts(
            database=database,
            engine=engine,
            agents={agent.spec.name: agent for agent in everyone},
            clock=clock,
            random=random or system_random(),
            retry=retry or RetryPolicy(),
            breaker=breaker or BreakerPolicy(),
            hooks=hooks or Hooks(),
            rules=rules,
            cache_s=cache_s,
        )
        self._catalogue = Catalogue(
            agents=tuple(agent.spec for agent in everyone), checks=self._parts.hooks.checks
        )
        self._shapes = Shapes()
        self._stack = AsyncExitStack()
        self._opened: asyncio.Future[None] | None = None
        self._background: asyncio.Task[None] | None = None
        self._waits = False
        self._watch = Watch(self._parts)

    def looking_in(self, pool: Pool) -> Self:
        """Have the shapes of files found by workers of the pool, not by threads of this process."""
        self._shapes = Shapes(pool)
        return self

    def opening_when_needed(self) -> Self:
        """Leave the engine closed until somebody needs it, unless there may be work for it already.

        For a process that ends soon: opening costs a second.
        """
        self._waits = self._parts.database.is_sqlite  # on Postgres others may put work on the queue
        return self

    async def __aenter__(self) -> Self:
        """Begin to open the engine, without waiting for it."""
        self._opened = asyncio.get_running_loop().create_future()
        self._group = await self._stack.enter_async_context(asyncio.TaskGroup())
        if not self._waits or await self._goes_on():
            self._begin()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop claiming work; what is under way is claimed again at the next start."""
        if self._background is None:
            await self._stack.__aexit__(kind, error, trace)
            return
        with suppress(OrchestraError):
            await self.ready()  # half-open, it could not be closed
        self._background.cancel()  # first: it might be joining again just now
        with suppress(StorageTrouble):
            await self._watch.stops()
        try:
            await self._stack.__aexit__(kind, error, trace)
        finally:  # the line above raises where we are cancelled
            await self._parts.engine.close()

    async def ready(self) -> None:
        """Return once the engine is open. Raises StorageTrouble when it couldn't be opened."""
        assert self._opened is not None
        self._begin()
        await asyncio.shield(self._opened)

    def health(self) -> Health:
        """The state of this process as a worker."""
        return self._watch.health()

    async def drain(self, within_s: float) -> int:
        """Claim nothing more and let what is under way end; returns how much didn't."""
        await self._parts.engine.drain(within_s)
        return self._watch.health().under_way

    async def start(
        self,
        project: ProjectId,
        plan_hash: PlanHash,
        *,
        thread_key: str,
        by: Identity,
        simulated: bool = False,
        firing: Firing | None = None,
    ) -> RunId:
        """Start an approved plan, or a dry run of any; the same plan twice is the same run.

        With a `firing` it is that schedule's run, under its standing approval.

        Raises NotFound, Conflict (changed, expired) or NotAllowed (not approved, stopped).
        """
        await self.ready()
        return await start.start(
            self._parts,
            project,
            plan_hash,
            thread_key=thread_key,
            by=by,
            simulated=simulated,
            firing=firing,
        )

    async def cancel(
        self, project: ProjectId, run: RunId, *, by: str, tx: Connection | None = None
    ) -> bool:
        """Stop the run for good; False when it was over. Raises NotFound."""
        async with self._writing(tx) as writing:
            return await control.cancel(writing, self._parts, project, run, by=by)

    async def pause(
        self, project: ProjectId, run: RunId, *, by: str, reason: str, tx: Connection | None = None
    ) -> bool:
        """Begin no more tasks; False when it wasn't running. Raises NotFound."""
        async with self._writing(tx) as writing:
            return await control.pause(writing, self._parts, project, run, by=by, reason=reason)

    async def resume(
        self, project: ProjectId, run: RunId, *, by: str, tx: Connection | None = None
    ) -> bool:
        """Go on; False when it was not paused. Raises NotFound."""
        await self.ready()
        async with self._writing(tx) as writing:
            return await control.resume(writing, self._parts, project, run, by=by)

    async def retry(
        self, project: ProjectId, run: RunId, *, by: str, tx: Connection | None = None
    ) -> bool:
        """Try what failed again, keeping the rest; False when the run had not failed.

        Raises NotFound, NotAllowed (stopped) or Conflict (the approval is too old).
        """
        await self.ready()
        async with self._writing(tx) as writing:
            return await retrying.retry(writing, self._parts, project, run, by=by)

    async def roll_back(self, project: ProjectId, run: RunId, *, by: str) -> tuple[str, ...]:
        """Restore the files a finished run changed in a git repository; returns their paths.

        Raises NotFound (nothing kept of it), Conflict (under way, or changed since).
        """
        return await rollback.roll_back(self._parts, project, run, by=by)

    async def stop_all(
        self, scope: str, *, by: str, reason: str, tx: Connection | None = None
    ) -> bool:
        """The kill switch for "all" or "project:ID"; False when it was set before."""
        async with self._writing(tx) as writing:
            return await control.stop_all(writing, self._parts, scope, by=by, reason=reason)

    async def release(self, scope: str, *, by: str, tx: Connection | None = None) -> bool:
        """Release the kill switch; False when it wasn't set."""
        await self.ready()
        async with self._writing(tx) as writing:
            return await control.release(writing, self._parts, scope, by=by)

    async def answer(
        self,
        project: ProjectId,
        wait_id: str,
        text: str,
        *,
        by: Identity,
        tx: Connection | None = None,
    ) -> bool:
        """A person's answer to a task; False when nobody waits for it any more."""
        await self.ready()
        async with self._writing(tx) as writing:
            return await answers.answer(writing, self._parts, project, wait_id, text, by=by)

    async def view(self, project: ProjectId, run: RunId) -> RunView:
        """The run as it is now. Raises NotFound."""
        return await views.view(self._parts, project, run)

    async def runs(
        self,
        project: ProjectId,
        *,
        thread_key: str | None = None,
        running_only: bool = False,
        limit: int = 20,
    ) -> tuple[RunView, ...]:
        """The newest runs of the project, or of one thread; without their values."""
        return await views.listed(
            self._parts, project, thread_key=thread_key, running_only=running_only, limit=limit
        )

    async def open_waits(self, thread_key: str) -> tuple[WaitView, ...]:
        """What running tasks of this thread are asking people, oldest first."""
        async with self._parts.database.reading() as connection:
            return await waits.open_in(connection, thread_key)

    def catalogue(self) -> Catalogue:
        """Who can do work now, in order of preference."""
        return self._catalogue

    async def describe(self, project: ProjectId, path: str) -> FileInfo:
        """The shape of a file of the project."""
        return await self._shapes.describe(await self._files(project), project, path)

    async def list_files(self, project: ProjectId) -> tuple[FileInfo, ...]:
        """The files of the project's folder."""
        return await self._shapes.every(await self._files(project), project)

    async def look(
        self,
        project: ProjectId,
        tool: str,
        inputs: Mapping[str, JsonValue],
        *,
        timeout_s: float,
    ) -> str:
        """What a tool that only reads gives, outside a run. Raises as `executor.looking.look`."""
        files = await self._files(project)
        agents = self._parts.agents
        return await looking.look(agents, files, project, tool, inputs, timeout_s=timeout_s)

    async def trying(self, project: ProjectId) -> Trial:
        """Tries queries on the project's files, see `executor.data.trials`."""
        return partial(tried, await self._files(project))

    async def digest(self, project: ProjectId, paths: Sequence[str]) -> str:
        """A digest of the contents of these files of the project."""
        return await looking.digest(await self._files(project), paths)

    async def _files(self, project: ProjectId) -> ProjectFiles:
        async with self._parts.database.reading() as connection:
            return ProjectFiles(await projects.root(connection, project))

    @asynccontextmanager
    async def _writing(self, tx: Connection | None) -> AsyncIterator[Connection]:
        """The caller's transaction, or one of its own."""
        if tx is not None:
            yield tx
            return
        async with self._parts.database.transaction() as own:
            yield own

    async def _goes_on(self) -> bool:
        """Whether an earlier process left work under way."""
        async with self._parts.database.reading() as connection:
            return bool(await runs.running(connection))

    def _begin(self) -> None:
        if self._background is None:
            self._background = self._group.create_task(self._serve())

    async def _serve(self) -> None:
        assert self._opened is not None
        try:
            await self._watch.open()
        except Exception as error:  # the worker's edge: whatever it is, the callers are told
            log.exception("the engine did not open")
            trouble = StorageTrouble(
                "The part that runs work didn't start. Run `orchestra doctor` to see why."
            )
            trouble.__cause__ = error
            self._opened.set_exception(trouble)
            self._opened.exception()  # seen, also where nobody asks
            return
        self._opened.set_result(None)
        await self._watch.run()


def _with_person(agents: Sequence[Agent]) -> tuple[Agent, ...]:
    if any(agent.spec.kind is AgentKind.HUMAN for agent in agents):
        return tuple(agents)
    return (*agents, Person())


class Person:
    """A person as an agent: only a description; the executor asks in the thread instead."""

    @property
    def spec(self) -> AgentSpec:
        """What a person can be asked for."""
        return PERSON

    async def run(self, call: Call) -> Reply:
        """Never called: a person's task becomes a question."""
        raise AgentRejected("A person is asked, not called.", detail=call.task.key)
