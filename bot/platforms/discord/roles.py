"""Discord's roles: which of them a person has, asked each time."""

import asyncio
from collections.abc import Sequence

import discord
import structlog

from bot.platforms.discord.client import Client
from bot.platforms.discord.trouble import TROUBLE
from memory.model.identity import Identity

_log = structlog.get_logger()
PATIENCE_S = 3.0


async def roles_of(
    client: Client, people: Sequence[Identity], named: frozenset[str]
) -> dict[str, frozenset[str]] | None:
    """Those of the named roles (`discord:SERVER:ROLE`) that each person has, in whichever server;
    None where Discord can't tell.
    """
    servers = sorted({group.split(":")[1] for group in named})
    found: dict[str, frozenset[str]] = {}
    try:
        async with asyncio.timeout(PATIENCE_S * len(people)):
            for person in people:
                theirs = [await _roles(client, server, person.user_id) for server in servers]
                found[person.key] = named & set().union(*theirs)
    except (*TROUBLE, ValueError) as error:
        _log.warning("discord roles unknown", error=type(error).__name__)
        return None
    return found


async def _roles(client: Client, server: str, user: str) -> set[str]:
    try:
        member = await client.http.get_member(int(server), int(user))
    except discord.NotFound:
        return set()  # not in that server
    return {f"discord:{server}:{role}" for role in member["roles"]}
