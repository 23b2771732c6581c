"""The ledger: what was promised, spent and given back by every attempt, each exactly once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from memory.model.base import ProjectId
from memory.model.work.run import Usage
from memory.store.engine.database import Connection
from memory.store.tables import ledger

_ADD = sa.insert(ledger)


@dataclass(frozen=True)
class Account:
    """Whose money it is and for what."""

    project: ProjectId
    attempt: str
    run: str
    task: str
    agent: str
    person: str


@dataclass(frozen=True)
class Entry:
    """A line of the ledger."""

    attempt: str
    kind: Literal["reserve", "settle", "release"]
    amount_micro_usd: int
    unpriced: bool


async def reserve(tx: Connection, account: Account, amount_micro_usd: int, *, at: datetime) -> None:
    """Write down that the attempt may spend this much."""
    await tx.execute(_ADD, _row(account, "reserve", amount_micro_usd, at))


async def extend(tx: Connection, account: Account, more_micro_usd: int, *, at: datetime) -> None:
    """Write down that the attempt may spend so much more."""
    known = await tx.execute(
        sa.update(ledger)
        .where((ledger.c.attempt_id == account.attempt) & (ledger.c.kind == "reserve"))
        .values(amount_micro_usd=ledger.c.amount_micro_usd + more_micro_usd)
    )
    if known.rowcount == 0:
        await reserve(tx, account, more_micro_usd, at=at)


async def settle(
    tx: Connection, account: Account, usage: Usage, *, reserved_micro_usd: int, at: datetime
) -> None:
    """Write down what it spent and what is free again: reserve = settle + release.

    `release` is negative where it cost more than was reserved. What reserved nothing and used
    nothing leaves no line.
    """
    if not reserved_micro_usd and usage == Usage(requests=usage.requests):
        return
    cost = usage.cost_micro_usd or 0
    spent = _row(account, "settle", cost, at) | {
        "unpriced": usage.cost_micro_usd is None,
        "estimated": usage.estimated,
        "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out,
    }
    freed = _row(account, "release", reserved_micro_usd - cost, at)
    await tx.execute(_ADD, [spent, freed])


async def entries(connection: Connection, project: ProjectId, run: str) -> tuple[Entry, ...]:
    """Every line of a run, oldest first."""
    rows = await connection.execute(
        sa.select(ledger)
        .where((ledger.c.project_id == project) & (ledger.c.run_id == run))
        .order_by(ledger.c.seq)
    )
    return tuple(
        Entry(row.attempt_id, row.kind, row.amount_micro_usd, row.unpriced) for row in rows
    )


def _row(account: Account, kind: str, amount: int, at: datetime) -> dict[str, object]:
    return {
        "project_id": account.project,
        "attempt_id": account.attempt,
        "run_id": account.run,
        "task_key": account.task,
        "agent": account.agent,
        "person": account.person,
        "kind": kind,
        "amount_micro_usd": amount,
        "unpriced": False,
        "estimated": False,
        "tokens_in": 0,
        "tokens_out": 0,
        "at": at,
    }
