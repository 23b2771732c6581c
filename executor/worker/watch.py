"""What a worker looks after besides its work: its lease, cancelled runs, paused agents."""

import asyncio
import time
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from executor.attempts import attempt, limits, progress
from executor.engine.port import Ticket
from executor.parts import Parts
from executor.worker import probing
from memory.model.errors import StorageTrouble
from memory.store.running import attempts

WATCH_S: Final = 1.0
"""How often a worker looks whether somebody elsewhere cancelled what it does."""

STRAYS_S: Final = 30.0

BACK_S: Final = 0.5
BACK_CAP_S: Final = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Health:
    """A worker's state: `under_way` agents work in it; `holds` says whether it has its lease."""

    worker: str
    under_way: int
    holds: bool


class Watch:
    """Opens the engine, and opens it again under a new name whenever the lease was lost."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lease_lost = False
        self._strays: frozenset[str] = frozenset()

    async def open(self) -> None:
        """Begin to claim work. Raises whatever the engine does."""
        await self._parts.engine.open(partial(attempt.work, self._parts), lost=self._lost)

    def health(self) -> Health:
        """The worker's state now."""
        engine = self._parts.engine
        return Health(engine.worker, self._parts.under_way.count, engine.holds)

    async def run(self) -> None:
        """Look after everything, until cancelled."""
        probe_at = strays_at = say_at = 0.0
        while True:
            await asyncio.sleep(WATCH_S)
            if self._lease_lost or not self._parts.engine.holds:
                self._lost()
                await self._come_back()
            if self._parts.under_way.count:
                await self._stop_cancelled()
            await self._call_next()
            if time.monotonic() >= say_at:
                say_at = time.monotonic() + progress.SAY_S
                await progress.tell(self._parts)
            if time.monotonic() >= probe_at:
                probe_at = time.monotonic() + probing.PROBE_S
                await self._probe()
            if time.monotonic() >= strays_at:
                strays_at = time.monotonic() + STRAYS_S
                await self.bring_back()

    def _lost(self) -> None:
        """Others may have our work: stop all of it, then join them under a new name."""
        self._lease_lost = True
        self._parts.under_way.stop_all()

    async def _come_back(self) -> None:
        await self._parts.engine.close()
        self._lease_lost = False
        pause = BACK_S
        while True:
            try:
                await self.open()
            except Exception as error:  # noqa: BLE001 - the worker's edge: it waits, whatever it is
                log.warning("cannot join again yet", error=type(error).__name__, pause_s=pause)
                await asyncio.sleep(pause)
                pause = min(BACK_CAP_S, pause * 2)
            else:
                log.info("joined again", worker=self._parts.engine.worker)
                return

    async def _call_next(self) -> None:
        try:
            await limits.sweep(self._parts)
        except StorageTrouble as error:
            log.warning("could not look after those in line", detail=error.detail)

    async def _probe(self) -> None:
        try:
            await probing.probe(self._parts)
        except StorageTrouble as error:
            log.warning("could not look after resting agents", detail=error.detail)

    async def bring_back(self) -> None:
        """Put attempts on the queue that are ours and that we don't do, twice in a row.

        That's never intended. It keeps a run from hanging for ever after a fault of ours.
        """
        engine = self._parts.engine
        try:
            async with self._parts.database.reading() as connection:
                ours = await attempts.open_with(connection, engine.worker)
            strays = frozenset(ours) - {limits.attempt_of(ticket) for ticket in engine.doing}
            if again := sorted(strays & self._strays):
                async with self._parts.database.transaction() as tx:
                    await engine.enqueue(tx, [Ticket(name, lane=ours[name]) for name in again])
        except StorageTrouble as error:
            log.warning("could not look for attempts left behind", detail=error.detail)
            return
        self._strays = strays

    async def _stop_cancelled(self) -> None:
        try:
            async with self._parts.database.reading() as connection:
                worker = self._parts.engine.worker
                gone = await attempts.of_cancelled_runs(connection, worker)
        except StorageTrouble as error:
            log.warning("could not look for cancelled runs", detail=error.detail)
            return
        self._parts.under_way.stop(*gone)
