"""Allowances: so much more than a budget's limit until a moment, in the period they were given in."""

from datetime import datetime

import sqlalchemy as sa

from memory.model.budget import Allowance, Budget
from memory.model.identity import Identity
from memory.model.timing.periods import period_end
from memory.store.engine.database import Connection
from memory.store.tables import budget_allowances


async def give(
    tx: Connection, budget: Budget, allowance: Allowance, *, by: Identity, at: datetime
) -> None:
    """Let so much more be spent under the budget from now until then, on top of other allowances."""
    row = {"project_id": budget.project, "budget_id": budget.id, "given_by": by.key, "since": at}
    await tx.execute(sa.insert(budget_allowances).values(**row, **allowance.model_dump()))


async def end(tx: Connection, budget: str, *, at: datetime) -> None:
    """The budget's limit alone counts from now on."""
    await tx.execute(
        sa.update(budget_allowances)
        .where((budget_allowances.c.budget_id == budget) & (budget_allowances.c.until > at))
        .values(until=at)
    )


async def in_force(
    connection: Connection, budget: Budget, start: datetime, at: datetime
) -> tuple[Allowance, ...]:
    """Those that hold at this moment of what were given in the period that begins there."""
    columns, end = budget_allowances.c, period_end(budget.period, budget.zone, start)
    of_period = (columns.since >= start) & (columns.since < end if end else sa.true())
    rows = await connection.execute(
        sa.select(budget_allowances)
        .where((columns.budget_id == budget.id) & of_period)
        .where((columns.since <= at) & (columns.until > at))
        .order_by(columns.seq)
    )
    return tuple(Allowance(amount_micro_usd=row.amount_micro_usd, until=row.until) for row in rows)
