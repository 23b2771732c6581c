"""Money: whatever happens at once, no limit is overspent and every cent is accounted for."""

import asyncio

import pytest

from memory.model.base import ProjectId
from memory.model.budget import Budget, Mode, Period
from memory.model.errors import Conflict
from memory.model.work.run import Usage
from memory.store.engine.database import Database
from memory.store.money import budgets, ledger
from memory.store.money.budgets import Spender
from memory.store.money.verdicts import Promised, Short
from tests.conftest import SetClock

PROJECT = ProjectId("p")
WHO = Spender(PROJECT, agent="Claude", person="console:w:ana", run="run_1")


def _budget(id_: str = "b", limit: int = 1_000, **more: object) -> Budget:
    return Budget.model_validate(
        {"id": id_, "project": PROJECT, "name": id_, "limit_micro_usd": limit, **more}
    )


async def _keep(database: Database, clock: SetClock, *made: Budget) -> None:
    async with database.transaction() as tx:
        for item in made:
            await budgets.keep(tx, item, at=clock.now())


@pytest.mark.parametrize("amount", [1, 70, 333, 1_000, 1_001])
async def test_many_reserving_at_once_never_promise_more_than_the_limit(
    database: Database, clock: SetClock, amount: int
) -> None:
    await _keep(database, clock, _budget(), _budget("agent", 900, scope="agent", subject="claude"))

    async def one() -> bool:
        got = await database.at_once(lambda tx: budgets.reserve(tx, WHO, amount, at=clock.now()))
        return isinstance(got, Promised)

    won = sum(await asyncio.gather(*[one() for _ in range(25)]))
    assert won == min(25, 900 // amount)
    async with database.reading() as connection:
        found = await budgets.states(connection, PROJECT, now=clock.now())
    assert {state.reserved_micro_usd for state in found} == {won * amount}


async def test_settling_gives_back_the_rest_and_tells_each_threshold_once(
    database: Database, clock: SetClock
) -> None:
    await _keep(database, clock, _budget())
    told: list[int] = []
    for cost in (400, 150, 10, 340, 0):
        async with database.transaction() as tx:
            got = await budgets.reserve(tx, WHO, 100, at=clock.now())
            assert isinstance(got, Promised)
            passed = await budgets.settle(
                tx, WHO, got.holds, reserved_micro_usd=100, cost_micro_usd=cost, tokens=3,
                at=clock.now(),
            )  # fmt: skip
            told += [threshold.percent for threshold in passed]
    assert told == [50, 90]
    async with database.reading() as connection:
        (state,) = await budgets.states(connection, PROJECT, now=clock.now())
    assert (state.spent_micro_usd, state.reserved_micro_usd, state.tokens) == (900, 0, 15)


async def test_only_the_budgets_of_the_spender_count(sqlite: Database, clock: SetClock) -> None:
    await _keep(
        sqlite, clock,
        _budget("mine", 10_000),
        _budget("other agent", 0, scope="agent", subject="gemini"),
        _budget("other person", 0, scope="person", subject="console:w:bo"),
        _budget("other run", 0, scope="run", subject="run_2"),
    )  # fmt: skip
    async with sqlite.transaction() as tx:
        got = await budgets.reserve(tx, WHO, 500, at=clock.now())
    assert isinstance(got, Promised)
    assert [name for name, _ in got.holds] == ["mine"]


async def test_a_refused_reservation_leaves_no_trace(sqlite: Database, clock: SetClock) -> None:
    await _keep(sqlite, clock, _budget("a", 5_000), _budget("z", 100))
    async with sqlite.transaction() as tx:
        got = await budgets.reserve(tx, WHO, 500, at=clock.now())
    assert isinstance(got, Short)
    assert (got.state.budget.name, got.waits) == ("z", False)
    async with sqlite.reading() as connection:
        found = await budgets.states(connection, PROJECT, now=clock.now())
    assert [state.reserved_micro_usd for state in found] == [0, 0]


async def test_a_new_period_starts_from_nothing(sqlite: Database, clock: SetClock) -> None:
    await _keep(sqlite, clock, _budget(period=Period.DAY))
    for _ in range(2):
        async with sqlite.transaction() as tx:
            assert isinstance(await budgets.reserve(tx, WHO, 900, at=clock.now()), Promised)
        clock.forward(days=1)


async def test_a_budget_that_does_not_pause_only_watches(sqlite: Database, clock: SetClock) -> None:
    await _keep(sqlite, clock, _budget(limit=10, mode="warn"))
    async with sqlite.transaction() as tx:
        got = await budgets.reserve(tx, WHO, 500, at=clock.now())
        assert isinstance(got, Promised)
        passed = await budgets.settle(
            tx, WHO, got.holds, reserved_micro_usd=500, cost_micro_usd=20, tokens=0, at=clock.now()
        )
    assert [threshold.percent for threshold in passed] == [100]


async def test_names_of_budgets_do_not_depend_on_case_and_are_unique(
    sqlite: Database, clock: SetClock
) -> None:
    await _keep(sqlite, clock, _budget("Marketing"))
    with pytest.raises(Conflict, match="already a budget"):
        await _keep(sqlite, clock, _budget("x", name="MARKETING"))
    await _keep(sqlite, clock, _budget("Marketing", 77))
    async with sqlite.transaction() as tx:
        assert await budgets.remove(tx, PROJECT, "Marketing")
        assert not await budgets.remove(tx, PROJECT, "Marketing")
        assert await budgets.budgets_of(tx, PROJECT) == ()


async def _spend(database: Database, clock: SetClock, cost: int, *, attempt: str) -> list[int]:
    """One attempt that costs so much; the thresholds it passed."""
    account = ledger.Account(PROJECT, attempt, WHO.run, "t", WHO.agent, WHO.person)
    async with database.transaction() as tx:
        got = await budgets.reserve(tx, WHO, cost, at=clock.now())
        assert isinstance(got, Promised)
        usage = Usage(requests=1, cost_micro_usd=cost)
        await ledger.settle(tx, account, usage, reserved_micro_usd=cost, at=clock.now())
        passed = await budgets.settle(
            tx, WHO, got.holds, reserved_micro_usd=cost, cost_micro_usd=cost, tokens=0,
            at=clock.now(),
        )  # fmt: skip
    return [threshold.percent for threshold in passed]


async def test_thresholds_follow_the_limit_in_force(database: Database, clock: SetClock) -> None:
    await _keep(database, clock, _budget())
    assert await _spend(database, clock, 1_000, attempt="a") == [100]
    await _keep(database, clock, _budget(limit=3_000))
    assert await _spend(database, clock, 500, attempt="b") == [50]
    await _keep(database, clock, _budget(limit=4_000))
    assert await _spend(database, clock, 100, attempt="c") == []
    assert await _spend(database, clock, 400, attempt="d") == [50]
    await _keep(database, clock, _budget(limit=2_200))
    assert await _spend(database, clock, 100, attempt="e") == [90]


async def test_a_new_budget_counts_what_its_period_and_scope_have_spent(
    database: Database, clock: SetClock
) -> None:
    await _spend(database, clock, 300, attempt="long ago")
    clock.forward(days=40)
    await _spend(database, clock, 700, attempt="this month")
    await _keep(
        database, clock,
        _budget("month"), _budget("total", period=Period.TOTAL),
        _budget("mine", scope="agent", subject="CLAUDE"),
        _budget("other", scope="agent", subject="gemini"),
    )  # fmt: skip
    await _keep(database, clock, _budget("month", limit=5_000))
    async with database.reading() as connection:
        found = await budgets.states(connection, PROJECT, now=clock.now())
    spent = {state.budget.id: state.spent_micro_usd for state in found}
    assert spent == {"month": 700, "total": 1_000, "mine": 700, "other": 0}


async def test_a_budget_made_meanwhile_counts_what_was_under_way(
    sqlite: Database, clock: SetClock
) -> None:
    async with sqlite.transaction() as tx:
        got = await budgets.reserve(tx, WHO, 100, at=clock.now())
    assert isinstance(got, Promised)
    await _keep(sqlite, clock, _budget())
    async with sqlite.transaction() as tx:
        passed = await budgets.settle(
            tx, WHO, got.holds, reserved_micro_usd=100, cost_micro_usd=800, tokens=5,
            at=clock.now(),
        )  # fmt: skip
    assert [threshold.percent for threshold in passed] == [75]
    async with sqlite.reading() as connection:
        (state,) = await budgets.states(connection, PROJECT, now=clock.now())
    assert (state.spent_micro_usd, state.reserved_micro_usd) == (800, 0)


async def test_what_is_set_aside_grows_no_further_than_the_tightest_budget(
    database: Database, clock: SetClock
) -> None:
    await _keep(
        database,
        clock,
        _budget("wide", 10_000),
        _budget("tight", 500, scope="run", subject="run_1"),
    )
    async with database.transaction() as tx:
        got = await budgets.reserve(tx, WHO, 200, at=clock.now())
        assert isinstance(got, Promised)
        assert (
            await budgets.extend(tx, PROJECT, got.holds, 9_000, 100, own=200, at=clock.now()) == 300
        )
        other = await budgets.extend(tx, PROJECT, got.holds, 9_000, 1, own=200, at=clock.now())
        assert isinstance(other, Short)
        assert other.state.budget.id == "tight"
        assert [await budgets.tell_short(tx, other) for _ in range(2)] == [False, False], "it waits"
        short = await budgets.extend(tx, PROJECT, got.holds, 9_000, 1, own=500, at=clock.now())
        assert isinstance(short, Short)
        assert short.needed_micro_usd == 501
        assert [await budgets.tell_short(tx, short) for _ in range(2)] == [True, False], "its own"


async def test_a_row_of_before_there_were_modes_is_read(sqlite: Database) -> None:
    row = _budget().as_stored()
    assert "mode" not in row
    assert Budget.model_validate(row | {"auto_pause": False}).mode is Mode.WARN
    assert Budget.model_validate(_budget(mode="observe").as_stored()).mode is Mode.OBSERVE
