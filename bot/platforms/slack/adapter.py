"""Slack as a ChatPlatform."""

import asyncio
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import (
    Attachment,
    Details,
    Home,
    OpenMessages,
    Outgoing,
    Prompt,
    Prompts,
    Receive,
    SendFailed,
)
from bot.config.settings import SlackSettings
from bot.language.emoji import shortcode
from bot.platforms.failures import closed
from bot.platforms.homes import Homes
from bot.platforms.reactions import ReactionLog
from bot.platforms.slack.files import Files
from bot.platforms.slack.groups import groups_of
from bot.platforms.slack.inbound import Inbound
from bot.platforms.slack.known import Known
from bot.platforms.slack.listening import Listener
from bot.platforms.slack.people import People
from bot.platforms.slack.sending import Sender
from bot.platforms.slack.session import Bot, check_bot, socket_url, web_client
from bot.platforms.slack.surfaces.agent import AgentPlace
from bot.platforms.slack.surfaces.home import HomeTab
from bot.platforms.slack.trouble import TROUBLE, error_code, send_failed
from memory.model.identity import Identity, MessageRef, Standing, ThreadRef
from memory.model.timing.clock import Clock

_log = structlog.get_logger()


class Slack:
    """One workspace over Socket Mode; it owns its connections.

    They are closed when `listen` ends, or, where it is used as an async context manager, with that.
    """

    name = "slack"

    def __init__(
        self,
        settings: SlackSettings,
        clock: Clock,
        *,
        ping_interval_s: float = 10,
        start_within_s: float = 10,
        read_again_s: float = 300,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._ping_interval_s = ping_interval_s
        self._start_within_s = start_within_s
        self._read_again_s = read_again_s
        self._listening: Listener | None = None
        self._known = Known()
        self._reactions = ReactionLog(started=f"{clock.now().timestamp():.3f}")
        self._open: tuple[AsyncWebClient, Files, Sender] | None = None
        self._kept_open = False
        self._closed = False
        self._explained: Details | None = None
        self._homes = Homes()
        self._site = ""
        self._prompts: Prompts | None = None
        self._agent: AgentPlace | None = None

    async def __aenter__(self) -> Self:
        """Keep the connections open until the end of the block, over several `listen`s."""
        self._kept_open = True
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close them."""
        await self._close()

    async def listen(self, receive: Receive, open_messages: OpenMessages) -> None:
        """Hand every event to `receive` until cancelled; reconnect by itself.

        Raises Misconfigured when Slack refuses a token, at the start or later.
        """
        try:
            await self._listen(receive, open_messages)
        finally:
            if not self._kept_open:
                await self._close()

    async def post(
        self,
        thread: ThreadRef,
        out: Outgoing,
        files: Mapping[str, bytes],
        *,
        key: str,
        edits: MessageRef | None = None,
    ) -> MessageRef:
        """Send the message, or turn the one it edits into it. Raises SendFailed."""
        _, _, sender = self._opened()
        if edits is not None:
            await sender.edit(edits, out, files)
            return edits
        return self._posted(thread, await sender.post(thread, out, files, key=key))

    async def find(self, thread: ThreadRef, key: str) -> MessageRef | None:
        """The message with this key, if it arrived; its files and reactions are completed, and
        what people did to it meanwhile is heard.
        """
        _, _, sender = self._opened()
        ts = await sender.find(thread, key)
        if ts is None:
            return None
        found = MessageRef(where=thread, message=ts)
        if self._listening is not None:
            await self._listening.look_at(found)
        return found

    async def react(self, message: MessageRef, emoji: str) -> None:
        """Put a reaction under a message. Raises SendFailed, also for an unknown emoji."""
        name = shortcode(emoji)
        if not name:
            raise SendFailed("Slack doesn't know {emoji}", emoji=emoji)
        _, _, sender = self._opened()
        await sender.react(message.where.channel, message.message, name)

    async def pin(self, message: MessageRef) -> None:
        """Pin the message to its channel. Raises SendFailed."""
        client, _, _ = self._opened()
        try:
            await client.pins_add(channel=message.where.channel, timestamp=message.message)
        except TROUBLE as error:
            if error_code(error) != "already_pinned":
                raise send_failed(error, repeatable=True) from error

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a posted file. Raises SendFailed."""
        _, files, _ = self._opened()
        return await files.fetch(attachment)

    async def direct(self, person: Identity) -> ThreadRef:
        """The person's direct messages. Raises SendFailed."""
        client, _, _ = self._opened()
        try:
            opened = await client.conversations_open(users=person.user_id)
        except TROUBLE as error:
            raise send_failed(error, repeatable=True) from error
        channel = str(opened["channel"]["id"])
        return ThreadRef(platform="slack", workspace=person.workspace, channel=channel)

    async def groups_of(
        self, people: Sequence[Identity], named: frozenset[str]
    ) -> dict[str, frozenset[str]] | None:
        """Those of the named user groups that each person is in; None where Slack can't tell."""
        client, _, _ = self._opened()
        return await groups_of(client, people, named)

    def explain(self, details: Details) -> None:
        """Where to ask for what is behind a button for details."""
        self._explained = details

    def at_home(self, home: Home) -> None:
        """Where to ask for what a person's Home tab shows."""
        self._homes.home = home

    async def refresh_homes(self) -> None:
        """Show anew the Home tabs that are open and have changed."""
        await self._homes.refresh()

    def suggest(self, prompts: Prompts) -> None:
        """Where to ask for words to begin with."""
        self._prompts = prompts

    async def status(self, thread: ThreadRef, words: str) -> bool:
        """Say under the thread what is being done; False where the workspace doesn't show it."""
        return self._agent is not None and await self._agent.status(thread, words)

    def address(self, message: MessageRef) -> str:
        """Where the message can be opened; "" before Slack told the workspace's address."""
        if not self._site:
            return ""
        where, ts = message.where, message.message.replace(".", "")
        thread = f"?thread_ts={where.thread}&cid={where.channel}" if where.thread else ""
        return f"{self._site}archives/{where.channel}/p{ts}{thread}"

    async def _suggested(
        self, person: Identity, standing: Standing | None, thread: ThreadRef
    ) -> tuple[Prompt, ...]:
        return () if self._prompts is None else await self._prompts(person, standing, thread)

    async def _details(self, message: MessageRef, of: str) -> str:
        return "" if self._explained is None else await self._explained(message, of)

    async def _listen(self, receive: Receive, open_messages: OpenMessages) -> None:
        pause_s = 1.0
        while True:
            try:
                bot, url = await self._sign_in()
                pause_s = 1.0
                self._listening = self._listener(bot, receive, open_messages)
                await self._listening.serve(
                    self._settings.app_token.get_secret_value(),
                    url,
                    ping_interval_s=self._ping_interval_s,
                    read_again_s=self._read_again_s,
                )
            except TROUBLE as error:
                _log.warning("slack unreachable", error=type(error).__name__, again_in_s=pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, 30.0)

    def _opened(self) -> tuple[AsyncWebClient, Files, Sender]:
        """The client and what works with it, made at the first call."""
        if self._closed:
            raise closed("Slack")
        if self._open is None:
            client = web_client(self._settings)
            files = Files(client)
            self._open = (client, files, Sender(client, files))
        return self._open

    async def _close(self) -> None:
        self._closed = True
        if self._open is not None:
            session = self._open[0].session
            assert session is not None
            await session.close()

    def _posted(self, thread: ThreadRef, ts: str) -> MessageRef:
        self._known.posted(thread, ts)
        self._reactions.posted(thread.channel, ts)
        return MessageRef(where=thread, message=ts)

    async def _sign_in(self) -> tuple[Bot, str]:
        client, _, _ = self._opened()
        bot = await check_bot(self._settings, client, within_s=self._start_within_s)
        return bot, await socket_url(self._settings, client, within_s=self._start_within_s)

    def _listener(self, bot: Bot, receive: Receive, open_messages: OpenMessages) -> Listener:
        client, _, _ = self._opened()
        self._site, people = bot.site, People(client, bot.workspace)
        self._agent = AgentPlace(client, bot.workspace, people, self._suggested)
        inbound = Inbound(
            client,
            bot=bot,
            people=people,
            known=self._known,
            reactions=self._reactions,
            clock=self._clock,
            details=self._details,
        )
        return Listener(
            client,
            bot=bot,
            inbound=inbound,
            home=HomeTab(client, people, self._homes),
            agent=self._agent,
            reactions=self._reactions,
            receive=receive,
            open_messages=open_messages,
            clock=self._clock,
        )
