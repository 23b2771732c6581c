"""How long agents worked in the scope of a budget, by the attempts that ended. Dry runs are left out."""

from collections import Counter
from datetime import datetime

import sqlalchemy as sa

from memory.model.base import name_key
from memory.model.budget import Budget
from memory.store.engine.database import Connection
from memory.store.knowledge import people
from memory.store.knowledge.people import is_of
from memory.store.tables import attempts, runs


async def by_agent(connection: Connection, budget: Budget, since: datetime) -> dict[str, int]:
    """Milliseconds of each agent in attempts that ended from then on."""
    rows = await connection.execute(
        sa.select(attempts.c.agent, attempts.c.started_at, attempts.c.finished_at)
        .join(runs, runs.c.id == attempts.c.run_id)
        .where(attempts.c.project_id == budget.project if budget.project else sa.true())
        .where(~runs.c.simulated)
        .where(attempts.c.started_at.is_not(None) & (attempts.c.finished_at >= since))
        .where(await _of_scope(connection, budget))
    )
    worked: Counter[str] = Counter()
    for agent, began, ended in rows:
        if budget.scope != "agent" or name_key(agent) == name_key(budget.subject):
            worked[agent] += max(0, int((ended - began).total_seconds() * 1000))
    return dict(worked)


async def _of_scope(connection: Connection, budget: Budget) -> sa.ColumnElement[bool]:
    subject = budget.subject
    match budget.scope:
        case "person":
            known = await people.of_person(connection, subject)
            return is_of(runs.c.started_by, subject, known)
        case "schedule":
            return runs.c.schedule_id == subject
        case "template":
            return sa.func.lower(runs.c.template) == subject.lower()
        case "run":
            return runs.c.id == subject
        case "task":
            run, _, task = subject.partition(":")
            item = attempts.c.task_key.startswith(f"{task}.", autoescape=True)
            return (runs.c.id == run) & ((attempts.c.task_key == task) | item)
        case "installation" | "project" | "agent":
            return sa.true()
