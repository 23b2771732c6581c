"""What must hold when the trouble is over, read from the tables and from the ledgers outside."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from executor.port import Call, Reply
from memory.model.base import RunId
from memory.model.budget import Budget, Period
from memory.model.timing.clock import SystemClock
from memory.store.engine.database import Connection, Database
from memory.store.money import budgets
from memory.store.tables import attempts, budget_periods, effects, ledger, runs, tasks
from memory.store.traffic import audit
from tests.unit.executor.world import PROJECT, Scripted, says, scripted

RESERVED = 1_000
COST = 300
WAITING = frozenset({"running", "paused"})
PATIENCE_S = 60.0


@dataclass
class Outside:
    """A service that honours idempotency keys, and the book it keeps of what it did."""

    asked: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    async def write(self, call: Call) -> Reply:
        self.asked.append(call.effect_key)
        if call.effect_key not in self.done:
            self.done.append(call.effect_key)
        return says("written")

    def agent(self) -> Scripted:
        return scripted("writer", self.write)


async def budgeted(database: Database) -> None:
    """A budget for all of the project, with room enough."""
    budget = Budget(
        id="b", project=PROJECT, name="b", period=Period.TOTAL, limit_micro_usd=100_000_000
    )
    async with database.transaction() as tx:
        await budgets.keep(tx, budget, at=SystemClock().now())


async def all_is_well(
    database: Database, accepted: Collection[RunId], done: Iterable[str]
) -> Counter[str]:
    """Fails with what was lost, doubled or leaked; gives back the endings, "waiting" for open ones.

    `done` are the keys of the effects that happened outside, as often as they did.
    """
    await until(lambda: _none_held(database), "somebody holds an attempt")
    async with database.reading() as connection:
        endings, told = await _runs(connection, accepted)
        await _nothing_goes_on(connection)
        await _effects(connection, Counter(done), told)
        await _money(connection)
        assert await audit.first_broken(connection) is None
    await until(lambda: _no_slot(database), "the engine holds a slot for an attempt that ended")
    assert sum(endings.values()) == len(accepted)
    return endings


async def _runs(
    connection: Connection, accepted: Collection[RunId]
) -> tuple[Counter[str], list[str]]:
    """The endings, and why those failed that did."""
    found = await _rows(connection, sa.select(runs.c.id, runs.c.state, runs.c.problem))
    assert {row.id for row in found} == set(accepted), "a run was lost, or nobody asked for it"
    assert {row.state for row in found} <= {*WAITING, "succeeded", "failed", "cancelled"}
    reasons = [row.problem for row in found if row.state == "failed"]
    assert all(reasons), "a run failed without a reason"
    return Counter("waiting" if row.state in WAITING else row.state for row in found), reasons


async def _nothing_goes_on(connection: Connection) -> None:
    """Tasks of runs that are over are over."""
    query = (
        sa.select(tasks.c.key, tasks.c.state)
        .join(runs, runs.c.id == tasks.c.run_id)
        .where(runs.c.state.not_in(WAITING) & tasks.c.state.in_(("running", "ready", "pending")))
    )
    assert not await _rows(connection, query)


async def _effects(connection: Connection, done: Counter[str], told: list[str]) -> None:
    """Only of a run that failed, and said why, may it be unknown what it did."""
    assert set(done.values()) <= {1}, "a keyed effect happened twice"
    query = sa.select(effects.c.key, effects.c.state, runs.c.state.label("run_state"))
    kept = await _rows(connection, query.join(runs, runs.c.id == effects.c.run_id))
    rows = {row.key.rsplit(":", 1)[0]: row for row in kept}
    assert set(done) <= set(rows), "an effect happened that nobody had written down"
    written = {key for key, row in rows.items() if row.state == "done"}
    assert written <= set(done), "an effect was written down that never happened"
    lost = [key for key in set(done) - written if rows[key].run_state != "failed"]
    assert not lost, f"effects that nobody knows of: {lost}; {told}"


async def _money(connection: Connection) -> None:
    """All set aside was spent or given back (less than none, if it cost more), budgets know it."""
    sums: dict[str, Counter[str]] = {}
    query = sa.select(ledger.c.attempt_id, ledger.c.kind, ledger.c.amount_micro_usd)
    for row in await _rows(connection, query):
        sums.setdefault(row.attempt_id, Counter())[row.kind] += row.amount_micro_usd
    for name, of in sums.items():
        assert of["reserve"] == of["settle"] + of["release"], (name, dict(of))
    spent = sum(of["settle"] for of in sums.values())
    budgets: dict[str, Counter[str]] = {}
    for period in await _rows(connection, sa.select(budget_periods)):
        assert period.reserved_micro_usd == 0
        budgets.setdefault(period.budget_id, Counter())["spent"] += period.spent_micro_usd
    assert all(of["spent"] == spent for of in budgets.values()), (spent, budgets)


async def _rows(connection: Connection, query: sa.Select[Any]) -> list[sa.Row[Any]]:
    return list((await connection.execute(query)).all())


async def _none_held(database: Database) -> bool:
    """An attempt that was cancelled ends a moment after its run."""
    query = sa.select(sa.func.count()).where(attempts.c.state == "running")
    async with database.reading() as connection:
        return not (await connection.execute(query)).scalar_one()


async def _no_slot(database: Database) -> bool:
    """The engine writes its own ending a moment after ours."""
    schema = "" if database.is_sqlite else "dbos."
    query = sa.text(f"SELECT count(*) FROM {schema}workflow_status WHERE status = 'PENDING'")
    async with database.reading() as connection:
        return not (await connection.execute(query)).scalar_one()


async def over(database: Database, within_s: float = PATIENCE_S) -> None:
    """Wait until no run is under way or paused."""
    await until(lambda: _all_over(database), "some runs never ended", within_s)


async def _all_over(database: Database) -> bool:
    query = sa.select(sa.func.count()).where(runs.c.finished_at.is_(None))
    async with database.reading() as connection:
        return not (await connection.execute(query)).scalar_one()


async def until(
    holds: Callable[[], bool | Awaitable[bool]], otherwise: str, within_s: float = PATIENCE_S
) -> None:
    """Wait until it holds; fails with these words where it does not within the time."""
    try:
        async with asyncio.timeout(within_s):
            while True:
                found = holds()
                if found if isinstance(found, bool) else await found:
                    return
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(otherwise) from None
