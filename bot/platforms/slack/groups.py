"""Slack's user groups: who is in them, asked each time."""

import asyncio
from collections.abc import Sequence

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.trouble import TROUBLE, error_code
from memory.model.identity import Identity

_log = structlog.get_logger()
PATIENCE_S = 3.0


async def groups_of(
    client: AsyncWebClient, people: Sequence[Identity], named: frozenset[str]
) -> dict[str, frozenset[str]] | None:
    """Those of the named groups that each person is in; None where Slack can't tell.

    That takes the scope usergroups:read.
    """
    homes = {f"slack:{person.workspace}" for person in people}
    theirs = [group for group in sorted(named) if group.rpartition(":")[0] in homes]
    try:
        async with asyncio.timeout(PATIENCE_S):
            inside = {group: await _users(client, group) for group in theirs}
    except TROUBLE as error:
        _log.warning("slack groups unknown", error=error_code(error) or type(error).__name__)
        return None
    return {
        person.key: frozenset(group for group, keys in inside.items() if person.key in keys)
        for person in people
    }


async def _users(client: AsyncWebClient, group: str) -> frozenset[str]:
    home, _, number = group.rpartition(":")
    found = await client.usergroups_users_list(usergroup=number)
    return frozenset(f"{home}:{user}" for user in found.get("users") or ())
