"""Schedules, and the standing approvals they run under."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from memory.model.base import PlanHash, ProjectId
from memory.model.errors import NotFound
from memory.model.identity import Identity, Role, ThreadRef
from memory.model.timing.schedule import Schedule
from memory.model.timing.stored_schedule import ScheduleState, Standing, StoredSchedule
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.engine.sealing import holds, sealed
from memory.store.running.switches import concerns
from memory.store.tables import schedules, standing_approvals


async def next_number(connection: Connection, project: ProjectId) -> int:
    """The number that the project's next schedule gets."""
    highest = sa.select(sa.func.max(schedules.c.number)).where(schedules.c.project_id == project)
    return int((await connection.execute(highest)).scalar_one() or 0) + 1


async def keep(tx: Connection, stored: StoredSchedule) -> bool:
    """Store a new schedule; False when it is there already."""
    return await insert_once(
        tx,
        schedules,
        {
            "id": stored.id,
            "project_id": stored.project,
            "number": stored.number,
            "created_by": stored.created_by.model_dump(mode="json"),
            "created_at": stored.created_at,
            **_values(stored),
        },
    )


async def replace(tx: Connection, stored: StoredSchedule) -> bool:
    """Another plan or other times for a schedule that is not over; say whether it was not."""
    done = await tx.execute(
        sa.update(schedules)
        .where((schedules.c.id == stored.id) & schedules.c.state.not_in(_OVER))
        .values(**_values(stored))
    )
    return done.rowcount == 1


async def get(connection: Connection, project: ProjectId, number: int) -> StoredSchedule:
    """The schedule that the project's people call by this number. Raises NotFound."""
    mine = (schedules.c.project_id == project) & (schedules.c.number == number)
    found = await _first(connection, mine)
    if found is None:
        raise NotFound(
            "There is no schedule {number} here; say `schedules` to see them all.", number=number
        )
    return found


async def by_id(connection: Connection, schedule: str) -> StoredSchedule:
    """The schedule with this id. Raises NotFound."""
    found = await find(connection, schedule)
    if found is None:
        raise NotFound("That schedule was deleted.")
    return found


async def find(connection: Connection, schedule: str) -> StoredSchedule | None:
    """The schedule with this id, if it was not deleted."""
    return await _first(connection, schedules.c.id == schedule)


async def of_plan(connection: Connection, plan: PlanHash) -> StoredSchedule | None:
    """The schedule that runs this plan, if it is not over."""
    query = sa.select(schedules).where(
        (schedules.c.plan_hash == plan) & schedules.c.state.not_in(_OVER)
    )
    row = (await connection.execute(query)).first()
    return _schedule(row) if row else None


async def of_project(connection: Connection, project: ProjectId) -> tuple[StoredSchedule, ...]:
    """The project's schedules in order of their numbers, deleted ones left out."""
    rows = await connection.execute(
        sa.select(schedules)
        .where((schedules.c.project_id == project) & (schedules.c.state != ScheduleState.DELETED))
        .order_by(schedules.c.number)
    )
    return tuple(_schedule(row) for row in rows)


async def due(connection: Connection, now: datetime, limit: int) -> tuple[StoredSchedule, ...]:
    """Active schedules whose time has come, where work is not stopped, longest due first."""
    stopped = sa.select(sa.literal(1)).where(concerns(schedules.c.project_id))
    rows = await connection.execute(
        sa.select(schedules)
        .where(
            (schedules.c.state == ScheduleState.ACTIVE)
            & (schedules.c.next_due <= now)
            & ~stopped.exists()
        )
        .order_by(schedules.c.next_due)
        .limit(limit)
    )
    return tuple(_schedule(row) for row in rows)


async def ahead(connection: Connection, now: datetime) -> tuple[StoredSchedule, ...]:
    """Active schedules whose time is to come."""
    rows = await connection.execute(
        sa.select(schedules).where(
            (schedules.c.state == ScheduleState.ACTIVE) & (schedules.c.next_due > now)
        )
    )
    return tuple(_schedule(row) for row in rows)


async def advance(
    tx: Connection, schedule: str, following: datetime | None, *, only_from: datetime
) -> bool:
    """Set the next time, if it is still the one expected; say whether it was (law 2).

    Without a next time the schedule is done.
    """
    state = ScheduleState.ACTIVE if following else ScheduleState.DONE
    moved = await tx.execute(
        sa.update(schedules)
        .where(
            (schedules.c.id == schedule)
            & (schedules.c.next_due == only_from)
            & (schedules.c.state == ScheduleState.ACTIVE)
        )
        .values(next_due=following, state=state)
    )
    return moved.rowcount == 1


async def move(
    tx: Connection,
    schedule: str,
    to: ScheduleState,
    *,
    only_from: Collection[ScheduleState],
    next_due: datetime | None = None,
) -> bool:
    """Change the state if it is one of those expected; say whether it was."""
    moved = await tx.execute(
        sa.update(schedules)
        .where((schedules.c.id == schedule) & schedules.c.state.in_(only_from))
        .values(state=to, next_due=next_due)
    )
    return moved.rowcount == 1


async def approve(tx: Connection, project: ProjectId, standing: Standing) -> None:
    """Write down a standing approval, once per person and plan."""
    await insert_once(
        tx,
        standing_approvals,
        sealed(
            tx,
            standing_approvals,
            {
                "schedule_id": standing.schedule,
                "plan_hash": standing.plan,
                "person": standing.person,
                "project_id": project,
                "role": standing.role,
                "cost_cap_micro_usd": standing.cost_cap_micro_usd,
                "effects": list(standing.effects),
                "at": standing.at,
            },
        ),
    )


async def end_approvals(tx: Connection, schedule: str, *, at: datetime) -> None:
    """Nothing runs under the schedule's standing approvals any more."""
    for given in await _standing(tx, standing_approvals.c.schedule_id == schedule):
        ended = {**given._mapping, "ended_at": at}  # noqa: SLF001 - SQLAlchemy's public name for it
        if holds(tx, standing_approvals, given):  # what was forged gets no seal by being ended
            ended = sealed(tx, standing_approvals, ended)
        await tx.execute(
            sa.update(standing_approvals)
            .where(
                (standing_approvals.c.schedule_id == schedule)
                & (standing_approvals.c.plan_hash == given.plan_hash)
                & (standing_approvals.c.person == given.person)
            )
            .values(ended_at=at, seal=ended["seal"])
        )


async def standing(connection: Connection, schedule: str, plan: PlanHash) -> tuple[Standing, ...]:
    """The approvals that stand for this plan of the schedule, oldest first."""
    of_plan = standing_approvals.c.plan_hash == plan
    rows = await _standing(connection, (standing_approvals.c.schedule_id == schedule) & of_plan)
    return tuple(
        Standing(
            schedule=row.schedule_id,
            plan=PlanHash(row.plan_hash),
            person=row.person,
            role=Role(row.role),
            cost_cap_micro_usd=row.cost_cap_micro_usd,
            effects=tuple(row.effects),
            at=row.at,
            holds=holds(connection, standing_approvals, row),
        )
        for row in rows
    )


async def _standing(connection: Connection, which: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
    """The rows of approvals that stand, oldest first."""
    query = sa.select(standing_approvals).where(which & standing_approvals.c.ended_at.is_(None))
    return (await connection.execute(query.order_by(standing_approvals.c.at))).all()


_OVER = [state.value for state in ScheduleState if state.over]


def _values(stored: StoredSchedule) -> dict[str, Any]:
    return {
        "plan_hash": stored.plan,
        "thread_key": stored.thread.key,
        "thread": stored.thread.model_dump(mode="json"),
        "title": stored.title,
        "body": stored.schedule.model_dump(mode="json"),
        "state": stored.state,
        "next_due": stored.next_due,
    }


async def _first(connection: Connection, wanted: sa.ColumnElement[bool]) -> StoredSchedule | None:
    query = sa.select(schedules).where(wanted & (schedules.c.state != ScheduleState.DELETED))
    row = (await connection.execute(query)).one_or_none()
    return _schedule(row) if row else None


def _schedule(row: sa.Row[Any]) -> StoredSchedule:
    return StoredSchedule(
        id=row.id,
        project=ProjectId(row.project_id),
        number=row.number,
        plan=PlanHash(row.plan_hash),
        thread=ThreadRef.model_validate(row.thread),
        title=row.title,
        schedule=Schedule.model_validate(row.body),
        state=ScheduleState(row.state),
        created_by=Identity.model_validate(row.created_by),
        created_at=row.created_at,
        next_due=row.next_due,
    )
