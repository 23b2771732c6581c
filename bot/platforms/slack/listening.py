"""Socket Mode: every event is handed over before it is acknowledged."""

import asyncio
import logging
import math
import re
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat import Incoming, OpenMessages, Receive
from bot.language.emoji import canonical
from bot.platforms.reactions import Press, ReactionLog
from bot.platforms.slack.inbound import Inbound, Payload
from bot.platforms.slack.session import Bot
from bot.platforms.slack.surfaces.agent import AgentPlace
from bot.platforms.slack.surfaces.home import HomeTab
from bot.platforms.slack.surfaces.shortcuts import ASKED, Shortcuts
from bot.platforms.slack.trouble import TROUBLE, error_code
from memory.model.identity import MessageRef
from memory.model.timing.clock import Clock

_ANY: Final = re.compile(r".*", re.DOTALL)
_LOST_AFTER: Final = 6  # silent ping intervals before everything is connected anew
_SHOW_S: Final = 2.0
_THREADS: Final = 50
_REPLIES: Final = 200
"""How many threads are read after a gap, and how many words of each."""

_log = structlog.get_logger()


class Listener:
    """One connection's worth of listening."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        bot: Bot,
        inbound: Inbound,
        home: HomeTab,
        agent: AgentPlace,
        reactions: ReactionLog,
        receive: Receive,
        open_messages: OpenMessages,
        clock: Clock,
    ) -> None:
        self._client = client
        self._bot = bot
        self._inbound = inbound
        self._home = home
        self._agent = agent
        self._shortcuts = Shortcuts(client, inbound, clock)
        self._reactions = reactions
        self._receive = receive
        self._open_messages = open_messages
        self._clock = clock
        self._connected = asyncio.Event()
        self._busy: set[asyncio.Task[Any]] = set()

    async def serve(
        self, app_token: str, url: str, *, ping_interval_s: float, read_again_s: float
    ) -> None:
        """Hand events over until cancelled, or until the connection is beyond repair.

        What is on the open messages is read at every connection, and again after `read_again_s`,
        since Slack may lose an event. The SDK tries one address for ever, though Slack's addresses expire; hence the end.
        """
        async with self._socket(app_token, url, ping_interval_s) as socket:
            silent, due, anew = 0, math.inf, True
            while silent < _LOST_AFTER:
                try:
                    async with asyncio.timeout(ping_interval_s):
                        await self._connected.wait()
                except TimeoutError:
                    silent = 0 if await socket.is_connected() else silent + 1
                    if silent or time.monotonic() < due:
                        continue
                anew |= self._connected.is_set()
                self._connected.clear()
                try:
                    await self._catch_up(words=anew)
                    anew = False
                    due = time.monotonic() + read_again_s
                except Exception as error:  # noqa: BLE001 - the inbound loop outlives any trouble
                    _log.warning("slack reactions unread", error=type(error).__name__)
                    await asyncio.sleep(ping_interval_s)
                    self._connected.set()

    async def _catch_up(self, *, words: bool) -> None:
        """Read what is on the open messages, and with `words` what was said after them."""
        ours = [known for known in await self._open_messages() if known.where.platform == "slack"]
        for message in ours:
            await self._read_again(message)
        threads = {message.where: message for message in ours if message.where.thread}
        for message in [*threads.values()][:_THREADS] if words else ():
            await self._read_words(message)

    async def _read_words(self, message: MessageRef) -> None:
        """Hand over what was said in the thread after it; what was heard before has the same ids."""
        where = message.where
        try:
            reply = await self._client.conversations_replies(
                channel=where.channel, ts=where.thread, oldest=message.message, limit=_REPLIES
            )
        except SlackApiError as error:
            _log.info("slack thread unread", channel=where.channel, error=error_code(error))
            return
        for post in reply["messages"]:
            if str(post.get("ts")) > message.message:
                await self._hand_over(
                    await self._inbound.message({**post, "channel": where.channel})
                )

    async def look_at(self, message: MessageRef) -> None:
        """Read what people did to a message that wasn't known to be there."""
        try:
            await self._read_again(message)
        except TROUBLE as error:
            _log.warning("slack reactions unread", error=type(error).__name__)

    async def _read_again(self, message: MessageRef) -> None:
        channel, ts = message.where.channel, message.message
        try:
            reply = await self._reactions_of(channel, ts)
        except SlackApiError as error:
            if int(error.response.status_code) != 200:
                raise
            _log.info("slack message unreadable", channel=channel, error=error_code(error))
            if error_code(error) == "message_not_found":
                await self._receive(self._inbound.gone(message))
            return
        there = {
            Press(channel, ts, user, canonical(f":{found['name']}:"))
            for found in (reply.get("message") or {}).get("reactions") or ()
            for user in found["users"]
            if user != self._bot.user
        }
        at = self._clock.now()
        for reaction in self._reactions.missed(channel, ts, there):
            await self._receive(await self._inbound.reaction(reaction, at, message.where))
            self._reactions.keep(reaction, f"{at.timestamp():.6f}")
        self._reactions.read(channel, ts)

    async def _reactions_of(self, channel: str, ts: str) -> AsyncSlackResponse:
        """What is on the message; where Slack asks for a pause, after that."""
        while True:
            try:
                return await self._client.reactions_get(channel=channel, timestamp=ts, full=True)
            except SlackApiError as error:
                if int(error.response.status_code) != 429:
                    raise
                await asyncio.sleep(float(error.response.headers.get("Retry-After", "30")))

    @asynccontextmanager
    async def _socket(
        self, app_token: str, url: str, ping_interval_s: float
    ) -> AsyncIterator[SocketModeClient]:
        handler = AsyncSocketModeHandler(
            self._app(), app_token, web_client=self._client, ping_interval=ping_interval_s
        )
        socket = handler.client
        if proxy_bypass(urlsplit(url).hostname or ""):
            socket.proxy = None
        socket.wss_uri = url
        socket.message_listeners.append(self._on_raw)
        try:
            async with asyncio.timeout(max(5.0, _LOST_AFTER * ping_interval_s)):
                await socket.connect()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
            yield socket
        finally:
            if self._busy:  # they are short: an insert and an ack
                await asyncio.wait(self._busy, timeout=2)
            await socket.close()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
            tasks = (
                socket.message_processor,
                socket.message_receiver,
                socket.current_session_monitor,
                *self._busy,
            )
            running = [task for task in tasks if task is not None]
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _app(self) -> AsyncApp:
        """Bolt, told who we are so that it need not ask, acknowledging after the handler."""

        async def authorize(team_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None,
                team_id=team_id,
                bot_user_id=self._bot.user,
                bot_id=self._bot.bot,
                bot_token=self._client.token,
            )

        logger = logging.getLogger("orchestra.slack")
        logger.setLevel(logging.ERROR)
        app = AsyncApp(
            logger=logger,
            name="orchestra",
            client=AsyncWebClient(base_url=self._client.base_url, session=self._client.session),
            authorize=authorize,
            process_before_response=True,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            url_verification_enabled=False,
            ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        app.event(_ANY)(self._on_event)
        app.action(_ANY)(self._on_click)
        app.view(_ANY)(self._on_typed)
        app.shortcut(_ANY)(self._on_shortcut)
        app.command(_ANY)(self._on_command)
        return app

    async def _on_raw(
        self, _client: object, message: dict[str, Any], _raw: str | None = None
    ) -> None:
        if message.get("type") == "hello":
            self._connected.set()
        task = asyncio.current_task()
        if task is not None and message.get("envelope_id"):
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def _on_event(self, event: Payload) -> None:
        match event.get("type"):
            case "message" if event.get("subtype") in {"message_changed", "message_deleted"}:
                await self._hand_over(await self._inbound.changed(event))
            case "app_mention" | "message":
                await self._hand_over(await self._inbound.message(event))
            case "reaction_added" | "reaction_removed":
                reaction = self._inbound.press(event)
                if reaction is not None:
                    stamp = str(event["event_ts"])
                    at = datetime.fromtimestamp(float(stamp), UTC)
                    await self._receive(await self._inbound.reaction(reaction, at))
                    self._reactions.keep(reaction, stamp)
            case "app_home_opened" if event.get("tab") == "messages":
                await _in_time(self._agent.opened(event))
            case "app_home_opened":
                await _in_time(self._home.opened(event))
            case "assistant_thread_started":
                await _in_time(self._agent.opened(event))
            case _:
                pass  # subscribed to by hand; nothing of ours

    async def _on_click(self, body: Payload, ack: AsyncAck) -> None:
        await self._hand_over(await self._inbound.click(body))
        await ack()

    async def _on_typed(self, body: Payload, ack: AsyncAck) -> None:
        asked = body["view"].get("callback_id") == ASKED
        read = self._shortcuts.asked if asked else self._inbound.typed
        await self._hand_over(await read(body))
        await ack()

    async def _on_shortcut(self, body: Payload, ack: AsyncAck) -> None:
        await self._hand_over(await self._shortcuts.pressed(body))
        await ack()

    async def _on_command(self, body: Payload, ack: AsyncAck) -> None:
        await self._hand_over(await self._inbound.command(body))
        await ack()

    async def _hand_over(self, incoming: Incoming | None) -> None:
        if incoming is not None:
            await self._receive(incoming)


async def _in_time(work: Coroutine[Any, Any, None]) -> None:
    """Show something before Slack's patience ends: it changes nothing, so it may be left undone."""
    try:
        async with asyncio.timeout(_SHOW_S):
            await work
    except TROUBLE as error:
        _log.warning("slack view not shown", error=error_code(error) or type(error).__name__)
