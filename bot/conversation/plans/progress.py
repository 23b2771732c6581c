"""What planning is doing, said in its thread: where the platform has a place for that, else in a
message that's edited as it goes on."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.actions.chat_events import post
from bot.chat import AgentSurface, say
from bot.services import Services
from memory.model.base import ProjectId
from memory.model.identity import ThreadRef
from planner.port import Say

PATIENCE_S = 1.0
"""A plan that is there sooner needs no line, unless there was more to do than to draft it."""

BETWEEN_S = 1.0
"""Messages are edited once a second at most."""


@dataclass
class _Line:
    services: Services
    project: ProjectId
    thread: ThreadRef
    key: str
    again: str
    """What tells the edits of this try from those of one that died."""
    stages: list[str] = field(default_factory=list)
    shown: int = 0
    over: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, stage: str) -> None:
        """What is being done now."""
        if self.stages[-1:] != [stage]:
            self.stages.append(stage)
            self.changed.set()

    def end(self) -> None:
        """Planning is over."""
        self.over = True
        self.changed.set()

    async def follow(self) -> None:
        """Show the newest stage until planning is over; then how long it took."""
        began = time.monotonic()
        await self.changed.wait()
        if await self._natively():
            return
        await self._more_to_do()
        while not self.over:
            self.changed.clear()
            await self.show(self.stages[-1])
            await asyncio.sleep(BETWEEN_S)
            await self.changed.wait()
        if self.shown:
            seconds = max(1, round(time.monotonic() - began))
            await self.show(self.services.locale("Planned in {seconds} s.").format(seconds=seconds))

    async def _natively(self) -> bool:
        """Show the newest stage where the platform has a place for it; False where it has none."""
        platform = self.services.platforms.get(self.thread.platform)
        if platform is None or not isinstance(platform, AgentSurface):
            return False
        while not self.over:
            self.changed.clear()
            if not await platform.status(self.thread, self.stages[-1]):
                return False
            await asyncio.sleep(BETWEEN_S)
            await self.changed.wait()
        return await platform.status(self.thread, "")

    async def _more_to_do(self) -> None:
        """Return at the second stage, at the end, or when the patience is over."""
        if len(self.stages) > 1 or self.over:
            return
        self.changed.clear()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self.changed.wait()
        except TimeoutError:
            return

    async def show(self, words: str) -> None:
        """The first time post the line, then edit it."""
        key = f"{self.key}:{self.again}:{self.shown}" if self.shown else self.key
        edits = self.key if self.shown else ""
        self.shown += 1
        async with self.services.database.transaction() as tx:
            await post(tx, self.services, self.project, self.thread, key, say(words), edits=edits)
        self.services.wakeups.outbox.ring()


@asynccontextmanager
async def showing(
    services: Services, project: ProjectId, thread: ThreadRef, key: str, again: int
) -> AsyncIterator[Say]:
    """Stages that are said within are shown in the thread; what goes wrong in that stops nothing."""
    line = _Line(services, project, thread, key, str(again))
    services.soon(line.follow)
    try:
        yield line.hear
    finally:
        line.end()
