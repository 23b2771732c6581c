"""Work that a worker begins itself, without the queue: kept by its rows alone."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from executor.engine.dbos import NEAR, DbosEngine
from executor.port import Call, Reply
from executor.worker.watch import Watch
from memory.model.base import RunId
from memory.model.work.run import RunState
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.tables import attempts
from tests.unit.executor.world import plan, queued, says, scripted, task, world


class Gate:
    """An agent that works until it is let go; `begun` are its calls."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.open = asyncio.Event()

    async def run(self, call: Call) -> Reply:
        self.begun.append(call.task.key)
        await self.open.wait()
        return says("done")

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.begun) < count:
                await asyncio.sleep(0.01)


async def tickets(database: Database) -> list[str]:
    schema = "" if database.is_sqlite else "dbos."
    async with database.reading() as connection:
        rows = await connection.execute(
            sa.text(
                f"SELECT workflow_uuid FROM {schema}workflow_status WHERE queue_name IS NOT NULL"
            )
        )
        return [row[0].split(":")[1] for row in rows if row[0].startswith("run_")]


async def test_a_worker_with_room_needs_no_queue(database: Database, tmp_path: Path) -> None:
    async with world(database, tmp_path) as here:
        view = await here.run(task("a"), task("b", "a"), task("c", "a"), task("d", "b", "c"))
    assert view.state is RunState.SUCCEEDED
    assert await tickets(database) == []
    async with database.reading() as connection:
        claims = await connection.execute(sa.select(attempts.c.claims))
        assert set(claims.scalars()) == {1}


async def test_what_it_has_no_room_for_waits_in_the_queue(sqlite: Database, tmp_path: Path) -> None:
    gate = Gate()
    engine = DbosEngine(sqlite, per_worker=2 * NEAR)
    async with world(sqlite, tmp_path, [scripted("echo", gate.run)], engine=engine) as here:
        run = await here.start(plan(*(task(f"t{n}") for n in range(5))))
        await gate.until(5)
        assert sorted(await tickets(sqlite)) == ["t2", "t3", "t4"]
        gate.open.set()
        await here.over(run)


async def test_what_a_stopped_worker_had_is_taken_up_by_the_next(
    database: Database, tmp_path: Path
) -> None:
    gate = Gate()
    async with world(database, tmp_path, [scripted("echo", gate.run)]) as here:
        run = await here.start(plan(task("a"), task("b"), task("c", "a")))
        await gate.until(2)
    assert await tickets(database) == []
    gate.open.set()
    async with world(database, tmp_path, [scripted("echo", gate.run)]) as here:
        view = await here.over(run)
    assert view.state is RunState.SUCCEEDED
    assert sorted(gate.begun) == ["a", "a", "b", "b", "c"]
    assert sorted(await tickets(database)) == ["a", "b"]


async def test_one_of_several_workers_keeps_the_next_step_and_shares_the_rest(
    postgres_url: str, tmp_path: Path
) -> None:
    database = Database(database_url(tmp_path, postgres_url))
    await schema.upgrade(database)
    gate = Gate()
    gate.open.set()
    async with world(database, tmp_path, [scripted("echo", gate.run)]) as here:
        await here.executor.ready()
        async with database.transaction() as tx:  # as one that has joined and does nothing
            await tx.execute(
                sa.text("INSERT INTO workers VALUES ('another', '1', now(), now() + '1 h')")
            )
        lease = here.executor._parts.engine._lease  # type: ignore[attr-defined]
        async with asyncio.timeout(20):
            while lease.alone:
                await asyncio.sleep(0.05)
        await here.run(task("a"), task("b", "a"), task("c", "a"), task("d", "a"))
    assert len(await tickets(database)) == 2
    await database.close()


async def test_an_attempt_that_breaks_is_kept_for_later(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from executor.attempts import attempt

    whole, broken = attempt.perform, list[str]()

    async def breaks_once(parts: object, name: str) -> None:
        if not broken:
            broken.append(name)
            raise RuntimeError("a fault of ours")
        await whole(parts, name)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(attempt, "perform", breaks_once)
    async with world(sqlite, tmp_path) as here:
        assert (await here.run(task("a"))).state is RunState.SUCCEEDED
    assert await tickets(sqlite) == ["a"]


async def test_an_attempt_that_was_forgotten_is_brought_back(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(sqlite, tmp_path) as here:
        parts = here.executor._parts
        monkeypatch.setattr(parts.engine, "_begin", lambda *_: None)
        run: RunId = await here.start(plan(task("a")))
        monkeypatch.undo()
        watch = Watch(parts)
        await watch.bring_back()
        assert await tickets(sqlite) == []  # it may be about to begin
        await watch.bring_back()
        assert (await here.over(run)).state is RunState.SUCCEEDED
        assert await tickets(sqlite) == ["a"]


async def test_with_little_room_all_is_queued(sqlite: Database, tmp_path: Path) -> None:
    async with world(sqlite, tmp_path, engine=queued(sqlite)) as here:
        await here.run(task("a"), task("b", "a"))
    assert sorted(await tickets(sqlite)) == ["a", "b"]
