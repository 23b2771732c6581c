"""Several workers on one Postgres, the one who gives them work, and what must hold afterwards."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from executor.engine.dbos import DbosEngine
from executor.service import Executor
from memory.model.base import RunId
from memory.model.budget import Budget, Period
from memory.model.overview import Worker
from memory.model.timing.clock import SystemClock
from memory.model.work.graph import Task
from memory.model.work.run import RunState
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.money import budgets
from memory.store.running import workers
from memory.store.tables import attempts, budget_periods, effects, ledger, runs, tasks
from memory.store.traffic import audit
from tests.restart import worker_child
from tests.restart.worker_child import RESERVED
from tests.unit.executor.world import (
    ANA,
    PROJECT,
    THREAD,
    Unhurried,
    approved,
    plan,
    task,
    writes,
)

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60
LEASE_S = 1.5


def chain(number: int) -> tuple[Task, ...]:
    """Two effects with a paid task and another between them."""
    return (
        writes("first", agent="writer", target=f"a{number}"),
        task("paid", "first", agent="model", cost_high_micro_usd=RESERVED),
        task("beside", "first"),
        writes("last", "paid", "beside", agent="writer", target=f"b{number}"),
    )


@dataclass
class Crowd:
    """The giver of work is this process: it takes up nothing itself (`serve --no-work`)."""

    root: Path
    url: str
    nursery: asyncio.subprocess.Process
    database: Database
    executor: Executor
    accepted: list[RunId] = field(default_factory=list)
    """All runs that were ever accepted; those of the present test begin at `first`."""
    first: int = 0
    pids: list[int] = field(default_factory=list)

    async def join(self, *, url: str = "") -> int:
        """One more worker; comes back with its pid when it has joined."""
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        request = {"root": str(self.root), "url": url or self.url, "lease_s": LEASE_S}
        self.nursery.stdin.write(json.dumps(request).encode() + b"\n")
        pid = int(json.loads(await self.nursery.stdout.readline())["pid"])
        self.pids.append(pid)
        await self.until(lambda: self.name_of(pid), f"{pid} did not join")
        return pid

    async def name_of(self, pid: int) -> str:
        """What the worker in this process is called now; "" while it has no lease."""
        found = [one.id for one in await self.alive() if one.id.split(":")[1] == str(pid)]
        return found[-1] if found else ""

    async def alive(self) -> tuple[Worker, ...]:
        async with self.database.reading() as connection:
            return await workers.alive(connection)

    async def give(self, count: int, make: Callable[[int], Iterable[Task]] = chain) -> None:
        for _ in range(count):
            number = len(self.accepted)
            made = plan(*make(number), title=f"plan {number}")
            await approved(self.database, made, self.root)
            run = await self.executor.start(PROJECT, made.hash, thread_key=THREAD, by=ANA)
            self.accepted.append(run)

    async def occupy(self, pid: int, make: Callable[[int], Iterable[Task]] = chain) -> int:
        """Give runs until this worker is inside a call; says how many it took."""
        for count in range(1, 50):
            await self.give(1, make)
            await self.until(lambda wanted=count: len(self.book("calls.txt")) >= wanted, "idle")
            if str(pid) in {line[0] for line in self.book("calls.txt")}:
                return count
        raise AssertionError(f"{pid} took up nothing of 50 runs")

    async def two(self) -> tuple[int, int]:
        """Two workers that live, for a test that begins now."""
        self.first = len(self.accepted)
        for book in self.root.glob("*.txt"):
            book.unlink()
        self.open_gate()
        named = [int(worker.id.split(":")[1]) for worker in await self.alive()]
        living = [pid for pid in named if Path(f"/proc/{pid}").exists()]
        while len(living) < 2:
            living.append(await self.join())
        return living[0], living[1]

    def close_gate(self) -> None:
        """Agents wait inside their calls from here on."""
        (self.root / "gate").touch()

    def open_gate(self) -> None:
        (self.root / "gate").unlink(missing_ok=True)

    def book(self, name: str) -> list[list[str]]:
        path = self.root / name
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    async def held_by(self, name: str) -> int:
        """How many attempts the worker makes now."""
        query = sa.select(sa.func.count()).where(
            (attempts.c.worker == name) & (attempts.c.state == "running")
        )
        async with self.database.reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def over(self) -> None:
        await self.until(self._over, "some runs never ended")

    async def _over(self) -> bool:
        query = sa.select(sa.func.count()).where(runs.c.finished_at.is_(None))
        async with self.database.reading() as connection:
            return not (await connection.execute(query)).scalar_one()

    async def until(self, holds, otherwise: str):  # type: ignore[no-untyped-def]  # any answer
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    found = holds()
                    found = await found if asyncio.iscoroutine(found) else found
                    if found:
                        return found
                    await asyncio.sleep(0.02)
        except TimeoutError:
            log = self.root / "log.txt"
            said = log.read_text()[-5000:] if log.exists() else ""
            raise AssertionError(f"{otherwise}\n{said}") from None

    async def gone(self, pid: int) -> None:
        await self.until(lambda: not Path(f"/proc/{pid}").exists(), f"{pid} did not end")

    async def all_is_well(self) -> Counter[str]:
        """Fails with what was lost, doubled or leaked; gives back the endings."""
        async with self.database.reading() as connection:

            async def rows(query: sa.Select) -> list[sa.Row]:
                return list((await connection.execute(query)).all())

            found = await rows(sa.select(runs.c.id, runs.c.state, runs.c.problem))
            assert {row.id for row in found} == set(self.accepted)
            ours = self.accepted[self.first :]
            endings = Counter(row.state for row in found if row.id in ours)
            assert set(endings) <= {state.value for state in RunState}
            assert all(row.problem for row in found if row.state == "failed")
            open_tasks = [row.state for row in await rows(sa.select(tasks.c.state))]
            assert not {"running", "ready"} & set(open_tasks)
            ended = {row.state for row in await rows(sa.select(attempts.c.state))}
            assert not {"running", "enqueued"} & ended

            done = Counter(line[1] for line in self.book("effects.txt"))
            assert set(done.values()) <= {1}, "a keyed effect happened twice"
            kept = await rows(sa.select(effects.c.key, effects.c.state, effects.c.run_id))
            keyed = {row.key.rsplit(":", 1)[0]: row.state for row in kept if row.run_id in ours}
            assert set(done) <= set(keyed)
            assert {key for key, state in keyed.items() if state == "done"} == set(done)

            lines = await rows(sa.select(ledger.c.kind, ledger.c.amount_micro_usd))
            sums = Counter[str]()
            for line in lines:
                sums[line.kind] += line.amount_micro_usd
            assert sums["reserve"] == sums["settle"] + sums["release"]
            for period in await rows(sa.select(budget_periods)):
                assert (period.reserved_micro_usd, period.spent_micro_usd) == (0, sums["settle"])
            assert await audit.first_broken(connection) is None
            slots = sa.text("SELECT count(*) FROM dbos.workflow_status WHERE status = 'PENDING'")
            # The engine writes its own ending a moment after ours.
        await self.until(lambda: self._none(slots), "a slot leaked")
        return endings

    async def _none(self, count: sa.TextClause) -> bool:
        async with self.database.reading() as connection:
            return not (await connection.execute(count)).scalar_one()


@asynccontextmanager
async def nursery() -> AsyncIterator[asyncio.subprocess.Process]:
    """The process that workers are forked from."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.restart.worker_child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        assert json.loads(await process.stdout.readline()) == {"ready": True}
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


def new_database(server: str, name: str = "crowd") -> str:
    """The URL of an empty database on the server; it goes with the server."""
    import psycopg

    name = f"{name}{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.replace("/postgres?", f"/{name}?")


@asynccontextmanager
async def crowd(root: Path, url: str) -> AsyncIterator[Crowd]:
    """No worker yet; all that join are ended at the end."""
    (root / "keys").mkdir()
    database = Database(database_url(root, url))
    await schema.upgrade(database)
    async with database.transaction() as tx:
        budget = Budget(
            id="b", project=PROJECT, name="b", period=Period.TOTAL, limit_micro_usd=100_000_000
        )
        await budgets.keep(tx, budget, at=SystemClock().now())
    giver = Executor(
        database,
        worker_child.agents(root),
        engine=DbosEngine(database, works=False),
        clock=SystemClock(),
        random=Unhurried(),
    )
    async with nursery() as process, giver as executor:
        await executor.ready()
        made = Crowd(root, url, process, database, executor)
        try:
            yield made
        finally:
            for pid in made.pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
    await database.close()
