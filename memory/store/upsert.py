"""INSERT … ON CONFLICT, which SQLite and Postgres both have, each in a dialect of its own."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from memory.store.database import Connection


def insert_into(tx: Connection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that understands `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if tx.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
