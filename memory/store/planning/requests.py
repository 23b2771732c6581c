"""Requests: what somebody wants done, from the words to a plan."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from memory.model.base import PlanHash, ProjectId, RequestId
from memory.model.errors import NotFound
from memory.model.identity import Identity
from memory.model.work.request import RequestState, StoredRequest
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.tables import requests


async def create(tx: Connection, request: StoredRequest, *, at: datetime) -> bool:
    """Store a request; False when it is there already."""
    return await insert_once(
        tx,
        requests,
        {
            "id": request.id,
            "project_id": request.project,
            "thread_key": request.thread_key,
            "identity": request.author.model_dump(mode="json"),
            "text": request.text,
            "attachments": {
                "files": list(request.attachments),
                "people": [person.model_dump(mode="json") for person in request.people],
                "base": request.base,
                "instead_of": request.instead_of,
                "what_if": request.what_if,
                "spoken": request.spoken and request.spoken.model_dump(mode="json"),
                "schedule": request.schedule,
                "changed_by": request.changed_by,
            },
            "state": request.state,
            "round": request.round,
            "created_at": at,
            "updated_at": at,
            "person": request.author.key,
        },
    )


async def of_thread(
    connection: Connection, thread_key: str, *, limit: int
) -> tuple[StoredRequest, ...]:
    """The newest requests of a thread, newest first."""
    of_thread = sa.select(requests).where(requests.c.thread_key == thread_key)
    newest = of_thread.order_by(requests.c.created_at.desc(), requests.c.id.desc()).limit(limit)
    return tuple(_request(row) for row in await connection.execute(newest))


async def first_of(connection: Connection, ids: Sequence[RequestId]) -> StoredRequest | None:
    """The first of these that is there."""
    rows = await connection.execute(sa.select(requests).where(requests.c.id.in_(ids)))
    by_id = {row.id: row for row in rows}
    return next((_request(by_id[each]) for each in ids if each in by_id), None)


async def load(connection: Connection, request: RequestId) -> StoredRequest:
    """The request. Raises NotFound."""
    row = (
        await connection.execute(sa.select(requests).where(requests.c.id == request))
    ).one_or_none()
    if row is None:
        raise NotFound("I don't have that request any more; please ask again.")
    return _request(row)


def _request(row: sa.Row[Any]) -> StoredRequest:
    return StoredRequest(
        id=RequestId(row.id),
        project=ProjectId(row.project_id),
        thread_key=row.thread_key,
        author=Identity.model_validate(row.identity),
        text=row.text,
        people=tuple(Identity.model_validate(person) for person in row.attachments["people"]),
        attachments=tuple(row.attachments["files"]),
        base=PlanHash(row.attachments["base"]),
        instead_of=PlanHash(row.attachments.get("instead_of", "")),
        what_if=row.attachments.get("what_if", False),
        spoken=row.attachments.get("spoken"),
        changed_by=row.attachments.get("changed_by", ""),
        state=RequestState(row.state),
        round=row.round,
        schedule=row.attachments.get("schedule", ""),
        asked_at=row.created_at,
    )


async def move(
    tx: Connection,
    request: RequestId,
    to: RequestState,
    *,
    only_from: tuple[RequestState, ...],
    at: datetime,
    next_round: bool = False,
) -> bool:
    """Change the state if it is still one of those expected; say whether it was (law 2)."""
    done = await tx.execute(
        sa.update(requests)
        .where((requests.c.id == request) & requests.c.state.in_(only_from))
        .values(state=to, round=requests.c.round + int(next_round), updated_at=at)
    )
    return done.rowcount == 1
