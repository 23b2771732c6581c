"""Messages to send: stored with the decision, sent afterwards, at most once per key (law 1)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from pydantic import JsonValue

from memory.model.base import Model, ProjectId
from memory.model.identity import ThreadRef
from memory.model.outgoing import Sent, Waiting
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.tables import outbox, threads

NEWEST = 200
"""What was sent before so many others is no longer the last thing anybody remembers."""


PARKED: Final = {"new": "parked", "sending": "parked_unsure"}
"""The states of what waits until its channel or platform takes messages again, by what they were."""

ON_ITS_WAY: Final = frozenset({*PARKED, *PARKED.values()})
"""States of what will go out as soon as it can."""

UNSURE: Final = frozenset({"sending", PARKED["sending"]})
"""States of what may be out without its id being known yet."""


async def put(
    tx: Connection,
    key: str,
    *,
    project: ProjectId,
    thread: ThreadRef,
    body: JsonValue,
    edits: str = "",
    at: datetime,
) -> bool:
    """Store a message; False when the key is there already. A newer edit replaces older ones."""
    new = await insert_once(
        tx,
        outbox,
        {
            "key": key,
            "project_id": project,
            "thread_key": thread.key,
            "thread": thread.model_dump(mode="json"),
            "body": body,
            "edits": edits,
            "state": "new",
            "message": "",
            "attempts": 0,
            "error": "",
            "created_at": at,
            "not_before": at,
        },
    )
    if new and edits:
        await tx.execute(
            sa.update(outbox)
            .where((outbox.c.edits == edits) & (outbox.c.key != key))
            .where(outbox.c.state.in_(["new", PARKED["new"]]))
            .values(state="superseded")
        )
    return new


async def forget_edits(tx: Connection, beginning: str) -> None:
    """Drop edits whose keys begin so and which are out, or never went."""
    over = outbox.c.state.in_(["sent", "superseded", "failed"]) & (outbox.c.edits != "")
    named = outbox.c.key.startswith(beginning, autoescape=True)
    await tx.execute(sa.delete(outbox).where(named & over))


async def waiting(
    connection: Connection, platforms: Iterable[str], *, now: datetime
) -> tuple[Waiting, ...]:
    """What may go out now on these platforms: the oldest message to each person in each channel.

    It's to whoever opened its thread. One of each at a time, so that nobody's pile holds up the
    others; nothing overtakes an earlier message of its thread, parked ones among them.
    """
    place = [outbox.c.thread[part].as_string() for part in ("platform", "workspace", "channel")]
    person = sa.func.coalesce(threads.c.opened_by, outbox.c.thread_key)
    held = sa.select(outbox.c.thread_key).where(_unsent(platforms) & (outbox.c.not_before > now))
    parks = (
        sa.select(outbox.c.thread_key, sa.func.min(outbox.c.seq).label("first"))
        .where(outbox.c.state.in_(PARKED.values()))
        .group_by(outbox.c.thread_key)
        .subquery()
    )
    oldest = (
        sa.select(sa.func.min(outbox.c.seq))
        .join_from(outbox, threads, threads.c.key == outbox.c.thread_key, isouter=True)
        .join(parks, parks.c.thread_key == outbox.c.thread_key, isouter=True)
        .where(_unsent(platforms) & outbox.c.thread_key.not_in(held))
        .where(parks.c.first.is_(None) | (outbox.c.seq < parks.c.first))
        .group_by(*place, person)
    )
    rows = await connection.execute(
        sa.select(outbox).where(outbox.c.seq.in_(oldest)).order_by(outbox.c.seq)
    )
    return tuple(_waiting(row) for row in rows)


async def begin_send(tx: Connection, seq: int) -> bool:
    """Note that it is being sent; False when a newer edit took its place meanwhile."""
    done = await tx.execute(
        sa.update(outbox)
        .where((outbox.c.seq == seq) & outbox.c.state.in_(["new", "sending"]))
        .values(state="sending", attempts=outbox.c.attempts + 1)
    )
    return done.rowcount == 1


async def mark_sent(tx: Connection, seq: int, message: str, *, at: datetime) -> None:
    """It is out; `message` is the platform's id."""
    await tx.execute(
        sa.update(outbox)
        .where(outbox.c.seq == seq)
        .values(state="sent", message=message, sent_at=at, error="")
    )


async def mark_failed(tx: Connection, seq: int, error: str) -> None:
    """It will not be tried again."""
    await tx.execute(
        sa.update(outbox).where(outbox.c.seq == seq).values(state="failed", error=error)
    )


async def try_later(
    tx: Connection, seq: int, error: str, *, not_before: datetime, ambiguous: bool
) -> None:
    """Try again from that moment on; an ambiguous send is looked for first."""
    await tx.execute(
        sa.update(outbox)
        .where(outbox.c.seq == seq)
        .values(state="sending" if ambiguous else "new", error=error, not_before=not_before)
    )


async def park(tx: Connection, places: str) -> int:
    """Have all that is to go out to places whose keys begin so wait; it stays in order."""
    return await _turn(tx, places, PARKED)


async def unpark(tx: Connection, places: str, *, only: int = 0) -> int:
    """Send again what waits for these places, or `only` the one with this number."""
    return await _turn(tx, places, {then: now for now, then in PARKED.items()}, only=only)


async def refused(tx: Connection, seq: int, error: str, *, unsure: bool, at: datetime) -> None:
    """Its place took nothing, so that the try doesn't count; `unsure`: it may be out since before."""
    state = "sending" if unsure else "new"
    values = {"state": state, "error": error, "attempts": outbox.c.attempts - 1, "not_before": at}
    await tx.execute(sa.update(outbox).where(outbox.c.seq == seq).values(values))


async def parked(connection: Connection, places: str, *, limit: int = 200) -> tuple[Waiting, ...]:
    """What waits for these places, oldest first."""
    theirs = outbox.c.thread_key.startswith(places, autoescape=True)
    wait = sa.select(outbox).where(theirs & outbox.c.state.in_(PARKED.values()))
    rows = await connection.execute(wait.order_by(outbox.c.seq).limit(limit))
    return tuple(_waiting(row) for row in rows)


async def is_to_go(connection: Connection, seq: int) -> bool:
    """Whether the message with this number is still to go out, now or later."""
    mine = sa.select(outbox.c.seq).where((outbox.c.seq == seq) & outbox.c.state.in_(ON_ITS_WAY))
    return (await connection.execute(mine)).one_or_none() is not None


async def _turn(tx: Connection, places: str, states: Mapping[str, str], *, only: int = 0) -> int:
    count = 0
    for now, then in states.items():
        theirs = outbox.c.thread_key.startswith(places, autoescape=True) & (outbox.c.state == now)
        chosen = theirs & (outbox.c.seq == only) if only else theirs
        count += (await tx.execute(sa.update(outbox).where(chosen).values(state=then))).rowcount
    return count


async def by_key(connection: Connection, key: str) -> Sent | None:
    """The message with this key."""
    row = (await connection.execute(sa.select(outbox).where(outbox.c.key == key))).one_or_none()
    return _sent(row) if row else None


async def as_shown(connection: Connection, key: str) -> tuple[int, Sent] | None:
    """The message with this key as people see it by now, and its number; None before it's out."""
    first = (await connection.execute(sa.select(outbox).where(outbox.c.key == key))).one_or_none()
    if first is None or not first.message:
        return None
    edits = (outbox.c.edits == key) & (outbox.c.state == "sent")
    newest = sa.select(outbox.c.body).where(edits).order_by(outbox.c.seq.desc()).limit(1)
    body = (await connection.execute(newest)).scalar_one_or_none()
    sent = _sent(first)
    return first.seq, sent if body is None else replace(sent, body=body)


async def numbered(connection: Connection, seq: int) -> Sent | None:
    """The message with this number."""
    row = (await connection.execute(sa.select(outbox).where(outbox.c.seq == seq))).one_or_none()
    return _sent(row) if row else None


async def beginning(connection: Connection, start: str) -> tuple[Sent, ...]:
    """The messages whose keys begin so, edits aside, oldest first."""
    after = start[:-1] + chr(ord(start[-1]) + 1)  # a range, for which there's an index
    mine = (outbox.c.key >= start) & (outbox.c.key < after) & (outbox.c.edits == "")
    rows = await connection.execute(sa.select(outbox).where(mine).order_by(outbox.c.seq))
    return tuple(_sent(row) for row in rows)


async def by_message(connection: Connection, where: ThreadRef, message: str) -> Sent | None:
    """The bot's own message with this platform id, in this channel or thread.

    Reactions name a message but not always its thread, so the thread does not count. The
    message an edit turned into is the one that was posted.
    """
    rows = await connection.execute(
        sa.select(outbox)
        .where((outbox.c.message == message) & (outbox.c.edits == ""))
        .order_by(outbox.c.seq)
    )
    sent = (_sent(row) for row in rows)
    return next((message for message in sent if _same_place(message.thread, where)), None)


class Shown(Model):
    """A message of the bot as a page shows it: its last form, how often it was edited, since when."""

    seq: int
    key: str
    project: ProjectId
    body: JsonValue
    edits: int
    at: datetime


async def shown_in(connection: Connection, thread_key: str, *, limit: int) -> tuple[Shown, ...]:
    """The last messages to this thread, oldest first, each as its newest edit has it."""
    mine = outbox.c.thread_key == thread_key
    first = sa.select(outbox).where(mine & (outbox.c.edits == ""))
    rows = (await connection.execute(first.order_by(outbox.c.seq.desc()).limit(limit))).all()[::-1]
    edited = await connection.execute(
        sa.select(outbox.c.edits, outbox.c.body)
        .where(mine & outbox.c.edits.in_([row.key for row in rows]))
        .where(outbox.c.state != "superseded")
        .order_by(outbox.c.seq)
    )
    forms: dict[str, list[Any]] = {}
    for edit in edited:
        forms.setdefault(edit.edits, []).append(edit.body)
    return tuple(
        Shown(
            seq=row.seq, key=row.key, project=ProjectId(row.project_id),
            body=(forms.get(row.key) or [row.body])[-1], edits=len(forms.get(row.key, ())),
            at=row.created_at,
        )
        for row in rows
    )  # fmt: skip


async def newest_key(connection: Connection, thread_key: str) -> str:
    """The key of the last message to this thread, "" where it is not among the newest of all."""
    newest = sa.select(outbox.c.seq, outbox.c.key, outbox.c.thread_key).where(outbox.c.edits == "")
    few = newest.order_by(outbox.c.seq.desc()).limit(NEWEST).subquery()
    query = sa.select(few.c.key).where(few.c.thread_key == thread_key)
    found = await connection.execute(query.order_by(few.c.seq.desc()).limit(1))
    return found.scalar_one_or_none() or ""


async def open_count(connection: Connection, platforms: Iterable[str]) -> int:
    """How many messages are still to go out on these platforms."""
    found = await connection.execute(sa.select(sa.func.count()).where(_unsent(platforms)))
    return int(found.scalar_one())


async def under_way(connection: Connection, where: ThreadRef) -> bool:
    """Whether a message to this channel may be out without its id being known yet."""
    rows = await connection.execute(
        sa.select(outbox.c.thread).where(outbox.c.state.in_(UNSURE) & (outbox.c.edits == ""))
    )
    threads = [ThreadRef.model_validate(thread) for thread in rows.scalars()]
    return any(_same_place(thread, where) for thread in threads)


def _unsent(platforms: Iterable[str]) -> sa.ColumnElement[bool]:
    theirs = [outbox.c.thread_key.startswith(f"{name}:", autoescape=True) for name in platforms]
    return outbox.c.state.in_(["new", "sending"]) & sa.or_(sa.false(), *theirs)


def _waiting(row: sa.Row[Any]) -> Waiting:
    return Waiting(
        seq=row.seq,
        key=row.key,
        project=ProjectId(row.project_id),
        thread=ThreadRef.model_validate(row.thread),
        body=row.body,
        edits=row.edits,
        doubtful=row.state in UNSURE,
        attempts=row.attempts,
        since=row.created_at,
    )


def _sent(row: sa.Row[tuple[object, ...]]) -> Sent:
    return Sent(
        key=row.key,
        project=ProjectId(row.project_id),
        thread=ThreadRef.model_validate(row.thread),
        body=row.body,
        state=row.state,
        message=row.message,
        sent_at=row.sent_at,
    )


def _same_place(sent: ThreadRef, where: ThreadRef) -> bool:
    if (sent.platform, sent.workspace) != (where.platform, where.workspace):
        return False
    return sent.channel == where.channel or sent.thread in {where.channel, where.thread} - {""}
