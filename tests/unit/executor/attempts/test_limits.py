"""Limits of agents: never more than was allowed, all done in the end, and in turn."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.language.catalogue import ENGLISH
from bot.render.runs import progress, status
from executor.attempts.claim import claim
from executor.attempts.limits import fair
from executor.engine.port import Ticket
from executor.parts import Parts
from executor.port import Call, Reply
from executor.runs.start import start
from memory.model.agents.spec import AgentLimits
from memory.model.base import ProjectId
from memory.model.timing.clock import SystemClock, system_random
from memory.model.work.run import RunState, RunView, TaskState, Usage
from memory.store.engine import schema
from memory.store.engine.database import Connection, Database, database_url
from memory.store.running.rates import InLine
from memory.store.tables import lines
from tests.conftest import SetClock
from tests.unit.executor.world import (
    ANA,
    PROJECT,
    Scripted,
    approved,
    plan,
    says,
    scripted,
    task,
    world,
)

CALM = system_random()


class Busy:
    """An agent that counts how many are with it at once, until the gate opens."""

    def __init__(self, **limits: int) -> None:
        self.now = self.most = 0
        self.done: list[str] = []
        self.gate = asyncio.Event()
        self.agent: Scripted = scripted("busy", self.does, limits=AgentLimits(**limits))

    async def does(self, call: Call) -> Reply:
        self.now += 1
        self.most = max(self.most, self.now)
        await self.gate.wait()
        await asyncio.sleep(0)
        self.now -= 1
        self.done.append(call.task.key)
        return says("done", Usage(tokens_in=60, tokens_out=40, requests=1))


async def waiting(database: Database) -> int:
    async with database.reading() as connection:
        found = await connection.execute(sa.select(sa.func.count()).select_from(lines))
        return int(found.scalar_one())


async def until_waiting(database: Database, count: int) -> None:
    async with asyncio.timeout(20):
        while await waiting(database) != count:
            await asyncio.sleep(0.02)


async def test_never_more_than_the_limit_are_under_way_and_all_are_done(
    database: Database, tmp_path: Path
) -> None:
    busy = Busy(concurrency=2)
    tasks = [task(f"t{number}", agent="busy") for number in range(9)]
    async with world(database, tmp_path, [busy.agent]) as here:
        run = await here.start(plan(*tasks))
        await until_waiting(database, 7)
        assert busy.now == 2
        busy.gate.set()
        view = await here.over(run)
    assert view.state is RunState.SUCCEEDED
    assert (busy.most, len(busy.done)) == (2, 9)
    assert {entry.attempts for entry in view.tasks} == {1}, "to wait is no attempt"
    assert await waiting(database) == 0


class Kept:
    """An engine that keeps tickets and hands out none."""

    def __init__(self, worker: str) -> None:
        self.worker, self.holds = worker, True
        self.tickets: list[str] = []

    def room(self, wanted: int) -> int:
        del wanted
        return 0

    def begin(self, tx: Connection, tickets: Sequence[Ticket]) -> None:
        del tx
        assert not tickets

    async def enqueue(self, tx: Connection, tickets: Sequence[Ticket]) -> None:
        del tx
        self.tickets += [ticket.id for ticket in tickets]


async def test_workers_that_ask_at_once_hold_one_limit_together(
    postgres_url: str, tmp_path: Path
) -> None:
    busy = Busy(concurrency=3)
    url = database_url(tmp_path, postgres_url)
    workers = [
        Parts(Database(url), Kept(name), {busy.agent.spec.name: busy.agent}, SystemClock(), CALM)  # type: ignore[arg-type]  # it never opens
        for name in ("one", "two", "three")
    ]
    first = workers[0]
    await schema.upgrade(first.database)
    made = plan(*(task(f"t{number}", agent="busy") for number in range(24)))
    await approved(first.database, made, tmp_path)
    await start(first, PROJECT, made.hash, thread_key="t", by=ANA, simulated=False)
    tickets = first.engine.tickets  # type: ignore[attr-defined]  # see above
    assert len(tickets) == 24
    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(claim(workers[place % 3], ticket))
            for place, ticket in enumerate([*tickets])
        ]
    assert sum(asking.result() is not None for asking in asked) == 3
    assert await waiting(first.database) == 21
    for parts in workers:
        await parts.database.close()


async def test_those_in_line_come_in_order_and_urgent_ones_first(
    sqlite: Database, tmp_path: Path
) -> None:
    busy = Busy(concurrency=1)
    async with world(sqlite, tmp_path, [busy.agent]) as here:
        runs = [await here.start(plan(task("first", agent="busy"), title="1"))]
        await here.until(runs[0], lambda view: view.tasks[0].state.value == "running")
        for place, key in enumerate(("low", "normal", "urgent"), start=1):
            one = task(key, agent="busy", priority=key)
            runs.append(await here.start(plan(one, title=key)))
            await until_waiting(sqlite, place)
        busy.gate.set()
        for run in runs:
            await here.over(run)
    assert busy.done == ["first", "urgent", "normal", "low"]


async def test_a_task_in_line_says_so_until_it_runs(database: Database, tmp_path: Path) -> None:
    busy = Busy(concurrency=1)
    async with world(database, tmp_path, [busy.agent]) as here:
        await here.start(plan(task("first", agent="busy"), title="1"))
        async with asyncio.timeout(20):
            while not busy.now:
                await asyncio.sleep(0.02)
        run = await here.start(plan(task("a", agent="busy"), title="2"))
        view = await here.until(run, lambda view: bool(view.tasks[0].note))
        assert view.tasks[0].note == "waiting for busy, which is at its limit"
        assert "a: waiting for busy, which is at its limit" in status(ENGLISH, [view]).text
        assert (
            "a: waiting for busy, which is at its limit"
            in progress(ENGLISH, view, plan(task("a"))).text
        )
        busy.gate.set()
        assert (await here.over(run)).tasks[0].note == ""


async def test_a_cancelled_run_leaves_the_line(sqlite: Database, tmp_path: Path) -> None:
    busy = Busy(concurrency=1)
    async with world(sqlite, tmp_path, [busy.agent]) as here:
        run = await here.start(plan(task("a", agent="busy"), task("b", agent="busy")))
        await until_waiting(sqlite, 1)
        assert await here.executor.cancel(PROJECT, run, by="ana")
        await until_waiting(sqlite, 0)
        busy.gate.set()
        view = await here.run(task("c", agent="busy"))
    assert view.state is RunState.SUCCEEDED


async def test_requests_in_a_minute_are_bounded(
    database: Database, tmp_path: Path, clock: SetClock
) -> None:
    busy = Busy(requests_per_minute=3)
    busy.gate.set()
    tasks = [task(f"t{number}", agent="busy") for number in range(5)]
    async with world(database, tmp_path, [busy.agent], clock=clock) as here:
        run = await here.start(plan(*tasks, now=clock))
        await here.until(run, lambda _: len(busy.done) == 3)
        await until_waiting(database, 2)
        clock.forward(seconds=30)
        assert len(busy.done) == 3
        clock.forward(seconds=31)
        assert (await here.over(run)).state is RunState.SUCCEEDED


def _succeeded(view: RunView) -> int:
    return sum(entry.state is TaskState.SUCCEEDED for entry in view.tasks)


async def test_tokens_in_a_minute_are_bounded(
    sqlite: Database, tmp_path: Path, clock: SetClock
) -> None:
    busy = Busy(tokens_per_minute=250)
    busy.gate.set()
    tasks = [task(f"t{number}", agent="busy") for number in range(4)]
    async with world(sqlite, tmp_path, [busy.agent], clock=clock) as here:
        run = await here.start(plan(*tasks, now=clock))
        # What a reply took counts at the moment it is booked: the clock moves only after that.
        await here.until(run, lambda view: _succeeded(view) == 2)
        await until_waiting(sqlite, 2)
        clock.forward(seconds=61)
        assert (await here.over(run)).state is RunState.SUCCEEDED


async def test_a_dry_run_waits_for_nobody(sqlite: Database, tmp_path: Path) -> None:
    busy = Busy(concurrency=1)
    async with world(sqlite, tmp_path, [busy.agent]) as here:
        run = await here.start(plan(task("a", agent="busy")))
        await here.until(run, lambda view: view.tasks[0].state.value == "running")
        dry = await here.start(plan(task("a", agent="busy"), title="dry"), simulated=True)
        assert (await here.over(dry)).state is RunState.SUCCEEDED
        busy.gate.set()
        await here.over(run)


@pytest.mark.parametrize(
    ("busy", "expected"),
    [
        ({}, ["a1", "b1", "a2", "b2"]),
        ({"a": 2}, ["b1", "b2", "a1", "a2"]),
        ({"b": 2}, ["a1", "a2", "b1", "a3"]),
    ],
)
def test_the_project_with_the_fewest_under_way_goes_first(
    busy: dict[str, int], expected: list[str]
) -> None:
    names = ["a1", "a2", "a3", "a4", "b1", "b2"]
    line = [InLine(name, ProjectId(name[0]), 1, 0, run_over=False) for name in names]
    counts = {ProjectId(name): count for name, count in busy.items()}
    assert [place.attempt for place in fair(line, counts, {}, 4)] == expected


def test_of_equals_the_project_that_was_served_less_lately_goes_first() -> None:
    line = [InLine(name, ProjectId(name[0]), 1, 0, run_over=False) for name in ("a1", "b1")]
    assert [place.attempt for place in fair(line, {}, {ProjectId("a"): 3}, 1)] == ["b1"]


async def test_a_small_project_is_not_kept_waiting_by_a_large_one(
    database: Database, tmp_path: Path
) -> None:
    busy = Busy(concurrency=1)
    other = ProjectId("q")
    async with world(database, tmp_path, [busy.agent]) as here:
        large = await here.start(plan(*(task(f"p{n}", agent="busy") for n in range(6))))
        await until_waiting(database, 5)
        made = plan(task("q0", agent="busy"), title="small").model_copy(update={"project": other})
        await approved(database, made, tmp_path)
        small = await here.executor.start(other, made.hash, thread_key="console:w:c:q", by=ANA)
        await until_waiting(database, 6)
        busy.gate.set()
        await here.over(large)
    assert busy.done.index("q0") == 1, f"{small} came after all of the others"
