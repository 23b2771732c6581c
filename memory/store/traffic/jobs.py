"""Events that came in, to be worked on in order per thread, threads side by side (law 1)."""

from dataclasses import fields
from datetime import datetime

import sqlalchemy as sa
from pydantic import JsonValue

from memory.model.job import Claimed
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.tables import inbox

TRIES = 3
"""How often an event is claimed before it is put aside as failed."""


async def put(
    tx: Connection,
    event_id: str,
    *,
    thread_key: str,
    body: JsonValue,
    at: datetime,
    author: str = "",
    place: str = "",
) -> bool:
    """Store an event; False when it was already there (the platform repeated it).

    `author`: whom it's done for. `place`: the channel, where it's a message that counts.
    """
    row = {"event_id": event_id, "thread_key": thread_key, "body": body, "received_at": at}
    row |= {"author": author, "place": place}
    return await insert_once(tx, inbox, {**row, "state": "new", "attempts": 0, "error": ""})


async def body_of(connection: Connection, event_id: str) -> JsonValue:
    """What the event was, None where it isn't kept any more."""
    found = await connection.execute(sa.select(inbox.c.body).where(inbox.c.event_id == event_id))
    body: JsonValue = found.scalar_one_or_none()
    return body


async def bodies_of(connection: Connection, author: str, beginning: str) -> tuple[JsonValue, ...]:
    """What the events of this author were whose ids begin so."""
    named = inbox.c.event_id.startswith(beginning, autoescape=True)
    found = await connection.execute(
        sa.select(inbox.c.body).where((inbox.c.author == author) & named)
    )
    return tuple(found.scalars())


async def known(connection: Connection, event_id: str) -> bool:
    """Whether the event was stored before."""
    found = await connection.execute(sa.select(inbox.c.seq).where(inbox.c.event_id == event_id))
    return found.first() is not None


async def is_waiting(connection: Connection, event_id: str) -> bool:
    """Whether the event is stored and not worked off yet."""
    waits = (inbox.c.event_id == event_id) & inbox.c.state.in_(["new", "claimed"])
    return (await connection.execute(sa.select(inbox.c.seq).where(waits))).first() is not None


async def take_up_again(tx: Connection) -> int:
    """At start: what a dead process had claimed is new again. Gives back how many."""
    done = await tx.execute(
        sa.update(inbox).where(inbox.c.state == "claimed").values(state="new", claimed_at=None)
    )
    return done.rowcount


async def waiting_threads(connection: Connection) -> dict[str, str]:
    """Threads that have a new event and none under way, the longest waiting first; each with the
    person whose events wait there, "" for nobody in particular.
    """
    busy = sa.select(inbox.c.thread_key).where(inbox.c.state == "claimed")
    rows = await connection.execute(
        sa.select(inbox.c.thread_key, sa.func.max(inbox.c.author).label("author"))
        .where((inbox.c.state == "new") & inbox.c.thread_key.not_in(busy))
        .group_by(inbox.c.thread_key)
        .order_by(sa.func.min(inbox.c.seq))
    )
    return {row.thread_key: row.author for row in rows}


async def claim(tx: Connection, thread_key: str, *, at: datetime) -> Claimed | None:
    """Take the thread's oldest new event, if there is one and none is under way."""
    mine = inbox.c.thread_key == thread_key
    busy = sa.select(inbox.c.seq).where(mine & (inbox.c.state == "claimed")).exists()
    oldest = sa.select(sa.func.min(inbox.c.seq)).where(mine & (inbox.c.state == "new"))
    taken = await tx.execute(
        sa.update(inbox)
        .where((inbox.c.seq == oldest.scalar_subquery()) & (inbox.c.state == "new") & ~busy)
        .values(state="claimed", claimed_at=at, attempts=inbox.c.attempts + 1)
        .returning(*(inbox.c[field.name] for field in fields(Claimed)))
    )
    row = taken.one_or_none()
    return Claimed(*row) if row else None


async def finish(tx: Connection, seq: int, *, at: datetime) -> None:
    """Complete the event; call it in the transaction of its decision."""
    await tx.execute(
        sa.update(inbox)
        .where((inbox.c.seq == seq) & (inbox.c.state == "claimed"))
        .values(state="done", done_at=at)
    )


async def give_back(tx: Connection, event: Claimed, error: str, *, at: datetime) -> bool:
    """After a failure: new again, or failed after three tries. Says whether it is over."""
    over = event.attempts >= TRIES
    values = {"state": "failed", "done_at": at} if over else {"state": "new", "claimed_at": None}
    await tx.execute(
        sa.update(inbox)
        .where((inbox.c.seq == event.seq) & (inbox.c.state == "claimed"))
        .values(error=error, **values)
    )
    return over


async def put_back(tx: Connection, event: Claimed) -> None:
    """The database was in trouble: new again, and the try does not count."""
    await tx.execute(
        sa.update(inbox)
        .where((inbox.c.seq == event.seq) & (inbox.c.state == "claimed"))
        .values(state="new", claimed_at=None, attempts=event.attempts - 1)
    )


async def open_count(connection: Connection) -> int:
    """How many events are new or claimed."""
    found = await connection.execute(
        sa.select(sa.func.count()).where(inbox.c.state.in_(["new", "claimed"]))
    )
    return int(found.scalar_one())
