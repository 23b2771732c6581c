"""Insert unless it is there: how repeats are made harmless."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from memory.store.database import Connection
from memory.store.upsert import insert_into


async def insert_once(tx: Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert the row; say whether it was new (False: a unique key was already there)."""
    insert = insert_into(tx, table).values(**values).on_conflict_do_nothing()
    done = await tx.execute(insert.returning(sa.literal(1)))  # psycopg's row count is not set here
    return done.first() is not None
