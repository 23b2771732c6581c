"""The kill switch: a row that is looked at before every attempt (law 20)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from memory.model.base import ProjectId
from memory.model.errors import BadInput
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.tables import switches

ARCHIVE: Final = "archive:"
"""With a project's id: the scope that is stopped as long as the project is archived."""


@dataclass(frozen=True)
class Switch:
    """Work is stopped in this scope ("all", "project:ID" or "archive:ID")."""

    scope: str
    set_by: str
    reason: str
    at: datetime

    @property
    def archived(self) -> bool:
        """Whether it holds because the project is archived."""
        return self.scope.startswith(ARCHIVE)


async def throw(tx: Connection, scope: str, *, by: str, reason: str, at: datetime) -> bool:
    """Stop all work in the scope; False where it was stopped before. Raises BadInput."""
    if scope != "all" and not scope.startswith(("project:", ARCHIVE)):
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
    archived_first = sa.case((switches.c.scope.startswith(ARCHIVE), 0), else_=1)
    query = sa.select(switches).where(concerns(project)).order_by(archived_first).limit(1)
    row = (await connection.execute(query)).first()
    return Switch(row.scope, row.set_by, row.reason, row.at) if row else None


def concerns(project: ProjectId | sa.Column[str]) -> sa.ColumnElement[bool]:
    """Which rows of the table stop this project, or that of a row."""
    own = [sa.literal(scope) + project for scope in ("project:", ARCHIVE)]
    return switches.c.scope.in_([sa.literal("all"), *own])
