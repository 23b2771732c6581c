"""What was spent on what, from the ledger's settled attempts. Dry runs settle nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from memory.model.base import ProjectId
from memory.model.identity import UNLINKED, People
from memory.model.work.run import RunState
from memory.store.engine.database import Connection
from memory.store.knowledge.people import is_of
from memory.store.tables import ledger, runs, task_records

By = Literal["agent", "person", "task_type", "run", "template", "schedule"]

_COLUMNS: Final[dict[By, sa.ColumnElement[Any]]] = {
    "agent": ledger.c.agent,
    "person": ledger.c.person,
    "task_type": sa.func.coalesce(task_records.c.task_type, ""),
    "run": sa.func.coalesce(runs.c.id, ""),
    "template": sa.func.coalesce(runs.c.template, ""),
    "schedule": sa.func.coalesce(runs.c.schedule_id, ""),
}


@dataclass(frozen=True)
class Wanted:
    """Which attempts: settled from `since` until before `until`; "" is any, of projects too.

    `people`: which other identities are the person's.
    """

    project: ProjectId
    since: datetime
    until: datetime
    agent: str = ""
    person: str = ""
    task_type: str = ""
    run: str = ""
    task: str = ""
    """Of one run: the task's key; items of it count, too."""
    schedule: str = ""
    template: str = ""
    people: People = UNLINKED


@dataclass(frozen=True)
class Spent:
    """What attempts cost together. Of `unpriced` of them the cost isn't known."""

    key: str
    cost_micro_usd: int
    attempts: int
    unpriced: int
    tokens: int = 0


async def total(connection: Connection, wanted: Wanted) -> Spent:
    """All of it together."""
    row = (await connection.execute(_sums(wanted))).one()
    return _spent("", row)


async def finished(connection: Connection, wanted: Wanted) -> int:
    """How many of the project's runs came to a good end in that time, dry runs left out."""
    query = sa.select(sa.func.count()).where(
        (runs.c.project_id == wanted.project)
        & (runs.c.state == RunState.SUCCEEDED)
        & ~runs.c.simulated
        & (runs.c.finished_at >= wanted.since)
        & (runs.c.finished_at < wanted.until)
    )
    return int((await connection.execute(query)).scalar_one())


async def by(connection: Connection, wanted: Wanted, what: By) -> tuple[Spent, ...]:
    """Each agent, person, type of task ("" where it isn't known), run (planning's and search's are ""),
    template or schedule ("" where there is none), the dearest first.
    """
    column = _COLUMNS[what]
    query = _sums(wanted).add_columns(column.label("key")).group_by(column)
    rows = await connection.execute(query.order_by(sa.desc("cost"), sa.text("key")))
    return tuple(_spent(str(row.key), row) for row in rows)


def _sums(wanted: Wanted) -> sa.Select[Any]:
    return (
        sa.select(
            sa.func.coalesce(sa.func.sum(ledger.c.amount_micro_usd), 0).label("cost"),
            sa.func.count(sa.distinct(ledger.c.attempt_id)).label("attempts"),
            sa.func.coalesce(sa.func.sum(ledger.c.tokens_in + ledger.c.tokens_out), 0).label(
                "tokens"
            ),
            sa.func.coalesce(sa.func.sum(sa.case((ledger.c.unpriced, 1), else_=0)), 0).label(
                "unpriced"
            ),
        )
        .select_from(
            ledger.outerjoin(task_records, task_records.c.id == ledger.c.attempt_id).outerjoin(
                runs, runs.c.id == ledger.c.run_id
            )
        )
        .where(*_where(wanted))
    )


def _where(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    where = [
        ledger.c.kind == "settle",
        ledger.c.at >= wanted.since,
        ledger.c.at < wanted.until,
    ]
    for column, value in (
        (ledger.c.project_id, wanted.project),
        (ledger.c.agent, wanted.agent),
        (ledger.c.run_id, wanted.run),
        (task_records.c.task_type, wanted.task_type),
    ):
        if value:
            where.append(column == value)
    if wanted.person:
        where.append(is_of(ledger.c.person, wanted.person, wanted.people))
    if wanted.task:
        item = ledger.c.task_key.startswith(f"{wanted.task}.", autoescape=True)
        where.append((ledger.c.task_key == wanted.task) | item)
    for of_run, sought in (
        (runs.c.schedule_id, wanted.schedule),
        (sa.func.lower(runs.c.template), wanted.template.lower()),
    ):
        if sought:
            where.append(ledger.c.run_id.in_(sa.select(runs.c.id).where(of_run == sought)))
    return where


def _spent(key: str, row: sa.Row[Any]) -> Spent:
    return Spent(key, int(row.cost), int(row.attempts), int(row.unpriced), int(row.tokens))
