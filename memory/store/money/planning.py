"""Money spent on planning and on search: booked like an attempt's, with `planning` or `search` for its
task.
"""

from datetime import datetime

import sqlalchemy as sa

from memory.model.agents.prices import counted
from memory.model.base import ProjectId
from memory.model.timing.periods import period_start
from memory.model.work.run import Usage
from memory.store.engine.database import Connection
from memory.store.money import budgets, ledger
from memory.store.money.budgets import Spender
from memory.store.money.holds import Hold, hold_in, tokens_held
from memory.store.money.ledger import Account
from memory.store.money.verdicts import Promised, Short
from memory.store.tables import ledger as lines
from memory.store.tables import requests
from memory.store.traffic import news

TASK = "planning"
"""The task of planning's lines in the ledger; their run is the request."""

SEARCH = "search"
"""The task of those of embedding, which belongs to no run and no person."""


_PLANNING = (lines.c.task_key == TASK) & lines.c.attempt_id.like(f"%/{TASK}/%")
_SEARCH = (lines.c.task_key == SEARCH) & (lines.c.run_id == "")
"""Tasks of runs may have these keys, too."""


async def reserve(
    tx: Connection, account: Account, least_micro_usd: int, most_micro_usd: int, *, at: datetime
) -> Promised | Short:
    """Set aside what the call may cost in every budget that counts, or in none: the most there is
    room for, at least the least.
    """
    promised = await budgets.reserve(tx, _spender(account), least_micro_usd, at=at)
    if isinstance(promised, Short):
        if await budgets.tell_short(tx, promised):
            await news.tell(tx, account.project, promised.alert(None), at=at)
        return promised
    amount, lacks = least_micro_usd, most_micro_usd - least_micro_usd
    if lacks > 0:
        more = await budgets.extend(
            tx, account.project, promised.holds, lacks, 0, own=amount, at=at
        )
        amount += 0 if isinstance(more, Short) else more
    if amount:
        await ledger.reserve(tx, account, amount, at=at)
    return Promised(promised.holds, amount)


async def settle(
    tx: Connection,
    account: Account,
    holds: tuple[Hold, ...],
    usage: Usage,
    *,
    reserved_micro_usd: int,
    at: datetime,
) -> None:
    """Turn what was set aside into what was spent, and tell of thresholds it passed."""
    if holds:
        usage = counted(usage, reserved_micro_usd)
    await ledger.settle(tx, account, usage, reserved_micro_usd=reserved_micro_usd, at=at)
    passed = await budgets.settle(
        tx,
        _spender(account),
        holds,
        reserved_micro_usd=reserved_micro_usd,
        cost_micro_usd=usage.cost_micro_usd or 0,
        tokens=usage.tokens_in + usage.tokens_out,
        at=at,
    )
    for threshold in passed:
        await news.tell(tx, account.project, threshold.alert(), at=at)


async def spent(connection: Connection, project: ProjectId, request: str) -> Usage:
    """What planning the request used so far; its cost is None where a call's price isn't known."""
    row = (
        await connection.execute(
            sa.select(
                sa.func.count(),
                sa.func.coalesce(sa.func.sum(lines.c.amount_micro_usd), 0),
                sa.func.coalesce(sa.func.sum(lines.c.tokens_in), 0),
                sa.func.coalesce(sa.func.sum(lines.c.tokens_out), 0),
                sa.func.max(sa.cast(lines.c.unpriced, sa.Integer)),
            ).where(_of_planning(project, request) & (lines.c.kind == "settle"))
        )
    ).one()
    calls, cost, tokens_in, tokens_out, unpriced = row
    return Usage(
        tokens_in=int(tokens_in),
        tokens_out=int(tokens_out),
        requests=int(calls),
        cost_micro_usd=None if unpriced else int(cost),
    )


async def usual(connection: Connection, project: ProjectId, *, limit: int) -> tuple[int, ...]:
    """What planning each of the project's newest requests cost in micro-USD, where that is known."""
    of_requests = lines.c.run_id.in_(
        sa.select(requests.c.id).where(requests.c.project_id == project)
    )
    per_request = (
        sa.select(sa.func.sum(lines.c.amount_micro_usd))
        .where((lines.c.project_id == project) & (lines.c.task_key == TASK))
        .where((lines.c.kind == "settle") & of_requests)
        .group_by(lines.c.run_id)
        .having(sa.func.max(sa.cast(lines.c.unpriced, sa.Integer)) == 0)
        .order_by(sa.func.max(lines.c.seq).desc())
        .limit(limit)
    )
    return tuple(int(cost) for cost in (await connection.execute(per_request)).scalars())


async def release_lost(tx: Connection, *, before: datetime, at: datetime) -> int:
    """Settle calls that a dead process had begun before then; returns how many.

    What they cost is not known, so all that was set aside counts as spent, marked as estimated.
    """
    settled = sa.select(lines.c.attempt_id).where(lines.c.kind == "settle")
    rows = await tx.execute(
        sa.select(lines).where(
            (_PLANNING | _SEARCH)
            & (lines.c.kind == "reserve")
            & (lines.c.at < before)
            & lines.c.attempt_id.not_in(settled)
        )
    )
    begun = rows.all()
    for row in begun:
        account = Account(
            row.project_id, row.attempt_id, row.run_id, row.task_key, row.agent, row.person
        )
        holds = await _holds_of(tx, account, row.at)
        amount = row.amount_micro_usd
        tokens = tokens_held(holds)
        lost = Usage(requests=1, cost_micro_usd=amount, tokens_in=tokens, estimated=True)
        await settle(tx, account, holds, lost, reserved_micro_usd=amount, at=at)
    return len(begun)


async def _holds_of(tx: Connection, account: Account, at: datetime) -> tuple[Hold, ...]:
    """Where the money was set aside: `reserve` asks the same budgets, as they stood then."""
    counting = await budgets.counting(tx, _spender(account), made_before=at)
    holds = (
        hold_in(budget, period_start(budget.period, budget.zone, at))
        for budget in counting
        if budget.unit in budgets.OF_CALLS
    )
    return tuple(hold for hold in holds if hold is not None)


def _spender(account: Account) -> Spender:
    return Spender(account.project, account.agent, account.person, account.run)


def _of_planning(project: ProjectId, request: str) -> sa.ColumnElement[bool]:
    of_request = (lines.c.project_id == project) & (lines.c.run_id == request)
    return of_request & (lines.c.task_key == TASK)
