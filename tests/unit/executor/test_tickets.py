"""Tickets that are written together are what DBOS writes for each."""

from typing import Any

import sqlalchemy as sa

from executor.engine.dbos import DbosEngine, enqueue_one
from executor.engine.port import Ticket
from memory.store.engine.database import Connection, Database

OF_ITS_OWN = {"workflow_uuid", "creator_xid", "created_at", "updated_at", "retention_timestamp"}
SAID = "a “quoted” \\ name"


async def test_many_tickets_in_two_statements_are_the_rows_that_dbos_makes(
    database: Database,
) -> None:
    engine = DbosEngine(database, works=False)
    await engine.open(_refuse, lost=lambda: None)
    try:
        async with database.transaction() as tx:
            # Each has an id of the same form, so that all else is to be the same.
            await engine.enqueue(tx, [Ticket(f"{SAID}:{n}", "lane", turn=7) for n in range(3)])
            await engine.enqueue(tx, [Ticket(f"{SAID}:0", "another lane", turn=9)])
        async with database.transaction() as tx:
            one = Ticket(f"{SAID}:9", "lane", turn=7)
            await tx.run_sync(lambda connection: enqueue_one(engine._client, connection, one))
        async with database.reading() as connection:
            for table in ("workflow_status", "workflow_input"):
                *ours, theirs = await _rows(connection, table)
                assert len(ours) == 3
                for number, row in enumerate(ours):
                    assert _same(row, str(number)) == _same(theirs, "9")
                assert [row["workflow_uuid"] for row in ours] == [f"{SAID}:{n}" for n in range(3)]
    finally:
        await engine.close()


async def _refuse(ticket: str) -> None:
    raise AssertionError(ticket)


async def _rows(connection: Connection, table: str) -> list[dict[str, Any]]:
    prefix = "dbos." if connection.dialect.name == "postgresql" else ""
    query = sa.text(f"SELECT * FROM {prefix}{table} ORDER BY workflow_uuid")
    return [dict(row) for row in (await connection.execute(query)).mappings()]


def _same(row: dict[str, Any], number: str) -> dict[str, Any]:
    """The row without what is its own, its number taken out of what is made of its id."""
    return {
        name: value.replace(f":{number}", ":#") if name == "inputs" and value else value
        for name, value in row.items()
        if name not in OF_ITS_OWN
    }
