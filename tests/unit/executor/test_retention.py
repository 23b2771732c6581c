"""What is swept after a while, and what never is."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from executor.worker import retention
from executor.worker.retention import Swept
from memory.model.base import ProjectId
from memory.model.identity import ThreadRef
from memory.store.engine.database import Database
from memory.store.running import artifacts
from memory.store.tables import artifacts as artifact_rows
from memory.store.tables import attempts, effects, events, ledger, runs, tasks
from memory.store.tables import inbox as inbox_rows
from memory.store.tables import outbox as outbox_rows
from memory.store.traffic import (
    audit,
    jobs,
    news,
    outbox,
)
from tests.conftest import SetClock
from tests.unit.executor.world import PROJECT, THREAD, plan, queued, task, world, writes

KEEP = timedelta(days=30)
WHERE = ThreadRef(platform="console", workspace="w", channel="c", thread="t")
ELSEWHERE = ThreadRef(platform="console", workspace="w", channel="c", thread="u")


def later(days: float = 31) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


async def count(database: Database, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    async with database.reading() as connection:
        query = sa.select(sa.func.count()).select_from(table).where(*where)
        return int((await connection.execute(query)).scalar_one())


async def traffic(database: Database, *, read: bool = True) -> None:
    """A message that came in and was dealt with, one that was sent, and a reader of events."""
    now = datetime.now(UTC)
    async with database.transaction() as tx:
        await jobs.put(tx, "e", thread_key=THREAD, body={}, at=now)
        await tx.execute(sa.update(inbox_rows).values(state="done"))
        for where in (WHERE, ELSEWHERE):
            await outbox.put(
                tx, where.key, project=PROJECT, thread=where, body={"text": "x"}, at=now
            )
        await tx.execute(sa.update(outbox_rows).values(state="sent"))
        newest = (await tx.execute(sa.select(sa.func.max(events.c.seq)))).scalar_one_or_none()
        if read:
            await news.move_cursor(tx, "reporter", newest or 0)


async def test_a_finished_run_loses_what_it_made_and_told_and_keeps_that_it_was(
    database: Database, tmp_path: Path
) -> None:
    async with world(database, tmp_path, engine=queued(database)) as here:
        await here.run(task("a"), writes("b", "a"))
    await traffic(database)
    kept = {table: await count(database, table) for table in (runs, attempts, effects, ledger)}
    now = later()
    promised = await retention.forecast(database, now=now, keep=KEEP)
    first = await retention.sweep(database, now=now, keep=KEEP, by="ana")
    assert (first.values, first.inbox, first.outbox, first.tickets) == (2, 1, 2, 2)
    assert first.events == promised.events > 0
    assert (first.tickets, promised.artifacts) == (promised.tickets, 0)
    second = await retention.sweep(database, now=now, keep=KEEP, by="ana")
    assert second == Swept(artifacts=2)
    assert await count(database, artifact_rows) == 0
    assert {table: await count(database, table) for table in kept} == kept
    async with database.reading() as connection:
        assert await audit.first_broken(connection) is None


async def test_what_happens_after_a_sweep_is_still_news_to_its_readers(
    database: Database, tmp_path: Path
) -> None:
    """SQLite gives the number of a last row again once that is gone."""
    async with world(database, tmp_path) as here:
        await here.run(task("a"))
        await traffic(database)
        await retention.sweep(database, now=later(), keep=KEEP, by="ana")
        async with database.reading() as connection:
            read = await news.cursor(connection, "reporter")
        run = await here.over(await here.start(plan(task("a"), title="again")))
        async with database.reading() as connection:
            told = await news.after(connection, read)
    assert {getattr(item, "run", "") for _, _, item in told} == {run.id}
    assert [item.kind for _, _, item in told] == await here.kinds(run.id)


async def test_nothing_young_is_swept(database: Database, tmp_path: Path) -> None:
    async with world(database, tmp_path, engine=queued(database)) as here:
        await here.run(task("a"))
    await traffic(database)
    swept = await retention.sweep(database, now=later(29), keep=KEEP, by="ana")
    assert swept == Swept(tickets=1)


async def test_a_run_under_way_keeps_everything_however_old(
    database: Database, tmp_path: Path
) -> None:
    async with world(database, tmp_path) as here:
        asked = task("asked", "first", agent="person")
        run = await here.start(plan(task("first"), asked))
        await here.until(run, lambda view: view.tasks[1].state.value == "asking")
        told = await here.kinds(run)
        await traffic(database)
        for _ in range(2):
            swept = await retention.sweep(database, now=later(400), keep=KEEP, by="ana")
        assert await here.kinds(run) == told
    assert await count(database, tasks, tasks.c.value_digest != "") == 1
    assert await count(database, artifact_rows) == 1
    assert await count(database, outbox_rows, outbox_rows.c.thread_key == THREAD) == 1
    assert await count(database, outbox_rows) == 1
    assert swept.values == 0


async def test_events_that_somebody_has_not_read_stay(database: Database, tmp_path: Path) -> None:
    async with world(database, tmp_path) as here:
        run = await here.run(task("a"))
    await traffic(database, read=False)
    swept = await retention.sweep(database, now=later(), keep=KEEP, by="ana")
    assert swept.events == 0
    assert await count(database, events, events.c.run_id == run.id) > 0


async def test_an_artifact_stays_while_it_is_used_or_to_be_sent(database: Database) -> None:
    now = datetime.now(UTC)
    async with database.transaction() as tx:
        await artifacts.put(tx, PROJECT, b"nobody's", "text/plain", at=now)
        sent = await artifacts.put(tx, PROJECT, b"to be sent", "text/plain", at=now)
        body = {"files": [{"name": "a", "digest": sent}]}
        await outbox.put(tx, "k", project=PROJECT, thread=WHERE, body=body, at=now)
    swept = await retention.sweep(database, now=later(), keep=KEEP, by="ana")
    assert swept == Swept(artifacts=1)
    async with database.reading() as connection:
        assert await artifacts.get(connection, PROJECT, sent) == b"to be sent"


async def test_of_several_workers_one_sweeps_each_day(database: Database, clock: SetClock) -> None:
    first = await retention.once(database, clock, keep_days=30)
    assert first == Swept()
    assert await retention.once(database, clock, keep_days=30) is None
    clock.forward(days=1)
    assert await retention.once(database, clock, keep_days=0) is None
    assert await retention.once(database, clock, keep_days=30) == Swept()


async def test_the_sweep_is_on_the_record_with_its_counts(database: Database) -> None:
    await traffic(database)
    await retention.sweep(database, now=later(), keep=KEEP, by="console:w:ana")
    async with database.reading() as connection:
        from memory.store.tables import audit as rows

        row = (await connection.execute(sa.select(rows))).one()
    assert (row.actor, row.action, row.project_id) == (
        "console:w:ana",
        "data.swept",
        ProjectId("all"),
    )
    assert (row.ids["inbox"], row.ids["outbox"]) == ("1", "2")


async def test_a_ticket_that_ended_before_its_attempt_is_put_back(
    database: Database, tmp_path: Path
) -> None:
    status = "workflow_status" if database.is_sqlite else "dbos.workflow_status"
    async with world(database, tmp_path, engine=queued(database)) as here:
        run = await here.start(plan(task("asked", agent="person")))
        await here.until(run, lambda view: view.tasks[0].state.value == "asking")
        async with database.transaction() as tx:  # as a fault of ours might leave it
            await tx.execute(sa.update(attempts).values(state="enqueued"))
            await tx.execute(sa.text(f"UPDATE {status} SET status = 'ERROR', completed_at = 1"))
        await retention.sweep_tickets(database, now=datetime.now(UTC))
        async with asyncio.timeout(20):
            while await count(database, attempts, attempts.c.state == "asking") == 0:
                await asyncio.sleep(0.02)
