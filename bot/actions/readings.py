"""Words that are read another way: as the person says they were meant, or as they are by now."""

from bot.actions.chat_events import Transaction
from bot.chat import Incoming
from bot.jobs import EventJob, MeantJob, enqueue_job
from bot.services import Desk
from memory.store.traffic import jobs


async def read_as(tx: Transaction, desk: Desk, said: Incoming, name: str) -> bool:
    """Have the words done as this row of the table; False where that was decided before."""
    job = MeantJob(incoming=said, name=name)
    return await enqueue_job(tx, job, f"meant:{said.event_id}", at=desk.clock.now())


async def hear_first(tx: Transaction, desk: Desk, edited: Incoming) -> None:
    """Have an edited message heard as if it had always been so: it wasn't heard before.

    Its first form, where that still comes, is the same event and changes nothing.
    """
    event = edited.form_of
    message = edited.model_copy(update={"kind": "message", "event_id": event, "form_of": ""})
    await jobs.put(
        tx,
        event,
        thread_key=message.thread.key,
        body=EventJob(incoming=message).model_dump(mode="json"),
        at=desk.clock.now(),
        author=message.author.key,
    )
