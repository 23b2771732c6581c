"""A chat event as it is worked off: the action, the answer and the finished job, all or nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.chat import Incoming, Outgoing
from bot.services import Desk
from memory.model.base import ProjectId
from memory.model.crash import crashpoint, declare
from memory.model.identity import ThreadRef
from memory.model.job import Claimed
from memory.store.engine.database import Connection
from memory.store.traffic import jobs, outbox, threads

declare("in_decision", "after_decision")

Transaction = Connection
"""A transaction under way. Whoever only carries it to actions and messages calls it so."""


@asynccontextmanager
async def deciding(desk: Desk, event: Claimed) -> AsyncIterator[Connection]:
    """The transaction in which the event is decided, answered and finished."""
    async with desk.database.transaction() as tx:
        yield tx
        await jobs.finish(tx, event.seq, at=desk.clock.now())
        crashpoint("in_decision")
    crashpoint("after_decision")
    desk.wakeups.ring_all()


async def keep_words(
    tx: Connection, desk: Desk, project: ProjectId, thread: ThreadRef, incoming: Incoming
) -> None:
    """Keep what was said in the thread, and that the bot takes part in it."""
    now = desk.clock.now()
    await threads.ensure(tx, thread, project, opened_by=incoming.author, at=now)
    await threads.heard(tx, project, thread, incoming.author, incoming.text, at=now)


async def post(
    tx: Connection,
    desk: Desk,
    project: ProjectId,
    thread: ThreadRef,
    key: str,
    out: Outgoing,
    *,
    edits: str = "",
) -> bool:
    """Say something in the thread, once per key; `edits`: the key of the message to change."""
    return await outbox.put(
        tx,
        key,
        project=project,
        thread=thread,
        body=out.model_dump(mode="json"),
        edits=edits,
        at=desk.clock.now(),
    )
