"""Tasks whose type of work is sure: it was given, or guessed and people found the result good."""

from typing import Final, NamedTuple

import sqlalchemy as sa

from memory.model.base import ProjectId
from memory.store.engine.database import Connection
from memory.store.tables import task_records

GOOD: Final = 0.8
SURE: Final = 0.5
"""From this quality on, believed so much, a result confirms the type it was done as."""


class Given(NamedTuple):
    """A task on record, with its type."""

    attempt: str
    task_type: str
    text: str
    difficulty: float | None


async def count_given(connection: Connection, project: ProjectId) -> int:
    """How many there are in the project."""
    found = await connection.execute(sa.select(sa.func.count()).where(_sure(project)))
    return found.scalar_one()


async def newest_given(
    connection: Connection, project: ProjectId, *, limit: int
) -> tuple[Given, ...]:
    """The project's newest, newest first."""
    columns = (
        task_records.c.id, task_records.c.task_type, task_records.c.text, task_records.c.difficulty,
    )  # fmt: skip
    query = sa.select(*columns).where(_sure(project)).order_by(task_records.c.seq.desc())
    return tuple(Given(*row) for row in await connection.execute(query.limit(limit)))


def _sure(project: ProjectId) -> sa.ColumnElement[bool]:
    records = task_records.c
    confirmed = (records.quality >= GOOD) & (records.strength >= SURE)
    return (records.project_id == project) & ((records.guessed == 0) | confirmed)
