"""Who was in which groups of their platform when it was last asked, as far as the settings name them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from memory.model.identity import Identity
from memory.store.engine.database import Connection
from memory.store.engine.upsert import insert_into
from memory.store.tables import person_groups

HOLDS: Final = timedelta(minutes=15)
"""What a platform said counts so long; a group that can't be asked about gives nobody a role."""


async def note(tx: Connection, person: Identity, groups: Collection[str], *, at: datetime) -> None:
    """The person is in these groups now, and in no other that the settings name."""
    told = {"groups": " ".join(sorted(groups)), "at": at}
    row = insert_into(tx, person_groups).values(person=person.key, **told)
    await tx.execute(row.on_conflict_do_update(index_elements=["person"], set_=told))


async def asked_at(connection: Connection, person: Identity) -> datetime | None:
    """When the person's groups were last told."""
    query = sa.select(person_groups.c.at).where(person_groups.c.person == person.key)
    return (await connection.execute(query)).scalar_one_or_none()


async def members(
    connection: Connection, groups: Collection[str], *, now: datetime
) -> dict[str, frozenset[str]]:
    """The keys of those in each of these groups, as far as that's still known."""
    found: dict[str, set[str]] = {group: set() for group in groups}
    for key, theirs in await _known(connection, now - HOLDS):
        for group in theirs & found.keys():
            found[group].add(key)
    return {group: frozenset(keys) for group, keys in found.items()}


async def ever(connection: Connection, groups: Collection[str]) -> frozenset[str]:
    """The keys of those in any of these when that was last told, however long ago.

    For what a group takes away: silence of the platform gives nobody anything.
    """
    if not groups:
        return frozenset()
    known = await _known(connection, None)
    return frozenset(key for key, theirs in known if theirs & set(groups))


async def everyone(connection: Connection) -> tuple[str, ...]:
    """The keys of all who are in any, however long ago that was told."""
    return tuple(key for key, _ in await _known(connection, None))


async def _known(connection: Connection, since: datetime | None) -> list[tuple[str, set[str]]]:
    query = sa.select(person_groups).where(person_groups.c.groups != "")
    if since is not None:
        query = query.where(person_groups.c.at >= since)
    rows = await connection.execute(query.order_by(person_groups.c.person))
    return [(row.person, set(row.groups.split())) for row in rows]
