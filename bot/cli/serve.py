"""`orchestra serve` and `orchestra web`: Slack, Discord, and browsers."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.cli import end_quickly
from bot.cli.log_setup import log_to_file, log_to_stderr
from bot.config.local_models import with_local_models
from bot.config.settings import Settings
from memory.model.errors import Misconfigured

if TYPE_CHECKING:
    from bot.app import App

STOP_WITHIN_S = 4.0


def serve(settings: Settings, *, works: bool = True, link: bool = False) -> int:
    """Run until a signal says to stop; gives back 0. Raises Misconfigured without any token.

    Work under way stays stored and continues at the next start. `works` False leaves every task
    to `orchestra worker`, which takes Postgres: Misconfigured without. `link`: print a link that
    lets a browser in.
    """
    if settings.slack is None and settings.discord is None and not settings.web_serves:
        raise Misconfigured(
            "There's nothing to serve. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or "
            "DISCORD_TOKEN; for a browser, use `orchestra web`."
        )
    if not works and not settings.database_url.get_secret_value().startswith("postgres"):
        raise Misconfigured(
            "--no-work leaves tasks to workers, which need a shared Postgres database: set "
            "ORCHESTRA_DATABASE_URL, or drop --no-work."
        )
    (log_to_file if link else log_to_stderr)(settings)
    # A thread that loads a library cannot be stopped; all that counts is stored, so do not wait.
    # It is never called off: the interpreter's own end joins threads too.
    late = threading.Timer(STOP_WITHIN_S, os._exit, args=(0,))
    late.daemon = True
    asyncio.run(_serve(settings, works=works, link=link, stopping=late.start))
    end_quickly()
    return 0


async def _serve(
    settings: Settings, *, works: bool, link: bool, stopping: Callable[[], None]
) -> None:
    from bot.wiring import build

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop_once() -> None:
        if not stop.is_set():
            stop.set()
            stopping()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop_once)
    async with build(await with_local_models(settings), works=works) as app:
        if not settings.web_serves:
            await stop.wait()
            return
        from bot.web.server import serving

        async with serving(app, settings) as address:
            await _greet(app, address, link=link)
            await stop.wait()


async def _greet(app: "App", address: str, *, link: bool) -> None:
    """Say where it is, with a way in."""
    from bot.actions.access.logins import offer_link
    from bot.cli.desk import you
    from bot.cli.web.links import link_text

    services = await app.services()
    if link:
        print(link_text(address, await offer_link(services, you(), by=you())), flush=True)
    else:
        import structlog

        structlog.get_logger().info("web pages served", address=address)
