"""Whose turn it is at an agent with limits: attempts in line, and what the last minute used."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from memory.model.agents.spec import AgentLimits
from memory.model.base import AgentName, ProjectId, RunId
from memory.model.work.run import RunState, Usage
from memory.store.engine.database import Connection
from memory.store.engine.upsert import insert_into
from memory.store.running.attempts import AttemptState
from memory.store.tables import attempts, lines, rates, runs

MINUTE = timedelta(seconds=60)

# Built once: building these costs five times what running them does.
_LOCK = sa.select(
    sa.func.pg_advisory_xact_lock(sa.func.hashtext(sa.literal("agent:") + sa.bindparam("agent")))
)
_UNDER_WAY = (
    sa.select(attempts.c.project_id, sa.func.count().label("count"))
    .join(runs, runs.c.id == attempts.c.run_id)
    .where(
        (attempts.c.agent == sa.bindparam("agent"))
        & (attempts.c.state == AttemptState.RUNNING)
        & runs.c.simulated.is_(sa.false())
    )
    .group_by(attempts.c.project_id)
)
_USED = sa.select(
    sa.func.coalesce(sa.func.sum(rates.c.requests), 0).label("requests"),
    sa.func.coalesce(sa.func.sum(rates.c.tokens), 0).label("tokens"),
    sa.func.coalesce(sa.func.sum(sa.case((rates.c.tokens > 0, 1), else_=0)), 0).label("replies"),
).where((rates.c.agent == sa.bindparam("agent")) & (rates.c.at > sa.bindparam("since")))
_SERVED = (
    sa.select(rates.c.project_id, sa.func.sum(rates.c.requests).label("count"))
    .where(rates.c.agent == sa.bindparam("agent"))
    .group_by(rates.c.project_id)
)
_TIDY = sa.delete(lines).where(
    (lines.c.agent == sa.bindparam("of_agent"))
    & ~sa.exists().where(
        (attempts.c.id == lines.c.attempt_id)
        & (attempts.c.state == AttemptState.ENQUEUED)
        & (attempts.c.agent == lines.c.agent)
    )
)
_CALLED = (
    sa.select(lines.c.project_id, sa.func.count().label("count"))
    .where((lines.c.agent == sa.bindparam("agent")) & lines.c.called.is_(sa.true()))
    .group_by(lines.c.project_id)
)


@dataclass(frozen=True)
class InLine:
    """An attempt that waits for its turn."""

    attempt: str
    project: ProjectId
    turn: int
    calls: int
    run_over: bool


@dataclass(frozen=True)
class Load:
    """What an agent has on its hands: attempts by project, and the minute before now."""

    under_way: dict[ProjectId, int]
    called: dict[ProjectId, int]
    """Those that were told to come and are not here yet."""
    served: dict[ProjectId, int]
    """Requests of the last minute."""
    waiting: int
    requests: int
    tokens: int
    tokens_each: int
    """What a reply took on average."""

    def room(self, limits: AgentLimits) -> int | None:
        """How many more may begin; None where nothing limits them."""
        coming = sum(self.called.values())
        busy = sum(self.under_way.values())
        rooms = []
        if limits.concurrency:
            rooms.append(limits.concurrency - busy - coming)
        if limits.requests_per_minute:
            rooms.append(limits.requests_per_minute - self.requests - coming)
        if limits.tokens_per_minute:
            left = limits.tokens_per_minute - self.tokens - self.tokens_each * (busy + coming)
            # Until a first reply shows what one takes, one is let in after the other.
            each = self.tokens_each or max(1, left if busy + coming == 0 else left + 1)
            rooms.append(left // each)
        return max(0, min(rooms)) if rooms else None


async def lock(tx: Connection, agent: AgentName) -> None:
    """Nobody else decides about this agent before the transaction ends (SQLite has one writer)."""
    if tx.dialect.name == "postgresql":
        await tx.execute(_LOCK, {"agent": agent})


async def load(tx: Connection, agent: AgentName, *, but: str = "", at: datetime) -> Load:
    """What the agent has on its hands, not counting the attempt `but`."""
    await tx.execute(_TIDY, {"of_agent": agent})
    await tx.execute(sa.delete(rates).where((rates.c.agent == agent) & (rates.c.at <= at - MINUTE)))
    used = (await tx.execute(_USED, {"agent": agent, "since": at - MINUTE})).one()
    waiting = await tx.execute(
        sa.select(sa.func.count()).where(
            (lines.c.agent == agent) & lines.c.called.is_(sa.false()) & (lines.c.attempt_id != but)
        )
    )
    return Load(
        under_way=await _counts(tx, _UNDER_WAY, agent),
        called=await _counts(tx, _CALLED.where(lines.c.attempt_id != but), agent),
        served=await _counts(tx, _SERVED, agent),
        waiting=waiting.scalar_one(),
        requests=int(used.requests),
        tokens=int(used.tokens),
        tokens_each=int(used.tokens) // max(1, int(used.replies)),
    )


async def wait(
    tx: Connection,
    attempt: str,
    project: ProjectId,
    agent: AgentName,
    *,
    turn: int,
    at: datetime,
) -> None:
    """Put the attempt in line; one that was called keeps its place."""
    insert = insert_into(tx, lines).values(
        attempt_id=attempt, project_id=project, agent=agent, turn=turn, called=False, since=at
    )
    await tx.execute(
        insert.on_conflict_do_update(index_elements=["attempt_id"], set_={"called": False})
    )


async def was_called(tx: Connection, attempt: str) -> bool:
    """Whether it was told to come."""
    found = await tx.execute(
        sa.select(lines.c.seq).where(
            (lines.c.attempt_id == attempt) & lines.c.called.is_(sa.true())
        )
    )
    return found.first() is not None


async def first_in_line(tx: Connection, agent: AgentName, most: int) -> tuple[InLine, ...]:
    """Of every project up to `most` that wait, in their order; and those that wait for nothing."""
    place = sa.func.row_number().over(
        partition_by=(lines.c.project_id, runs.c.state.in_(_OVER)),
        order_by=(lines.c.turn, lines.c.seq),
    )
    ranked = (
        sa.select(lines, runs.c.state.in_(_OVER).label("over"), place.label("place"))
        .join(attempts, attempts.c.id == lines.c.attempt_id)
        .join(runs, runs.c.id == attempts.c.run_id)
        .where((lines.c.agent == agent) & lines.c.called.is_(sa.false()))
        .subquery()
    )
    rows = await tx.execute(
        sa.select(ranked)
        .where((ranked.c.place <= most) | ranked.c.over)
        .order_by(ranked.c.turn, ranked.c.seq)
    )
    return tuple(
        InLine(row.attempt_id, ProjectId(row.project_id), row.turn, row.calls, bool(row.over))
        for row in rows
    )


async def call(tx: Connection, called: InLine) -> None:
    """Write down that it was told to come."""
    await tx.execute(
        sa.update(lines)
        .where(lines.c.attempt_id == called.attempt)
        .values(called=True, calls=called.calls + 1)
    )


async def in_line(connection: Connection, run: RunId) -> dict[str, AgentName]:
    """The attempts of a run that wait for their turn, and at which agent."""
    rows = await connection.execute(
        sa.select(lines.c.attempt_id, lines.c.agent)
        .join(attempts, attempts.c.id == lines.c.attempt_id)
        .where(
            (attempts.c.run_id == run)
            & (attempts.c.state == AttemptState.ENQUEUED)
            & lines.c.called.is_(sa.false())
        )
    )
    return {row.attempt_id: AgentName(row.agent) for row in rows}


async def agents_in_line(connection: Connection) -> tuple[AgentName, ...]:
    """The agents somebody waits for."""
    rows = await connection.execute(sa.select(lines.c.agent).distinct().order_by(lines.c.agent))
    return tuple(AgentName(name) for name in rows.scalars())


async def asked(tx: Connection, project: ProjectId, agent: AgentName, *, at: datetime) -> None:
    """One more request in this minute."""
    row = {"project_id": project, "agent": agent, "requests": 1, "tokens": 0, "at": at}
    await tx.execute(sa.insert(rates), row)


async def used(
    tx: Connection, project: ProjectId, agent: AgentName, usage: Usage, *, at: datetime
) -> None:
    """What a reply took, and the requests it needed besides the first."""
    tokens, more = usage.tokens_in + usage.tokens_out, max(0, usage.requests - 1)
    if tokens or more:
        row = {"project_id": project, "agent": agent, "requests": more, "tokens": tokens, "at": at}
        await tx.execute(sa.insert(rates), row)


_OVER = tuple(state.value for state in RunState if state.over)


async def _counts(tx: Connection, query: sa.Select[Any], agent: AgentName) -> dict[ProjectId, int]:
    rows = await tx.execute(query, {"agent": agent})
    return {ProjectId(row.project_id): int(row[1]) for row in rows}
