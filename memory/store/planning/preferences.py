"""What people and projects prefer: answers and wishes worth keeping for the next time."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from memory.model.base import ProjectId
from memory.model.work.preference import Preference
from memory.store.engine.database import Connection
from memory.store.tables import preferences

_COPIED: Final = preferences.c.slot.startswith("always ") | preferences.c.slot.startswith(
    "agent for "
)
"""Wishes of the time before rules had rows of their own: they were copied there."""


async def preferences_of(connection: Connection, project: ProjectId, person: str) -> dict[str, str]:
    """Values by slot; the person's own go before the project's."""
    return {
        preference.slot: preference.value for preference in await kept(connection, project, person)
    }


async def kept(connection: Connection, project: ProjectId, person: str) -> tuple[Preference, ...]:
    """The project's and the person's preferences, the project's first, each by age."""
    rows = await connection.execute(
        sa.select(preferences)
        .where((preferences.c.project_id == project) & preferences.c.person.in_(["", person]))
        .where(~_COPIED)
        .order_by(preferences.c.person, preferences.c.at, preferences.c.slot)
    )
    return tuple(
        Preference(person=row.person, slot=row.slot, value=row.value, at=row.at) for row in rows
    )


async def prefer(
    tx: Connection, project: ProjectId, person: str, slot: str, value: str, *, at: datetime
) -> None:
    """Remember a value for the next time. `person` "" means everyone in the project."""
    where = _is(project, person, slot)
    changed = await tx.execute(sa.update(preferences).where(where).values(value=value, at=at))
    if changed.rowcount == 0:
        await tx.execute(
            sa.insert(preferences).values(
                project_id=project, person=person, slot=slot, value=value, at=at
            )
        )


async def forget(tx: Connection, project: ProjectId, person: str, slot: str) -> bool:
    """Forget it; False where it was not known."""
    done = await tx.execute(sa.delete(preferences).where(_is(project, person, slot)))
    return done.rowcount == 1


async def drop_copied(tx: Connection, project: ProjectId, person: str) -> None:
    """Erase the person's wishes that became rules, for nobody looks at them any more."""
    mine = (preferences.c.project_id == project) & (preferences.c.person == person)
    await tx.execute(sa.delete(preferences).where(mine & _COPIED))


def _is(project: ProjectId, person: str, slot: str) -> sa.ColumnElement[bool]:
    return (
        (preferences.c.project_id == project)
        & (preferences.c.person == person)
        & (preferences.c.slot == slot)
    )
