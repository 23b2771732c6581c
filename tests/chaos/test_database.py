"""The database is locked, can't be written, or is full, while runs are under way."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from executor.policy.retry import RetryPolicy
from executor.port import Call, Reply
from memory.model.agents.spec import AgentKind
from memory.model.errors import StorageTrouble
from memory.model.work.graph import Task
from memory.model.work.run import Usage
from memory.store.engine.database import Database
from tests.chaos.accounts import COST, RESERVED, Outside, all_is_well, budgeted, over, until
from tests.unit.executor.world import PROJECT, World, plan, says, scripted, task, world, writes

RUNS = 8
SHORT_S = 2.0
LONG_S = 20.0
"""Longer than SQLite waits for a lock (15 s)."""

PLENTY = 1 << 30


Trouble = Callable[[], AbstractContextManager[None]]
Switch = Callable[[str], None]
"""Says which pragma every connection gets that is taken up from now on, the engine's too."""


@pytest.fixture
def switch() -> Iterator[Switch]:
    now = [""]

    def take(connection: Any, _record: object, _proxy: object) -> None:
        if now[0]:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA {now[0]}")
            cursor.close()

    sa.event.listen(sa.pool.Pool, "checkout", take)
    yield lambda pragma: now.__setitem__(0, pragma)
    sa.event.remove(sa.pool.Pool, "checkout", take)


@contextmanager
def locked(database: Database, _switch: Switch) -> Iterator[None]:
    """Another program holds the lock of all writers."""
    with closing(sqlite3.connect(str(database.url.database), isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout=30000")
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def read_only(_database: Database, switch: Switch) -> Iterator[None]:
    """SQLite refuses every write, as it does in a folder without the right to write."""
    switch("query_only=ON")
    yield
    switch("query_only=OFF")


@contextmanager
def full(_database: Database, switch: Switch) -> Iterator[None]:
    """SQLite says that the disk is full, as it does then."""
    switch("max_page_count=1")
    yield
    switch(f"max_page_count={PLENTY}")


TROUBLES = {"locked": locked, "read-only": read_only, "full": full}
SAID = {"read-only": "can't be written", "full": "is full"}
"""A lock is only told of after 15 s."""


class Slow(Outside):
    """Takes until the gate is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def write(self, call: Call) -> Reply:
        reply = await super().write(call)
        await self.gate.wait()
        return reply


def _tasks(number: int) -> tuple[Task, ...]:
    return (
        writes("first", agent="writer", target=f"a{number}"),
        task("paid", "first", agent="model", cost_high_micro_usd=RESERVED),
        task("beside", "first"),
        writes("last", "paid", "beside", agent="writer", target=f"b{number}"),
    )


async def _think(call: Call) -> Reply:
    return says("thought", Usage(tokens_in=10, tokens_out=5, requests=1, cost_micro_usd=COST))


@pytest.fixture
async def outside() -> Slow:
    return Slow()


@pytest.fixture
async def here(
    sqlite: Database,
    tmp_path: Path,
    outside: Slow,
    switch: Switch,
) -> AsyncIterator[World]:
    await budgeted(sqlite)
    everyone = [outside.agent(), scripted("model", _think, kind=AgentKind.MODEL), scripted()]
    async with world(sqlite, tmp_path, everyone, retry=RetryPolicy(base_s=0.01)) as made:
        await made.executor.ready()
        yield made


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_runs_outlive_a_database_that_refuses_for_a_while(
    here: World, outside: Slow, switch: Switch, trouble: str
) -> None:
    await _outlived(
        here, outside, partial(TROUBLES[trouble], here.database, switch), SHORT_S, SAID.get(trouble)
    )


@pytest.mark.slow
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_runs_outlive_a_database_that_refuses_for_long(
    here: World, outside: Slow, switch: Switch, trouble: str
) -> None:
    await _outlived(here, outside, partial(TROUBLES[trouble], here.database, switch), LONG_S, None)


async def _outlived(
    here: World, outside: Slow, trouble: Trouble, for_s: float, said: str | None
) -> None:
    accepted = [await here.start(plan(*_tasks(n), title=f"plan {n}")) for n in range(RUNS)]
    await until(lambda: len(outside.asked) >= RUNS // 2, "nothing began")
    with trouble():
        outside.gate.set()  # all that is under way wants to bring its ending home
        await asyncio.sleep(for_s)
        if said is not None:
            await _nothing_is_accepted(here, said)
    accepted.append(await here.start(plan(*_tasks(RUNS), title="afterwards")))
    await over(here.database)
    endings = await all_is_well(here.database, accepted, outside.done)
    views = [await here.executor.view(PROJECT, run) for run in accepted]
    assert endings == {"succeeded": RUNS + 1}, [view.problem for view in views]
    assert len(outside.done) == 2 * (RUNS + 1)


async def _nothing_is_accepted(here: World, words: str) -> None:
    with pytest.raises(StorageTrouble) as caught:
        await here.start(plan(*_tasks(99), title="never"))
    assert words in caught.value.user_text
