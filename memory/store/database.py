"""Opening the database, and the only commit in the program."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from memory.model.errors import Misconfigured, StorageTrouble

Connection = AsyncConnection

BUSY_MS = 15_000


def database_url(data: Path, url: str = "") -> sa.URL:
    """The URL with its async driver: Postgres where one is given, else SQLite in `data`.

    Raises Misconfigured for any other kind of database.
    """
    if not url:
        return sa.URL.create("sqlite+aiosqlite", database=str(data / "orchestra.db"))
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise Misconfigured(
            "The database URL cannot be read; it looks like postgresql://user@host/name."
        ) from error
    kind = parsed.get_backend_name()
    if kind in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if kind == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    raise Misconfigured(f"Orchestra keeps its data in SQLite or Postgres, not in {kind}.")


class Database:
    """One database. `transaction()` is the only way to change it; `reading()` sees a snapshot."""

    def __init__(self, url: sa.URL) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine = _engine(url)
        # SQLite has one writer; queueing here is fair, its busy handler is not.
        self._turn = asyncio.Lock() if self.is_sqlite else nullcontext()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """All or nothing. Raises StorageTrouble when the database cannot be written."""
        async with self._turn, _in_plain_words(), self.engine.connect() as connection:
            await connection.execution_options(orchestra_writes=True)
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A consistent view, for SELECT only. Raises StorageTrouble."""
        async with _in_plain_words(), self.engine.connect() as connection:
            yield connection

    async def close(self) -> None:
        """Give back every connection."""
        await self.engine.dispose()


@asynccontextmanager
async def _in_plain_words() -> AsyncIterator[None]:
    try:
        yield
    except sa.exc.OperationalError as error:
        raise StorageTrouble(_sentence(error), detail=str(error.orig)) from error


def _sentence(error: sa.exc.OperationalError) -> str:
    text = str(error.orig).lower()
    if "full" in text or "no space" in text:
        return "The disk is full; free some space and I go on from where I was."
    if "readonly" in text or "read-only" in text:
        return "The data folder cannot be written; check its owner and rights."
    if "locked" in text:
        return "The database is busy with another program; I will try again."
    return "The database does not answer; run `orchestra doctor` to see why."


def _engine(url: sa.URL) -> AsyncEngine:
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)
    engine = create_async_engine(url, pool_size=5, max_overflow=5)
    sa.event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    sa.event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling begins too late for BEGIN IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("orchestra_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def sqlite_version() -> str:
    """The version of the SQLite library in use, for `orchestra doctor`."""
    return sqlite3.sqlite_version
