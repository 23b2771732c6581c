"""What the use cases work with, and the wake-ups of the workers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from bot.chat import ChatPlatform
from bot.config.settings import Settings
from bot.language.catalogue import ENGLISH, Locale
from bot.pasted import Pasted
from bot.ports import Planning, Reading, Rereading, Work
from memory.model.limits import LONG_CHARS
from memory.model.timing.clock import Clock
from memory.store.engine.database import Database


class WakeUp:
    """Wakes one worker; ringing it twice is ringing it once. Another that hears it rings as well."""

    def __init__(self, heard_by: "WakeUp | None" = None) -> None:
        self._event = asyncio.Event()
        self._heard_by = heard_by

    def ring(self) -> None:
        """There is something to do."""
        self._event.set()
        if self._heard_by is not None:
            self._heard_by.ring()

    async def wait(self, timeout_s: float) -> None:
        """Until it rings, or the time is over: the database is the truth, this is a hint."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._event.wait()
        except TimeoutError:
            pass
        self._event.clear()


class WakeUps:
    """One for each worker, and `any` for who waits until none of them has anything to do."""

    def __init__(self) -> None:
        self.any = WakeUp()
        self.jobs, self.outbox, self.news = (WakeUp(self.any) for _ in range(3))
        self.homes, self.boards = WakeUp(), WakeUp()

    def committed(self) -> None:
        """Something was committed here: there may be news, and who waits looks again."""
        self.news.ring()
        self.homes.ring()
        self.boards.ring()

    def ring_all(self) -> None:
        """Something was committed that may concern any of them."""
        self.jobs.ring()
        self.outbox.ring()
        self.news.ring()


class Turns:
    """Lets each person have one long text read at a time, so that nobody's pile holds up the others."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, person: str, text: str) -> AsyncIterator[None]:
        """Wait for the turn of a long text; a short one needs none."""
        if len(text) < LONG_CHARS:
            yield
            return
        lock = self._locks.setdefault(person, asyncio.Lock())
        async with lock:
            yield


Soon = Callable[[Callable[[], Awaitable[object]]], None]
"""Do it beside the work at hand; what goes wrong in it matters to nobody."""


@dataclass(frozen=True)
class Desk:
    """What actions and queries work with, whichever door they are called through."""

    database: Database
    clock: Clock
    settings: Settings
    executor: Work
    wakeups: WakeUps = field(default_factory=WakeUps, kw_only=True)
    locale: Locale = field(default=ENGLISH, kw_only=True)


@dataclass(frozen=True)
class Services(Desk):
    """Everything the chat may reach. `offline`: no model is connected; `rereading` is None then."""

    planner: Planning
    platforms: Mapping[str, ChatPlatform]
    soon: Soon
    router: Reading
    pasted: Pasted = field(default_factory=Pasted)
    rereading: Rereading | None = None
    turns: Turns = field(default_factory=Turns)
    offline: bool = False
