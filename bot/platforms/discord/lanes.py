"""Delivery in order: one lane per channel, each event tried until it is stored."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Final

import discord
import structlog

from bot.chat import Incoming, Receive

Make = Callable[[], Awaitable[Iterable[Incoming]]]
_LONGEST_PAUSE_S: Final = 5.0
_TRIES_TO_READ: Final = 6
_log = structlog.get_logger()


@dataclass(frozen=True)
class Parcel:
    """How to make the Incoming of an event, and what to do when it is stored."""

    make: Make
    stored: Callable[[], None] = lambda: None


class Lanes:
    """Takes events at once and delivers them behind; a slow channel does not hold up another."""

    def __init__(self, group: asyncio.TaskGroup, receive: Receive) -> None:
        self._group = group
        self._receive = receive
        self._waiting: dict[int, deque[Parcel]] = {}
        self._running: set[asyncio.Task[object]] = set()

    def put(self, lane: int, parcel: Parcel) -> None:
        """Queue an event behind the others of its lane."""
        waiting = self._waiting.get(lane)
        if waiting is None:
            self._waiting[lane] = deque([parcel])
            self.run(self._drain(lane))
        else:
            waiting.append(parcel)

    def run(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something beside the lanes; it ends with them."""
        try:
            task = self._group.create_task(work)
        except RuntimeError:  # the group has ended: discord.py told of something while closing
            work.close()
            return
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def close(self) -> None:
        """Stop at once."""
        for task in self._running:
            task.cancel()

    async def _drain(self, lane: int) -> None:
        waiting = self._waiting[lane]
        while waiting:
            await self._deliver(waiting[0])
            waiting.popleft()
        del self._waiting[lane]

    async def _deliver(self, parcel: Parcel) -> None:
        for incoming in await self._made(parcel):
            await self._stored(incoming)
        parcel.stored()

    async def _made(self, parcel: Parcel) -> Iterable[Incoming]:
        for attempt in range(_TRIES_TO_READ):
            try:
                return await parcel.make()
            except (discord.NotFound, discord.Forbidden):
                _log.info("discord_event_out_of_reach")
                return ()
            except Exception:  # noqa: BLE001 - the adapter's inbound loop: one event is one event
                _log.warning("discord_event_unread", attempt=attempt, exc_info=True)
                await asyncio.sleep(_pause_s(attempt))
        _log.error("discord_event_dropped")
        return ()

    async def _stored(self, incoming: Incoming) -> None:
        attempt = 0
        while True:
            try:
                return await self._receive(incoming)
            except Exception:  # noqa: BLE001 - the adapter's inbound loop: an event is never lost
                _log.warning("discord_event_not_stored", attempt=attempt, exc_info=True)
                await asyncio.sleep(_pause_s(attempt))
                attempt += 1


def _pause_s(attempt: int) -> float:
    return min(0.1 * 2.0**attempt, _LONGEST_PAUSE_S)
