"""A worker as a process: its memory under load, its idling, and how soon it goes on after kill -9."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.benchmarks.engine import child
from tests.benchmarks.figures import Figure
from tests.benchmarks.flows import fresh
from tests.benchmarks.idle import TICKS, WATCH_S, _resident_mb, _ticks

IN_FLIGHT = 5_000
MOST_MB = 350.0
AGENTS = 50
MOST_PERCENT = 8.0
ALONE_S = 4.0
ONE_OF_TWO_S = child.LEASE_S + 3
PATIENCE_S = 180.0


async def measure() -> tuple[Figure, ...]:
    """Megabytes, percent of a core, and seconds from the kill to the first task begun again."""
    async with fresh("sqlite") as (_, folder, url):
        memory = await _memory(folder, url)
    async with fresh("sqlite") as (_, folder, url):
        idle = await _idle(folder, url)
    async with fresh("sqlite") as (_, folder, url):
        alone = await _alone(folder, url)
    async with fresh("postgres") as (_, folder, url):
        of_two = await _one_of_two(folder, url)
    return (
        Figure("engine", "memory with 5,000 tasks in flight", memory, "MB", most=MOST_MB),
        Figure("engine", "idle worker with 50 agents", idle, "% of a core", most=MOST_PERCENT),
        Figure("engine", "kill -9 → first task again, sqlite", alone, "s", most=ALONE_S),
        Figure(
            "engine", "kill -9 of one of two → first task again", of_two, "s", most=ONE_OF_TWO_S
        ),
    )


async def _memory(folder: Path, url: str) -> float:
    async with _worker(folder, url, runs=IN_FLIGHT // child.PER_RUN) as process:
        await _under_way(process, IN_FLIGHT)
        return _resident_mb(process.pid)


async def _idle(folder: Path, url: str) -> float:
    async with _worker(folder, url, agents=AGENTS) as process:
        await _ready(process)
        await asyncio.sleep(1)
        before = _ticks(process.pid)
        await asyncio.sleep(WATCH_S)
        return (_ticks(process.pid) - before) / TICKS / WATCH_S * 100


async def _alone(folder: Path, url: str) -> float:
    """The program is killed and started again at once: imports and all count."""
    async with _worker(folder, url, runs=1) as process:
        await _under_way(process, child.PER_RUN)
        killed = time.time()
        process.send_signal(signal.SIGKILL)
        await process.wait()
    async with _worker(folder, url) as process:
        return await _under_way(process, 1) - killed


async def _one_of_two(folder: Path, url: str) -> float:
    """The other one is idle, and finds out by itself."""
    async with _worker(folder, url, runs=1) as first:
        await _under_way(first, child.PER_RUN)
        async with _worker(folder, url) as second:
            await _ready(second)
            killed = time.time()
            first.send_signal(signal.SIGKILL)
            await first.wait()
            return await _under_way(second, 1) - killed


@asynccontextmanager
async def _worker(
    folder: Path, url: str, *, agents: int = 1, runs: int = 0
) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.engine.child",
        str(folder), url, str(agents), str(runs),
        stdout=PIPE, stderr=DEVNULL, env=dict(os.environ),
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _under_way(process: Process, wanted: int) -> float:
    """When so many tasks were under way in it, by the clock on the wall."""
    while True:
        number, _, at = (await _line(process)).partition(" ")
        if number == str(wanted):
            return float(at)


async def _ready(process: Process) -> None:
    while await _line(process) != "ready":
        pass


async def _line(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        line = (await process.stdout.readline()).decode().strip()
    assert line, "the worker ended"
    return line
