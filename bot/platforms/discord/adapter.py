"""The chat port on Discord."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import discord
import structlog
import yarl
from discord.http import Route

from bot.chat import Attachment, Details, Home, OpenMessages, Outgoing, Receive, SendFailed
from bot.config.settings import DiscordSettings
from bot.platforms.discord import places
from bot.platforms.discord.client import DEFAULT_API, Client
from bot.platforms.discord.inbound import Inbound, Memory
from bot.platforms.discord.outbound import Outbound
from bot.platforms.discord.roles import roles_of
from bot.platforms.discord.session import Session
from bot.platforms.discord.trouble import TROUBLE, refused, send_failed, token_refused
from bot.platforms.failures import too_large, unreachable
from bot.platforms.homes import Homes
from memory.model.errors import Misconfigured
from memory.model.identity import Identity, MessageRef, ThreadRef
from memory.model.limits import FILE_READ_BYTES
from memory.model.timing.clock import Clock

CDN_HOSTS: Final = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
COMMAND: Final = {
    "name": "orchestra",
    "description": "Tell Orchestra what to do, or say status, budget, cancel or help",
    "type": 1,
    "options": [
        {
            "name": "text",
            "description": "What you would write to @orchestra",
            "type": 3,
            "required": True,
            "max_length": 6000,
        }
    ],
}
GIVE: Final = {"name": "Give this to Orchestra", "type": 3}
_log = structlog.get_logger()


@dataclass(frozen=True)
class Timing:
    """How long to wait, in seconds; tests wait less."""

    login_s: float = 15.0
    online_s: float = 5.0
    send_s: float = 30.0
    guild_ready_s: float = 2.0
    identify_pause_s: float = 5.0
    first_backoff_s: float = 1.0
    longest_backoff_s: float = 60.0
    read_again_s: float = 300.0
    """How often the open messages are read, since Discord may lose an event."""


class Discord:
    """Orchestra as a Discord bot. One `listen` at a time; sending works while it runs."""

    name = "discord"

    def __init__(
        self, settings: DiscordSettings, clock: Clock, *, timing: Timing | None = None
    ) -> None:
        self._token = settings.token
        self._api_url = settings.api_url
        self._gateway_url = settings.gateway_url
        self._timing = timing or Timing()
        self._memory = Memory(clock)
        self._outbound = Outbound(self._memory)
        self._homes = Homes()
        self._client: Client | None = None
        self._session: Session | None = None
        self._online = asyncio.Event()

    async def listen(self, receive: Receive, open_messages: OpenMessages) -> None:
        """Hand every event to `receive` until cancelled; reconnect by itself.

        Raises Misconfigured when Discord refuses the token or the intents.
        """
        if not self._token.get_secret_value().strip():
            raise token_refused()
        async with asyncio.TaskGroup() as group:
            session = Session(group, receive, open_messages, self._memory, self._homes)
            self._session = session
            reading = group.create_task(self._read_again(session))
            refusal = await self._keep_connected(session)
            reading.cancel()
            session.close()
        raise refusal

    async def post(
        self,
        thread: ThreadRef,
        out: Outgoing,
        files: Mapping[str, bytes],
        *,
        key: str,
        edits: MessageRef | None = None,
    ) -> MessageRef:
        """Send the message, or turn the one it edits into it. `files` has bytes by digest."""
        client = await self._connected()
        try:
            async with asyncio.timeout(self._timing.send_s):
                if edits is not None:
                    return await self._outbound.edit(client, edits, out, files, key)
                return await self._outbound.post(client, thread, out, files, key)
        except TROUBLE as error:
            raise send_failed(error, repeatable=edits is not None) from error

    def explain(self, details: Details) -> None:
        """Where to ask for what is behind a button for details."""
        self._memory.details = details

    def at_home(self, home: Home) -> None:
        """Where to ask for what a person's home shows."""
        self._homes.home = home

    async def refresh_homes(self) -> None:
        """Show anew the panels that are open and have changed."""
        await self._homes.refresh()

    def address(self, message: MessageRef) -> str:
        """Where the message can be opened."""
        channel = places.target(message.where, message.message)
        return f"https://discord.com/channels/{message.where.workspace}/{channel}/{message.message}"

    async def find(self, thread: ThreadRef, key: str) -> MessageRef | None:
        """The message that was sent with this key, if it arrived (after an ambiguous send).

        What people did to it meanwhile is heard.
        """
        client = await self._connected()
        try:
            async with asyncio.timeout(self._timing.send_s):
                found = await self._outbound.find(client, thread, key)
        except TROUBLE as error:
            raise send_failed(error, repeatable=True) from error
        if found is not None and self._session is not None:
            self._session.look_at(found)
        return found

    async def react(self, message: MessageRef, emoji: str) -> None:
        """Put a reaction under a message, to show that it was seen."""
        client = await self._connected()
        try:
            async with asyncio.timeout(self._timing.send_s):
                await self._outbound.react(client, message, emoji)
        except TROUBLE as error:
            raise send_failed(error, repeatable=True) from error

    async def pin(self, message: MessageRef) -> None:
        """Pin the message to its channel. Raises SendFailed."""
        client = await self._connected()
        channel = places.target(message.where, message.message)
        try:
            async with asyncio.timeout(self._timing.send_s):
                await client.http.pin_message(channel, int(message.message))
        except TROUBLE as error:
            raise send_failed(error, repeatable=True) from error

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a file somebody posted.

        Its address is asked for anew, since Discord's addresses expire within a day.
        """
        if attachment.size > FILE_READ_BYTES:
            raise too_large()
        client = await self._connected()
        channel, message, number = attachment.handle.split("/")
        try:
            async with asyncio.timeout(self._timing.send_s):
                posted = await client.http.get_message(int(channel), int(message))
                files = {str(file["id"]): str(file["url"]) for file in posted["attachments"]}
                if number not in files:
                    raise SendFailed("the file is gone from Discord; post it again")
                return await client.http.get_from_cdn(self._safe(files[number]))
        except TROUBLE as error:
            raise send_failed(error, repeatable=True) from error

    async def direct(self, person: Identity) -> ThreadRef:
        """The person's direct messages. Raises SendFailed."""
        client = await self._connected()
        try:
            async with asyncio.timeout(self._timing.send_s):
                opened = await client.http.start_private_message(int(person.user_id))
        except TROUBLE as error:
            raise send_failed(error, repeatable=True) from error
        return places.ref(None, int(opened["id"]))

    async def groups_of(
        self, people: Sequence[Identity], named: frozenset[str]
    ) -> dict[str, frozenset[str]] | None:
        """Those of the named roles that each person has; None where Discord can't tell."""
        client = self._client
        return None if client is None else await roles_of(client, people, named)

    def _safe(self, url: str) -> str:
        """The address, if it is Discord's."""
        given, api = yarl.URL(url), yarl.URL(self._api_url)
        own = self._api_url != DEFAULT_API and given.origin() == api.origin()
        if not own and not (given.scheme == "https" and given.host in CDN_HOSTS):
            raise SendFailed("the file isn't on Discord's own servers; post it again")
        return url

    async def _connected(self) -> Client:
        try:
            async with asyncio.timeout(self._timing.online_s):
                await self._online.wait()
        except TimeoutError:
            raise unreachable("Discord") from None
        if self._client is None:
            raise unreachable("Discord")
        return self._client

    async def _keep_connected(self, session: Session) -> Misconfigured:
        """Connect again and again; answers only with what another try cannot mend."""
        pause_s = self._timing.first_backoff_s
        while True:
            try:
                await self._one_connection(session)
            except Exception as error:  # noqa: BLE001 - the adapter's inbound loop: discord.py ends with any error at all
                refusal = refused(error)
                if refusal is not None:
                    return refusal
                _log.warning(
                    "discord_connection_lost", error=type(error).__name__, detail=str(error)
                )
            if session.take_progress():
                pause_s = self._timing.first_backoff_s
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, self._timing.longest_backoff_s)

    async def _read_again(self, session: Session) -> None:
        while True:
            await asyncio.sleep(self._timing.read_again_s)
            if self._online.is_set():
                session.catch_up()

    async def _one_connection(self, session: Session) -> None:
        client = Client(
            api_url=self._api_url,
            gateway_url=self._gateway_url,
            takers=session.takers,
            identify_pause_s=self._timing.identify_pause_s,
            guild_ready_s=self._timing.guild_ready_s,
        )
        try:
            async with client:
                async with asyncio.timeout(self._timing.login_s):
                    await client.login(self._token.get_secret_value())
                    await self._find_gateway(client)
                session.begin(client, Inbound(client, self._memory))
                self._client = client
                self._online.set()
                await _register_command(client)
                await client.connect()
        finally:
            self._client = None
            self._online.clear()

    async def _find_gateway(self, client: Client) -> None:
        if not self._gateway_url and self._api_url != DEFAULT_API:
            _, client.http.gateway_url, _ = await client.http.get_bot_gateway()


async def _register_command(client: Client) -> None:
    """Tell Discord of /orchestra and of what stands in a message's menu; mentions work without them."""
    route = Route("PUT", "/applications/{app}/commands", app=client.application_id)
    try:
        await client.http.request(route, json=[COMMAND, GIVE])
    except discord.HTTPException:
        _log.warning("discord_command_not_registered", exc_info=True)
