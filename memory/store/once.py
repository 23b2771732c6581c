"""Insert unless it is there: how repeats are made harmless."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from memory.store.database import Connection
from memory.store.upsert import insert_into


async def insert_once(tx: Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert the row; say whether it was new (False: a unique key was already there)."""
    done = await tx.execute(insert_into(tx, table).values(**values).on_conflict_do_nothing())
    return done.rowcount == 1
