"""Slack's place for agents: what is being done under a thread, and words to begin with.

Workspaces that lack it answer so once, and are asked no more until the next start.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import Prompt, Prompts
from bot.language.words import shorten
from bot.platforms.slack.people import People
from bot.platforms.slack.trouble import TROUBLE, error_code
from memory.model.errors import OrchestraError
from memory.model.identity import ThreadRef

STATUS_CHARS: Final = 140
_LACKING: Final = frozenset(
    {
        "unknown_method", "missing_scope", "not_allowed_token_type", "method_deprecated",
        "feature_not_enabled", "no_permission", "access_denied", "not_allowed",
    }
)  # fmt: skip
_log = structlog.get_logger()


class AgentPlace:
    """What of it this workspace has."""

    def __init__(
        self, client: AsyncWebClient, workspace: str, people: People, prompts: Prompts
    ) -> None:
        self._client = client
        self._workspace = workspace
        self._people = people
        self._prompts = prompts
        self._lacks: set[str] = set()

    async def status(self, thread: ThreadRef, words: str) -> bool:
        """Show under the thread what is being done, for two minutes at most; "" takes it back."""
        if not thread.thread:
            return False
        call = partial(
            self._client.assistant_threads_setStatus,
            channel_id=thread.channel,
            thread_ts=thread.thread,
            status=shorten(words, STATUS_CHARS),
        )
        return await self._done("status", call)

    async def opened(self, event: dict[str, Any]) -> None:
        """Somebody opened the messages with us: show what they could ask."""
        began = event.get("assistant_thread")
        if began is None:
            user, channel, thread = event.get("user"), event.get("channel"), None
        else:
            user, channel, thread = map(began.get, ("user_id", "channel_id", "thread_ts"))
        if not user or not str(channel).startswith("D"):
            return
        shown = [
            {"title": prompt.title, "message": prompt.words}
            for prompt in await self._known(str(user), str(channel))
        ]
        if shown:
            call = partial(
                self._client.assistant_threads_setSuggestedPrompts,
                channel_id=str(channel),
                thread_ts=thread,
                prompts=shown,
            )
            await self._done("prompts", call)

    async def _known(self, user: str, channel: str) -> tuple[Prompt, ...]:
        (person,) = await self._people.identities([user], anew=True)
        where = ThreadRef(platform="slack", workspace=self._workspace, channel=channel)
        try:
            return await self._prompts(person, self._people.standing(user), where)
        except OrchestraError as error:
            _log.info("slack prompts not made", error=error.code)
            return ()

    async def _done(self, what: str, call: Callable[[], Awaitable[object]]) -> bool:
        """Make the call, unless the workspace lacks it."""
        if what in self._lacks:
            return False
        try:
            await call()
        except TROUBLE as error:
            code = error_code(error)
            if isinstance(error, SlackApiError) and code in _LACKING:
                self._lacks.add(what)
            _log.info("slack agent place", what=what, error=code or type(error).__name__)
            return False
        return True
