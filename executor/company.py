"""Who works beside whom in this process: a suspect of deaths of workers works alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Company:
    """Lets attempts work side by side, or one alone: it waits for the others, and new ones for it."""

    def __init__(self) -> None:
        self._beside = 0
        self._waiting = 0
        self._is_alone = False
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def beside_others(self) -> AsyncIterator[None]:
        """While it works, nobody is alone."""
        async with self._changed:
            await self._changed.wait_for(lambda: not (self._is_alone or self._waiting))
            self._beside += 1
        try:
            yield
        finally:
            self._beside -= 1
            await self._tell()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """While it works, nobody else does."""
        self._waiting += 1
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: not (self._is_alone or self._beside))
                self._is_alone = True
        finally:
            self._waiting -= 1
            if not self._is_alone:  # cancelled as it waited
                await self._tell()
        try:
            yield
        finally:
            self._is_alone = False
            await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
