"""What was said in an event, as long as it is kept."""

from pydantic import ValidationError

from bot.chat import Incoming
from bot.jobs import JOBS, EventJob
from memory.store.engine.database import Connection
from memory.store.traffic import jobs


async def words_of(connection: Connection, event: str) -> Incoming | None:
    """What was said in that event, None where it isn't kept any more."""
    body = await jobs.body_of(connection, event)
    try:
        job = JOBS.validate_python(body)
    except ValidationError:
        return None
    return job.incoming if isinstance(job, EventJob) else None
