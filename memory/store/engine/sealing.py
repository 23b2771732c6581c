"""Rows that bind people carry a seal over all that was decided; without it they don't count."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from memory.model.audit import BrokenApproval, BrokenTerm
from memory.model.base import PlanHash
from memory.privacy.seals import Check
from memory.store.engine.database import Connection
from memory.store.tables import (
    approval_requests,
    approvals,
    delegations,
    policies,
    standing_approvals,
)
from memory.store.tables.columns import seals_of

Row = Mapping[str, Any] | sa.RowMapping

_FIELDS: Final = {
    approvals: ("plan_hash", "person", "project_id", "role", "decision", "via", "message", "at"),
    standing_approvals: (
        "schedule_id", "plan_hash", "person", "project_id", "role", "cost_cap_micro_usd", "effects",
        "at", "ended_at",
    ),
    policies: ("project_id", "number", "body", "set_by", "at", "ended_at"),
    delegations: ("project_id", "number", "giver", "taker", "since", "until", "ended_at"),
    approval_requests: ("plan_hash", "project_id", "body", "at"),
}  # fmt: skip
"""What a seal is over. A new column comes into it with a kind of seal of its own."""

_TERMS: Final = {
    policies: policies.c.at,
    delegations: delegations.c.since,
    approval_requests: approval_requests.c.at,
}
"""What approvals are judged by, and when each row was made."""


def sealed(tx: Connection, table: sa.Table, row: Row) -> dict[str, Any]:
    """The row with its seal."""
    return {**row, "seal": seals_of(tx.dialect).seal(table.name, _decided(table, row))}


def holds(connection: Connection, table: sa.Table, row: sa.Row[Any]) -> bool:
    """Whether the stored row is what was sealed."""
    content = _decided(table, row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return seals_of(connection.dialect).check(table.name, content, row.seal) is Check.HOLDS


async def first_broken(connection: Connection) -> BrokenApproval | None:
    """The oldest approval whose seal doesn't hold; None if all do."""
    for table in (approvals, standing_approvals):
        for row in await connection.execute(sa.select(table).order_by(table.c.at)):
            if not holds(connection, table, row):
                return BrokenApproval(
                    plan=PlanHash(row.plan_hash),
                    person=row.person,
                    decision=getattr(row, "decision", "approve"),
                    at=row.at,
                    schedule=getattr(row, "schedule_id", ""),
                )
    return None


async def first_broken_term(connection: Connection) -> BrokenTerm | None:
    """The first rule, delegation or request for approval whose seal doesn't hold."""
    for table, at in _TERMS.items():
        for row in await connection.execute(sa.select(table).order_by(at)):
            if not holds(connection, table, row):
                on = getattr(row, "plan_hash", "") or str(row.number)
                moment = row._mapping[at.name]  # noqa: SLF001 - SQLAlchemy's public name for it
                return BrokenTerm(table.name, row.project_id, on, moment)
    return None


async def seal_again(tx: Connection, table: sa.Table, which: sa.ColumnElement[bool]) -> None:
    """Seal these rows as they are now, because the program itself just changed them."""
    for row in (await tx.execute(sa.select(table).where(which))).all():
        mine = sa.and_(*(column == row._mapping[column.name] for column in table.primary_key))  # noqa: SLF001 - as above
        seal = sealed(tx, table, row._mapping)["seal"]  # noqa: SLF001 - as above
        await tx.execute(sa.update(table).where(mine).values(seal=seal))


async def adopt(tx: Connection) -> None:
    """Seal the decisions that were given before there was a key. Only ever right when it's made."""
    for table in _FIELDS:
        await seal_again(tx, table, table.c.seal == "")


def _decided(table: sa.Table, row: Row) -> dict[str, object]:
    return {name: row.get(name) for name in _FIELDS[table]}
