"""Blocking work off the event loop, with a deadline and a way to stop it."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypeVar

from memory.model.errors import AgentUnavailable

T = TypeVar("T")

STOP_TRIES = 40
STOP_PAUSE_S = 0.05


async def in_thread(
    work: Callable[[], T], *, timeout_s: float, stop: Callable[[], None] | None = None
) -> T:
    """The result of `work`, computed in a thread.

    Past the deadline, or cancelled, `stop` is called until the thread has ended (for two seconds
    at most); work without a `stop` goes on unheard. Raises AgentUnavailable past the deadline.
    """
    future = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        async with asyncio.timeout(timeout_s):
            return await asyncio.shield(future)
    except TimeoutError as error:
        await _end(future, stop)
        raise AgentUnavailable(
            "It took longer than {timeout_s:,.0f} s. Ask for less at once, or allow more time.",
            timeout_s=timeout_s,
        ) from error
    except asyncio.CancelledError:
        await _end(future, stop)
        raise


async def _end(future: asyncio.Future[T], stop: Callable[[], None] | None) -> None:
    future.add_done_callback(_heard)
    if stop is None:
        return
    for _ in range(STOP_TRIES):
        # An interrupt that comes between two statements is lost, so it is repeated.
        stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_PAUSE_S):
                await asyncio.wait([future])
        if future.done():
            return


def _heard(future: asyncio.Future[T]) -> None:
    if not future.cancelled():
        future.exception()
