"""INSERT … ON CONFLICT, which SQLite and Postgres both have, each in a dialect of its own."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from memory.store.engine.database import Connection


def insert_into(tx: Connection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that understands `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_for(tx.dialect.name, table)


def insert_for(dialect: str, table: sa.TableClause) -> postgresql.Insert | sqlite.Insert:
    """`insert_into` for a dialect by name, for statements that are built once."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
