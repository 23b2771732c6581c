"""The composition root: the only place that knows every part by name."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from bot.app import App, beside
from bot.chat import ChatPlatform
from bot.config.settings import Settings
from bot.language.catalogue import locale_of
from bot.later import load_all
from bot.ports import Rereading
from bot.services import Services
from memory.model.agents.endpoint import EmbeddingEndpoint
from memory.model.timing.clock import Clock, SystemClock
from memory.recall.port import Embed, Embedder
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.engine.ownership import owning
from memory.store.traffic.seal_keys import seal_decisions
from planner.port import PlanRequest, PlanResult, Say, silent

if TYPE_CHECKING:
    from bot.language.routing.opening import Reader
    from planner.service import Planner

HEAVY = (
    "memory.recall.following",
    "memory.recall.opening",
    "bot.language.routing.opening",
    "executor.service",
    "executor.engine.dbos",
    "executor.agents.registry",
)
"""Modules that drag in large libraries; a thread imports them while people already talk."""

ROOMS = ("bot.conversation", "bot.workers")
"""Packages of which most words take little: what isn't needed at once is imported by `Later`."""


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    platforms: Sequence[ChatPlatform] | None = None,
    works: bool = True,
    ahead: bool = True,
) -> AsyncIterator[App]:
    """The whole program, running. `platforms` None means those the settings have tokens for.

    `works` False leaves every task to workers elsewhere. `ahead` False loads and opens nothing
    before it's needed: for a process that may end soon.

    It receives at once; planner and executor open behind it, and what comes earlier waits in the
    inbox. Raises Misconfigured (another process has the folder, bad tokens), StorageTrouble.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(owning(settings.data))
        url = database_url(settings.data, settings.database_url.get_secret_value())
        database = Database(url, settings.redactor)
        stack.push_async_callback(database.close)
        await schema.upgrade(database)
        clock = SystemClock()
        await seal_decisions(database, settings.seal_keys, at=clock.now())
        chosen = _platforms(settings, clock) if platforms is None else platforms
        soon = await stack.enter_async_context(beside())
        app = App(database, clock, {platform.name: platform for platform in chosen}, soon, settings)
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(_work(app, settings, database, clock, works=works, ahead=ahead))
            ]
            tasks += [group.create_task(app.listen(platform)) for platform in chosen]
            yield app
            for task in tasks:
                task.cancel()


async def _work(
    app: App,
    settings: Settings,
    database: Database,
    clock: Clock,
    *,
    works: bool,
    ahead: bool,
) -> None:
    """Open what is heavy, then work until cancelled; everything closes in reverse."""
    for module in HEAVY:
        await asyncio.to_thread(importlib.import_module, module)
    # Imported by the lines above, off the loop; naming them here only binds them.
    from bot.language.routing.opening import Reader  # noqa: PLC0415 - loaded above
    from bot.worker_wiring import executor as executor_of  # noqa: PLC0415 - loaded above
    from executor.worker import anchoring  # noqa: PLC0415 - loaded above
    from executor.worker.retention import daily  # noqa: PLC0415 - loaded above
    from memory.recall.following import follow_once_wanted  # noqa: PLC0415 - loaded above
    from memory.recall.opening import open_recall  # noqa: PLC0415 - loaded above

    async with AsyncExitStack() as stack:
        recall = await stack.enter_async_context(
            open_recall(settings.data, database)
            if settings.search is None
            else open_recall(
                settings.data,
                database,
                choose=partial(_embedder, settings.search),
                embed=await asyncio.to_thread(_embed, database, clock),
            )
        )
        executor = await stack.enter_async_context(
            executor_of(settings, database, clock, works=works, at_once=ahead)
        )
        planner = _Planner(
            await stack.enter_async_context(AsyncExitStack()),
            lambda planner: planner(
                checkpoints=settings.database_url.get_secret_value()
                or settings.data / "planner.db",
                endpoints=settings.endpoints,
                database=database,
                recall=recall,
                clock=clock,
                eyes=executor,
                learnt=settings.data / "learnt",
            ),
        )
        # They use what was opened above, so they end before it is closed.
        near = await stack.enter_async_context(beside())
        reader = Reader()
        if ahead:
            near(partial(_warm, reader, planner, then=partial(near, recall.follow)))
        else:
            near(partial(follow_once_wanted, recall, database))
        near(partial(daily, database, clock, keep_days=settings.retention_days))
        noted = settings.audit
        near(
            partial(anchoring.daily, database, clock, file=noted.anchor_file, url=noted.anchor_url)
        )
        services = Services(
            database=database,
            clock=clock,
            settings=settings,
            planner=planner,
            executor=executor,
            platforms=app.platforms,
            soon=near,
            router=reader,
            pasted=app.pasted,
            rereading=await _rereading(settings, database, clock),
            locale=locale_of(settings.language),
            offline=not settings.endpoints,
        )
        await app.work(services)


class _Planner:
    """The planner, imported and opened at its first request, or by `warm`; `stack` closes it."""

    def __init__(self, stack: AsyncExitStack, make: "Callable[[type[Planner]], Planner]") -> None:
        self._stack = stack
        self._make = make
        self._opening = asyncio.Lock()
        self._planner: Planner | None = None

    async def plan(self, request: PlanRequest, say: Say = silent) -> PlanResult:
        """A first look at a request."""
        return await (await self._opened()).plan(request, say)

    async def answer(self, request: PlanRequest, say: Say = silent) -> PlanResult:
        """Go on with a request whose questions were answered."""
        return await (await self._opened()).answer(request, say)

    async def warm(self) -> None:
        """Load all that planning takes; call it while nobody is waiting."""
        await (await self._opened()).warm()

    async def _opened(self) -> "Planner":
        async with self._opening:
            if self._planner is None:
                module = await asyncio.to_thread(importlib.import_module, "planner.service")
                self._planner = await self._stack.enter_async_context(self._make(module.Planner))
            return self._planner


async def _warm(reader: "Reader", planner: _Planner, *, then: Callable[[], None]) -> None:
    """What the first words need comes first: side by side it would all be late."""
    for package in ROOMS:
        await asyncio.to_thread(load_all, package)
    await asyncio.to_thread(reader.warm)
    then()
    await planner.warm()


async def _rereading(settings: Settings, database: Database, clock: Clock) -> Rereading | None:
    if not settings.endpoints:
        return None
    module = await asyncio.to_thread(importlib.import_module, "planner.llms.reader")
    reader: Rereading = module.ModelReader(settings.endpoints, database, clock)
    return reader


def _embedder(endpoint: EmbeddingEndpoint) -> Embedder:
    from planner.llms.embedding import answering  # noqa: PLC0415 - a second that few pay

    return answering(endpoint)


def _embed(database: Database, clock: Clock) -> Embed:
    from planner.llms.embedding_purse import EmbeddingPurse  # noqa: PLC0415 - as above

    return EmbeddingPurse(database, clock).embed


def _platforms(settings: Settings, clock: Clock) -> tuple[ChatPlatform, ...]:
    found: list[ChatPlatform] = []
    if settings.slack is not None:
        from bot.platforms.slack.adapter import Slack  # noqa: PLC0415 - 0.4 s, only where used

        found.append(Slack(settings.slack, clock))
    if settings.discord is not None:
        from bot.platforms.discord.adapter import Discord  # noqa: PLC0415 - 0.6 s, only where used

        found.append(Discord(settings.discord, clock))
    if settings.web_serves:
        from bot.platforms.web.platform import WebPlatform  # noqa: PLC0415 - only where served

        found.append(WebPlatform())
    return tuple(found)
