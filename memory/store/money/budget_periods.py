"""A budget's row of a period: what was spent and promised in it, under the limit in force."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from memory.model.budget import Budget, BudgetState
from memory.model.timing.periods import period_start
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.money import allowances
from memory.store.tables import budget_periods


async def begin(tx: Connection, budget: Budget, start: datetime) -> bool:
    """Make the period's row; False where there is one."""
    return await insert_once(
        tx,
        budget_periods,
        {
            "budget_id": budget.id,
            "period_start": start,
            "project_id": budget.project,
            "spent_micro_usd": 0,
            "reserved_micro_usd": 0,
            "tokens": 0,
            "alerted_percent": 0,
            "told_short": False,
        },
    )


async def present(connection: Connection, budget: Budget, now: datetime) -> BudgetState:
    """The budget in the period around now."""
    start = period_start(budget.period, budget.zone, now)
    found = await connection.execute(sa.select(budget_periods).where(row_of(budget.id, start)))
    return await as_state(connection, budget, start, found.one_or_none(), now)


async def as_state(
    connection: Connection, budget: Budget, start: datetime, row: sa.Row[Any] | None, now: datetime
) -> BudgetState:
    """The same of a row that was read; without one, nothing was spent."""
    allowed = await allowances.in_force(connection, budget, start, now)
    limit = budget.limit_micro_usd + sum(given.amount_micro_usd for given in allowed)
    state = BudgetState(
        budget=budget.model_copy(update={"limit_micro_usd": limit}),
        period_start=start,
        allowed=allowed,
    )
    if row is None:
        return state
    sums = ("spent_micro_usd", "reserved_micro_usd", "tokens", "alerted_percent")
    return state.model_copy(update={name: getattr(row, name) for name in sums})


def row_of(budget: str, start: datetime) -> sa.ColumnElement[bool]:
    """The budget's row for the period that begins there."""
    return (budget_periods.c.budget_id == budget) & (budget_periods.c.period_start == start)
