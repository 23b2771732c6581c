"""The audit chain: read by rows, and whatever was done to it shows, on SQLite and Postgres."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from memory.model.audit import AuditRow, BrokenRow, Fault, Intact
from memory.model.base import ProjectId
from memory.store.engine.database import Database
from memory.store.tables import audit as rows
from memory.store.traffic import audit
from memory.store.traffic.chain import hash_of
from tests.conftest import SetClock

SALES, TAX = ProjectId("sales"), ProjectId("tax")
ACTIONS = ("plan.shown", "plan.approved", "run.started", "run.paused", "run.finished")


@pytest.fixture
async def chain(database: Database, clock: SetClock) -> Database:
    """Five rows, a minute apart, of two projects and two actors by turns."""
    for number, action in enumerate(ACTIONS):
        async with database.transaction() as tx:
            await audit.record(
                tx,
                SALES if number % 2 else TAX,
                actor="ana" if number < 3 else "bo",
                action=action,
                on=f"run_{number}",
                at=clock.now(),
                ids={"plan": "h1"},
            )
        clock.forward(minutes=1)
    return database


async def _verify(database: Database) -> Intact | BrokenRow:
    async with database.reading() as connection:
        return await audit.verify(connection)


async def _alter(database: Database, *statements: sa.Executable) -> None:
    async with database.transaction() as tx:
        for statement in statements:
            await tx.execute(statement)


async def _listed(database: Database, **asked: object) -> list[int]:
    async with database.reading() as connection:
        found = await audit.listed(connection, **{"project": None, **asked})  # type: ignore[arg-type]
    return [row.seq for row in found]


async def test_an_untouched_chain_is_intact_and_names_its_end(chain: Database) -> None:
    async with chain.reading() as connection:
        (newest,) = await audit.listed(connection, project=None, limit=1)
        assert await audit.first_broken(connection) is None
    assert await _verify(chain) == Intact(rows=5, newest=newest.hash)


async def test_an_empty_chain_is_intact(database: Database) -> None:
    assert await _verify(database) == Intact(rows=0, newest=audit.GENESIS)


@pytest.mark.parametrize(
    "change",
    [{"actor": "mallory"}, {"action": "run.cancelled"}, {"ids": {"plan": "h2"}}, {"object": "x"}],
)
async def test_a_changed_row_is_named(
    chain: Database, clock: SetClock, change: dict[str, object]
) -> None:
    await _alter(chain, sa.update(rows).where(rows.c.seq == 3).values(**change))
    broken = await _verify(chain)
    assert broken == BrokenRow(
        seq=3,
        action=str(change.get("action", "run.started")),
        at=clock.now() - timedelta(minutes=3),
        fault=Fault.OWN_HASH,
    )
    async with chain.reading() as connection:
        assert await audit.first_broken(connection) == broken


async def test_a_changed_row_with_a_hash_made_to_fit_breaks_the_next(chain: Database) -> None:
    await _alter(chain, sa.update(rows).where(rows.c.seq == 3).values(hash="0" * 63 + "1"))
    broken = await _verify(chain)
    assert isinstance(broken, BrokenRow)
    assert (broken.seq, broken.fault) == (3, Fault.OWN_HASH)
    async with chain.reading() as connection:
        third = (await audit.listed(connection, project=None))[2]
    forged = third.model_dump(exclude={"seq", "previous", "hash", "seal"}) | {"actor": "mallory"}
    fitting = hash_of(forged, third.previous)
    await _alter(
        chain, sa.update(rows).where(rows.c.seq == 3).values(actor="mallory", hash=fitting)
    )
    broken = await _verify(chain)
    assert isinstance(broken, BrokenRow)
    assert (broken.seq, broken.fault) == (4, Fault.PREVIOUS_HASH)


@pytest.mark.parametrize("seq", [1, 2, 4])
async def test_a_removed_row_breaks_the_one_behind_it(chain: Database, seq: int) -> None:
    await _alter(chain, sa.delete(rows).where(rows.c.seq == seq))
    broken = await _verify(chain)
    assert isinstance(broken, BrokenRow)
    assert (broken.seq, broken.fault) == (seq + 1, Fault.PREVIOUS_HASH)


async def test_a_row_removed_from_the_end_shows_against_the_noted_one(chain: Database) -> None:
    before = await _verify(chain)
    await _alter(chain, sa.delete(rows).where(rows.c.seq == 5))
    after = await _verify(chain)
    assert isinstance(before, Intact)
    assert isinstance(after, Intact)
    assert (before.rows, after.rows) == (5, 4)
    assert before.newest != after.newest


async def test_swapped_rows_are_named_at_the_first(chain: Database) -> None:
    def move(seq: int, to: int) -> sa.Executable:
        return sa.update(rows).where(rows.c.seq == seq).values(seq=to)

    await _alter(chain, move(2, 99), move(3, 2), move(99, 3))
    broken = await _verify(chain)
    assert isinstance(broken, BrokenRow)
    assert (broken.seq, broken.action, broken.fault) == (2, "run.started", Fault.PREVIOUS_HASH)


async def test_rows_are_listed_newest_last_and_narrowed(chain: Database, clock: SetClock) -> None:
    start = clock.now() - timedelta(minutes=5)
    assert await _listed(chain) == [1, 2, 3, 4, 5]
    assert await _listed(chain, limit=2) == [4, 5]
    assert await _listed(chain, project=SALES) == [2, 4]
    assert await _listed(chain, action="run.started") == [3]
    assert await _listed(chain, actor="bo") == [4, 5]
    assert await _listed(chain, since=start + timedelta(minutes=3)) == [4, 5]
    assert await _listed(chain, project=SALES, actor="ana", limit=9) == [2]


async def test_rows_behind_a_seq_come_page_by_page(chain: Database) -> None:
    assert await _listed(chain, after_seq=0, limit=3) == [1, 2, 3]
    assert await _listed(chain, after_seq=3, limit=3) == [4, 5]
    assert await _listed(chain, after_seq=5) == []


async def test_every_row_is_exported_whole(chain: Database) -> None:
    async with chain.reading() as connection:
        exported = [row async for row in audit.every(connection)]
        listed = await audit.listed(connection, project=None)
    assert tuple(exported) == listed
    again = [AuditRow.model_validate_json(row.model_dump_json()) for row in exported]
    assert again == exported


async def test_a_chain_longer_than_one_page_is_checked_to_its_end(
    database: Database, clock: SetClock
) -> None:
    count = 2 * audit.PAGE + 1
    async with database.transaction() as tx:
        for number in range(count):
            await audit.record(tx, SALES, actor="ana", action="x", on=str(number), at=clock.now())
    verdict = await _verify(database)
    assert isinstance(verdict, Intact)
    assert verdict.rows == count
    await _alter(database, sa.update(rows).where(rows.c.seq == count).values(actor="mallory"))
    broken = await _verify(database)
    assert isinstance(broken, BrokenRow)
    assert broken.seq == count
