"""kill -9 at every crash point of the executor: nothing lost, nothing done or paid twice."""

import asyncio
import signal
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

import executor.service
from memory.model.crash import CRASH_POINTS
from memory.store.engine.database import Database, database_url
from memory.store.tables import attempts, budget_periods, effects, ledger, runs, task_records, tasks
from memory.store.traffic import audit
from tests.restart.executor_child import COST, RESERVED
from tests.restart.nursery import PATIENCE_S, Forks, nursery

EXECUTOR_POINTS = {
    "in_accept", "after_accept", "after_claim", "after_reserve", "before_effect", "after_agent",
    "after_effect", "before_advance", "in_settle", "after_advance", "after_enqueue", "after_expand",
}  # fmt: skip
LATER = ("after_reserve", "after_agent", "in_settle", "after_enqueue")
"""Points that are tried again at the paid task, which is the second to pass them."""
ITEMS = 2
"""Of the list that each run goes through; the list itself is nobody's attempt."""
KILLS = [*((point, 1) for point in sorted(EXECUTOR_POINTS)), *((point, 2) for point in LATER)]


def test_every_point_the_executor_declares_is_killed_at() -> None:
    assert executor.service
    others = {point for point in CRASH_POINTS if point not in EXECUTOR_POINTS}
    assert EXECUTOR_POINTS <= CRASH_POINTS
    assert not {point for point in others if _declared_by_executor(point)}


def _declared_by_executor(point: str) -> bool:
    folder = Path(executor.service.__file__).parent
    return any(f'crashpoint("{point}")' in path.read_text() for path in folder.rglob("*.py"))


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_kill_9_anywhere_loses_nothing_and_repeats_nothing(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = "" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    async with nursery("tests.restart.executor_child") as forks:
        for number, (point, on_pass) in enumerate(KILLS):
            code = await _life(forks, tmp_path, url, number, point, on_pass)
            assert code == -signal.SIGKILL, f"{point} was not passed {on_pass} times"
        assert await _life(forks, tmp_path, url, -1, "", 0) == 0
    database = Database(database_url(tmp_path, url))
    try:
        await _all_is_well(database, tmp_path)
    finally:
        await database.close()


async def _life(forks: Forks, root: Path, url: str, number: int, point: str, on_pass: int) -> int:
    """How it ended."""
    victim = await forks.fork(
        root=str(root), url=url, number=number, point=point, on_pass=on_pass,
        log=str(root / "log.txt"),
    )  # fmt: skip
    async with asyncio.timeout(PATIENCE_S):
        code = await victim.ended
    if code not in {0, -signal.SIGKILL}:
        print(victim.log.read_text()[-4000:])
    return code


async def _all_is_well(database: Database, root: Path) -> None:
    async with database.reading() as connection:

        async def rows(query: sa.Select) -> list[sa.Row]:
            return list((await connection.execute(query)).all())

        # The first kill is inside the accepting transaction, so that run was never promised.
        accepted = len(KILLS) - sum(1 for point, _ in KILLS if point == "in_accept")
        accepted -= sum(1 for kill in KILLS if kill == ("after_enqueue", 1))
        found = await rows(sa.select(runs.c.id, runs.c.state))
        assert Counter(row.state for row in found) == {"succeeded": accepted}
        assert {row.state for row in await rows(sa.select(tasks.c.state))} == {"succeeded"}
        ended = await rows(sa.select(attempts.c.state))
        assert {row.state for row in ended} == {"succeeded"}

        keys = [row.key.rsplit(":", 1)[0] for row in await rows(sa.select(effects.c.key))]
        assert {row.state for row in await rows(sa.select(effects.c.state))} == {"done"}
        assert Counter(keys) == Counter((root / "effects.txt").read_text().split())
        assert len(keys) == len(set(keys)) == accepted * (2 + ITEMS)

        lines = await rows(sa.select(ledger.c.kind, ledger.c.amount_micro_usd, ledger.c.estimated))
        sums = Counter[str]()
        for line in lines:
            sums[line.kind] += line.amount_micro_usd
        lost = [line.amount_micro_usd for line in lines if line.estimated]
        assert set(lost) <= {RESERVED}  # all that a call of a dead worker may have cost
        spent = accepted * COST + sum(lost)
        assert sums["settle"] == spent
        assert sums["reserve"] == sums["settle"] + sums["release"]
        period = (await rows(sa.select(budget_periods)))[0]
        assert (period.spent_micro_usd, period.reserved_micro_usd) == (spent, 0)
        assert (await rows(sa.select(sa.func.sum(runs.c.cost_micro_usd))))[0][0] == spent
        assert len(await rows(sa.select(task_records.c.id))) == accepted * (4 + ITEMS)
        assert await audit.first_broken(connection) is None
