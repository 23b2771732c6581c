"""A process that runs one plan and may be killed on the way: {root, url, number, point, on_pass}.

It first brings every older run to its end, then arms the crash point and starts its own.
"""

import asyncio
import os
import signal
from pathlib import Path

import dbos
import psycopg

from executor.engine.dbos import NEAR, PER_WORKER, DbosEngine
from executor.port import Call, Reply
from executor.service import Executor
from memory.model import crash
from memory.model.agents.spec import AgentKind, EffectClass
from memory.model.base import AgentName, TaskKey
from memory.model.budget import Budget, Period
from memory.model.timing.clock import SystemClock
from memory.model.work.graph import (
    Const,
    Effect,
    FromTask,
    Item,
    Task,
)
from memory.model.work.run import Usage
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.money import budgets
from tests.restart.nursery import PATIENCE_S, Request, serve
from tests.unit.executor.world import (
    ANA,
    PROJECT,
    THREAD,
    Unhurried,
    approved,
    plan,
    says,
    scripted,
    task,
    writes,
)

COST = 300
RESERVED = 1_000


def made(number: int):  # type: ignore[no-untyped-def]  # a plan, built the same in every process
    tasks = (
        writes("first", agent="writer", target=f"a{number}"),
        task("paid", "first", agent="model", cost_high_micro_usd=RESERVED),
        task("beside", "first"),
        Task(
            key=TaskKey("each"),
            title="each",
            type="t",
            agent=AgentName("writer"),
            each=Const(value=["x", "y"]),
            inputs={"before": FromTask(task=TaskKey("first")), "item": Item()},
            effects=tuple(
                Effect(effect=EffectClass.WRITE, target=f"{name}{number}") for name in "xy"
            ),
        ),
        writes("last", "paid", "beside", "each", agent="writer", target=f"b{number}"),
    )
    return plan(*tasks, title=f"plan {number}")


def agents(root: Path):  # type: ignore[no-untyped-def]
    done, calls = root / "effects.txt", root / "calls.txt"

    async def write(call: Call) -> Reply:
        """An outside service that honours idempotency keys."""
        with calls.open("a") as file:
            file.write(f"{call.effect_key}\n")
        if call.effect_key not in done.read_text().split():
            with done.open("a") as file:
                file.write(f"{call.effect_key}\n")
        return says("written")

    async def think(call: Call) -> Reply:
        return says("thought", Usage(tokens_in=10, tokens_out=5, requests=1, cost_micro_usd=COST))

    return [scripted(), scripted("writer", write), scripted("model", think, kind=AgentKind.MODEL)]


async def live(request: Request) -> None:
    """One life: run `number` until the point kills it; by turns with and without the queue."""
    root, url = Path(request["root"]), request["url"]
    number, point = request["number"], request["point"]
    database = Database(database_url(root, url))
    await schema.upgrade(database)
    (root / "effects.txt").touch()
    clock = SystemClock()
    async with database.transaction() as tx:
        budget = Budget(
            id="b", project=PROJECT, name="b", period=Period.TOTAL, limit_micro_usd=1_000_000
        )
        await budgets.keep(tx, budget, at=clock.now())
    by_queue = (number + bool(url)) % 2 == 0
    engine = DbosEngine(database, per_worker=NEAR - 1 if by_queue else PER_WORKER, lease_s=1.0)
    async with Executor(
        database, agents(root), engine=engine, clock=clock, random=Unhurried()
    ) as executor:
        await executor.ready()
        await _idle(executor)
        if number < 0:
            return
        if point:
            _arm(point, request["on_pass"])
        ours = made(number)
        await approved(database, ours, root)
        await executor.start(PROJECT, ours.hash, thread_key=THREAD, by=ANA)
        await _idle(executor)
    await database.close()


async def _idle(executor: Executor) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if not await executor.runs(PROJECT, running_only=True):
                return
            await asyncio.sleep(0.05)


def _arm(point: str, on_pass: int) -> None:
    passed = 0

    def die() -> None:
        nonlocal passed
        passed += 1
        if passed == on_pass:
            os.kill(os.getpid(), signal.SIGKILL)

    crash.arm(point, die)


if __name__ == "__main__":
    assert dbos
    assert psycopg
    serve(live)
