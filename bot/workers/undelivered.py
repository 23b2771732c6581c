"""Who has to know that a channel takes no messages: who asked for what it was, and the owners."""

from typing import Final

from bot.actions.chat_events import post
from bot.chat import Outgoing, Section, SendFailed, say
from bot.language.words import untrusted
from bot.queries.plans.requester import requester_of
from bot.services import Services
from memory.model.identity import Identity, Role
from memory.model.outgoing import Waiting
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.traffic import outbox

INSTEAD: Final = "instead:"
"""Keys of messages that say elsewhere what could not be said in its place begin like this."""


async def tell_requesters(services: Services, place: str, error: SendFailed) -> None:
    """Say the results and questions that wait for this place to whoever asked, once each, where
    only they read it.
    """
    if error.holds == "platform":
        return  # nobody can be reached there
    async with services.database.reading() as connection:
        rows = await outbox.parked(connection, place)
        asked = [(row, await _untold(connection, row)) for row in rows]
    for row, person in asked:
        if person is not None and person.platform == row.thread.platform:
            await _tell(services, row, person, _instead(services, row, error), _key(row))


def _key(row: Waiting) -> str:
    return f"{INSTEAD}{row.key}"


async def _untold(connection: Connection, row: Waiting) -> Identity | None:
    """Who asked for what the message says, None for another message and where it was told."""
    if await outbox.by_key(connection, _key(row)) is not None:
        return None
    return await requester_of(connection, row)


def _instead(services: Services, row: Waiting, error: SendFailed) -> Outgoing:
    _ = services.locale
    intro = _("I can't write in your channel just now ({reason}), so I say it here:").format(
        reason=untrusted(_.sentence(error), 200)
    )
    said = Outgoing.model_validate(row.body)
    words = tuple(Section(text=section.text) for section in said.sections)
    return Outgoing(sections=(Section(text=intro), *words), files=said.files)


async def tell_owners(services: Services, row: Waiting, error: SendFailed) -> None:
    """Tell the project's owners once what to mend, wherever they can be reached."""
    _ = services.locale
    async with services.database.reading() as connection:
        owners = await _owners(connection, services, row)
    text = _(
        "I can't post for project {project}: {reason}. What I have to say waits and goes out by "
        "itself as soon as that's mended."
    ).format(project=untrusted(row.project, 60), reason=untrusted(_.sentence(error), 200))
    for owner in owners:
        reached = error.holds != "platform" or owner.platform != row.thread.platform
        if reached and owner.platform in services.platforms:
            await _tell(services, row, owner, say(text), f"{INSTEAD}owner:{row.seq}:{owner.key}")


async def _owners(connection: Connection, services: Services, row: Waiting) -> tuple[Identity, ...]:
    members = await projects.members_of(connection, row.project)
    keys = [key for key, _, role in members if role is Role.OWNER]
    return tuple(map(Identity.of, dict.fromkeys((*keys, *services.settings.admins))))


async def _tell(
    services: Services, row: Waiting, person: Identity, out: Outgoing, key: str
) -> None:
    try:
        thread = await services.platforms[person.platform].direct(person)
    except SendFailed:
        return
    async with services.database.transaction() as tx:
        await post(tx, services, row.project, thread, key, out)
