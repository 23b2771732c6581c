"""Who has to know that a channel takes no messages: who asked for what it was, and the owners."""

from typing import Final

from bot.actions.chat_events import post
from bot.chat import Outgoing, Section, SendFailed, say
from bot.language.words import untrusted
from bot.message_keys import questioned, run_of
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
    """Say the results that wait for this place to whoever asked, and that questions and plans do,
    once each, where only they read it. Those are answered and approved in their place alone.
    """
    if error.holds == "platform":
        return  # nobody can be reached there
    async with services.database.reading() as connection:
        rows = await outbox.parked(connection, place)
        told = [await outbox.by_key(connection, _key(row)) for row in rows]
    for row in (row for row, message in zip(rows, told, strict=True) if message is None):
        person = await requester_of(services, row)
        if person is not None and person.platform == row.thread.platform:
            await _tell(services, row, person, _instead(services, row, error), _key(row))


def _key(row: Waiting) -> str:
    return f"{INSTEAD}{row.key}"


def _instead(services: Services, row: Waiting, error: SendFailed) -> Outgoing:
    _, reason = services.locale, untrusted(services.locale.sentence(error), 200)
    if questioned(row.key):
        return say(
            _(
                "I have questions about what you asked for, but can't write in your channel just now "
                "({reason}). I ask them there as soon as I can."
            ).format(reason=reason)
        )
    if not run_of(row.key):
        return say(
            _(
                "The plan you asked for is ready, but I can't write in your channel just now "
                "({reason}). It's shown there as soon as I can, and approved by nobody before."
            ).format(reason=reason)
        )
    intro = _("I can't write in your channel just now ({reason}), so I say it here:")
    said = Outgoing.model_validate(row.body)
    words = tuple(section.model_copy(update={"buttons": ()}) for section in said.sections)
    return Outgoing(sections=(Section(text=intro.format(reason=reason)), *words), files=said.files)


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
