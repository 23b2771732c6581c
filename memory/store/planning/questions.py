"""Questions before a plan, and the answers people gave: rows, so that they outlive a restart."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from memory.model.base import ProjectId, RequestId
from memory.model.work.question import StoredQuestion
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.tables import questions


async def ask(
    tx: Connection, project: ProjectId, asked: Sequence[StoredQuestion], *, at: datetime
) -> None:
    """Store the questions of a round, in order. Asking them twice changes nothing."""
    for ordinal, question in enumerate(asked):
        await insert_once(
            tx,
            questions,
            {
                "id": question.id,
                "project_id": project,
                "request_id": question.request,
                "round": question.round,
                "ordinal": ordinal,
                "slot": question.slot,
                "text": question.text,
                "options": list(question.options),
                "default_value": question.default,
                "accepts": None if question.accepts is None else {"also": list(question.accepts)},
                "state": "open",
                "answer": "",
                "answered_by": "",
                "asked_at": at,
            },
        )


async def of_request(connection: Connection, request: RequestId) -> tuple[StoredQuestion, ...]:
    """Every question of the request, by round and order."""
    rows = await connection.execute(
        sa.select(questions)
        .where(questions.c.request_id == request)
        .order_by(questions.c.round, questions.c.ordinal)
    )
    return tuple(
        StoredQuestion(
            id=row.id,
            request=RequestId(row.request_id),
            round=row.round,
            slot=row.slot,
            text=row.text,
            options=tuple(row.options),
            default=row.default_value,
            accepts=None if row.accepts is None else tuple(row.accepts["also"]),
            state=row.state,
            answer=row.answer,
            answered_by=row.answered_by,
            asked_at=row.asked_at,
        )
        for row in rows
    )


async def request_of(connection: Connection, question: str) -> RequestId | None:
    """The request a question belongs to."""
    found = await connection.execute(
        sa.select(questions.c.request_id).where(questions.c.id == question)
    )
    request = found.scalar_one_or_none()
    return RequestId(request) if request else None


async def answer(tx: Connection, question: str, text: str, *, by: str, at: datetime) -> bool:
    """Answer an open question; False when it was no longer open (law 2)."""
    done = await tx.execute(
        sa.update(questions)
        .where((questions.c.id == question) & (questions.c.state == "open"))
        .values(state="answered", answer=text, answered_by=by, answered_at=at)
    )
    return done.rowcount == 1


async def take_defaults(tx: Connection, request: RequestId, *, by: str, at: datetime) -> int:
    """Let the defaults stand for all that is open; gives back how many were."""
    done = await tx.execute(
        sa.update(questions)
        .where((questions.c.request_id == request) & (questions.c.state == "open"))
        .values(
            state="defaulted",
            answer=questions.c.default_value,
            answered_by=by,
            answered_at=at,
        )
    )
    return done.rowcount


async def void(tx: Connection, request: RequestId, *, at: datetime) -> None:
    """The request was dropped or replaced: nobody need answer any more."""
    await tx.execute(
        sa.update(questions)
        .where((questions.c.request_id == request) & (questions.c.state == "open"))
        .values(state="void", answered_at=at)
    )
