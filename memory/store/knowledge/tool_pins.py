"""Which tools of which server were approved. A server has one list; the newest approval holds."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from memory.model.agents.tools import OfferedTool, ToolPin, tools_digest
from memory.model.base import Digest, ProjectId
from memory.store.engine.database import Connection
from memory.store.engine.upsert import insert_into
from memory.store.tables import tool_pins
from memory.store.traffic import audit

EVERYWHERE: Final = ProjectId("all")
"""Servers belong to the installation; the audit row says so."""


async def every(connection: Connection) -> tuple[ToolPin, ...]:
    """All approved lists, by server."""
    rows = await connection.execute(sa.select(tool_pins).order_by(tool_pins.c.server))
    return tuple(
        ToolPin(
            server=row.server,
            digest=Digest(row.hash),
            tools=tuple(OfferedTool.model_validate(tool) for tool in row.tools),
            approved_by=row.approved_by,
            at=row.at,
        )
        for row in rows
    )


async def approve(
    tx: Connection, server: str, tools: tuple[OfferedTool, ...], *, by: str, at: datetime
) -> ToolPin:
    """Hold the server to these tools from now on, and leave proof of who said so."""
    pin = ToolPin(server=server, digest=tools_digest(tools), tools=tools, approved_by=by, at=at)
    values = {
        "hash": pin.digest,
        "tools": [tool.model_dump(mode="json") for tool in tools],
        "approved_by": by,
        "at": at,
    }
    insert = insert_into(tx, tool_pins).values(server=server, **values)
    await tx.execute(insert.on_conflict_do_update(index_elements=["server"], set_=values))
    await audit.record(
        tx,
        EVERYWHERE,
        actor=by,
        action="tools_approved",
        on=server,
        at=at,
        ids={"hash": pin.digest},
    )
    return pin


async def withdraw(tx: Connection, server: str, *, by: str, at: datetime) -> bool:
    """Take the approval back; False where there was none."""
    gone = await tx.execute(sa.delete(tool_pins).where(tool_pins.c.server == server))
    if gone.rowcount:
        await audit.record(tx, EVERYWHERE, actor=by, action="tools_refused", on=server, at=at)
    return bool(gone.rowcount)
