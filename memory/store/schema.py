"""Bringing a database to the present tables."""

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from memory.store.database import Database

HEAD: Final = "0001"
"""The newest migration; a test holds it to the folder `migrations`."""


async def upgrade(database: Database) -> None:
    """Make or upgrade the tables. Cheap when there is nothing to do. Raises StorageTrouble."""
    async with database.reading() as connection:
        if await connection.run_sync(_version) == HEAD:
            return
    async with database.transaction() as tx:
        await tx.run_sync(_upgrade)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
    return found.scalar_one_or_none()


def _upgrade(connection: sa.Connection) -> None:
    # alembic takes 0.8 s to import, and most starts need no migration.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
