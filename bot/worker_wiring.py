"""The composition root of what does tasks: a worker by itself, or the part of it inside the bot.

It knows nothing of chat, so that a worker loads none of it.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from bot.config.projects import rules_of
from bot.config.settings import Settings
from executor.agents.registry import opened
from executor.engine.dbos import DbosEngine
from executor.hooks import Hooks
from executor.policy.retry import RetryPolicy
from executor.service import Executor
from executor.workshop.pool import working
from memory.model.timing.clock import Clock, SystemClock
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.knowledge import projects, tool_pins
from memory.store.traffic.seal_keys import seal_decisions

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def build_worker(settings: Settings) -> AsyncIterator[Executor]:
    """Only what does tasks, at work. Raises Misconfigured (schema), StorageTrouble."""
    async with AsyncExitStack() as stack:
        url = database_url(settings.data, settings.database_url.get_secret_value())
        database = Database(url, settings.redactor)
        stack.push_async_callback(database.close)
        await schema.upgrade(database)
        clock = SystemClock()
        await seal_decisions(database, settings.seal_keys, at=clock.now())
        await _warn_of_folders(database)
        made = executor(settings, database, clock)
        yield await stack.enter_async_context(made)


@asynccontextmanager
async def executor(
    settings: Settings,
    database: Database,
    clock: Clock,
    *,
    works: bool = True,
    at_once: bool = True,
) -> AsyncIterator[Executor]:
    """The executor with every agent there is. `works` False: it leaves the tasks to others.

    `at_once` False: its engine is opened by the first who needs it.
    """
    async with database.reading() as connection:
        pins = await tool_pins.every(connection)
    async with (
        working() as pool,
        opened(settings.endpoints, settings.external, pins, clock=clock, pool=pool) as agents,
        _opening(
            Executor(
                database,
                agents,
                engine=DbosEngine(database, works=works),
                clock=clock,
                retry=RetryPolicy(patience_s=settings.patience_s),
                rules=lambda connection, project: rules_of(
                    settings, connection, project, now=clock.now()
                ),
                cache_s=settings.cache_s,
                hooks=Hooks(redact=settings.redactor, checkers=settings.external.checkers),
            ).looking_in(pool),
            at_once=at_once,
        ) as made,
    ):
        yield made


def _opening(executor: Executor, *, at_once: bool) -> Executor:
    return executor if at_once else executor.opening_when_needed()


async def _warn_of_folders(database: Database) -> None:
    """A folder that is not mounted here would be made anew, and its files be missed elsewhere."""
    async with database.reading() as connection:
        folders = await projects.folders(connection)
    for project, folder in folders.items():
        if not folder.is_dir():
            _log.warning(
                "a project's folder is not here; mount it at the same path on every machine",
                project=project,
                folder=str(folder),
            )
