"""A project's rules on approvals, and who approves for whom. Rows are ended, never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from memory.model.approvals.policy import Delegation, PolicyRule, StoredRule, Who
from memory.model.base import ProjectId, canonical_json
from memory.model.errors import BadInput
from memory.model.identity import Identity
from memory.store.engine.database import Connection
from memory.store.engine.sealing import holds, sealed
from memory.store.tables import delegations, policies
from memory.store.tables.columns import redactor_of


async def rules(connection: Connection, project: ProjectId) -> tuple[StoredRule, ...]:
    """The rules in force, by number; one whose seal is broken counts as in force."""
    rows = await _rows(connection, policies, project)
    known = [(row, holds(connection, policies, row)) for row in rows]
    return tuple(
        StoredRule(
            number=row.number,
            rule=_rule(row.body, sound=sound),
            set_by=row.set_by,
            at=row.at,
            holds=sound,
        )
        for row, sound in known
        if row.ended_at is None or not sound
    )


def _rule(body: str, *, sound: bool) -> PolicyRule:
    try:
        return PolicyRule.model_validate_json(body)
    except ValueError:
        if sound:
            raise
        return PolicyRule(who=Who.APPROVER)  # unreadable, but then nobody can approve under it


async def put(
    tx: Connection, project: ProjectId, rule: PolicyRule, *, by: Identity, at: datetime
) -> StoredRule:
    """Let the rule hold, in place of an older one about the same.

    Raises BadInput where it holds a secret: what is stored is what was set, to the byte.
    """
    body = canonical_json(rule.model_dump(mode="json")).decode()
    if redactor_of(tx.dialect).kinds(body):
        raise BadInput("That looks like a secret, so I won't keep it in a rule.")
    for older in await rules(tx, project):
        if older.rule.about == rule.about:
            await end(tx, project, older.number, at=at)
    number = await _next(tx, policies, project)
    row = {
        "project_id": project,
        "number": number,
        "body": body,
        "set_by": by.key,
        "at": at,
        "ended_at": None,
    }
    await tx.execute(sa.insert(policies).values(sealed(tx, policies, row)))
    return StoredRule(number=number, rule=rule, set_by=by.key, at=at)


async def end(tx: Connection, project: ProjectId, number: int, *, at: datetime) -> bool:
    """The rule holds no more; False where there is none. Its owner's word mends a broken one."""
    return await _end(tx, policies, project, number, at=at)


async def lent(connection: Connection, project: ProjectId) -> tuple[Delegation, ...]:
    """Who approves for whom, by number: those that nobody ended early, past ones too."""
    rows = await _rows(connection, delegations, project)
    return tuple(
        Delegation(
            number=row.number,
            giver=row.giver,
            taker=row.taker,
            since=row.since,
            until=row.until,
            holds=holds(connection, delegations, row),
        )
        for row in rows
        if row.ended_at is None
    )


async def lend(
    tx: Connection,
    project: ProjectId,
    giver: Identity,
    taker: Identity,
    *,
    since: datetime,
    until: datetime,
) -> Delegation:
    """Let the taker approve for the giver, in place of an older word between them."""
    for older in await lent(tx, project):
        if (older.giver, older.taker) == (giver.key, taker.key) and older.until > since:
            await end_lent(tx, project, older.number, at=since)
    number = await _next(tx, delegations, project)
    row = {
        "project_id": project,
        "number": number,
        "giver": giver.key,
        "taker": taker.key,
        "since": since,
        "until": until,
        "ended_at": None,
    }
    await tx.execute(sa.insert(delegations).values(sealed(tx, delegations, row)))
    return Delegation(number=number, giver=giver.key, taker=taker.key, since=since, until=until)


async def end_lent(tx: Connection, project: ProjectId, number: int, *, at: datetime) -> bool:
    """It ends now, and nothing that was approved under it counts any more; False for none."""
    return await _end(tx, delegations, project, number, at=at)


async def _rows(
    connection: Connection, table: sa.Table, project: ProjectId
) -> Sequence[sa.Row[Any]]:
    query = sa.select(table).where(table.c.project_id == project).order_by(table.c.number)
    return (await connection.execute(query)).all()


async def _next(tx: Connection, table: sa.Table, project: ProjectId) -> int:
    highest = sa.select(sa.func.max(table.c.number)).where(table.c.project_id == project)
    return ((await tx.execute(highest)).scalar_one() or 0) + 1


async def _end(
    tx: Connection, table: sa.Table, project: ProjectId, number: int, *, at: datetime
) -> bool:
    mine = (table.c.project_id == project) & (table.c.number == number)
    row = (await tx.execute(sa.select(table).where(mine))).one_or_none()
    if row is None or (row.ended_at is not None and holds(tx, table, row)):
        return False
    ended = sealed(tx, table, {**row._mapping, "ended_at": at})  # noqa: SLF001 - SQLAlchemy's public name for it
    await tx.execute(sa.update(table).where(mine).values(ended_at=at, seal=ended["seal"]))
    return True
