"""Tokens of programs: 256 bits of chance, of which only the digest is kept."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from memory.model.access.caller import TOKEN_PREFIX, Caller, Scope, Token
from memory.model.base import ProjectId, sha256
from memory.model.identity import Identity
from memory.store.engine.database import Connection
from memory.store.tables import api_tokens


async def make(
    tx: Connection,
    who: Identity,
    *,
    name: str,
    project: ProjectId,
    scopes: Sequence[Scope],
    at: datetime,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """A new token, and its secret, which is told this once."""
    secret = f"{TOKEN_PREFIX}{secrets.token_urlsafe(32)}"
    row = {
        "id": f"tok_{secrets.token_hex(6)}",
        "digest": sha256(secret.encode()),
        "name": name,
        "person": who.key,
        "display": who.display,
        "project_id": project,
        "scopes": " ".join(scopes),
        "created_at": at,
        "expires_at": expires_at,
        "revoked_at": None,
    }
    await tx.execute(sa.insert(api_tokens).values(row))
    (made,) = [token for token in await listed(tx) if token.id == row["id"]]
    return made, secret


async def listed(connection: Connection) -> tuple[Token, ...]:
    """Every token there ever was, oldest first."""
    rows = await connection.execute(sa.select(api_tokens).order_by(api_tokens.c.created_at))
    return tuple(map(_token, rows))


async def revoke(tx: Connection, token: str, *, at: datetime) -> bool:
    """The token is good for nothing any more; False where there's none with this id that is."""
    valid = (api_tokens.c.id == token) & api_tokens.c.revoked_at.is_(None)
    done = await tx.execute(sa.update(api_tokens).where(valid).values(revoked_at=at))
    return done.rowcount == 1


async def caller(connection: Connection, digest: str, *, at: datetime) -> Caller | None:
    """Who comes in with the token of this digest, None for nobody."""
    columns = api_tokens.c
    valid = columns.revoked_at.is_(None) & (
        columns.expires_at.is_(None) | (columns.expires_at > at)
    )
    found = await connection.execute(
        sa.select(api_tokens).where((columns.digest == digest) & valid)
    )
    row = found.one_or_none()
    if row is None:
        return None
    token = _token(row)
    who = Identity.of(token.person).model_copy(update={"display": token.display})
    return Caller(
        person=who,
        scopes=frozenset(token.scopes),
        project=token.project,
        token=token.id,
        proof=digest,
    )


def _token(row: sa.Row[Any]) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        person=row.person,
        display=row.display,
        project=ProjectId(row.project_id),
        scopes=tuple(Scope(scope) for scope in row.scopes.split()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
