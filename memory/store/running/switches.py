"""The kill switch: a row that is looked at before every attempt (law 20)."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from memory.model.base import ProjectId
from memory.model.errors import BadInput
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.tables import switches


@dataclass(frozen=True)
class Switch:
    """Work is stopped in this scope ("all" or "project:ID")."""

    scope: str
    set_by: str
    reason: str
    at: datetime


async def throw(tx: Connection, scope: str, *, by: str, reason: str, at: datetime) -> bool:
    """Stop all work in the scope; False where it was stopped before. Raises BadInput."""
    if scope != "all" and not scope.startswith("project:"):
        raise BadInput("Say `all` or `project:NAME` to stop work.")
    return await insert_once(
        tx, switches, {"scope": scope, "set_by": by, "reason": reason, "at": at}
    )


async def release(tx: Connection, scope: str) -> bool:
    """Let work go on; False where it was not stopped."""
    gone = await tx.execute(sa.delete(switches).where(switches.c.scope == scope))
    return gone.rowcount == 1


async def stopped(connection: Connection, project: ProjectId) -> Switch | None:
    """The switch that stops this project now, if there is one."""
    row = (await connection.execute(sa.select(switches).where(concerns(project)).limit(1))).first()
    return Switch(row.scope, row.set_by, row.reason, row.at) if row else None


def concerns(project: ProjectId) -> sa.ColumnElement[bool]:
    """Which rows of the table stop this project."""
    return switches.c.scope.in_(["all", f"project:{project}"])
