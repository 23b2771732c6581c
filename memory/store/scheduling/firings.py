"""Every time that a schedule was due, and what became of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from memory.model.base import ProjectId, RunId
from memory.model.timing.firing import FiringState, StoredFiring
from memory.model.timing.schedule import Firing
from memory.model.work.run import RunState
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.tables import firings, runs


async def fire(
    tx: Connection,
    project: ProjectId,
    firing: Firing,
    state: FiringState,
    *,
    at: datetime,
    reason: str = "",
) -> bool:
    """Store that it was due then; False when that is stored already."""
    return await insert_once(
        tx,
        firings,
        {
            "schedule_id": firing.schedule,
            "due_at": firing.due_at,
            "project_id": project,
            "state": state,
            "reason": reason,
            "run_id": "",
            "fired_at": at,
        },
    )


async def decide(
    tx: Connection,
    firing: Firing,
    to: FiringState,
    *,
    only_from: Collection[FiringState],
    at: datetime,
    reason: str = "",
    run: str = "",
) -> bool:
    """Move it to another state if it is in one of those expected; say whether it was."""
    moved = await tx.execute(
        sa.update(firings)
        .where(_is(firing) & firings.c.state.in_(only_from))
        .values(state=to, reason=reason, run_id=run, decided_at=at)
    )
    return moved.rowcount == 1


async def get(connection: Connection, firing: Firing) -> StoredFiring | None:
    """What became of one time it was due."""
    row = (await connection.execute(_FIRINGS.where(_is(firing)))).one_or_none()
    return _firing(row) if row else None


async def of_run(connection: Connection, run: RunId) -> StoredFiring | None:
    """The time that this run was started for."""
    row = (await connection.execute(_FIRINGS.where(firings.c.run_id == run))).one_or_none()
    return _firing(row) if row else None


async def of_schedule(
    connection: Connection, schedule: str, limit: int
) -> tuple[StoredFiring, ...]:
    """The last times it was due, newest first."""
    mine = _FIRINGS.where(firings.c.schedule_id == schedule)
    rows = await connection.execute(mine.order_by(firings.c.due_at.desc()).limit(limit))
    return tuple(_firing(row) for row in rows)


async def open_runs(connection: Connection, schedule: str) -> tuple[RunId, ...]:
    """Runs of the schedule that aren't over."""
    rows = await connection.execute(
        sa.select(runs.c.id)
        .join(firings, firings.c.run_id == runs.c.id)
        .where(
            (firings.c.schedule_id == schedule)
            & runs.c.state.in_([RunState.RUNNING, RunState.PAUSED])
        )
    )
    return tuple(RunId(run) for run in rows.scalars())


async def is_busy(connection: Connection, schedule: str) -> bool:
    """Whether a run of the schedule isn't over, or is about to start."""
    claimed = sa.select(sa.literal(1)).where(
        (firings.c.schedule_id == schedule) & (firings.c.state == FiringState.CLAIMED)
    )
    if (await connection.execute(claimed.limit(1))).first() is not None:
        return True
    return bool(await open_runs(connection, schedule))


async def drop_waiting(tx: Connection, schedule: str, reason: str, *, at: datetime) -> None:
    """Skip the firings that wait for the run before them."""
    await tx.execute(
        sa.update(firings)
        .where((firings.c.schedule_id == schedule) & (firings.c.state == FiringState.WAITING))
        .values(state=FiringState.SKIPPED, reason=reason, decided_at=at)
    )


async def waiting(connection: Connection) -> tuple[Firing, ...]:
    """What waits for the run before it or for the release of work, oldest first."""
    rows = await connection.execute(
        sa.select(firings)
        .where(firings.c.state == FiringState.WAITING)
        .order_by(firings.c.due_at)
        .limit(200)
    )
    return tuple(Firing(schedule=row.schedule_id, due_at=row.due_at) for row in rows)


_FIRINGS = sa.select(
    firings, runs.c.state.label("run_state"), runs.c.finished_at.label("run_ended_at")
).outerjoin(runs, (runs.c.id == firings.c.run_id) & (firings.c.run_id != ""))


def _is(firing: Firing) -> sa.ColumnElement[bool]:
    return (firings.c.schedule_id == firing.schedule) & (firings.c.due_at == firing.due_at)


def _firing(row: sa.Row[Any]) -> StoredFiring:
    return StoredFiring(
        firing=Firing(schedule=row.schedule_id, due_at=row.due_at),
        state=FiringState(row.state),
        reason=row.reason,
        run=RunId(row.run_id),
        run_state=RunState(row.run_state) if row.run_state else None,
        fired_at=row.fired_at,
        ended_at=row.run_ended_at,
    )
