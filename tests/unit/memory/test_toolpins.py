"""Approved tools: one list per server, with proof."""

import sqlalchemy as sa

from memory.model.agents.tools import OfferedTool, tools_digest
from memory.store.engine.database import Database
from memory.store.knowledge import tool_pins
from memory.store.tables import audit as audit_rows
from memory.store.traffic import audit
from tests.conftest import SetClock

READ = OfferedTool(name="read", description="Reads.", inputs={"type": "object"}, read_only=True)
WRITE = OfferedTool(name="write", description="Writes.", outputs={"type": "object"})


async def test_the_newest_approval_holds_and_each_leaves_proof(
    database: Database, clock: SetClock
) -> None:
    now = clock.now()
    async with database.transaction() as tx:
        await tool_pins.approve(tx, "github", (READ,), by="ana", at=now)
        await tool_pins.approve(tx, "files", (WRITE,), by="ana", at=now)
    async with database.transaction() as tx:
        pin = await tool_pins.approve(tx, "github", (READ, WRITE), by="bo", at=now)
    async with database.reading() as connection:
        files, github = await tool_pins.every(connection)
        rows = (await connection.execute(sa.select(audit_rows.c.actor, audit_rows.c.object))).all()
        assert await audit.first_broken(connection) is None
    assert github == pin
    assert (files.tools, github.tools, github.approved_by) == ((WRITE,), (READ, WRITE), "bo")
    assert [tuple(row) for row in rows] == [("ana", "github"), ("ana", "files"), ("bo", "github")]


async def test_an_approval_can_be_taken_back(database: Database, clock: SetClock) -> None:
    async with database.transaction() as tx:
        await tool_pins.approve(tx, "github", (READ,), by="ana", at=clock.now())
    async with database.transaction() as tx:
        assert await tool_pins.withdraw(tx, "github", by="bo", at=clock.now())
        assert not await tool_pins.withdraw(tx, "github", by="bo", at=clock.now())
    async with database.reading() as connection:
        assert await tool_pins.every(connection) == ()


def test_a_list_is_told_by_everything_in_it_but_its_order() -> None:
    changed = READ.model_copy(update={"description": "Reads, and sends what it read."})
    assert tools_digest((READ, WRITE)) == tools_digest((WRITE, READ))
    assert tools_digest((READ,)) != tools_digest((changed,))
    assert tools_digest((READ,)) != tools_digest((READ.model_copy(update={"read_only": None}),))
