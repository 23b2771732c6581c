"""discord.py's client, bent in three places: where it connects, what it survives, who is told."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

import discord
import structlog
import yarl
from aiohttp import ClientWebSocketResponse
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route

DEFAULT_API: Final = Route.BASE
Taker = Callable[..., None]
_log = structlog.get_logger()


class Http(HTTPClient):
    """REST and gateway at the addresses it was given.

    discord.py keeps its addresses in class attributes; setting those would move every client
    of the process, so the finished URLs are changed here instead.
    """

    def __init__(self, *args: Any, api_url: str, gateway_url: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.api_url = api_url.rstrip("/")
        self.gateway_url = gateway_url

    async def request(self, route: Route, **options: Any) -> Any:
        """Make the call at our address."""
        route.url = self.api_url + route.url.removeprefix(Route.BASE)
        return await super().request(route, **options)

    async def ws_connect(self, url: str, *, compress: int = 0) -> ClientWebSocketResponse:
        """Open the gateway at our address (or where Discord asked us to resume)."""
        asked = yarl.URL(url)
        if self.gateway_url and asked.host == DiscordWebSocket.DEFAULT_GATEWAY.host:
            url = str(yarl.URL(self.gateway_url).with_query(asked.query))
        return await super().ws_connect(url, compress=compress)


class Client(discord.Client):
    """Gives each event to its taker, at once and in the order of the gateway."""

    http: Http

    def __init__(
        self,
        *,
        api_url: str,
        gateway_url: str,
        takers: Mapping[str, Taker],
        identify_pause_s: float,
        guild_ready_s: float,
    ) -> None:
        self._api_url = api_url
        self._gateway_url = gateway_url
        self._takers = takers
        self._identify_pause_s = identify_pause_s
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we do not speak
        super().__init__(
            intents=wanted_intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=guild_ready_s,
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=30.0,
        )
        self._connection.parsers = {
            name: parse if name == "READY" else surviving(name, parse)
            for name, parse in self._connection.parsers.items()
        }

    def _get_state(self, **options: Any) -> Any:
        """discord.py's own seam for subclasses; the HTTP client is in place before the state."""
        self.http = Http(
            self.loop,
            api_url=self._api_url,
            gateway_url=self._gateway_url,
            max_ratelimit_timeout=30.0,
        )
        return super()._get_state(**options)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Hand over at once what has a taker: a task per event would lose the order."""
        taker = self._takers.get(event)
        if taker is None:
            super().dispatch(event, *args, **kwargs)
        else:
            taker(*args)

    async def before_identify_hook(
        self,
        shard_id: int | None,  # noqa: ARG002 - the signature is discord.py's
        *,
        initial: bool = False,
    ) -> None:
        """Discord allows one identify in five seconds."""
        if not initial:
            await asyncio.sleep(self._identify_pause_s)

    @property
    def me(self) -> int:
        """The bot's user id (for old bots it is not the application's)."""
        return self.user.id if self.user else 0

    @property
    def stamp(self) -> str:
        """The place of the event being handed over: the same when a resume repeats it."""
        return f"{self.ws.session_id}.{self.ws.sequence}"


def wanted_intents() -> discord.Intents:
    """What the gateway shall tell us; only the message content needs the portal's consent."""
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        guild_reactions=True,
        dm_messages=True,
        dm_reactions=True,
        message_content=True,
    )


def surviving(name: str, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The parser, which drops an event it cannot read: in discord.py that ends connect()."""

    def parsed(data: Any) -> None:
        try:
            parse(data)
        except Exception:  # noqa: BLE001 - the adapter's inbound loop: one bad event is one event
            _log.warning("discord_event_malformed", event_name=name, exc_info=True)

    return parsed
