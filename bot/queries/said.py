"""What was said in an event, as long as it is kept, and what became of it since."""

from pydantic import JsonValue, ValidationError

from bot.chat import Incoming, deletion_id, edit_id
from bot.jobs import JOBS, EventJob
from memory.store.engine.database import Connection
from memory.store.traffic import jobs, outbox


async def words_of(connection: Connection, event: str) -> Incoming | None:
    """What was said in that event, None where it isn't kept any more."""
    return _told(await jobs.body_of(connection, event))


async def is_deleted(connection: Connection, message_event: str) -> bool:
    """Whether the message of that event is known to be gone."""
    return await jobs.known(connection, deletion_id(message_event))


async def forms_of(connection: Connection, said: Incoming) -> tuple[Incoming, ...]:
    """The message as it was said and as its author edited it, the newest form last."""
    bodies = await jobs.bodies_of(connection, said.author.key, edit_id(said.event_id))
    edits = (told for body in bodies if (told := _told(body)) is not None)
    return tuple(sorted((said, *edits), key=lambda form: form.at))


async def newest_form(connection: Connection, said: Incoming) -> Incoming | None:
    """What the message says by now, None where it was deleted."""
    if await is_deleted(connection, said.event_id):
        return None
    newest = (await forms_of(connection, said))[-1]
    words = {"text", "mentions", "attachments", "secrets"}
    return said.model_copy(update={name: getattr(newest, name) for name in words})


async def placed(connection: Connection, incoming: Incoming) -> Incoming | None:
    """The event in the thread of what it's about; None for an edit or a deletion that is about
    nothing the bot heard or said.
    """
    if incoming.kind not in {"edited", "deleted"}:
        return incoming
    said = await words_of(connection, incoming.form_of)
    about = said or await outbox.by_message(connection, incoming.thread, incoming.message)
    if about is not None:
        return incoming.model_copy(update={"thread": about.thread})
    return incoming if incoming.addressed else None


def _told(body: JsonValue) -> Incoming | None:
    try:
        job = JOBS.validate_python(body)
    except ValidationError:
        return None
    return job.incoming if isinstance(job, EventJob) else None
