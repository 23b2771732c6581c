"""Tokens by which programs come in; they are made and revoked at a terminal."""

from collections.abc import Sequence
from datetime import timedelta

from bot.services import Desk
from memory.model.access.caller import Scope, Token
from memory.model.base import ProjectId
from memory.model.errors import BadInput, NotFound
from memory.model.identity import Identity
from memory.store.access import tokens
from memory.store.traffic import audit

LONGEST_NAME = 80


async def make_token(
    desk: Desk,
    who: Identity,
    *,
    name: str,
    project: ProjectId,
    scopes: Sequence[Scope],
    days: int = 0,
    by: Identity,
) -> tuple[Token, str]:
    """A token that acts for this person, and its secret; `days` 0: until it's revoked.

    Raises BadInput.
    """
    if not name.strip() or len(name) > LONGEST_NAME:
        raise BadInput("Give the token a name of up to {n} characters.", n=LONGEST_NAME)
    now = desk.clock.now()
    async with desk.database.transaction() as tx:
        token, secret = await tokens.make(
            tx,
            who,
            name=name.strip(),
            project=project,
            scopes=scopes,
            at=now,
            expires_at=now + timedelta(days=days) if days else None,
        )
        await audit.record(
            tx,
            project,
            actor=by.key,
            action="token.made",
            on=token.id,
            at=now,
            ids={"for": who.key, "scopes": " ".join(scopes)},
        )
    return token, secret


async def revoke_token(desk: Desk, token: str, *, by: Identity) -> None:
    """The token is good for nothing from now on. Raises NotFound."""
    now = desk.clock.now()
    async with desk.database.transaction() as tx:
        if not await tokens.revoke(tx, token, at=now):
            raise NotFound(
                "There's no token {token} that's still good; `orchestra web token list` shows "
                "them.",
                token=token,
            )
        await audit.record(
            tx, audit.INSTALLATION, actor=by.key, action="token.revoked", on=token, at=now
        )
