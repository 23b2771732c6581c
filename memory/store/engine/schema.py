"""Bringing a database to the present tables."""

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from memory.model.errors import Misconfigured
from memory.store.engine.database import Database
from memory.store.tables import metadata

HEAD: Final = "0020"
"""The newest migration; a test holds it to the folder `migrations`."""

MIGRATIONS: Final = Path(__file__).parents[1] / "migrations"
LOCK: Final = 0x0C4E57A
"""Any number, the same in every Orchestra."""

_VERSIONS: Final = sa.MetaData()
_VERSION: Final = sa.Table(  # alembic's own, which says what was run
    "alembic_version",
    _VERSIONS,
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


async def upgrade(database: Database) -> None:
    """Make or upgrade the tables. Cheap when there is nothing to do.

    Raises Misconfigured for tables of a newer Orchestra, StorageTrouble.
    """
    async with database.reading() as connection:
        found = await connection.run_sync(_version)
    if found == HEAD:
        return
    if found is not None and found not in _known():
        raise Misconfigured(
            "This database was upgraded to version {found} by a newer Orchestra, and this one "
            "only knows it up to version {head}; install the newer one here too.",
            found=found,
            head=HEAD,
        )
    async with database.transaction() as tx:
        await tx.run_sync(_make if found is None else migrate)


async def require(database: Database) -> None:
    """For those who only read: raise Misconfigured unless the tables are those of this program."""
    async with database.reading() as connection:
        found = await connection.run_sync(_version)
    if found != HEAD:
        raise Misconfigured(
            "This database is at version {found}, but this Orchestra reads version {head}; use "
            "the one that runs there, or start the newer one on it once.",
            found=found or "none",
            head=HEAD,
        )


def _known() -> set[str]:
    return {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
    return found.scalar_one_or_none()


def _make(connection: sa.Connection) -> None:
    """All tables of a new database at once, as the migrations would make them one by one."""
    _alone(connection)
    if _version(connection) is not None:
        return
    metadata.create_all(connection, checkfirst=False)
    _VERSIONS.create_all(connection)
    connection.execute(_VERSION.insert().values(version_num=HEAD))


def migrate(connection: sa.Connection) -> None:
    """Run every migration that the database lacks."""
    # alembic takes 0.2 s to import, and most starts need no migration.
    from alembic import command  # noqa: PLC0415 - only where tables are of another version
    from alembic.config import Config  # noqa: PLC0415 - as above

    _alone(connection)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _alone(connection: sa.Connection) -> None:
    """Hold back the others: several workers may start at the same moment."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:one)"), {"one": LOCK})
