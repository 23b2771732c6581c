"""What actions from outside the chat came to, so that a repeated call is the same act.

A chat event needs none of this: its job is finished in the transaction of its action.
"""

from datetime import datetime

import sqlalchemy as sa
from pydantic import JsonValue

from memory.model.base import ProjectId
from memory.model.errors import Conflict
from memory.store.engine.database import Connection
from memory.store.tables import acts


async def result_of(connection: Connection, event: str, action: str) -> JsonValue | None:
    """The result of the act with this id, None when there was none.

    Raises Conflict when the id was used for another action.
    """
    rows = await connection.execute(sa.select(acts).where(acts.c.event_id == event))
    found = rows.mappings().one_or_none()
    if found is None:
        return None
    if found["action"] != action:
        raise Conflict("That request id was already used for something else; send a new one.")
    result: JsonValue = found["result"]
    return result


async def keep(
    tx: Connection, project: ProjectId, event: str, action: str, result: JsonValue, *, at: datetime
) -> None:
    """Remember what the act came to."""
    row = {"event_id": event, "project_id": project, "action": action, "result": result, "at": at}
    await tx.execute(sa.insert(acts).values(row))
