"""What a run does about money: alerts, waiting for it, pausing before it is spent."""

from pathlib import Path

import pytest

from executor.port import Call, Reply
from executor.runs.start import run_id
from memory.model.agents.spec import AgentKind
from memory.model.budget import Budget, task_subject
from memory.model.timing.clock import SystemClock
from memory.model.work.run import RunState, Usage
from memory.store.engine.database import Database
from memory.store.money import budgets
from tests.unit.executor.world import (
    ANA,
    PROJECT,
    plan,
    says,
    scripted,
    task,
    world,
)


async def _model(call: Call) -> Reply:
    return says("ok", Usage(tokens_in=10, tokens_out=10, requests=1, cost_micro_usd=400))


def _budget(limit: int, **more: object) -> Budget:
    return Budget.model_validate(
        {"id": "b", "project": PROJECT, "name": "marketing", "limit_micro_usd": limit, **more}
    )


async def test_alerts_come_once_each_and_the_last_one_pauses(
    database: Database, tmp_path: Path
) -> None:
    model = scripted("model", _model, kind=AgentKind.MODEL)
    async with world(database, tmp_path, [model]) as here:
        async with database.transaction() as tx:
            await budgets.keep(tx, _budget(1_200), at=SystemClock().now())
        chain = [task("t0", agent="model", cost_high_micro_usd=400)]
        chain += [
            task(f"t{n}", f"t{n - 1}", agent="model", cost_high_micro_usd=400) for n in range(1, 5)
        ]
        run = await here.start(plan(*chain))
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert (view.cost_micro_usd, len(model.calls)) == (1_200, 3)
        assert "used up" in view.problem
        told = [event.percent for event in await here.news(run) if event.kind == "budget_alert"]
        assert told == [50, 100]
        async with database.transaction() as tx:
            await budgets.keep(tx, _budget(10_000), at=SystemClock().now())
        assert await here.executor.resume(PROJECT, run, by=ANA.key)
        assert (await here.over(run)).cost_micro_usd == 2_000


async def test_parallel_tasks_wait_for_money_that_others_may_give_back(
    sqlite: Database, tmp_path: Path
) -> None:
    model = scripted("model", _model, kind=AgentKind.MODEL)
    async with world(sqlite, tmp_path, [model]) as here:
        async with sqlite.transaction() as tx:
            await budgets.keep(tx, _budget(2_000), at=SystemClock().now())
        tasks = [task(f"t{n}", agent="model", cost_high_micro_usd=1_000) for n in range(3)]
        view = await here.run(*tasks)
        assert (view.state, view.cost_micro_usd) == (RunState.SUCCEEDED, 1_200)


@pytest.mark.parametrize("scope", ["task", "template"])
async def test_a_task_and_a_template_have_limits_of_their_own(
    sqlite: Database, tmp_path: Path, scope: str
) -> None:
    model = scripted("model", _model, kind=AgentKind.MODEL)
    async with world(sqlite, tmp_path, [model]) as here:
        tasks = [task(f"t{n}", agent="model", cost_high_micro_usd=400) for n in range(2)]
        made = plan(*tasks).model_copy(update={"author": "offline planner, template blog-post"})
        run = run_id(made.hash, simulated=False)
        subject = "Blog-Post" if scope == "template" else task_subject(run, "t1")
        async with sqlite.transaction() as tx:
            limited = _budget(399, scope=scope, subject=subject)
            await budgets.keep(tx, limited, at=SystemClock().now())
        run = await here.start(made)
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert "raise the budget" in view.problem
        begun = {call.task.key for call in model.calls}
        assert not begun if scope == "template" else begun <= {"t0"}


async def test_a_task_that_does_not_fit_pauses_the_run_before_it_spends(
    sqlite: Database, tmp_path: Path
) -> None:
    model = scripted("model", _model, kind=AgentKind.MODEL)
    async with world(sqlite, tmp_path, [model]) as here:
        async with sqlite.transaction() as tx:
            await budgets.keep(tx, _budget(300), at=SystemClock().now())
        run = await here.start(plan(task("a", agent="model", cost_high_micro_usd=1_000)))
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert "raise the budget" in view.problem
        assert model.calls == []


async def test_an_unknown_price_is_not_nothing(sqlite: Database, tmp_path: Path) -> None:
    async def unknown(call: Call) -> Reply:
        return says("ok", Usage(tokens_in=70, tokens_out=50, requests=1, cost_micro_usd=None))

    model = scripted("model", unknown, kind=AgentKind.MODEL)
    async with world(sqlite, tmp_path, [model]) as here:
        async with sqlite.transaction() as tx:
            await budgets.keep(tx, _budget(1_000_000), at=SystemClock().now())
            limited = _budget(100, id="t", name="t", unit="tokens")
            await budgets.keep(tx, limited, at=SystemClock().now())
        run = await here.start(plan(task("a", agent="model"), task("b", "a", agent="model")))
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert not view.unpriced
        assert view.cost_micro_usd == 70 * 5 + 50 * 25  # a dear model's price
        assert len(model.calls) == 1
        async with sqlite.reading() as connection:
            money, tokens = await budgets.states(connection, PROJECT, now=SystemClock().now())
        assert (money.tokens, tokens.spent_micro_usd) == (120, 120)
