"""Words that could mean several things: what they were, and reading them as the person says."""

from pydantic import ValidationError

from bot.actions.chat_events import Transaction
from bot.chat import Incoming
from bot.jobs import JOBS, EventJob, MeantJob, enqueue_job
from bot.services import Desk
from memory.store.traffic import jobs


async def words_of(tx: Transaction, event: str) -> Incoming | None:
    """What was said in that event, None where it isn't kept any more."""
    body = await jobs.body_of(tx, event)
    try:
        job = JOBS.validate_python(body)
    except ValidationError:
        return None
    return job.incoming if isinstance(job, EventJob) else None


async def read_as(tx: Transaction, desk: Desk, said: Incoming, name: str) -> bool:
    """Have the words done as this row of the table; False where that was decided before."""
    job = MeantJob(incoming=said, name=name)
    return await enqueue_job(tx, job, f"meant:{said.event_id}", at=desk.clock.now())
