"""A question to the system: who asks, in which project, as what, and a consistent view of the rows.

A query is `async (Asking, typed input) -> typed result`. It passes the gate, reads and changes
nothing but that the person was seen.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.services import Desk
from memory.model.authority import About, Right, require
from memory.model.base import ProjectId
from memory.model.identity import Identity, Role
from memory.store.engine.database import Connection


@dataclass(frozen=True)
class Asking:
    """One question under way. `role` is what the person was when they came in."""

    connection: Connection
    desk: Desk
    person: Identity
    project: ProjectId
    role: Role
    now: datetime

    def must_see(self) -> None:
        """Pass the gate, or raise NotAllowed with the reason."""
        require(self.person, self.role, Right.SEE, About())


@asynccontextmanager
async def asking(
    desk: Desk, person: Identity, project: ProjectId, role: Role
) -> AsyncIterator[Asking]:
    """The question, on a snapshot of its own. Raises StorageTrouble."""
    async with desk.database.reading() as connection:
        yield Asking(connection, desk, person, project, role, desk.clock.now())
