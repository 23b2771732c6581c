"""Groups of the platforms as a source of roles: who is in which, asked as people act.

What a platform told is stored, since tasks are done where nobody can ask it, and counts for
fifteen minutes. So everyone who is in any is asked about every few minutes, too.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, Protocol, runtime_checkable

import structlog

from bot.chat import Incoming, SendFailed
from bot.config.projects import groups_named
from bot.services import Services
from memory.model.errors import StorageTrouble
from memory.model.identity import Identity
from memory.store.knowledge import groups

_log = structlog.get_logger()
AGAIN_S: Final = 240.0
WORDS_AFTER: Final = timedelta(seconds=60)
"""Words are read with what was told so long ago; whatever decides at once is asked about."""


Groups = Mapping[str, frozenset[str]]
"""Which groups each person is in, by key."""


@runtime_checkable
class HasGroups(Protocol):
    """A platform that knows groups of people."""

    async def groups_of(self, people: Sequence[Identity], named: frozenset[str]) -> Groups | None:
        """Those of the named groups that each of the people is in now; None where that can't be
        told.
        """
        ...


async def look(services: Services, incoming: Incoming) -> None:
    """Ask which groups the author is in, so that their role is the one of this moment."""
    if not groups_named(services.settings, incoming.author.platform):
        return
    if incoming.kind == "message":
        async with services.database.reading() as connection:
            asked = await groups.asked_at(connection, incoming.author)
        if asked is not None and services.clock.now() - asked < WORDS_AFTER:
            return
    await _ask(services, [incoming.author])


async def refresh(services: Services) -> None:
    """Ask about everyone who was in any."""
    async with services.database.reading() as connection:
        known = await groups.everyone(connection)
    people = [Identity.of(key) for key in known]
    for platform in {person.platform for person in people}:
        await _ask(services, [person for person in people if person.platform == platform])


async def keep_fresh(services: Services) -> None:
    """Ask again and again, until cancelled; at once where the settings name no groups."""
    while any(groups_named(services.settings, name) for name in services.platforms):
        try:
            await refresh(services)
        except StorageTrouble as error:
            _log.warning("groups can't be kept", reason=error.detail)
        await asyncio.sleep(AGAIN_S)


async def _ask(services: Services, people: Sequence[Identity]) -> None:
    """Ask the one platform of these people."""
    name = people[0].platform
    platform: object = services.platforms.get(name)
    named = groups_named(services.settings, name)
    if not isinstance(platform, HasGroups):
        return
    try:
        found = await platform.groups_of(people, named)
    except SendFailed as error:
        _log.warning("groups can't be asked about", reason=str(error))
        return
    if found is not None:
        async with services.database.transaction() as tx:
            for person in people:
                await groups.note(tx, person, found[person.key], at=services.clock.now())
