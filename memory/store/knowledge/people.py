"""Which accounts are one person's, and the codes by which people say so themselves."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from memory.model.base import Model, sha256
from memory.model.identity import Identity, People, account, spans
from memory.store.engine.database import Connection
from memory.store.tables import link_codes, link_tries, links

LIFE: Final = timedelta(minutes=10)
"""How long a code may be typed."""

TRIES: Final = 6
TRIES_IN: Final = timedelta(hours=1)
"""So many codes may an account ask for or type wrongly in that time."""

_ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody takes for each other."""

_CHARS: Final = 8
"""31 ** 8, some 40 bits: six guesses an hour find none of them in ten minutes."""


class Code(Model):
    """A code somebody asked for. `taken_by`: the account that typed it, "" until one has."""

    account: str
    display: str
    taken_by: str


async def everyone(connection: Connection) -> People:
    """Every link there is. Only people with several accounts have rows."""
    return _people(await connection.execute(sa.select(links)))


async def of_person(connection: Connection, key: str, *, then: datetime | None = None) -> People:
    """The links of this identity's person: enough to compare anybody with them.

    `then`: without those that were made later.
    """
    counted = sa.select(links.c.counted).where(links.c.account == account(key))
    rows = sa.select(links).where(links.c.counted == counted.scalar_subquery())
    if then is not None:
        rows = rows.where(links.c.at <= then)
    return _people(await connection.execute(rows))


def is_of(column: sa.Column[str], key: str, people: People) -> sa.ColumnElement[bool]:
    """Whether the column holds an identity of this one's person."""
    accounts = {account(key), *(each for each in people.linked if people.are_one(each, key))}
    anywhere = [
        column.startswith(each.partition(":")[0] + ":", autoescape=True)
        & column.endswith(":" + each.rpartition(":")[2], autoescape=True)
        for each in filter(spans, sorted(accounts))
    ]
    return sa.or_(column.in_(sorted(accounts)), *anywhere)


async def accounts_of(connection: Connection, key: str) -> tuple[tuple[str, str], ...]:
    """Account and display name of all that are this identity's person now, itself left out."""
    people = await of_person(connection, key)
    rows = await connection.execute(
        sa.select(links.c.account, links.c.display)
        .where(links.c.account.in_([each for each in people.linked if people.are_one(each, key)]))
        .where(links.c.account != account(key))
        .order_by(links.c.account)
    )
    return tuple((row.account, row.display) for row in rows)


async def has_others(connection: Connection, key: str) -> bool:
    """Whether this identity's person may have others: by a link, or on a platform of one account."""
    query = sa.select(links.c.account).where(links.c.account == account(key))
    return spans(key) or (await connection.execute(query)).first() is not None


async def offer(tx: Connection, who: Identity, *, at: datetime) -> str:
    """A new code for this account; the one before is void."""
    mine, code = account(who.key), "".join(secrets.choice(_ALPHABET) for _ in range(_CHARS))
    stale = (link_codes.c.account == mine) | (link_codes.c.expires_at <= at)
    await tx.execute(sa.delete(link_codes).where(stale))
    await tx.execute(
        sa.insert(link_codes).values(
            account=mine,
            digest=_digest(code),
            display=who.display,
            taken_by="",
            at=at,
            expires_at=at + LIFE,
        )
    )
    return f"{code[:4]}-{code[4:]}"


async def take(tx: Connection, code: str, by: Identity, *, at: datetime) -> Code | None:
    """The code, which from now on only this account may use; None where it's no good."""
    mine, columns = account(by.key), link_codes.c
    taken = await tx.execute(
        sa.update(link_codes)
        .where((columns.digest == _digest(code)) & (columns.expires_at > at))
        .where(columns.taken_by.in_(["", mine]) & (columns.account != mine))
        .values(taken_by=mine)
        .returning(columns.account, columns.display, columns.taken_by)
    )
    row = taken.one_or_none()
    return Code.model_validate(row, from_attributes=True) if row else None


async def void(tx: Connection, code: str) -> None:
    """Nobody may use the code any more."""
    await tx.execute(sa.delete(link_codes).where(link_codes.c.digest == _digest(code)))


async def tried(tx: Connection, who: Identity, *, at: datetime) -> bool:
    """Note that a code was asked for or typed; False where the account did so too often."""
    mine, since = account(who.key), at - TRIES_IN
    await tx.execute(sa.delete(link_tries).where(link_tries.c.at <= since))
    count = sa.select(sa.func.count()).where(link_tries.c.account == mine)
    if (await tx.execute(count)).scalar_one() >= TRIES:
        return False
    await tx.execute(sa.insert(link_tries).values(account=mine, at=at))
    return True


async def link(tx: Connection, first: Code, second: Identity, *, at: datetime) -> bool:
    """From now on both accounts, and all that are linked with either, are one person's.

    False where one of them left a person that the other never was: that has to be forgotten first.
    """
    known, mine = await everyone(tx), account(second.key)
    both = (first.account, mine)
    if not known.were_one(*both) and any(_left(known, key) for key in both):
        return False
    joined = {
        "person": await _join(tx, links.c.person, [known.person(key) for key in both]),
        "counted": await _join(tx, links.c.counted, [known.counted(key) for key in both]),
    }
    for key, display in zip(both, (first.display, second.display), strict=True):
        values = {**joined, "display": display, "at": at}
        row = await tx.execute(sa.update(links).where(links.c.account == key).values(**values))
        if row.rowcount == 0:
            await tx.execute(sa.insert(links).values(account=key, **values))
    return True


async def unlink(tx: Connection, key: str) -> bool:
    """The account stands for itself again, but is never counted beside the others of its person."""
    mine, known = account(key), await of_person(tx, key)
    if not _has_mates(known.linked, mine):
        return False
    alone = sa.update(links).where(links.c.account == mine).values(person=_new_person())
    return (await tx.execute(alone)).rowcount == 1


async def forget(tx: Connection, key: str) -> bool:
    """The account has nothing to do with those it was linked with: it was linked by mistake."""
    gone = await tx.execute(sa.delete(links).where(links.c.account == account(key)))
    return gone.rowcount == 1


async def _join(tx: Connection, column: sa.Column[str], before: list[str]) -> str:
    """Make one of those who had these ids."""
    new = _new_person()
    await tx.execute(sa.update(links).where(column.in_(before)).values({column.name: new}))
    return new


def _left(known: People, key: str) -> bool:
    return _has_mates(known.ever, key) and not _has_mates(known.linked, key)


def _has_mates(persons: Mapping[str, str], mine: str) -> bool:
    return any(key != mine and person == persons.get(mine) for key, person in persons.items())


def _new_person() -> str:
    return f"per_{secrets.token_hex(8)}"


def _people(rows: sa.CursorResult[Any]) -> People:
    found = rows.all()
    return People(
        linked={row.account: row.person for row in found},
        ever={row.account: row.counted for row in found},
    )


def _digest(code: str) -> str:
    return sha256(code.upper().replace("-", "").replace(" ", "").encode())
