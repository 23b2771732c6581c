"""The Home tab: drawn when somebody opens it, and again when what it shows has changed."""

from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import Outgoing
from bot.platforms.homes import Homes
from bot.platforms.slack.blocks import home_view
from bot.platforms.slack.people import People
from bot.platforms.slack.trouble import TROUBLE, error_code

_log = structlog.get_logger()


class HomeTab:
    """The tabs of one workspace."""

    def __init__(self, client: AsyncWebClient, people: People, homes: Homes) -> None:
        self._client = client
        self._people = people
        self._homes = homes

    async def opened(self, event: dict[str, Any]) -> None:
        """Somebody opened theirs."""
        user = str(event["user"])
        (person,) = await self._people.identities([user], anew=True)

        async def show(out: Outgoing) -> bool:
            return await self._published(user, out)

        await self._homes.opened(person, self._people.standing(user), show)

    async def _published(self, user: str, out: Outgoing) -> bool:
        try:
            await self._client.views_publish(user_id=user, view=home_view(out))
        except TROUBLE as error:
            _log.warning("slack home not shown", error=error_code(error) or type(error).__name__)
            return False
        return True
