"""Insert unless it is there: how repeats are made harmless."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from memory.store.database import Connection


async def insert_once(tx: Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert the row; say whether it was new (False: a unique key was already there)."""
    make = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    done = await tx.execute(make(table).values(**values).on_conflict_do_nothing())
    return done.rowcount == 1
