"""Slack's user groups: who is in them, asked each time."""

import asyncio
from collections.abc import Collection

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.trouble import TROUBLE, error_code
from memory.model.identity import Identity

_log = structlog.get_logger()
PATIENCE_S = 3.0


async def groups_of(
    client: AsyncWebClient, person: Identity, named: Collection[str]
) -> frozenset[str] | None:
    """Those of the named groups that the person is in; None where Slack can't tell.

    That takes the scope usergroups:read.
    """
    home = f"slack:{person.workspace}:"
    theirs = [group for group in named if group.startswith(home)]
    try:
        async with asyncio.timeout(PATIENCE_S):
            users = [(group, await _users(client, group)) for group in theirs]
    except TROUBLE as error:
        _log.warning("slack groups unknown", error=error_code(error) or type(error).__name__)
        return None
    return frozenset(group for group, inside in users if person.user_id in inside)


async def _users(client: AsyncWebClient, group: str) -> frozenset[str]:
    found = await client.usergroups_users_list(usergroup=group.rpartition(":")[2])
    return frozenset(map(str, found.get("users") or ()))
