"""The store's promises, on SQLite and Postgres."""

from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from memory.model.base import ProjectId, RunId
from memory.model.errors import Misconfigured
from memory.model.events import RunStarted
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.engine.ownership import owning
from memory.store.tables import audit as audit_table
from memory.store.tables import metadata
from memory.store.traffic import audit, news
from tests.conftest import SetClock

PROJECT = ProjectId("p")


async def _audited(database: Database, at: datetime, rows: int = 3) -> None:
    async with database.transaction() as tx:
        for number in range(rows):
            await audit.record(tx, PROJECT, actor="a", action="x", on=str(number), at=at)


async def test_migrations_make_exactly_the_tables(database: Database) -> None:
    async with database.reading() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )
    assert differences == []


async def test_upgrading_twice_changes_nothing(database: Database) -> None:
    await schema.upgrade(database)


def test_head_is_the_newest_migration() -> None:
    folder = schema.MIGRATIONS / "versions"
    newest = max(path.name for path in folder.glob("[0-9]*.py"))
    assert newest.startswith(schema.HEAD)


async def test_the_audit_chain_holds_and_shows_where_it_was_broken(
    database: Database, clock: SetClock
) -> None:
    await _audited(database, clock.now())
    async with database.reading() as connection:
        assert await audit.first_broken(connection) is None
    async with database.transaction() as tx:
        await tx.execute(
            sa.update(audit_table).where(audit_table.c.object == "1").values(actor="mallory")
        )
    async with database.reading() as connection:
        assert await audit.first_broken(connection) == 2


async def test_a_failed_transaction_leaves_nothing(database: Database, clock: SetClock) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            await news.tell(tx, PROJECT, RunStarted(run=RunId("r")), at=clock.now())
            raise RuntimeError
    async with database.reading() as connection:
        assert await news.after(connection, 0) == []


async def test_readers_resume_behind_their_cursor(database: Database, clock: SetClock) -> None:
    async with database.transaction() as tx:
        for run in ("r1", "r2"):
            await news.tell(tx, PROJECT, RunStarted(run=RunId(run)), at=clock.now())
        await news.move_cursor(tx, "reporter", 1)
    async with database.reading() as connection:
        rest = await news.after(connection, await news.cursor(connection, "reporter"))
    assert [item.run for _, _, item in rest] == ["r2"]


def test_a_second_process_is_told_who_has_the_folder(tmp_path: Path) -> None:
    with owning(tmp_path), pytest.raises(Misconfigured, match="Another Orchestra"):
        with owning(tmp_path):
            pass


def test_other_databases_are_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="SQLite or Postgres"):
        database_url(tmp_path, "mysql://localhost/x")
