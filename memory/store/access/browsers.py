"""One-time links and the sessions of browsers; of both only digests are kept."""

import secrets
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from memory.model.access.caller import Caller, Scope
from memory.model.base import sha256
from memory.model.identity import Identity
from memory.store.engine.database import Connection
from memory.store.tables import web_logins, web_sessions

LINK_LIFE: Final = timedelta(seconds=60)
SESSION_LIFE: Final = timedelta(hours=12)


async def offer(tx: Connection, who: Identity, *, at: datetime) -> str:
    """A code by which one browser comes in as this person, once, within a minute."""
    code = secrets.token_urlsafe(32)
    await tx.execute(sa.delete(web_logins).where(web_logins.c.expires_at <= at))
    await tx.execute(
        sa.insert(web_logins).values(
            digest=_digest(code), person=who.key, display=who.display, expires_at=at + LINK_LIFE
        )
    )
    return code


async def take(tx: Connection, code: str, *, at: datetime) -> Identity | None:
    """Whom the code is for; it's void from now on. None where it's no good."""
    taken = await tx.execute(
        sa.delete(web_logins)
        .where((web_logins.c.digest == _digest(code)) & (web_logins.c.expires_at > at))
        .returning(web_logins.c.person, web_logins.c.display)
    )
    row = taken.one_or_none()
    return _person(row.person, row.display) if row else None


async def begin(tx: Connection, who: Identity, *, at: datetime) -> str:
    """A session of a browser: what its cookie has to hold."""
    secret = secrets.token_urlsafe(32)
    await tx.execute(sa.delete(web_sessions).where(web_sessions.c.expires_at <= at))
    await tx.execute(
        sa.insert(web_sessions).values(
            digest=_digest(secret),
            person=who.key,
            display=who.display,
            created_at=at,
            expires_at=at + SESSION_LIFE,
        )
    )
    return secret


async def caller(connection: Connection, digest: str, *, at: datetime) -> Caller | None:
    """Who comes in with the cookie of this digest, None for nobody."""
    found = await connection.execute(
        sa.select(web_sessions.c.person, web_sessions.c.display).where(
            (web_sessions.c.digest == digest) & (web_sessions.c.expires_at > at)
        )
    )
    row = found.one_or_none()
    if row is None:
        return None
    return Caller(person=_person(row.person, row.display), scopes=frozenset(Scope), proof=digest)


async def end(tx: Connection, proof: str) -> None:
    """The browser with this proof has to come in anew."""
    await tx.execute(sa.delete(web_sessions).where(web_sessions.c.digest == proof))


def _person(key: str, display: str) -> Identity:
    return Identity.of(key).model_copy(update={"display": display})


def _digest(secret: str) -> str:
    return sha256(secret.encode(errors="replace"))
