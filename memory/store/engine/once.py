"""Insert unless it is there: how repeats are made harmless."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from memory.store.engine.database import Connection
from memory.store.engine.upsert import insert_for


async def insert_once(tx: Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert the row; say whether it was new (False: a unique key was already there)."""
    done = await tx.execute(_once(tx.dialect.name, table), dict(values))
    return done.first() is not None


@cache
def _once(dialect: str, table: sa.Table) -> sa.Executable:
    insert = insert_for(dialect, table).on_conflict_do_nothing()
    return insert.returning(sa.literal(1))  # psycopg's row count is not set here
