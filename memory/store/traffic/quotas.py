"""Quotas that were set, and how much of each share is taken. Counted from the rows themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from memory.model.identity import Identity, People
from memory.model.work.approval import PlanState
from memory.model.work.quotas import Counted, Scope
from memory.model.work.request import RequestState
from memory.model.work.run import RunState
from memory.store.engine.database import Connection
from memory.store.knowledge import people
from memory.store.tables import inbox, plans, quotas, requests, runs

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
"""A question nobody answered for so long takes up no room any more."""

Subjects = Mapping[Scope, str]
"""Whose shares are looked at: the key of the person, the place and the project; "" for all."""

Mine = tuple[Scope, str, People]
"""Whose share it is, its key, and the links of the person."""


async def keep(
    tx: Connection,
    scope: Scope,
    subject: str,
    counted: Counted,
    most: int | None,
    *,
    by: Identity,
    at: datetime,
) -> None:
    """Set a quota from now on; `most` None: no limit."""
    await drop(tx, scope, subject, counted)
    row = {"scope": scope, "subject": subject, "counted": counted}
    await tx.execute(sa.insert(quotas).values(**row, most=most, set_by=by.key, at=at))


async def drop(tx: Connection, scope: Scope, subject: str, counted: Counted) -> None:
    """What the settings say counts again, for all accounts of a person."""
    one = await people.of_person(tx, subject)
    mine = _set_for(scope, subject, one) & (quotas.c.counted == counted)
    await tx.execute(sa.delete(quotas).where(mine))


async def chosen(
    connection: Connection, subjects: Subjects, one: People
) -> dict[tuple[Scope, Counted], int | None]:
    """What was set for these, of several accounts of a person what was set last. `one`: their links."""
    mine = sa.or_(*(_set_for(scope, subject, one) for scope, subject in subjects.items()))
    rows = await connection.execute(sa.select(quotas).where(mine).order_by(quotas.c.at))
    return {(Scope(row.scope), Counted(row.counted)): row.most for row in rows}


def _set_for(scope: Scope, subject: str, one: People) -> sa.ColumnElement[bool]:
    mine = quotas.c.subject == subject
    if scope is Scope.PERSON:
        mine = people.is_of(quotas.c.subject, subject, one)
    return (quotas.c.scope == scope) & mine


async def messages(
    connection: Connection, share: Mine, places: Sequence[str], now: datetime
) -> int:
    """How many messages were stored in the last hour. `places`: the channels of the project."""
    scope, subject, one = share
    mine: sa.ColumnElement[bool] = inbox.c.place != ""
    if scope is Scope.PERSON:
        mine &= people.is_of(inbox.c.author, subject, one)
    elif scope is Scope.PLACE:
        mine = inbox.c.place == subject
    elif scope is Scope.PROJECT:
        mine = inbox.c.place.in_(places)
    return await _count(connection, inbox, mine & (inbox.c.received_at > now - HOUR))


async def open_plans(connection: Connection, share: Mine, now: datetime) -> int:
    """How many requests are being planned, wait for answers or have a plan that can be approved."""
    asked = sa.and_(
        requests.c.state.in_([RequestState.PLANNING, RequestState.ASKING]),
        requests.c.updated_at > now - DAY,
        _of(requests, requests.c.person, share),
    )
    waits = sa.and_(
        plans.c.state == PlanState.WAITING,
        plans.c.expires_at > now,
        _of(plans, requests.c.person, share),
    )
    shown = plans.join(requests, requests.c.id == plans.c.request_id)
    return await _count(connection, requests, asked) + await _count(connection, shown, waits)


async def open_runs(connection: Connection, share: Mine) -> int:
    """How many runs are not over, dry runs among them."""
    under_way = runs.c.state.in_([state for state in RunState if not state.over])
    return await _count(connection, runs, under_way & _of(runs, runs.c.started_by, share))


def _of(table: sa.Table, person: sa.Column[str], share: Mine) -> sa.ColumnElement[bool]:
    """The rows of the person, the channel (whose threads begin with its key) or the project."""
    scope, subject, one = share
    if scope is Scope.PERSON:
        return people.is_of(person, subject, one)
    if scope is Scope.PLACE:
        return table.c.thread_key.startswith(subject, autoescape=True)
    return table.c.project_id == subject if scope is Scope.PROJECT else sa.true()


async def _count(connection: Connection, found: sa.FromClause, which: sa.ColumnElement[Any]) -> int:
    counted = await connection.execute(sa.select(sa.func.count()).select_from(found).where(which))
    return int(counted.scalar_one())
