"""Places that take no messages just now: what is for them waits, in order, and nothing is lost.

A pause lives in memory: after a restart the first message tries again, and begins it anew. What
waits is in the rows.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.chat import SendFailed
from bot.services import Services
from memory.model.identity import ThreadRef
from memory.model.outgoing import Waiting
from memory.store.traffic import outbox

FIRST_S: Final = 15.0
LONGEST_S: Final = 300.0
"""How long until one message tries again whether the place takes it."""

_log = structlog.get_logger()


@dataclass
class _Pause:
    """`trying` is the number of the one message that may go out."""

    error: SendFailed
    until: datetime
    times: int = 1
    trying: int = 0


class Pauses:
    """Which places are held; a place is how the keys of its threads begin."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._held: dict[str, _Pause] = {}
        self._turning = asyncio.Lock()
        """So that nothing is parked for a place that is let go meanwhile: it would wait for ever."""

    async def begin(self) -> None:
        """At start: all that waits is tried again."""
        async with self._services.database.transaction() as tx:
            for platform in self._services.platforms:
                await outbox.unpark(tx, f"{platform}:")

    def holds(self, row: Waiting) -> bool:
        """Whether the message has to wait for its place."""
        trying = {pause.trying for pause in self._held.values()}
        return row.seq not in trying and bool(self._around(row.thread.key))

    def works(self, thread: ThreadRef) -> None:
        """Somebody spoke there: whatever is for the place is worth a try."""
        for place in self._around(thread.key):
            self._held[place].until = self._services.clock.now()

    async def keep(self, row: Waiting, place: str, error: SendFailed) -> bool:
        """The place refused the message: hold all that's for it. Says whether that's news.

        Wider places took the call, so they work.
        """
        async with self._turning:
            await self._free([held for held in self._around(place) if held != place])
            now, known = self._services.clock.now(), self._held.get(place)
            times = known.times + 1 if known else 1
            wait_s = min(FIRST_S * 2 ** (times - 1), LONGEST_S)
            self._held[place] = _Pause(error, now + timedelta(seconds=wait_s), times)
            async with self._services.database.transaction() as tx:
                await outbox.refused(tx, row.seq, str(error), unsure=row.doubtful, at=now)
                await outbox.park(tx, place)
        _log.warning("messages wait", place=place, reason=str(error), again_in_s=wait_s)
        return known is None

    async def let_go(self, row: Waiting) -> None:
        """The message went out, or was given up: what waits for its places follows."""
        if not self._around(row.thread.key):
            return
        async with self._turning:
            await self._free(self._around(row.thread.key))
        self._services.wakeups.outbox.ring()

    async def look(self) -> list[tuple[str, SendFailed]]:
        """Try one message of each place that is due. Gives back where something new waits.

        A place within another that is held waits for that one.
        """
        async with self._turning:
            return [
                (place, pause.error)
                for place, pause in list(self._held.items())
                if self._around(place) == [place]
                and not await self._under_way(pause)
                and await self._parks(place, pause)
            ]

    def _around(self, place: str) -> list[str]:
        """The held places that this one lies in, or is."""
        return [held for held in self._held if place.startswith(held)]

    async def _free(self, places: list[str]) -> None:
        for place in places:
            async with self._services.database.transaction() as tx:
                count = await outbox.unpark(tx, place)
            del self._held[place]
            _log.info("messages go out again", place=place, count=count)

    async def _under_way(self, pause: _Pause) -> bool:
        """Whether one message is trying; a newer edit may have taken its place."""
        if not pause.trying:
            return False
        async with self._services.database.reading() as connection:
            return await outbox.is_to_go(connection, pause.trying)

    async def _parks(self, place: str, pause: _Pause) -> bool:
        """Park what is new for the place, and take out one message when it's due. Says if any is new."""
        due = pause.until <= self._services.clock.now()
        async with self._services.database.transaction() as tx:
            new = await outbox.park(tx, place)
            first = await outbox.parked(tx, place, limit=1) if due else ()
            for row in first:
                await outbox.unpark(tx, place, only=row.seq)
        for row in first:
            pause.trying = row.seq
        if due and not first:
            del self._held[place]
        return new > 0
