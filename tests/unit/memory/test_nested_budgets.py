"""Budgets nest: whatever is begun has to fit into every one that counts it."""

import pytest

from memory.model.base import ProjectId
from memory.model.budget import Budget, Period, Scope, budget_id, placed, task_subject
from memory.model.timing.clock import SystemClock
from memory.store.engine.database import Database
from memory.store.money import budgets
from memory.store.money.budgets import Spender
from memory.store.money.verdicts import Promised, Short

PROJECT = ProjectId("p")
SPENDER = Spender(
    PROJECT, "claude", "console:w:ana", "run_1",
    task="draft.3", schedule="sch_1", template="Blog-Post",
)  # fmt: skip
SUBJECTS: dict[Scope, tuple[str, str]] = {
    "project": ("", ""),
    "agent": ("Claude", "gemini"),
    "person": ("console:w:ana", "console:w:bo"),
    "run": ("run_1", "run_2"),
    "task": (task_subject("run_1", "draft"), task_subject("run_2", "draft")),
    "schedule": ("sch_1", "sch_2"),
    "template": ("blog-post", "report"),
}


def _budget(limit: int, **more: object) -> Budget:
    given = {"id": "", "project": PROJECT, "name": "b", "limit_micro_usd": limit}
    return Budget.model_validate({**given, **more})


async def _keep(database: Database, *made: Budget) -> list[Budget]:
    async with database.transaction() as tx:
        for budget in made:
            known = await budgets.budgets_of(tx, PROJECT)
            await budgets.keep(tx, placed(budget, known), at=SystemClock().now())
        return list(await budgets.budgets_of(tx, PROJECT))


async def _reserve(database: Database, amount: int) -> Promised | Short:
    async with database.transaction() as tx:
        return await budgets.reserve(tx, SPENDER, amount, at=SystemClock().now())


@pytest.mark.parametrize("scope", SUBJECTS)
async def test_each_scope_limits_what_is_its_own_and_nothing_else(
    database: Database, scope: Scope
) -> None:
    mine, other = SUBJECTS[scope]
    if other:
        await _keep(database, _budget(0, scope=scope, subject=other))
        assert isinstance(await _reserve(database, 10), Promised)
    await _keep(database, _budget(10, scope=scope, subject=mine, name="mine"))
    assert isinstance(await _reserve(database, 10), Promised)
    found = await _reserve(database, 1)
    assert isinstance(found, Short)
    assert found.state.budget.name == "mine"


async def test_the_tightest_of_several_periods_binds(database: Database) -> None:
    own = {"name": "project"}
    kept = await _keep(
        database,
        _budget(50, **own, period=Period.MONTH),
        _budget(5, **own, period=Period.DAY),
        _budget(20, **own, period=Period.WEEK),
    )
    assert len({budget.id for budget in kept}) == 3
    assert kept[0].id == budget_id(PROJECT, "project")
    assert isinstance(await _reserve(database, 5), Promised)
    found = await _reserve(database, 1)
    assert isinstance(found, Short)
    assert found.state.budget.period is Period.DAY
    async with database.transaction() as tx:
        assert await budgets.remove(tx, PROJECT, found.state.budget.id)
    assert isinstance(await _reserve(database, 15), Promised)
    assert isinstance(await _reserve(database, 1), Short)
