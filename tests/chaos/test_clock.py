"""The clock jumps while runs retry, rest, wait for a person and spend: they end all the same."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from executor.policy.breaker import BreakerPolicy
from executor.policy.retry import RetryPolicy
from executor.port import Call, Reply
from memory.model.agents.spec import AgentKind
from memory.model.base import AgentName, RunId
from memory.model.budget import Budget, Period
from memory.model.errors import AgentUnavailable
from memory.model.timing.clock import SystemClock
from memory.model.work.graph import Retry, Task
from memory.model.work.run import Usage
from memory.store.engine.database import Database
from memory.store.money import budgets
from tests.chaos.accounts import COST, RESERVED, Outside, all_is_well, until
from tests.unit.executor.world import (
    ANA,
    PROJECT,
    THREAD,
    World,
    plan,
    says,
    scripted,
    task,
    world,
    writes,
)

HOUR = 3600.0
STEPS = {
    "an hour forward": (HOUR,),
    "an hour back": (-HOUR,),
    "forward and back": (HOUR, -HOUR, -HOUR, HOUR),
    "a day back": (-24 * HOUR,),
}
RESTS = BreakerPolicy(threshold=2, cool_down_s=0.5)
PATIENT = RetryPolicy(base_s=0.01, cap_s=0.2, patience_s=20)
RUNS = 3


class Jumping:
    """The machine's clock, set by somebody again and again."""

    def __init__(self) -> None:
        self.off_s = 0.0

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=self.off_s)


class Flaky:
    """Fails until it is mended."""

    def __init__(self) -> None:
        self.tries, self.mended = 0, False

    async def run(self, call: Call) -> Reply:
        self.tries += 1
        if not self.mended:
            raise AgentUnavailable("Flaky is out of order.")
        return says("thought", Usage(tokens_in=1, tokens_out=1, requests=1, cost_micro_usd=COST))


@pytest.fixture
def clock() -> Jumping:
    return Jumping()


@pytest.fixture
def flaky() -> Flaky:
    return Flaky()


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
async def here(
    sqlite: Database, tmp_path: Path, clock: Jumping, flaky: Flaky, outside: Outside
) -> AsyncIterator[World]:
    budget = Budget(
        id="b", project=PROJECT, name="b", period=Period.DAY, limit_micro_usd=100_000_000
    )
    async with sqlite.transaction() as tx:
        await budgets.keep(tx, budget, at=clock.now())
    agents = [outside.agent(), scripted("flaky", flaky.run, kind=AgentKind.MODEL), scripted()]
    more = {"clock": clock, "breaker": RESTS, "retry": PATIENT}
    async with world(sqlite, tmp_path, agents, **more) as made:
        yield made


def _tasks(number: int) -> tuple[Task, ...]:
    return (
        writes("first", agent="writer", target=f"a{number}"),
        task("paid", "first", agent="flaky", cost_high_micro_usd=RESERVED,
             retry=Retry(attempts=10, base_s=0.01)),
        Task.model_validate({
            **task("asked", "first").model_dump(), "agent": AgentName("person"),
            "instruction": "Is it good?"}),
        writes("last", "paid", "asked", agent="writer", target=f"b{number}"),
    )  # fmt: skip


@pytest.mark.parametrize("steps", STEPS)
async def test_runs_end_whatever_the_clock_says(
    here: World, clock: Jumping, flaky: Flaky, outside: Outside, steps: str
) -> None:
    accepted = [await here.start(plan(*_tasks(n), title=f"plan {n}")) for n in range(RUNS)]
    for step in STEPS[steps]:
        tried = flaky.tries
        clock.off_s += step
        await until(lambda tried=tried: flaky.tries > tried, "nobody tries any more")  # type: ignore[misc]  # mypy loses the default
    flaky.mended = True
    await _answered(here, accepted)
    views = [await here.over(run) for run in accepted]
    assert [view.problem for view in views] == [""] * RUNS
    endings = await all_is_well(here.database, accepted, outside.done)
    assert endings == {"succeeded": RUNS}
    assert len(outside.done) == 2 * RUNS


async def _answered(here: World, accepted: list[RunId]) -> None:
    async with asyncio.timeout(20):
        answered: set[str] = set()
        while len(answered) < len(accepted):
            for wait in await here.executor.open_waits(THREAD):
                assert await here.executor.answer(PROJECT, wait.id, "yes", by=ANA)
                answered.add(wait.id)
            await asyncio.sleep(0.05)
