"""Shortcuts: a message that's given to us as work, and a field to say what is to be done."""

from datetime import datetime
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import Incoming
from bot.platforms.slack.blocks import asking
from bot.platforms.slack.inbound import Inbound, posted_files
from memory.model.timing.clock import Clock

GIVE: Final = "give"
ASK: Final = "ask"
"""The names of both in the manifest."""

ASKED: Final = "asked"
"""The name of the view with the field."""

Payload = dict[str, Any]


class Shortcuts:
    """What is pressed in the menu of a message, or of Slack itself."""

    def __init__(self, client: AsyncWebClient, inbound: Inbound, clock: Clock) -> None:
        self._client = client
        self._inbound = inbound
        self._clock = clock

    async def pressed(self, body: Payload) -> Incoming | None:
        """A message that is given; the other one opens its field, and gives None."""
        match body.get("callback_id"):
            case "give":
                return await self._given(body)
            case "ask":
                view = asking(ASKED)
                await self._client.views_open(trigger_id=str(body["trigger_id"]), view=view)
        return None

    async def _given(self, body: Payload) -> Incoming | None:
        """The message's words as said by whoever pressed, once for each of them, in its thread."""
        message, channel = body.get("message") or {}, str(body["channel"]["id"])
        user, ts = str(body["user"]["id"]), str(message.get("ts") or body.get("message_ts") or "")
        words, files = str(message.get("text") or ""), posted_files(message)
        if not ts or not (words.strip() or files):
            return None
        root = str(message.get("thread_ts") or ("" if channel.startswith("D") else ts))
        return Incoming(
            event_id=f"given:{channel}:{ts}:{user}",
            kind="message",
            thread=self._inbound.joined(channel, root),
            message=ts,
            attachments=files,
            asks=True,
            at=self._now(),
            **await self._inbound.words(user, words),
        )

    async def asked(self, body: Payload) -> Incoming | None:
        """What was typed, as if it had been said in the person's direct messages."""
        view, user = body["view"], str(body["user"]["id"])
        words = str(view["state"]["values"]["typed"]["typed"].get("value") or "").strip()
        if not words:
            return None
        opened = await self._client.conversations_open(users=user)
        return Incoming(
            event_id=f"asked:{view['id']}",
            kind="message",
            thread=self._inbound.joined(str(opened["channel"]["id"]), ""),
            asks=True,
            at=self._now(),
            **await self._inbound.words(user, words),
        )

    def _now(self) -> datetime:
        return self._clock.now()
