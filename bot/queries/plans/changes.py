"""What an edited or deleted message changes: only its author's newest form counts."""

from dataclasses import dataclass

from bot.chat import Incoming
from bot.queries.said import forms_of, is_deleted, words_of
from bot.services import Desk
from memory.model.work.request import StoredRequest, request_id
from memory.store.engine.database import Connection
from memory.store.planning import requests
from memory.store.traffic import jobs


@dataclass(frozen=True)
class Change:
    """What became of a message. `message` is the message as it is now, or its deletion.

    `forms`: all it said before; () where it wasn't heard. `request`: what it asked for.
    """

    message: Incoming
    forms: tuple[Incoming, ...] = ()
    request: StoredRequest | None = None

    @property
    def gone(self) -> bool:
        """Whether it was deleted."""
        return self.message.kind == "deleted"


async def change_of(desk: Desk, incoming: Incoming) -> Change | None:
    """What the edit or deletion changes; None for what is older news, or not for us."""
    edited = incoming.kind == "edited"
    first = {"kind": "message"} if edited else {}
    async with desk.database.reading() as connection:
        said = await words_of(connection, incoming.form_of)
        if edited and await is_deleted(connection, incoming.form_of):
            return None
        if said is None:
            return Change(incoming.model_copy(update=first)) if edited else None
        if await jobs.is_waiting(connection, incoming.form_of):
            return None  # it came later, and is read as it is by now
        forms = await forms_of(connection, said)
        if edited and forms[-1].event_id != incoming.event_id:
            return None  # another's, or a newer one is known
        message = incoming.model_copy(update={**first, "author": said.author})
        return await _changed(connection, message, forms)


async def _changed(
    connection: Connection, message: Incoming, forms: tuple[Incoming, ...]
) -> Change:
    """The change the message made to its forms before."""
    before = tuple(form for form in forms if form.event_id != message.event_id)
    return Change(message, before, await _asked(connection, before))


async def _asked(connection: Connection, forms: tuple[Incoming, ...]) -> StoredRequest | None:
    """The newest request that a form of the message began, by itself or as one that was chosen."""
    events = [event for form in forms[::-1] for event in (f"meant:{form.event_id}", form.event_id)]
    found = await requests.first_of(connection, [request_id(event) for event in events])
    if found is None:
        return None
    # Words that turned out to be no change, but a request of their own.
    alone = request_id(f"plan:{found.id}:{found.round}")
    return await requests.first_of(connection, (alone, found.id))
