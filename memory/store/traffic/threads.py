"""Threads (a thread is a session) and what was said in them."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from memory.model.base import Model, ProjectId, RequestId
from memory.model.identity import Identity, ThreadRef
from memory.model.work.value import Label
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.tables import messages, threads


class StoredThread(Model):
    """A thread the bot takes part in; `request` is the one now talked about ("" for none)."""

    ref: ThreadRef
    project: ProjectId
    opened_by: str
    request: RequestId


async def ensure(
    tx: Connection, ref: ThreadRef, project: ProjectId, *, opened_by: Identity, at: datetime
) -> None:
    """Know the thread from now on."""
    await insert_once(
        tx,
        threads,
        {
            "key": ref.key,
            "project_id": project,
            "ref": ref.model_dump(mode="json"),
            "opened_by": opened_by.key,
            "request_id": "",
            "created_at": at,
            "updated_at": at,
        },
    )


async def get(connection: Connection, key: str) -> StoredThread | None:
    """The thread, if the bot takes part in it."""
    row = (await connection.execute(sa.select(threads).where(threads.c.key == key))).one_or_none()
    if row is None:
        return None
    return StoredThread(
        ref=ThreadRef.model_validate(row.ref),
        project=ProjectId(row.project_id),
        opened_by=row.opened_by,
        request=RequestId(row.request_id),
    )


class Said(Model):
    """Words of a person in a thread; `seq` is their number among all that was ever said."""

    seq: int
    author: str
    text: str
    at: datetime


class Listed(Model):
    """A thread in a list, with the first words that were said in it."""

    ref: ThreadRef
    project: ProjectId
    opened_by: str
    created_at: datetime
    updated_at: datetime
    title: str


async def said_in(connection: Connection, key: str, *, limit: int) -> tuple[Said, ...]:
    """The last that people said in the thread, oldest first."""
    rows = await connection.execute(
        sa.select(messages.c.seq, messages.c.author, messages.c.text, messages.c.at)
        .where(messages.c.thread_key == key)
        .order_by(messages.c.seq.desc())
        .limit(limit)
    )
    return tuple(Said.model_validate(row, from_attributes=True) for row in rows)[::-1]


async def opened_on(
    connection: Connection, platform: str, people: Collection[str], *, limit: int
) -> tuple[Listed, ...]:
    """The newest threads of this platform that one of these people opened."""
    first = (
        sa.select(messages.c.text)
        .where(messages.c.thread_key == threads.c.key)
        .order_by(messages.c.seq)
        .limit(1)
        .scalar_subquery()
    )
    rows = await connection.execute(
        sa.select(threads, first.label("title"))
        .where(threads.c.key.startswith(f"{platform}:", autoescape=True))
        .where(threads.c.opened_by.in_(people))
        .order_by(threads.c.created_at.desc(), threads.c.key)
        .limit(limit)
    )
    return tuple(
        Listed(
            ref=ThreadRef.model_validate(row.ref), project=ProjectId(row.project_id),
            opened_by=row.opened_by, created_at=row.created_at, updated_at=row.updated_at,
            title=row.title or "",
        )
        for row in rows
    )  # fmt: skip


async def talk_about(tx: Connection, key: str, request: RequestId, *, at: datetime) -> None:
    """The thread is about this request now."""
    await tx.execute(
        sa.update(threads).where(threads.c.key == key).values(request_id=request, updated_at=at)
    )


async def heard(
    tx: Connection, project: ProjectId, ref: ThreadRef, author: Identity, text: str, *, at: datetime
) -> None:
    """Keep what a person said."""
    await tx.execute(
        sa.insert(messages).values(
            project_id=project,
            thread_key=ref.key,
            author=author.key,
            text=text,
            label=Label.UNTRUSTED,
            at=at,
        )
    )
