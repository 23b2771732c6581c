"""People's names, for showing only, and whether they are guests; what can't be had is left out."""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.recent import Recent
from bot.platforms.slack.trouble import TROUBLE
from memory.model.identity import Identity, Standing

_log = structlog.get_logger()


class People:
    """Identities of one workspace."""

    def __init__(self, client: AsyncWebClient, workspace: str, *, patience_s: float = 1.0) -> None:
        self._client = client
        self._workspace = workspace
        self._patience_s = patience_s
        self._names: Recent[str, str] = Recent()
        self._standings: Recent[str, Standing] = Recent()

    async def identities(self, users: Sequence[str], *, anew: bool = False) -> tuple[Identity, ...]:
        """Who they are, in the same order; `anew`: whatever was known of them."""
        everyone = dict.fromkeys(users)
        unknown = [user for user in everyone if anew or self._names.get(user) is None]
        if unknown:
            async with asyncio.TaskGroup() as group:
                for user in unknown:
                    group.create_task(self._look_up(user))
        return tuple(self.identity(user) for user in users)

    def identity(self, user: str) -> Identity:
        """Who it is, with the name if it is known."""
        return Identity(
            platform="slack",
            workspace=self._workspace,
            user_id=user,
            display=self._names.get(user) or "",
        )

    def standing(self, user: str) -> Standing:
        """What the person is to the workspace, as far as Slack could be asked."""
        return self._standings.get(user) or Standing.UNKNOWN

    async def _look_up(self, user: str) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                found = await self._client.users_info(user=user)
        except TROUBLE as error:
            _log.info("slack name unknown", user=user, error=type(error).__name__)
            return
        person = found.get("user") or {}
        profile = person.get("profile") or {}
        name = profile.get("display_name") or person.get("real_name") or person.get("name") or ""
        self._names.put(user, str(name))
        self._standings.put(user, _standing(person, self._workspace))


def _standing(person: dict[str, Any], workspace: str) -> Standing:
    if person.get("is_bot"):
        return Standing.BOT
    elsewhere = person.get("team_id", workspace) != workspace and "enterprise_user" not in person
    if person.get("is_stranger") or person.get("deleted") or elsewhere:
        return Standing.EXTERNAL
    guest = person.get("is_restricted") or person.get("is_ultra_restricted")
    return Standing.GUEST if guest else Standing.MEMBER
