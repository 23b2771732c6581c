"""The server: uvicorn inside our own tasks. Signals stay ours, and streams end when it closes."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from bot.app import App
from bot.config.settings import Settings
from bot.language.catalogue import locale_of
from bot.platforms.web.platform import WebPlatform
from bot.web.app import made
from bot.web.state import Web
from memory.model.errors import Misconfigured

LAST_S = 2
"""How long requests under way may take once it closes."""


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: App, settings: Settings) -> AsyncIterator[str]:
    """Serve pages and the API, and give back their address, without a slash at its end.

    Raises Misconfigured where the port is taken.
    """
    web = Web(settings, app.services, app.take, locale=locale_of(settings.language))
    platform = app.platforms.get("web")
    if isinstance(platform, WebPlatform):
        platform.heard_by.append(web.hub.posted)
    listening = _listening(settings)
    web.port = listening.getsockname()[1]
    config = uvicorn.Config(
        made(web),
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=LAST_S,
    )
    server = _Server(config)
    async with asyncio.TaskGroup() as group:
        answering = group.create_task(server.serve(sockets=[listening]))
        reading = group.create_task(_follow(web))
        try:
            yield settings.web.url or f"http://{_shown(settings)}:{web.port}"
        finally:
            reading.cancel()
            web.hub.close()
            server.should_exit = True
            await answering


async def _follow(web: Web) -> None:
    await web.hub.run(await web.services())


def _listening(settings: Settings) -> socket.socket:
    place = settings.web
    family = socket.AF_INET6 if ":" in place.bind else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((place.bind.strip("[]"), place.port))
    except OSError as error:
        listening.close()
        raise Misconfigured(
            "Port {port} can't be listened on ({reason}). Set another `port` in [web], or use "
            "--port.",
            port=place.port,
            reason=error.strerror,
        ) from error
    return listening


def _shown(settings: Settings) -> str:
    bind = settings.web.bind
    return f"[{bind.strip('[]')}]" if ":" in bind else bind
