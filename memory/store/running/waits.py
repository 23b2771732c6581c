"""Questions that running tasks ask of people: rows, not waiting workflows (law 2)."""

from datetime import datetime

import sqlalchemy as sa

from memory.model.base import ProjectId, RunId, TaskKey
from memory.model.identity import Identity
from memory.model.work.wait import WaitView
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.tables import waits


async def ask(tx: Connection, wait: WaitView) -> bool:
    """Store the question; False when it was asked before."""
    return await insert_once(
        tx,
        waits,
        {
            "id": wait.id,
            "project_id": wait.project,
            "run_id": wait.run,
            "task_key": wait.task,
            "thread_key": wait.thread_key,
            "asked": {
                "name": wait.name,
                "identity": wait.who.model_dump(mode="json") if wait.who else None,
            },
            "question": wait.question,
            "state": "open",
            "answer": "",
            "answered_by": "",
            "asked_at": wait.asked_at,
        },
    )


async def answer(
    tx: Connection, project: ProjectId, wait: str, text: str, *, by: str, at: datetime
) -> WaitView | None:
    """Close the question with an answer; None when it is no longer open."""
    row = (
        await tx.execute(
            sa.update(waits)
            .where((waits.c.id == wait) & (waits.c.project_id == project) & _open())
            .values(state="answered", answer=text, answered_by=by, answered_at=at)
            .returning(waits)
        )
    ).one_or_none()
    return _view(row) if row else None


async def took(
    connection: Connection, project: ProjectId, wait: str, text: str, *, by: str
) -> bool:
    """Whether this answer by this person closed the question."""
    row = await connection.execute(
        sa.select(waits.c.id).where(
            (waits.c.id == wait)
            & (waits.c.project_id == project)
            & (waits.c.state == "answered")
            & (waits.c.answer == text)
            & (waits.c.answered_by == by)
        )
    )
    return row.first() is not None


async def cancel_of(tx: Connection, run: RunId, *, at: datetime) -> None:
    """Nobody needs to answer the run's questions any more."""
    await tx.execute(
        sa.update(waits)
        .where((waits.c.run_id == run) & _open())
        .values(state="cancelled", answered_at=at)
    )


async def open_in(connection: Connection, thread_key: str) -> tuple[WaitView, ...]:
    """The open questions of a thread, oldest first."""
    rows = await connection.execute(
        sa.select(waits)
        .where((waits.c.thread_key == thread_key) & _open())
        .order_by(waits.c.asked_at, waits.c.id)
    )
    return tuple(_view(row) for row in rows)


async def open_of(connection: Connection, run: RunId) -> tuple[WaitView, ...]:
    """The open questions of a run's tasks, oldest first."""
    rows = await connection.execute(
        sa.select(waits)
        .where((waits.c.run_id == run) & _open())
        .order_by(waits.c.asked_at, waits.c.id)
    )
    return tuple(_view(row) for row in rows)


def _open() -> sa.ColumnElement[bool]:
    return waits.c.state == "open"


def _view(row: sa.Row[tuple[object, ...]]) -> WaitView:
    who = row.asked["identity"]
    return WaitView(
        id=row.id,
        project=ProjectId(row.project_id),
        run=RunId(row.run_id),
        task=TaskKey(row.task_key),
        thread_key=row.thread_key,
        name=row.asked["name"],
        who=Identity.model_validate(who) if who else None,
        question=row.question,
        asked_at=row.asked_at,
    )
