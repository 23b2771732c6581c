"""The executor when it has much or little to do: how soon tasks start, and a thousand at once."""

import asyncio
import time

import sqlalchemy as sa

from executor.engine.dbos import DbosEngine
from executor.port import Call, Reply
from executor.service import Executor
from memory.model.timing.clock import SystemClock
from memory.model.work.graph import Task
from memory.store.engine.database import Database
from memory.store.tables import attempts, task_edges, tasks
from tests.benchmarks.figures import Figure
from tests.benchmarks.flows import KINDS, fresh, took
from tests.unit.executor.world import Unhurried, World, says, scripted, task, world

CHAIN = 20
CHAINS = 5
AT_ONCE = 1_000
WIDE = 50
READY_MS = 200.0
TIMES = 6.0


async def measure() -> tuple[Figure, ...]:
    """From ready to start with little to do; the wall time of a thousand tasks of a second."""
    figures = []
    for kind in KINDS:
        async with fresh(kind) as (database, folder, _), world(database, folder) as here:
            await here.run(task("first"))
            await took(here, [_chain() for _ in range(CHAINS)])
            waited = sorted(await _waits(database))
        figures += [
            Figure("engine", f"ready → start, p50, {kind}", waited[len(waited) // 2], "ms"),
            Figure(
                "engine",
                f"ready → start, p95, {kind}",
                waited[int(len(waited) * 0.95)],
                "ms",
                most=READY_MS,
            ),
        ]
    raw = await _sleepers()
    for kind in KINDS:
        seconds = await _thousand(kind)
        figures.append(
            Figure(
                "engine",
                f"1,000 tasks of 1 s at once, {kind}",
                seconds,
                "s",
                most=raw * TIMES,
                against=raw,
            )
        )
    return tuple(figures)


def _chain() -> list[Task]:
    keys = [f"t{number}" for number in range(CHAIN)]
    return [task(key, *keys[max(0, n - 1) : n]) for n, key in enumerate(keys)]


async def _waits(database: Database) -> list[float]:
    """Milliseconds between the end of what a task needs and its own start."""
    query = (
        sa.select(tasks.c.finished_at, attempts.c.started_at)
        .select_from(task_edges)
        .join(
            tasks,
            (tasks.c.run_id == task_edges.c.run_id) & (tasks.c.key == task_edges.c.upstream),
        )
        .join(
            attempts,
            (attempts.c.run_id == task_edges.c.run_id)
            & (attempts.c.task_key == task_edges.c.downstream),
        )
    )
    async with database.reading() as connection:
        rows = await connection.execute(query)
        return [(row.started_at - row.finished_at).total_seconds() * 1000 for row in rows]


async def _sleepers() -> float:
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(asyncio.sleep(1))
    return time.perf_counter() - began


async def _thousand(kind: str) -> float:
    async def sleep(call: Call) -> Reply:
        await asyncio.sleep(1)
        return says(f"{call.task.key} slept")

    async with fresh(kind) as (database, folder, _):
        engine = DbosEngine(database, per_worker=AT_ONCE, per_lane=AT_ONCE)
        more = {"engine": engine, "clock": SystemClock(), "random": Unhurried()}
        async with Executor(database, [scripted(does=sleep)], **more) as executor:
            here = World(database, executor, folder)
            await here.run(task("first"))
            many = [[task(f"t{n}") for n in range(WIDE)] for _ in range(AT_ONCE // WIDE)]
            return await took(here, many)
