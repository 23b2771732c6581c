"""Discord's roles: which of them a person has, asked each time."""

import asyncio
from collections.abc import Collection

import discord
import structlog

from bot.platforms.discord.client import Client
from bot.platforms.discord.trouble import TROUBLE
from memory.model.identity import Identity

_log = structlog.get_logger()
PATIENCE_S = 3.0


async def roles_of(
    client: Client, person: Identity, named: Collection[str]
) -> frozenset[str] | None:
    """Those of the named roles (`discord:SERVER:ROLE`) that the person has, in whichever server;
    None where Discord can't tell.
    """
    servers = {group.split(":")[1] for group in named if group.startswith("discord:")}
    found: set[str] = set()
    try:
        async with asyncio.timeout(PATIENCE_S):
            for server in sorted(servers):
                found |= await _roles(client, server, person.user_id)
    except (*TROUBLE, ValueError) as error:
        _log.warning("discord roles unknown", error=type(error).__name__)
        return None
    return frozenset(named) & found


async def _roles(client: Client, server: str, user: str) -> set[str]:
    try:
        member = await client.http.get_member(int(server), int(user))
    except discord.NotFound:
        return set()  # not in that server
    return {f"discord:{server}:{role}" for role in member["roles"]}
