"""Waiting out a database outage: what was worked out gets stored, and isn't done again."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from executor.attempts import fencing
from executor.attempts.fencing import LeaseLost
from executor.parts import Parts
from memory.model.errors import StorageTrouble

STORAGE_PAUSE_S = 1.0
STORAGE_PAUSE_CAP_S = 30.0

log = structlog.get_logger(__name__)


async def until_stored(parts: Parts, attempt: str, doing: Callable[[], Awaitable[object]]) -> None:
    """Repeat it until the database takes it, however long the disk is full.

    Never returns if the attempt is no longer this worker's.
    """
    pause = STORAGE_PAUSE_S
    while True:
        try:
            fencing.check(parts)
            await doing()
        except LeaseLost:
            log.warning("left an attempt to other workers", attempt=attempt)
            await fencing.stand_still()
        except StorageTrouble as error:
            log.warning("the store refuses; will try again", attempt=attempt, detail=error.detail)
            await asyncio.sleep(pause)
            pause = min(STORAGE_PAUSE_CAP_S, pause * 2)
        else:
            return
