"""Attempts at tasks: each is claimed by one worker at a time and ends once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from memory.model.base import AgentName, PlanHash, ProjectId, RunId, TaskKey
from memory.model.budget import EVERYWHERE
from memory.model.work.run import RunState, Usage
from memory.store.engine.database import Connection
from memory.store.engine.deferred import Step, at_end
from memory.store.money.holds import Hold
from memory.store.running.switches import concerns
from memory.store.tables import attempts, breakers, budgets, projects, runs, tasks
from memory.store.tables import switches as switch_rows
from memory.store.tables.running import OPEN


class AttemptState(StrEnum):
    """The state an attempt is in."""

    ENQUEUED = "enqueued"
    RUNNING = "running"
    ASKING = "asking"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    HELD = "held"
    """Didn't begin: paused, stopped, no money, or the agent's breaker is open."""
    LOST = "lost"
    """Its run was over before it ended."""


@dataclass(frozen=True)
class Attempt:
    """An attempt with what decides whether it may begin."""

    id: str
    project: ProjectId
    run: RunId
    task: TaskKey
    number: int
    agent: AgentName
    state: AttemptState
    worker: str
    claims: int
    suspected: int  # deaths of workers it was under way at,
    deaths: int  # and those of them at which nothing else was
    reserved_micro_usd: int
    holds: tuple[Hold, ...]
    started_at: datetime | None
    is_open: bool
    """Whether it still is the attempt its task waits for."""
    run_state: RunState
    plan: PlanHash
    thread_key: str
    simulated: bool
    person: str
    schedule: str
    """The schedule the run was due by, "" for none."""
    template: str
    """The template its plan is from, "" for none."""
    stopped: str | None
    """Why the kill switch is set; None where it is not."""
    unwell: bool
    """Whether a breaker of the agent has something to say."""
    root: str
    """The project's folder."""
    limited: bool
    """Whether there are budgets, of the project or everywhere."""


def _looking() -> sa.Select[Any]:
    stopped = (
        sa.select(switch_rows.c.reason)
        .where(concerns(attempts.c.project_id))
        .limit(1)
        .correlate(attempts)
        .scalar_subquery()
        .label("stopped")
    )
    unwell = (
        sa.select(sa.literal(1))
        .where((breakers.c.agent == attempts.c.agent) & (breakers.c.failures > 0))
        .correlate(attempts)
        .exists()
        .label("unwell")
    )
    limited = (
        sa.select(sa.literal(1))
        .where(budgets.c.project_id.in_([attempts.c.project_id, EVERYWHERE]))
        .correlate(attempts)
        .exists()
        .label("limited")
    )
    return (
        sa.select(
            attempts,
            tasks.c.open_attempt,
            projects.c.root,
            unwell,
            limited,
            runs.c.state.label("run_state"),
            runs.c.plan_hash,
            runs.c.thread_key,
            runs.c.simulated,
            runs.c.started_by,
            runs.c.schedule_id,
            runs.c.template,
            stopped,
        )
        .join(runs, runs.c.id == attempts.c.run_id)
        .join(projects, projects.c.id == attempts.c.project_id)
        .join(
            tasks,
            (tasks.c.run_id == attempts.c.run_id) & (tasks.c.key == attempts.c.task_key),
        )
        .where(attempts.c.id.in_(sa.bindparam("attempts", expanding=True)))
    )


# Built once: building these costs five times what running them does.
_LOOK = _looking()
_ADD = sa.insert(attempts)
_IS = attempts.c.id == sa.bindparam("attempt")
_TAKE = sa.update(attempts).where(
    _IS & (attempts.c.state == sa.bindparam("was")) & (attempts.c.claims == sa.bindparam("were"))
)
_END = sa.update(attempts).where(_IS & attempts.c.state.in_(sa.bindparam("was", expanding=True)))
_COUNTED = (
    (attempts.c.run_id == sa.bindparam("run"))
    & (attempts.c.task_key == sa.bindparam("task"))
    & (attempts.c.state == AttemptState.FAILED)
    & (attempts.c.number > tasks.c.forgiven)
)
_OF_TASK = (tasks.c.run_id == attempts.c.run_id) & (tasks.c.key == attempts.c.task_key)
_FAILURES = (
    sa.select(attempts.c.agent, attempts.c.code)
    .join(tasks, _OF_TASK)
    .where(_COUNTED)
    .order_by(attempts.c.number)
)
_FIRST_FAILURE = (
    sa.select(attempts.c.finished_at)
    .join(tasks, _OF_TASK)
    .where(_COUNTED)
    .order_by(attempts.c.number)
    .limit(1)
)
_MINE = (
    _IS & (attempts.c.state == AttemptState.RUNNING) & (attempts.c.worker == sa.bindparam("mine"))
)
_WITH = sa.select(attempts.c.id).where(_MINE)
_END_MINE = _END.where(attempts.c.worker == sa.bindparam("mine"))
_OPEN_WITH = (
    sa.select(attempts.c.id, attempts.c.agent)
    .where(OPEN)
    .where(attempts.c.worker == sa.bindparam("mine"))
)
_SUCCEED = sa.update(attempts).where(_MINE)


class NotOurs(Exception):
    """Another worker has the attempt now; nothing of the transaction has happened."""


def attempt_id(run: RunId, task: TaskKey, number: int) -> str:
    """The id of a task's n-th attempt; the same wherever and whenever it is asked for."""
    return f"{run}:{task}:{number}"


async def add(
    tx: Connection,
    project: ProjectId,
    run: RunId,
    opened: Sequence[tuple[TaskKey, int, AgentName]],
    *,
    worker: str = "",
) -> None:
    """Store attempts (task, number, agent) as enqueued, by a worker that begins them itself."""
    rows = [
        {
            "id": attempt_id(run, task, number),
            "project_id": project,
            "run_id": run,
            "task_key": task,
            "number": number,
            "agent": agent,
            "state": AttemptState.ENQUEUED,
            "worker": worker,
        }
        for task, number, agent in opened
    ]
    if rows:
        await tx.execute(_ADD, rows)


async def look(connection: Connection, attempt: str) -> Attempt | None:
    """The attempt and its surroundings, in one question."""
    return (await look_at(connection, [attempt])).get(attempt)


async def look_at(connection: Connection, keys: Sequence[str]) -> dict[str, Attempt]:
    """Several attempts by id, without those that don't exist."""
    rows = await connection.execute(_LOOK, {"attempts": list(keys)})
    return {row.id: _attempt(row) for row in rows}


async def take(
    tx: Connection,
    attempt: Attempt,
    worker: str,
    *,
    reserved_micro_usd: int,
    holds: tuple[Hold, ...],
    state: AttemptState,
    at: datetime,
    later: bool = False,
) -> bool:
    """Claim it, also from a dead worker; False when somebody else did meanwhile.

    `later`: right before the commit, together with others; then NotOurs undoes the transaction.
    """
    row = {
        "attempt": attempt.id,
        "was": attempt.state,
        "were": attempt.claims,
        "state": state,
        "worker": worker,
        # A worker that claims it again itself, after its database refused, didn't die of it.
        "claims": attempt.claims
        + (attempt.state is AttemptState.ENQUEUED or attempt.worker != worker),
        "suspected": attempt.suspected,
        "deaths": attempt.deaths,
        "reserved_micro_usd": reserved_micro_usd,
        "holds": [list(hold) for hold in holds],
        "started_at": attempt.started_at or at,
    }
    if later:
        await at_end(tx, _take, row, Step.STATE)
        return True
    return (await tx.execute(_TAKE, row)).rowcount == 1


async def _take(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if (await tx.execute(_TAKE, rows)).rowcount != len(rows):
        raise NotOurs


async def is_with(connection: Connection, attempt: str, worker: str) -> bool:
    """Whether this worker makes the attempt now, and nobody has taken it over."""
    found = await connection.execute(_WITH, {"attempt": attempt, "mine": worker})
    return found.first() is not None


async def set_aside(
    tx: Connection,
    attempt: str,
    amount_micro_usd: int | None = None,
    holds: tuple[Hold, ...] | None = None,
) -> None:
    """Note how much is reserved for it by now, and where, whichever is new."""
    new: dict[str, Any] = (
        {} if amount_micro_usd is None else {"reserved_micro_usd": amount_micro_usd}
    )
    if holds is not None:
        new["holds"] = [list(hold) for hold in holds]
    await tx.execute(sa.update(attempts).where(attempts.c.id == attempt).values(new))


async def end(
    tx: Connection,
    attempt: str,
    state: AttemptState,
    *,
    only_from: Sequence[AttemptState],
    worker: str | None = None,
    code: str = "",
    reason: str = "",
    usage: Usage | None = None,
    at: datetime,
) -> bool:
    """End it, if it is in an expected state and still with this worker; say whether it was."""
    used = usage or Usage()
    done = await tx.execute(
        _END if worker is None else _END_MINE,
        {
            "attempt": attempt,
            "was": [state.value for state in only_from],
            **({} if worker is None else {"mine": worker}),
            "state": state,
            "code": code,
            "reason": reason,
            "tokens_in": used.tokens_in,
            "tokens_out": used.tokens_out,
            "cost_micro_usd": used.cost_micro_usd or 0,
            "finished_at": at,
        },
    )
    return done.rowcount == 1


async def succeed(tx: Connection, attempt: str, *, worker: str, usage: Usage, at: datetime) -> None:
    """End it well right before the commit, together with others.

    Where this worker does not make it any more, NotOurs undoes the transaction.
    """
    row = {
        "attempt": attempt,
        "mine": worker,
        "state": AttemptState.SUCCEEDED,
        "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out,
        "cost_micro_usd": usage.cost_micro_usd or 0,
        "finished_at": at,
    }
    await at_end(tx, _succeed, row, Step.STATE)


async def _succeed(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if (await tx.execute(_SUCCEED, rows)).rowcount != len(rows):
        raise NotOurs


async def failures(
    connection: Connection, run: RunId, task: TaskKey
) -> tuple[tuple[AgentName, str], ...]:
    """Who failed at the task, and by which code, in order, since it was last begun afresh."""
    rows = await connection.execute(_FAILURES, {"run": run, "task": task})
    return tuple((AgentName(row.agent), row.code) for row in rows)


async def first_failure(connection: Connection, run: RunId, task: TaskKey) -> datetime | None:
    """When the first of `failures` happened."""
    found = await connection.execute(_FIRST_FAILURE, {"run": run, "task": task})
    return found.scalar_one_or_none()


async def asking(connection: Connection, run: RunId) -> tuple[str, ...]:
    """The run's attempts that wait for a person."""
    rows = await connection.execute(
        sa.select(attempts.c.id).where(
            (attempts.c.run_id == run) & (attempts.c.state == AttemptState.ASKING)
        )
    )
    return tuple(rows.scalars())


async def open_with(connection: Connection, worker: str) -> dict[str, AgentName]:
    """What this worker has to do, and by which agent."""
    rows = await connection.execute(_OPEN_WITH, {"mine": worker})
    return {row.id: AgentName(row.agent) for row in rows}


async def of_cancelled_runs(connection: Connection, worker: str) -> tuple[str, ...]:
    """What this worker does for runs that were cancelled elsewhere."""
    rows = await connection.execute(
        sa.select(attempts.c.id)
        .join(runs, runs.c.id == attempts.c.run_id)
        .where(
            (attempts.c.worker == worker)
            & (attempts.c.state == AttemptState.RUNNING)
            & (runs.c.state == RunState.CANCELLED)
        )
    )
    return tuple(rows.scalars())


def _attempt(row: sa.Row[Any]) -> Attempt:
    return Attempt(
        id=row.id,
        project=ProjectId(row.project_id),
        run=RunId(row.run_id),
        task=TaskKey(row.task_key),
        number=row.number,
        agent=AgentName(row.agent),
        state=AttemptState(row.state),
        worker=row.worker,
        claims=row.claims,
        suspected=row.suspected,
        deaths=row.deaths,
        reserved_micro_usd=row.reserved_micro_usd,
        holds=tuple(tuple(hold) for hold in row.holds),
        started_at=row.started_at,
        is_open=row.open_attempt == row.id,
        run_state=RunState(row.run_state),
        plan=PlanHash(row.plan_hash),
        thread_key=row.thread_key,
        simulated=row.simulated,
        person=row.started_by,
        schedule=row.schedule_id,
        template=row.template,
        stopped=row.stopped,
        unwell=row.unwell,
        root=row.root,
        limited=bool(row.limited),
    )
