"""Answers that agents gave, by what they were asked: what is the same need not be paid for again."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from memory.model.base import Digest, ProjectId
from memory.store.engine.database import Connection
from memory.store.engine.upsert import insert_into
from memory.store.tables import calls


@dataclass(frozen=True)
class Known:
    """Where an answer is kept, and what it cost."""

    value_digest: Digest
    cost_micro_usd: int


async def get(
    connection: Connection, project: ProjectId, key: str, *, since: datetime
) -> Known | None:
    """The answer given since then; None where there is none."""
    found = await connection.execute(
        sa.select(calls.c.value_digest, calls.c.cost_micro_usd).where(
            (calls.c.project_id == project) & (calls.c.key == key) & (calls.c.at >= since)
        )
    )
    row = found.one_or_none()
    return Known(Digest(row.value_digest), row.cost_micro_usd) if row else None


async def keep(
    tx: Connection, project: ProjectId, key: str, digest: Digest, *, cost: int, at: datetime
) -> None:
    """Remember the newest answer; what it saved before stays counted."""
    values = {"value_digest": digest, "cost_micro_usd": cost, "at": at}
    insert = insert_into(tx, calls).values(
        project_id=project, key=key, hits=0, saved_micro_usd=0, **values
    )
    await tx.execute(
        insert.on_conflict_do_update(index_elements=["project_id", "key"], set_=values)
    )


async def saved(tx: Connection, project: ProjectId, key: str, cost: int) -> None:
    """Count an answer that was taken instead of paid for."""
    await tx.execute(
        sa.update(calls)
        .where((calls.c.project_id == project) & (calls.c.key == key))
        .values(hits=calls.c.hits + 1, saved_micro_usd=calls.c.saved_micro_usd + cost)
    )


async def savings(connection: Connection, project: ProjectId) -> tuple[int, int]:
    """How many calls were not made in the project, and the micro-USD they would have cost."""
    found = await connection.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(calls.c.hits), 0),
            sa.func.coalesce(sa.func.sum(calls.c.saved_micro_usd), 0),
        ).where(calls.c.project_id == project)
    )
    hits, cost = found.one()
    return int(hits), int(cost)


async def forget(tx: Connection, project: ProjectId, *, before: datetime) -> None:
    """Drop answers that are too old and never saved anything; the others keep their count."""
    await tx.execute(
        sa.delete(calls).where(
            (calls.c.project_id == project) & (calls.c.at < before) & (calls.c.hits == 0)
        )
    )
