"""Whose home is open on a platform, and what it shows."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from bot.chat import Home, Outgoing
from bot.platforms.recent import Recent
from memory.model.base import sha256
from memory.model.errors import OrchestraError
from memory.model.identity import Identity, Standing

OPEN_S: Final = 840.0
"""How long one is kept up to date after it was opened or used; Discord's tokens live a little longer."""

AGAIN_S: Final = 1.0
"""What was drawn within this time isn't drawn again just because it's opened again."""

MOST: Final = 50

Show = Callable[[Outgoing], Awaitable[bool]]
"""Draws it; False where the platform refused."""

_log = structlog.get_logger()


@dataclass
class _Open:
    person: Identity
    standing: Standing | None
    show: Show
    until: float
    drawn_at: float = 0.0
    digest: str = ""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def is_fresh(self, now: float) -> bool:
        """Whether it's being drawn, or just was."""
        return self.turn.locked() or bool(self.digest and now - self.drawn_at < AGAIN_S)


class Homes:
    """They're drawn when they're opened, and again where what they show has changed."""

    def __init__(self) -> None:
        self.home: Home | None = None
        self._open: Recent[str, _Open] = Recent(MOST)

    async def opened(
        self, person: Identity, standing: Standing | None, show: Show, *, anew: bool = False
    ) -> None:
        """Somebody looks at theirs; `anew`: it has to be drawn, however often they do."""
        now = asyncio.get_running_loop().time()
        before = self._open.get(person.key)
        if before is not None and not anew and before.is_fresh(now):
            before.until = now + OPEN_S
            return
        opened = _Open(person, standing, show, until=now + OPEN_S)
        self._open.put(person.key, opened)
        await self._draw(opened)

    def moved(self, person: Identity, show: Show) -> None:
        """It's drawn in this way from now on, as the person has just used it."""
        known = self._open.get(person.key)
        if known is not None:
            known.show, known.until = show, asyncio.get_running_loop().time() + OPEN_S

    async def refresh(self) -> None:
        """Draw those anew that have changed."""
        now = asyncio.get_running_loop().time()
        for key in self._open.known():
            known = self._open.get(key)
            if known is None or known.until < now:
                self._open.drop(key)
            else:
                await self._draw(known)

    async def _draw(self, opened: _Open) -> None:
        if self.home is None:
            return
        async with opened.turn:
            try:
                out = await self.home(opened.person, opened.standing)
            except OrchestraError as error:
                _log.warning("home not looked up", error=error.code)
                return
            digest = sha256(out.model_dump_json().encode())
            if digest != opened.digest and await opened.show(out):
                opened.digest, opened.drawn_at = digest, asyncio.get_running_loop().time()
