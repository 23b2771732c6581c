"""Tokens, made and revoked at a terminal."""

import asyncio
import json

from bot.cli.desk import at_desk, you
from bot.cli.web.links import visitor
from bot.config.settings import Settings
from bot.language.catalogue import ENGLISH
from memory.model.access.caller import Scope, Token
from memory.model.base import ProjectId
from memory.model.errors import BadInput


def make(
    settings: Settings, *, name: str, scopes: str, project: str, days: int, person: str
) -> int:
    """Print a new token. Raises BadInput, NotFound."""
    wanted = _scopes(scopes)
    print(asyncio.run(_make(settings, name, wanted, project, days, person)))
    return 0


def show(settings: Settings, *, as_json: bool) -> int:
    """Print every token, without its secret."""
    found = asyncio.run(_every(settings))
    if as_json:
        print(json.dumps([token.model_dump(mode="json") for token in found], indent=2))
    else:
        print("\n".join(map(_line, found)) or ENGLISH("There are no tokens."))
    return 0


def revoke(settings: Settings, token: str) -> int:
    """Have it be good for nothing. Raises NotFound."""
    asyncio.run(_revoke(settings, token))
    print(ENGLISH("Token {token} is revoked.").format(token=token))
    return 0


def _scopes(text: str) -> tuple[Scope, ...]:
    named = {part.strip() for part in text.split(",") if part.strip()}
    known = {scope.value for scope in Scope}
    if not named or named - known:
        raise BadInput("Scopes are read, work and approve: {scopes} aren't.", scopes=text)
    return tuple(scope for scope in Scope if scope in named | {Scope.READ.value})


async def _make(
    settings: Settings,
    name: str,
    scopes: tuple[Scope, ...],
    project: str,
    days: int,
    person: str,
) -> str:
    from bot.actions.access.tokens import make_token
    from bot.queries.projects import project_named

    async with at_desk(settings) as desk:
        only = await project_named(desk, project) if project else ProjectId("")
        token, secret = await make_token(
            desk, visitor(person), name=name, project=only, scopes=scopes, days=days, by=you()
        )
    return ENGLISH(
        "{secret}\nThat is token {id}, for {person}. It isn't shown again; whoever has it may do "
        "what it says: {scopes}."
    ).format(secret=secret, id=token.id, person=token.person, scopes=", ".join(scopes))


async def _every(settings: Settings) -> tuple[Token, ...]:
    from bot.queries.web.callers import every_token

    async with at_desk(settings) as desk, desk.database.reading() as connection:
        return await every_token(connection)


async def _revoke(settings: Settings, token: str) -> None:
    from bot.actions.access.tokens import revoke_token

    async with at_desk(settings) as desk:
        await revoke_token(desk, token, by=you())


def _line(token: Token) -> str:
    ends = token.expires_at.date().isoformat() if token.expires_at else "-"
    state = "revoked" if token.revoked_at else " ".join(token.scopes)
    where = token.project or "*"
    return f"{token.id}  {token.name}  {token.person}  {where}  {state}  {ends}"
