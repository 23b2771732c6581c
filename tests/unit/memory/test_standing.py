"""What the exit code of a script is made of."""

import pytest
import sqlalchemy as sa

from memory.store.engine.database import Database
from memory.store.running import exit_status
from memory.store.tables import plans, requests, runs
from tests.conftest import SetClock


def row(table: sa.Table, clock: SetClock, **values: object) -> sa.Insert:
    """One row; what is not named is filled by its type."""
    filled: dict[str, object] = {}
    for column in table.columns:
        if column.name in values or column.default is not None or column.nullable:
            continue
        if column.name.endswith("_at"):
            filled[column.name] = clock.now()
        elif column.name in {"identity", "attachments"}:
            filled[column.name] = {}
        else:
            kind = column.type
            plain = kind.impl_instance if isinstance(kind, sa.types.TypeDecorator) else kind
            filled[column.name] = plain.python_type()
    return sa.insert(table).values({**filled, **values})


@pytest.mark.parametrize(
    ("table", "state", "well"),
    [
        ("requests", "planned", True),
        ("requests", "declined", False),
        ("plans", "superseded", True),
        ("plans", "waiting", True),
        ("plans", "dropped", False),
        ("runs", "succeeded", True),
        ("runs", "failed", False),
        ("runs", "cancelled", False),
        ("runs", "running", False),
    ],
)
async def test_all_is_well_if_nothing_was_refused_or_failed(
    database: Database, clock: SetClock, table: str, state: str, well: bool
) -> None:
    tables = {"requests": requests, "plans": plans, "runs": runs}
    async with database.transaction() as tx:
        await tx.execute(row(tables[table], clock, thread_key="t", state=state))
    async with database.reading() as connection:
        assert await exit_status.all_well(connection, "t") is well
        assert await exit_status.all_well(connection, "another") is True
