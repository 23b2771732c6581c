"""`orchestra serve`: Slack and Discord."""

import asyncio
import signal

from bot.cli.logs import log_to_stderr
from bot.local_models import with_local_models
from bot.settings import Settings
from memory.model.errors import Misconfigured


def serve(settings: Settings) -> int:
    """Run until a signal says to stop; gives back 0. Raises Misconfigured without any token."""
    if settings.slack is None and settings.discord is None:
        raise Misconfigured(
            "There is nothing to serve: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or DISCORD_TOKEN."
        )
    log_to_stderr(settings)
    asyncio.run(_serve(settings))
    return 0


async def _serve(settings: Settings) -> None:
    from bot.wiring import build

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    async with build(await with_local_models(settings)):
        await stop.wait()
