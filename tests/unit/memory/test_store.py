"""The store's promises, on SQLite and Postgres."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
from memory.store.tables import metadata
from memory.store.traffic import news
from tests.conftest import SetClock

PROJECT = ProjectId("p")


async def test_a_new_database_is_the_one_that_migrations_make(database: Database) -> None:
    async with database.transaction() as tx:
        made = await tx.run_sync(_tables)
        await tx.run_sync(metadata.drop_all)
        await tx.execute(sa.text("DROP TABLE alembic_version"))
        await tx.run_sync(schema.migrate)
        differences = await tx.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )
        assert differences == []
        assert await tx.run_sync(_tables) == made


def _tables(connection: sa.Connection) -> dict[str, object]:
    """What a database says about its tables, in whatever order they and their columns came."""
    found = sa.inspect(connection)
    looks = (
        found.get_columns,
        found.get_indexes,
        found.get_unique_constraints,
        found.get_foreign_keys,
        found.get_check_constraints,
    )
    names = [name for name in found.get_table_names() if name != "alembic_version"]
    return {
        name: (
            found.get_pk_constraint(name),
            *(sorted(str(_plain(one)) for one in look(name)) for look in looks),
        )
        for name in names
    }


def _plain(found: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(
            {key: str(one) for key, one in value.items()} if isinstance(value, dict) else value
        )
        for name, value in found.items()
    }


async def test_upgrading_twice_changes_nothing(database: Database) -> None:
    await schema.upgrade(database)


def test_head_is_the_newest_migration() -> None:
    folder = schema.MIGRATIONS / "versions"
    newest = max(path.name for path in folder.glob("[0-9]*.py"))
    assert newest.startswith(schema.HEAD)


async def test_a_failed_transaction_leaves_nothing(database: Database, clock: SetClock) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            await news.tell(tx, PROJECT, RunStarted(run=RunId("r")), at=clock.now())
            raise RuntimeError
    async with database.reading() as connection:
        assert await news.after(connection, 0) == []


async def test_a_connection_that_is_given_up_in_the_middle_of_a_query_holds_no_lock(
    sqlite: Database,
) -> None:
    """As when a task is cancelled: what it was reading hangs in a cycle until it's collected."""
    async with sqlite.engine.connect() as given_up:
        raw = await given_up.get_raw_connection()
        driver = raw.driver_connection
        assert driver is not None
        await driver.execute("BEGIN IMMEDIATE")
        cursor = await driver.execute("SELECT name FROM sqlite_master")
        assert await cursor.fetchone()
        await given_up.invalidate()
    async with asyncio.timeout(5), sqlite.transaction():
        assert cursor


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
