"""Who works next: project by project in turn, and no project has all places. Pure but for waiting."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """`places` in all, all but one of them for a single project. Who waits is asked in a circle."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._most = max(1, places - 1)
        self._working: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, project: str) -> AsyncIterator[None]:
        """Have a place, however long that takes."""
        asked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(project, deque()).append(asked)
        self._admit()
        try:
            await asked
            yield
        finally:
            if asked.done() and not asked.cancelled():
                self._working[project] -= 1
            self._admit()

    def _admit(self) -> None:
        for project in list(self._waiting):
            if self._working.total() >= self._places:
                return
            if self._working[project] < self._most and self._next(project):
                self._working[project] += 1

    def _next(self, project: str) -> bool:
        """Whether somebody of the project waited; the project then stands last."""
        line = self._waiting[project]
        while line:
            asked = line.popleft()
            if not asked.done():
                asked.set_result(None)
                self._waiting.move_to_end(project)
                return True
        del self._waiting[project]
        return False
