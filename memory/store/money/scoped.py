"""What was spent in the scope of a budget, by the ledger, and which runs were begun in it."""

from datetime import UTC, datetime

import sqlalchemy as sa

from memory.model.base import name_key
from memory.model.budget import Budget
from memory.store.engine.database import Connection
from memory.store.knowledge import people
from memory.store.knowledge.people import is_of
from memory.store.money import spending, working_time
from memory.store.tables import runs


async def sums_since(connection: Connection, budget: Budget, since: datetime) -> dict[str, int]:
    """What a period's row has to say of it, by the names of the columns."""
    lines = await spent_since(connection, budget, since)
    tokens = sum(line.tokens for line in lines)
    match budget.unit:
        case "usd":
            spent = sum(line.cost_micro_usd for line in lines)
        case "tokens":
            spent = tokens
        case "runs":
            spent = await _runs_since(connection, budget, since)
        case "minutes":
            spent = sum((await working_time.by_agent(connection, budget, since)).values())
    return {"spent_micro_usd": spent, "tokens": tokens}


async def spent_since(
    connection: Connection, budget: Budget, since: datetime
) -> tuple[spending.Spent, ...]:
    """What the ledger says was spent in the budget's scope from then on, by agent."""
    known = await people.of_person(connection, budget.subject)
    ever = datetime.max.replace(tzinfo=UTC)
    wanted = spending.Wanted(budget.project, since, ever, people=known, **_only(budget))
    lines = await spending.by(connection, wanted, "agent")
    if budget.scope != "agent":
        return lines
    return tuple(line for line in lines if name_key(line.key) == name_key(budget.subject))


def _only(budget: Budget) -> dict[str, str]:
    """What of the ledger is the budget's; agents are told apart by `name_key` afterwards."""
    match budget.scope:
        case "installation" | "project" | "agent":
            return {}
        case "task":
            run, _, task = budget.subject.partition(":")
            return {"run": run, "task": task}
        case scope:
            return {scope: budget.subject}


async def _runs_since(connection: Connection, budget: Budget, since: datetime) -> int:
    """How many runs were begun in the budget's scope, dry runs left out."""
    of_scope: sa.ColumnElement[bool] = sa.true()
    match budget.scope:
        case "person":
            known = await people.of_person(connection, budget.subject)
            of_scope = is_of(runs.c.started_by, budget.subject, known)
        case "schedule":
            of_scope = runs.c.schedule_id == budget.subject
        case "template":
            of_scope = sa.func.lower(runs.c.template) == budget.subject.lower()
        case _:
            pass
    if budget.project:
        of_scope &= runs.c.project_id == budget.project
    query = sa.select(sa.func.count()).where(~runs.c.simulated, runs.c.started_at >= since)
    return int((await connection.execute(query.where(of_scope))).scalar_one())
