"""`orchestra worker`: tasks only, beside a `serve` and as many others as there are machines."""

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING, Final

import structlog

from bot.cli import end_quickly
from bot.cli.log_setup import log_to_stderr
from bot.config.local_models import with_local_models
from bot.config.settings import Settings
from memory.model.errors import Misconfigured

if TYPE_CHECKING:
    from executor.service import Executor

HEALTH_S: Final = 60.0
STOP_WITHIN_S: Final = 4.0

log = structlog.get_logger(__name__)


def worker(settings: Settings, *, drain_s: float) -> int:
    """Do tasks until a signal says to stop; gives back 0.

    On a signal it claims no more and lets running tasks finish, for `drain_s` at most; the rest
    goes to other workers at once. Raises Misconfigured on SQLite, StorageTrouble.
    """
    if not settings.database_url.get_secret_value().startswith("postgres"):
        raise Misconfigured(
            "A worker shares a Postgres database with `orchestra serve`: set ORCHESTRA_DATABASE_URL "
            "for both. With SQLite, run `orchestra serve` alone."
        )
    log_to_stderr(settings)
    # A thread that loads a library cannot be stopped; all that counts is stored, so do not wait.
    late = threading.Timer(STOP_WITHIN_S, os._exit, args=(0,))
    late.daemon = True
    asyncio.run(_worker(settings, drain_s, late))
    end_quickly()
    return 0


async def _worker(settings: Settings, drain_s: float, late: threading.Timer) -> None:
    from bot.worker_wiring import build_worker

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with build_worker(await with_local_models(settings)) as executor:
        await executor.ready()
        log.info("worker has joined", worker=executor.health().worker)
        async with asyncio.TaskGroup() as group:
            telling = group.create_task(_tell(executor))
            await stop.wait()
            telling.cancel()
        under_way = executor.health().under_way
        log.info("worker is stopping", under_way=under_way, drain_s=drain_s)
        left = await executor.drain(drain_s)
        log.info("worker leaves", left_to_others=left)
        late.start()


async def _tell(executor: "Executor") -> None:
    """A line in the log now and then, by which others see that it is well."""
    while True:
        await asyncio.sleep(HEALTH_S)
        health = executor.health()
        log.info(
            "worker is well" if health.holds else "worker has lost its lease",
            worker=health.worker,
            under_way=health.under_way,
        )
