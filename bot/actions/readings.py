"""Words that could mean several things, read as the person says."""

from bot.actions.chat_events import Transaction
from bot.chat import Incoming
from bot.jobs import MeantJob, enqueue_job
from bot.services import Desk


async def read_as(tx: Transaction, desk: Desk, said: Incoming, name: str) -> bool:
    """Have the words done as this row of the table; False where that was decided before."""
    job = MeantJob(incoming=said, name=name)
    return await enqueue_job(tx, job, f"meant:{said.event_id}", at=desk.clock.now())
