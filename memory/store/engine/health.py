"""Whether the database is fit to use, for `orchestra doctor`."""

from pathlib import Path

import sqlalchemy as sa

from memory.model.errors import StorageTrouble
from memory.model.text import text
from memory.store.engine.database import Database, database_url, sqlite_version
from memory.store.tables import projects


async def health(data: Path, url: str) -> str:
    """What it is, in a few words, after opening it, reading, and a write that changes nothing.

    Raises Misconfigured for a URL of another kind, StorageTrouble when it cannot be used.
    """
    database = Database(database_url(data, url))
    try:
        return await _looked_at(database)
    finally:
        await database.close()


async def _looked_at(database: Database) -> str:
    try:
        async with database.transaction() as tx:
            await tx.execute(sa.delete(projects).where(sa.false()))
        async with database.reading() as connection:
            await connection.execute(sa.select(sa.func.count()).select_from(projects))
            if not database.is_sqlite:
                found = await connection.scalar(sa.text("SHOW server_version"))
                return text("Postgres {version}, tables in place", version=found)
            mode = await connection.scalar(sa.text("PRAGMA journal_mode"))
            checked = await connection.scalar(sa.text("PRAGMA quick_check(1)"))
    except sa.exc.DBAPIError as error:
        raise StorageTrouble(
            "Its tables are missing or damaged; run `orchestra chat` once to create them, "
            "or restore a copy of the data folder.",
            detail=str(error.orig),
        ) from error
    if checked != "ok":
        raise StorageTrouble("The database file is damaged; restore a copy of the data folder.")
    version = sqlite_version()
    if mode != "wal":
        return text(
            "SQLite {version}, journal {mode}, slow, tables in place", version=version, mode=mode
        )
    return text("SQLite {version}, write-ahead log, tables in place", version=version)
