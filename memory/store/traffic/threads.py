"""Threads (a thread is a session) and what was said in them."""

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
