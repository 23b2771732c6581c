"""The reporter: reads news after a cursor and puts down what people should see of it.

Cursor and messages move in one transaction, so every event is told exactly once.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from bot.later import Later
from bot.services import Services
from memory.model.base import ProjectId
from memory.model.crash import crashpoint, declare
from memory.model.errors import StorageTrouble
from memory.model.events import News
from memory.store.traffic import news

if TYPE_CHECKING:
    from bot.workers import telling
    from bot.workers.state_pictures import StatePictures
else:
    telling = Later("bot.workers.telling")

declare("in_report", "after_report")

CURSOR = "reporter"
POLL_S = 0.4
"""How often it looks when nothing wakes it: another process may have written."""
TOGETHER_S = 0.1
"""What comes within this time after something was told is told together."""
BATCH = 200
RETRY_S = 1.0
TRIES = 3

_log = structlog.get_logger()

Told = tuple[int, ProjectId, News]


class Reporter:
    """Turns events into messages until it is cancelled."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._failures = 0
        """Times in a row that the next piece of news could not be told."""
        self._pictures: StatePictures | None = None
        self._careful = 0
        """How many pieces more are told one by one, so that a bad one is found."""

    async def run(self) -> None:
        """Report for ever."""
        while True:
            pause = 0.0
            try:
                while await self._step():
                    pause = TOGETHER_S
            except StorageTrouble as error:
                _log.warning("news cannot be read", reason=error.user_text, detail=error.detail)
            except Exception as error:  # noqa: BLE001 - the worker's loop: told again next time
                _log.error("news cannot be told", exc_info=error)
                self._failures, self._careful = self._failures + 1, BATCH
                pause = RETRY_S
            await asyncio.sleep(pause)
            await self._services.wakeups.news.wait(POLL_S)

    async def _step(self) -> bool:
        """Tell one batch; False when there was nothing."""
        async with self._services.database.reading() as connection:
            position = await news.cursor(connection, CURSOR)
            batch = await news.after(connection, position, 1 if self._careful else BATCH)
        if not batch:
            return False
        if self._failures > TRIES:
            await self._leave_out(*batch[0])
        else:
            await self._tell(batch)
        self._failures, self._careful = 0, max(0, self._careful - 1)
        self._services.wakeups.outbox.ring()
        return True

    async def _leave_out(self, seq: int, project: ProjectId, item: News) -> None:
        """What cannot be shown must not keep all that comes after it from being shown."""
        _log.error("a piece of news is left out", seq=seq, kind=item.kind)
        async with self._services.database.transaction() as tx:
            await news.move_cursor(tx, CURSOR, seq)
            await telling.leave_out(tx, self._services, seq, project, item)

    async def _tell(self, batch: Sequence[Told]) -> None:
        if self._pictures is None:
            self._pictures = await telling.pictures(self._services)
        runs = await telling.look(self._services, batch, self._pictures)
        async with self._services.database.transaction() as tx:
            await telling.tell(tx, self._services, batch, runs)
            await news.move_cursor(tx, CURSOR, batch[-1][0])
            crashpoint("in_report")
        crashpoint("after_report")
