"""How attempts ended, what people thought of the results, and the profiles made of both."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from memory.model.base import AgentName, Model, ProjectId, RunId
from memory.model.profile import AgentProfile
from memory.privacy.redaction import redact
from memory.store.database import Connection
from memory.store.once import insert_once
from memory.store.tables import feedback, profiles, task_records
from memory.store.upsert import insert_for, insert_into

TEXT_CHARS = 2_000
"""How much of a task's words is kept: enough to find similar work by."""


COUNTS = ("successes", "failures", "likes", "dislikes", "cost_micro_usd", "latency_ms")

_OPINIONS = sa.select(feedback.c.value).where(
    (feedback.c.run_id == sa.bindparam("run")) & (feedback.c.project_id == sa.bindparam("project"))
)


class TaskRecord(Model):
    """One finished attempt. `seq` grows with every record, in all projects together."""

    seq: int
    id: str
    project: ProjectId
    run: RunId
    agent: AgentName
    task_type: str
    text: str
    succeeded: bool
    at: datetime


async def record(  # noqa: PLR0913 - one keyword for each thing that is counted
    tx: Connection,
    project: ProjectId,
    *,
    attempt: str,
    run: RunId,
    agent: str,
    task_type: str,
    text: str,
    succeeded: bool,
    cost_micro_usd: int,
    latency_ms: int,
    at: datetime,
) -> bool:
    """Count a finished attempt; False where it was counted before.

    Leave out attempts that say nothing about the agent: simulated, cancelled, refused by policy.
    """
    liked, disliked = await _opinions(tx, project, run) if succeeded else (0, 0)
    if liked or disliked:
        first = not await _has_succeeded(tx, project, run, agent, task_type)
        liked, disliked = (liked, disliked) if first else (0, 0)
    added = await insert_once(
        tx,
        task_records,
        {
            "id": attempt,
            "project_id": project,
            "run_id": run,
            "agent": agent,
            "task_type": task_type,
            "text": redact(text)[:TEXT_CHARS],
            "succeeded": succeeded,
            "cost_micro_usd": cost_micro_usd,
            "latency_ms": latency_ms,
            "at": at,
        },
    )
    if not added:
        return False
    await _add(
        tx,
        project,
        agent,
        task_type,
        at=at,
        successes=int(succeeded),
        failures=int(not succeeded),
        likes=liked,
        dislikes=disliked,
        cost_micro_usd=cost_micro_usd,
        latency_ms=latency_ms if succeeded else 0,
    )
    return True


async def give_feedback(
    tx: Connection, project: ProjectId, run: RunId, person: str, value: int, *, at: datetime
) -> bool:
    """Set a person's opinion of a run: 1, -1, or 0 to take it back; False if it was that before.

    It counts once for each agent and type of task that succeeded in the run, however late.
    """
    mark = max(-1, min(1, value))
    await tx.execute(
        insert_into(tx, feedback)
        .values(run_id=run, person=person, project_id=project, value=0, at=at)
        .on_conflict_do_nothing(index_elements=["run_id", "person"])
    )
    where = (
        (feedback.c.run_id == run)
        & (feedback.c.person == person)
        & (feedback.c.project_id == project)
    )
    before = (
        await tx.execute(sa.select(feedback.c.value).where(where).with_for_update())
    ).scalar_one_or_none()
    if before is None or before == mark:
        return False
    await tx.execute(sa.update(feedback).where(where).values(value=mark, at=at))
    doers = await tx.execute(
        sa.select(task_records.c.agent, task_records.c.task_type)
        .where(_of_run(project, run) & task_records.c.succeeded)
        .distinct()
    )
    for doer in doers.all():
        await _add(
            tx,
            project,
            doer.agent,
            doer.task_type,
            at=at,
            likes=(mark == 1) - (before == 1),
            dislikes=(mark == -1) - (before == -1),
        )
    return True


async def feedback_of(connection: Connection, project: ProjectId, run: RunId) -> tuple[int, int]:
    """How many people liked the run, and how many did not."""
    return await _opinions(connection, project, run)


async def profiles_of(connection: Connection, project: ProjectId) -> tuple[AgentProfile, ...]:
    """Every profile of the project, by agent and type of task."""
    rows = await connection.execute(
        sa.select(profiles)
        .where(profiles.c.project_id == project)
        .order_by(profiles.c.agent, profiles.c.task_type)
    )
    return tuple(
        AgentProfile(
            project=project,
            agent=AgentName(row.agent),
            task_type=row.task_type,
            successes=row.successes,
            failures=row.failures,
            likes=row.likes,
            dislikes=row.dislikes,
            cost_micro_usd=row.cost_micro_usd,
            latency_ms=row.latency_ms,
        )
        for row in rows
    )


async def records_after(connection: Connection, seq: int, *, limit: int) -> tuple[TaskRecord, ...]:
    """Records of all projects behind the number, oldest first."""
    query = sa.select(task_records).where(task_records.c.seq > seq)
    return await _records(connection, query.order_by(task_records.c.seq).limit(limit))


async def newest_records(
    connection: Connection, project: ProjectId, *, after: int = 0, limit: int
) -> tuple[TaskRecord, ...]:
    """The project's newest records behind the number, newest first."""
    query = sa.select(task_records).where(
        (task_records.c.project_id == project) & (task_records.c.seq > after)
    )
    return await _records(connection, query.order_by(task_records.c.seq.desc()).limit(limit))


async def records_by_id(
    connection: Connection, project: ProjectId, ids: Sequence[str]
) -> tuple[TaskRecord, ...]:
    """Those of the records that exist in this project."""
    return await _records(
        connection,
        sa.select(task_records).where(
            (task_records.c.project_id == project) & task_records.c.id.in_(ids)
        ),
    )


async def last_record(connection: Connection) -> int:
    """The number of the newest record of all; 0 where there is none."""
    found = await connection.execute(sa.select(sa.func.max(task_records.c.seq)))
    return found.scalar_one_or_none() or 0


async def _records(
    connection: Connection, query: sa.Select[tuple[object, ...]]
) -> tuple[TaskRecord, ...]:
    return tuple(
        TaskRecord(
            seq=row.seq,
            id=row.id,
            project=ProjectId(row.project_id),
            run=RunId(row.run_id),
            agent=AgentName(row.agent),
            task_type=row.task_type,
            text=row.text,
            succeeded=row.succeeded,
            at=row.at,
        )
        for row in await connection.execute(query)
    )


async def _has_succeeded(
    tx: Connection, project: ProjectId, run: RunId, agent: str, task_type: str
) -> bool:
    found = await tx.execute(
        sa.select(task_records.c.seq)
        .where(
            _of_run(project, run)
            & (task_records.c.agent == agent)
            & (task_records.c.task_type == task_type)
            & task_records.c.succeeded
        )
        .limit(1)
    )
    return found.first() is not None


async def _opinions(connection: Connection, project: ProjectId, run: RunId) -> tuple[int, int]:
    rows = await connection.execute(_OPINIONS, {"run": run, "project": project})
    values = [row.value for row in rows]
    return values.count(1), values.count(-1)


async def _add(
    tx: Connection, project: ProjectId, agent: str, task_type: str, *, at: datetime, **amounts: int
) -> None:
    first = {name: max(0, amounts.get(name, 0)) for name in COUNTS}
    row = {"project_id": project, "agent": agent, "task_type": task_type, "updated_at": at}
    more = {f"more_{name}": amounts.get(name, 0) for name in COUNTS}
    await tx.execute(_growing(tx.dialect.name), {**row, **first, **more})


@cache
def _growing(dialect: str) -> sa.Executable:
    insert = insert_for(dialect, profiles)
    grown = {name: profiles.c[name] + sa.bindparam(f"more_{name}") for name in COUNTS}
    return insert.on_conflict_do_update(
        index_elements=["project_id", "agent", "task_type"],
        set_={**grown, "updated_at": insert.excluded.updated_at},
    )


def _of_run(project: ProjectId, run: RunId) -> sa.ColumnElement[bool]:
    return (task_records.c.project_id == project) & (task_records.c.run_id == run)
