"""Limits of time: what agents work is counted, and ended where no time is left."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from executor.port import Call, Reply
from memory.model.budget import MINUTE_MS, Budget, BudgetState, show_amount
from memory.model.timing.clock import SystemClock
from memory.model.work.run import RunState
from memory.store.engine.database import Database
from memory.store.money import budgets
from memory.store.tables import attempts
from tests.unit.executor.world import ANA, PROJECT, plan, says, scripted, states, task, world


async def _keep(database: Database, limit_ms: int, **more: object) -> None:
    given = {"id": "b", "project": PROJECT, "name": "b", "unit": "minutes"}
    budget = Budget.model_validate({**given, "limit_micro_usd": limit_ms, **more})
    async with database.transaction() as tx:
        await budgets.keep(tx, budget, at=SystemClock().now())


async def _state(database: Database) -> BudgetState:
    async with database.reading() as connection:
        (state,) = await budgets.states(connection, PROJECT, now=SystemClock().now())
    return state


@pytest.mark.parametrize("scope", ["project", "agent"])
async def test_work_ends_where_no_time_is_left(
    database: Database, tmp_path: Path, scope: str
) -> None:
    patient = asyncio.Event()

    async def works(call: Call) -> Reply:
        await patient.wait()
        return says("done")

    slow = scripted("slow", works)
    async with world(database, tmp_path, [slow, scripted()]) as here:
        subject = "Slow" if scope == "agent" else ""
        await _keep(database, 200, scope=scope, subject=subject)
        run = await here.start(plan(task("a", agent="slow"), task("b", "a", agent="slow")))
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert "is used up" in view.problem
        told = [event.percent for event in await here.news(run) if event.kind == "budget_alert"]
        assert told == [100]
        state = await _state(database)
        assert state.reserved_micro_usd == 0
        assert state.spent_micro_usd >= 200
        patient.set()
        await _keep(database, 60 * MINUTE_MS, scope=scope, subject=subject)
        assert (await _state(database)).spent_micro_usd >= state.spent_micro_usd
        assert await here.executor.resume(PROJECT, run, by=ANA.key)
        assert (await here.over(run)).state is RunState.SUCCEEDED
        assert len(slow.calls) == 3
        assert (await _state(database)).reserved_micro_usd == 0


async def test_work_goes_on_with_another_minute_where_there_is_time(
    database: Database, tmp_path: Path
) -> None:
    async def works(call: Call) -> Reply:
        while True:
            async with database.reading() as connection:
                holds = (await connection.execute(sa.select(attempts.c.holds))).scalar_one()
            if holds[0][2] > MINUTE_MS:
                return says("done")
            await asyncio.sleep(0.02)

    async with world(database, tmp_path, [scripted(does=works)]) as here:
        await _keep(database, 50, mode="warn")
        run = await here.start(plan(task("a")))
        assert (await here.over(run)).state is RunState.SUCCEEDED
        told = [event.percent for event in await here.news(run) if event.kind == "budget_alert"]
        assert told == [100]
        state = await _state(database)
        assert (state.reserved_micro_usd, state.spent_micro_usd > 50) == (0, True)


async def test_what_was_worked_before_the_limit_counts(sqlite: Database, tmp_path: Path) -> None:
    async def works(call: Call) -> Reply:
        await asyncio.sleep(0.05)
        return says("done")

    async with world(sqlite, tmp_path, [scripted(does=works)]) as here:
        first = await here.run(task("a"))
        await _keep(sqlite, MINUTE_MS, scope="run", subject=first.id, period="total")
        before = (await _state(sqlite)).spent_micro_usd
        assert before >= 40
        await here.run(task("b"))
        assert (await _state(sqlite)).spent_micro_usd == before
        await _keep(sqlite, MINUTE_MS, scope="agent", subject="Echo")
        assert (await _state(sqlite)).spent_micro_usd >= 2 * 40


async def test_errors_of_work_under_a_limit_are_what_they_are(
    sqlite: Database, tmp_path: Path
) -> None:
    async def breaks(call: Call) -> Reply:
        raise TimeoutError

    async with world(sqlite, tmp_path, [scripted(does=breaks)]) as here:
        await _keep(sqlite, 60 * MINUTE_MS)
        view = await here.run(task("a"))
        assert states(view) == {"a": "failed"}
        assert "took longer than" in view.tasks[0].note


def test_times_are_shown_short() -> None:
    shown = [show_amount("minutes", amount) for amount in (MINUTE_MS, 150_000, 1_200, 5_400_000)]
    assert shown == ["1 minute", "2.5 minutes", "0.02 minutes", "90 minutes"]
