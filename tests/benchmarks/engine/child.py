"""A worker in a process of its own: `engine_child FOLDER URL AGENTS RUNS`.

Starts so many runs of fifty tasks, each of which waits for ever. Prints "ready" once it is open,
and for every task that begins how many are under way, and the time.
"""

import asyncio
import sys
import time
from pathlib import Path

from executor.engine.dbos import DbosEngine
from executor.port import Call, Reply
from executor.service import Executor
from memory.model.timing.clock import SystemClock
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from tests.unit.executor.world import (
    ANA,
    PROJECT,
    THREAD,
    Scripted,
    Unhurried,
    approved,
    plan,
    scripted,
    task,
)

PER_RUN = 50
LIMIT = 10_000
LEASE_S = 5.0


def _holder(name: str, state: dict[str, int]) -> Scripted:
    async def hold(call: Call) -> Reply:
        del call
        state["under_way"] += 1
        _say(f"{state['under_way']} {time.time():.3f}")
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    return scripted(name, hold)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(folder: Path, url: str, agents: int, runs: int) -> None:
    """Open the executor, start so many runs, and stay."""
    database = Database(database_url(folder, url))
    await schema.upgrade(database)
    state = {"under_way": 0}
    everyone = [_holder("echo", state), *(_holder(f"a{n}", state) for n in range(1, agents))]
    engine = DbosEngine(database, per_worker=LIMIT, per_lane=LIMIT, lease_s=LEASE_S)
    async with Executor(
        database, everyone, engine=engine, clock=SystemClock(), random=Unhurried()
    ) as executor:
        await executor.ready()
        _say("ready")
        for number in range(runs):
            made = plan(*(task(f"t{n}") for n in range(PER_RUN)), title=f"plan {number}")
            await approved(database, made, folder)
            await executor.start(PROJECT, made.hash, thread_key=THREAD, by=ANA)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
