"""Limits of tokens and runs: they nest with money, hold when much happens at once, tell their thresholds."""

import asyncio
from pathlib import Path

import pytest

from executor.port import Call, Reply
from memory.model.agents.spec import AgentKind
from memory.model.budget import CALL_TOKENS, Budget, BudgetState
from memory.model.errors import NotAllowed
from memory.model.timing.clock import SystemClock
from memory.model.work.run import RunState, Usage
from memory.store.engine.database import Database
from memory.store.money import budgets
from tests.unit.executor.world import ANA, PROJECT, plan, says, scripted, task, world

TOKENS = 6_000


async def _model(call: Call) -> Reply:
    half = TOKENS // 2
    return says("ok", Usage(tokens_in=half, tokens_out=half, requests=1, cost_micro_usd=0))


async def _keep(database: Database, limit: int, **more: object) -> None:
    given = {"id": "b", "project": PROJECT, "name": "b", "limit_micro_usd": limit, **more}
    async with database.transaction() as tx:
        await budgets.keep(tx, Budget.model_validate(given), at=SystemClock().now())


async def _state(database: Database) -> BudgetState:
    async with database.reading() as connection:
        found = await budgets.states(connection, PROJECT, now=SystemClock().now())
    (state,) = (state for state in found if state.budget.id == "b")
    return state


@pytest.mark.parametrize("scope", ["project", "agent"])
async def test_no_call_begins_that_the_tokens_left_may_not_do(
    database: Database, tmp_path: Path, scope: str
) -> None:
    model = scripted("model", _model, kind=AgentKind.MODEL)
    async with world(database, tmp_path, [model]) as here:
        subject = "Model" if scope == "agent" else ""
        await _keep(database, 25_000, unit="tokens", scope=scope, subject=subject)
        await _keep(database, 10**9, id="money", name="money")
        run = await here.start(plan(*(task(f"t{n}", agent="model") for n in range(8))))
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert f"may need {CALL_TOKENS:,} tokens" in view.problem
        while (state := await _state(database)).reserved_micro_usd:
            await asyncio.sleep(0.02)
        assert state.spent_micro_usd == len(model.calls) * TOKENS <= 25_000
        told = [event.percent for event in await here.news(run) if event.kind == "budget_alert"]
        assert len(told) == len(set(told))
        await _keep(database, 200_000, unit="tokens", scope=scope, subject=subject)
        assert await here.executor.resume(PROJECT, run, by=ANA.key)
        assert (await here.over(run)).state is RunState.SUCCEEDED
        assert (await _state(database)).spent_micro_usd == 8 * TOKENS


async def test_no_more_runs_begin_than_are_allowed(database: Database, tmp_path: Path) -> None:
    model = scripted("model", _model, kind=AgentKind.MODEL)
    async with world(database, tmp_path, [model]) as here:
        await here.over(await here.start(plan(task("t", agent="model"), title="before")))
        await _keep(database, 3, unit="runs")
        assert (await _state(database)).spent_micro_usd == 1  # what was begun before counts
        plans = [plan(task("t", agent="model"), title=f"work {n}") for n in range(5)]
        begun = await asyncio.gather(*map(here.start, plans), return_exceptions=True)
        refused = [error for error in begun if isinstance(error, NotAllowed)]
        assert len(refused) == 3
        assert "3 runs" in refused[0].user_text
        assert (await _state(database)).spent_micro_usd == 3
        for run in begun:
            if isinstance(run, str):
                await here.over(run)  # those that were let in aren't held up
        await _keep(database, 4, unit="runs")
        again = await asyncio.gather(*map(here.start, plans), return_exceptions=True)
        assert sum(isinstance(error, NotAllowed) for error in again) == 2


async def test_a_persons_runs_are_counted_apart(sqlite: Database, tmp_path: Path) -> None:
    model = scripted("model", _model, kind=AgentKind.MODEL)
    async with world(sqlite, tmp_path, [model]) as here:
        await _keep(sqlite, 0, unit="runs", scope="person", subject="console:local:bo")
        await here.over(await here.start(plan(task("t", agent="model"))))
        await _keep(sqlite, 1, unit="runs", scope="person", subject=ANA.key)
        with pytest.raises(NotAllowed):
            await here.start(plan(task("t", agent="model"), title="more"))
