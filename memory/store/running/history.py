"""What was begun and finished in a project, and what waits for people there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from memory.model.base import PlanHash, ProjectId
from memory.model.overview import RunRow
from memory.model.work.approval import PlanState
from memory.model.work.plan import Plan
from memory.model.work.request import RequestState
from memory.store.engine.database import Connection
from memory.store.running.overview import newest
from memory.store.tables import approvals, plans, questions, requests, runs, waits


@dataclass(frozen=True)
class Ended:
    """How many runs of the time ended in which way, and what they cost together."""

    state: str
    runs: int
    cost_micro_usd: int


@dataclass(frozen=True)
class WaitingPlan:
    """A plan that is not decided. `asked_by` is an identity as JSON."""

    hash: PlanHash
    plan: Plan
    asked_by: dict[str, Any]
    approved_by: tuple[str, ...]
    since: datetime


@dataclass(frozen=True)
class WaitingQuestion:
    """A question nobody answered: before a plan, or of a running task to `who` (an identity).

    It has the request and round that it's of, or the wait.
    """

    text: str
    who: dict[str, Any]
    name: str
    since: datetime
    request: str = ""
    round: int = 0
    wait: str = ""


async def ended(
    connection: Connection, project: ProjectId, since: datetime, until: datetime, person: str = ""
) -> tuple[Ended, ...]:
    """The runs that began in this time, dry runs aside, by their present state."""
    rows = await connection.execute(
        sa.select(runs.c.state, sa.func.count(), sa.func.sum(runs.c.cost_micro_usd))
        .where(_began(project, since, until, person))
        .group_by(runs.c.state)
        .order_by(runs.c.state)
    )
    return tuple(Ended(state, count, int(cost or 0)) for state, count, cost in rows)


async def began(
    connection: Connection,
    project: ProjectId,
    since: datetime,
    until: datetime,
    *,
    person: str = "",
    limit: int,
) -> tuple[RunRow, ...]:
    """The runs that began in this time, dry runs aside, newest first."""
    return await newest(connection, _began(project, since, until, person), limit)


async def waiting_plans(
    connection: Connection, project: ProjectId, *, now: datetime, limit: int
) -> tuple[WaitingPlan, ...]:
    """Plans that somebody can still approve, oldest first."""
    rows = await connection.execute(
        sa.select(plans.c.hash, plans.c.body, plans.c.created_at, requests.c.identity)
        .join(requests, requests.c.id == plans.c.request_id)
        .where(
            (plans.c.project_id == project)
            & (plans.c.state == PlanState.WAITING)
            & (plans.c.expires_at > now)
        )
        .order_by(plans.c.created_at)
        .limit(limit)
    )
    found = rows.all()
    given = await _given(connection, [row.hash for row in found])
    return tuple(
        WaitingPlan(
            PlanHash(row.hash), Plan.model_validate_json(row.body), row.identity,
            given.get(row.hash, ()), row.created_at,
        )
        for row in found
    )  # fmt: skip


async def waiting_questions(
    connection: Connection, project: ProjectId, *, limit: int
) -> tuple[WaitingQuestion, ...]:
    """Open questions before plans, and those that running tasks ask, oldest first."""
    before = await connection.execute(
        sa.select(
            questions.c.text, requests.c.identity, questions.c.asked_at,
            requests.c.id, requests.c.round,
        )
        .join(requests, requests.c.id == questions.c.request_id)
        .where(
            (questions.c.project_id == project)
            & (questions.c.state == "open")
            & (questions.c.round == requests.c.round)
            & (requests.c.state == RequestState.ASKING)
        )
        .order_by(questions.c.asked_at, questions.c.ordinal)
        .limit(limit)
    )  # fmt: skip
    found = [
        WaitingQuestion(row.text, row.identity, "", row.asked_at, row.id, row.round)
        for row in before
    ]
    running = await connection.execute(
        sa.select(waits)
        .where((waits.c.project_id == project) & (waits.c.state == "open"))
        .order_by(waits.c.asked_at)
        .limit(limit)
    )
    found += [
        WaitingQuestion(
            row.question, row.asked["identity"] or {}, row.asked["name"], row.asked_at, wait=row.id
        )
        for row in running
    ]
    return tuple(sorted(found, key=lambda question: question.since)[:limit])


async def _given(connection: Connection, hashes: list[str]) -> dict[str, tuple[str, ...]]:
    rows = await connection.execute(
        sa.select(approvals.c.plan_hash, approvals.c.person).where(
            approvals.c.plan_hash.in_(hashes) & (approvals.c.decision == "approve")
        )
    )
    given: dict[str, tuple[str, ...]] = {}
    for row in rows:
        given[row.plan_hash] = (*given.get(row.plan_hash, ()), row.person)
    return given


def _began(
    project: ProjectId, since: datetime, until: datetime, person: str
) -> sa.ColumnElement[bool]:
    mine = runs.c.started_by == person if person else sa.true()
    return sa.and_(
        runs.c.project_id == project,
        runs.c.simulated.is_(sa.false()),
        runs.c.started_at >= since,
        runs.c.started_at < until,
        mine,
    )
