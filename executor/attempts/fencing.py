"""Keeps a worker that was away too long from repeating what others took over."""

import asyncio

from executor.parts import Parts
from memory.model.errors import StorageTrouble
from memory.store.running import attempts
from memory.store.running.attempts import Attempt


class LeaseLost(StorageTrouble):
    """Others may have this work by now, so it stops here without an ending of its own."""

    code = "lease_lost"

    def __init__(self) -> None:
        super().__init__("This worker was away too long, so another one took over its work.")


def check(parts: Parts) -> None:
    """Cheap, from any thread, just before something is changed. Raises LeaseLost."""
    if not parts.engine.holds:
        raise LeaseLost


async def before_effect(parts: Parts, attempt: Attempt) -> None:
    """Asks the row too: a paused process doesn't know for how long. Raises LeaseLost."""
    check(parts)
    if parts.database.is_sqlite:
        return  # the lock on the data folder says that nobody else is there
    async with parts.database.reading() as connection:
        if not await attempts.is_with(connection, attempt.id, parts.engine.worker):
            raise LeaseLost
    check(parts)


async def stand_still() -> None:
    """Wait for the engine's close, which follows a lost lease: to return would end the ticket."""
    await asyncio.Event().wait()
