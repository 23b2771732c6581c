"""The time of one attempt: a minute after the other, as long as its budgets have room, no more."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import Final, TypeVar

from executor.attempts.fencing import LeaseLost
from executor.attempts.outage_wait import until_stored
from executor.parts import Parts
from memory.model.budget import MINUTE_MS
from memory.store.money import budgets
from memory.store.money.holds import of_time, time_held, with_time
from memory.store.money.verdicts import Short
from memory.store.running import attempts
from memory.store.running.attempts import Attempt

LEAST_MS: Final = 1_000
"""Less than so much is not worth going on for."""

T = TypeVar("T")


class OutOfTime(Exception):
    """The budget has no more time for it; nothing was stored yet."""

    def __init__(self, short: Short) -> None:
        super().__init__(short.text)
        self.short = short


class WorkingTime:
    """Ends the work where a budget of time has no room for it any more."""

    def __init__(self, parts: Parts, attempt: Attempt) -> None:
        self._parts, self._attempt = parts, attempt
        self.holds = attempt.holds
        """Where something is set aside by now."""
        self._short: Short | None = None
        self._over = asyncio.Event()

    async def limit(self, work: Awaitable[T]) -> T:
        """What comes of the work. Raises OutOfTime where it had to be ended."""
        if not time_held(self.holds):
            return await work
        done: list[T] = []
        failed: Exception | None = None
        try:
            async with asyncio.timeout(None) as end, asyncio.TaskGroup() as group:
                group.create_task(self._go_on(end))
                try:
                    done.append(await work)
                except Exception as error:  # noqa: BLE001 - raised below, in no group
                    failed = error
                self._over.set()
        except TimeoutError:
            assert self._short is not None
            raise OutOfTime(self._short) from None
        if failed is not None:
            raise failed
        return done[0]

    async def _go_on(self, end: asyncio.Timeout) -> None:
        """Ask for the next minute when the last is over."""
        worked_ms = 0
        while self._short is None:
            with suppress(TimeoutError):
                async with asyncio.timeout((time_held(self.holds) - worked_ms) / 1000):
                    await self._over.wait()
            if self._over.is_set():
                return
            worked_ms = time_held(self.holds)
            await until_stored(self._parts, self._attempt.id, self._extend)
        if not self._over.is_set():
            end.reschedule(asyncio.get_running_loop().time())

    async def _extend(self) -> None:
        attempt, own = self._attempt, time_held(self.holds)
        async with self._parts.database.transaction() as tx:
            if not await attempts.is_with(tx, attempt.id, self._parts.engine.worker):
                raise LeaseLost
            more = await budgets.extend(
                tx, attempt.project, of_time(self.holds), MINUTE_MS, LEAST_MS, own=own,
                at=self._parts.clock.now(),
            )  # fmt: skip
            if isinstance(more, Short):
                self._short = Short(more.state, more.needed_micro_usd, waits=False)
                return
            holds = with_time(self.holds, more)
            await attempts.set_aside(tx, attempt.id, holds=holds)
        self.holds = holds
