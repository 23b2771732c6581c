"""No call outgrows what is set aside for it, and the ledger is the provider's bill."""

import asyncio
from collections import Counter
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from executor.agents.model import ModelAgent
from memory.model.base import RunId
from memory.model.budget import THRESHOLDS, Budget
from memory.model.events import BudgetAlert
from memory.model.timing.clock import SystemClock
from memory.model.wires.turns import Question, Said
from memory.model.work.check import Review
from memory.model.work.plan import Plan
from memory.model.work.run import RunState
from memory.store.engine.database import Database
from memory.store.money import budgets
from memory.store.tables import ledger, runs
from memory.store.traffic import news
from planner.llms.client import Client
from planner.llms.purse import ProjectPurse
from tests.fakes.model import Slow
from tests.fakes.paid import CUT, FULL, PaidModel
from tests.unit.executor.world import ANA, PROJECT, World, plan, task, world

FORECAST = 200
"""Micro-USD that each task is said to cost at most: much too little."""


def _budget(limit: int, **more: object) -> Budget:
    given = {"id": "b", "project": PROJECT, "name": "b", "limit_micro_usd": limit}
    return Budget.model_validate({**given, **more})


async def _keep(database: Database, *made: Budget) -> None:
    async with database.transaction() as tx:
        for budget in made:
            await budgets.keep(tx, budget, at=SystemClock().now())


async def _spent(database: Database) -> dict[str, int]:
    async with database.reading() as connection:
        found = await budgets.states(connection, PROJECT, now=SystemClock().now())
    assert all(state.reserved_micro_usd == 0 for state in found)
    return {state.budget.id: state.spent_micro_usd for state in found}


async def _booked(database: Database) -> int:
    async with database.reading() as connection:
        total = sa.select(sa.func.coalesce(sa.func.sum(ledger.c.amount_micro_usd), 0))
        return int((await connection.execute(total.where(ledger.c.kind == "settle"))).scalar_one())


async def _told(database: Database) -> Counter[tuple[str, int]]:
    async with database.reading() as connection:
        found = await news.after(connection, 0, limit=10_000)
    alerts = [item for _, _, item in found if isinstance(item, BudgetAlert)]
    return Counter((alert.budget, alert.percent) for alert in alerts)


async def _ended(here: World, run: RunId) -> RunState:
    view = await here.until(
        run, lambda view: view.state.over or view.state is RunState.PAUSED, within_s=60
    )
    return view.state


@pytest.mark.parametrize("responses", [False, True])
async def test_an_answer_is_no_longer_than_what_is_left_pays_for(
    sqlite: Database, tmp_path: Path, responses: bool
) -> None:
    async with PaidModel(responses=responses) as model:
        model.default = CUT
        async with world(sqlite, tmp_path, [ModelAgent(model.endpoint())]) as here:
            await _keep(sqlite, _budget(2_000))
            view = await here.run(task("a", agent="chatgpt", cost_high_micro_usd=FORECAST))
        assert view.state is RunState.FAILED
        assert "left of the budget pays for" in view.tasks[0].note
        assert 1_500 < model.billed <= 2_000
        assert await _spent(sqlite) == {"b": model.billed}
        assert view.cost_micro_usd == model.billed


async def test_where_no_budget_is_no_answer_is_limited(sqlite: Database, tmp_path: Path) -> None:
    async with PaidModel() as model:
        async with world(sqlite, tmp_path, [ModelAgent(model.endpoint())]) as here:
            view = await here.run(task("a", agent="chatgpt", cost_high_micro_usd=FORECAST))
        assert not {"max_tokens", "max_completion_tokens"} & set(model.chats[-1].body)
        assert view.cost_micro_usd == model.billed > 100_000


async def test_a_call_that_does_not_fit_is_not_made_and_the_owners_hear_of_it_at_98_percent(
    database: Database, tmp_path: Path
) -> None:
    async with PaidModel() as model:
        async with world(database, tmp_path, [ModelAgent(model.endpoint())]) as here:
            await _keep(database, _budget(900))
            run = await here.start(
                plan(
                    task("a", agent="chatgpt", cost_high_micro_usd=FORECAST),
                    task("b", "a", agent="chatgpt", cost_high_micro_usd=0),
                )
            )
            assert await _ended(here, run) is RunState.PAUSED
            assert len(model.bills) == 1
            assert 850 < model.billed <= 900
            assert (await _told(database))["b", 100] == 1
            await _keep(database, _budget(100_000))
            assert await here.executor.resume(PROJECT, run, by=ANA.key)
            view = await here.over(run)
        assert view.cost_micro_usd == model.billed == await _booked(database)


async def test_nobody_waits_for_what_is_set_aside_for_itself(
    sqlite: Database, tmp_path: Path
) -> None:
    async with PaidModel() as model:
        async with world(sqlite, tmp_path, [ModelAgent(model.endpoint())]) as here:
            await _keep(sqlite, _budget(500))
            run = await here.start(plan(task("a", agent="chatgpt", cost_high_micro_usd=400)))
            assert await _ended(here, run) is RunState.PAUSED
        assert not model.bills
        assert await _told(sqlite) == {("b", 100): 1}


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_fails_no_limit_is_passed_and_the_ledger_is_the_bill(
    database: Database, tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)
    async with PaidModel(seed=seed, faults=25) as model:
        model.say(*(chance.choice((FULL, FULL, CUT)) for _ in range(400)))
        agents = [ModelAgent(model.endpoint(name)) for name in ("chatgpt", "gemini")]
        limits = {"all": 120_000, "one": 50_000, "me": 100_000}
        await _keep(
            database,
            _budget(limits["all"], id="all", name="all"),
            _budget(limits["one"], id="one", name="one", scope="agent", subject="chatgpt"),
            _budget(limits["me"], id="me", name="me", scope="person", subject=ANA.key),
        )
        async with world(database, tmp_path, agents) as here:
            runs = [await here.start(_work(chance, number)) for number in range(4)]
            planned = [_planned(database, model, number) for number in range(4)]
            await asyncio.gather(*planned, *(_ended(here, run) for run in runs))
            await _quiet(database)
        spent = await _spent(database)
        assert all(spent[name] <= limit for name, limit in limits.items()), spent
        assert spent["all"] == spent["me"] == model.billed == await _booked(database)
        told = await _told(database)
        assert set(told.values()) <= {1}
        for name, limit in limits.items():
            passed = {step for step in THRESHOLDS[:-1] if spent[name] * 100 >= step * limit}
            assert {percent for budget, percent in told if budget == name} - {100} <= passed


@pytest.mark.parametrize(
    "rounds", [pytest.param(3, id="few"), pytest.param(200, id="many", marks=pytest.mark.slow)]
)
@pytest.mark.timeout(3600)
async def test_64_parallel_tasks_whose_workers_die_spend_no_more_than_the_ledger_says(
    database: Database, tmp_path: Path, rounds: int
) -> None:
    """A worker that dies forgets what it was told; who comes after it books all that it may have cost."""
    chance = Random(rounds)
    async with PaidModel(seed=rounds, faults=10) as model:
        agents = [ModelAgent(model.endpoint(name)) for name in ("chatgpt", "gemini")]
        limit = 300_000 * rounds
        await _keep(database, _budget(limit, period="total"))
        for number in range(rounds):
            async with world(database, tmp_path, agents) as here:
                for of_round in range(8):
                    made = _work(chance, 8 * number + of_round)
                    await here.start(made)
                await _planned(database, model, number)
                # A third of them is under way when the worker goes.
                model.say(*(Slow(4, FULL) if place % 3 == 2 else FULL for place in range(12)))
                await _until(database, model, len(model.bills) + 12)
        async with world(database, tmp_path, agents):
            await _until(database, model, 10**9)
            await _quiet(database)
        assert model.billed <= (await _spent(database))["b"] <= limit
        exact, reckoned = await _settled(database)
        assert reckoned >= model.billed - exact >= 0
        assert reckoned > 0  # some did die in the middle of a call
        assert set((await _told(database)).values()) <= {1}


async def _until(database: Database, model: PaidModel, bills: int) -> None:
    """So many calls were billed, or every run is over or paused."""
    running = sa.select(sa.func.count()).where(runs.c.state == RunState.RUNNING)
    async with asyncio.timeout(120):
        while len(model.bills) < bills:
            async with database.reading() as connection:
                if not (await connection.execute(running)).scalar_one():
                    return
            await asyncio.sleep(0.02)


async def _settled(database: Database) -> tuple[int, int]:
    """What the ledger knows to have been spent, and what it reckons."""
    total = sa.func.sum(ledger.c.amount_micro_usd)
    query = sa.select(ledger.c.estimated, total).where(ledger.c.kind == "settle")
    async with database.reading() as connection:
        found = await connection.execute(query.group_by(ledger.c.estimated))
        sums = {bool(row[0]): int(row[1]) for row in found}
    return sums.get(False, 0), sums.get(True, 0)


async def _planned(database: Database, model: PaidModel, number: int) -> None:
    """A question of the planner's, paid from the same budgets."""
    purse = ProjectPurse(database, PROJECT, f"req_{number}", ANA.key, SystemClock())
    asked = Question(messages=(Said(role="user", text="Plan it."),))
    await Client().put(model.endpoint("gemini"), asked, purse)


def _work(chance: Random, number: int) -> Plan:
    tasks = []
    for place in range(8):
        agent, other = chance.sample(("chatgpt", "gemini"), 2)
        review = Review(agent=other, rounds=2) if chance.random() < 0.3 else None
        needs = [f"t{chance.randrange(place)}"] if place and chance.random() < 0.4 else []
        cost = chance.choice((1, FORECAST, 3_000))
        tasks.append(
            task(
                f"t{place}", *needs, agent=agent, cost_high_micro_usd=cost, review=review,
                fallbacks=(other,),
            )
        )  # fmt: skip
    return plan(*tasks, title=f"work {number}")


async def test_a_plan_is_no_longer_than_what_is_left_pays_for(
    sqlite: Database, tmp_path: Path
) -> None:
    async with PaidModel() as model:
        await _keep(sqlite, _budget(3_000))
        await _planned(sqlite, model, 1)
        await _planned(sqlite, model, 2)
        assert len(model.bills) == 1
        assert 2_900 < model.billed <= 3_000
        assert await _spent(sqlite) == {"b": model.billed}
        assert (await _told(sqlite))["b", 100] == 1


async def _quiet(database: Database) -> None:
    """What still runs when its run has paused comes to its end, too."""
    async with asyncio.timeout(30):
        while True:
            async with database.reading() as connection:
                found = await budgets.states(connection, PROJECT, now=SystemClock().now())
            if not any(state.reserved_micro_usd for state in found):
                return
            await asyncio.sleep(0.02)
