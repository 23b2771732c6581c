"""What a worker looks after besides its work: its lease, cancelled runs, paused agents."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from executor.attempts import attempt, limits, progress
from executor.engine.port import Ticket
from executor.parts import Parts
from executor.worker import probing
from memory.model.errors import StorageTrouble
from memory.store.running import attempts, workers

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


@dataclass
class _Chore:
    """Something to do every so often; while the database refuses, it's left for the next time."""

    name: str
    every_s: float
    do: Callable[[], Awaitable[object]]
    due_at: float = 0.0

    async def do_if_due(self) -> None:
        if time.monotonic() < self.due_at:
            return
        self.due_at = time.monotonic() + self.every_s
        try:
            await self.do()
        except StorageTrouble as error:
            log.warning("a chore is left for later", chore=self.name, detail=error.detail)


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
        parts = self._parts
        chores = (
            _Chore("stop cancelled runs", 0.0, self._stop_cancelled),
            _Chore("call the next in line", 0.0, partial(limits.sweep, parts)),
            _Chore("show what agents say", progress.SAY_S, partial(progress.tell, parts)),
            _Chore("probe paused agents", probing.PROBE_S, partial(probing.probe, parts)),
            _Chore("bring back stray attempts", STRAYS_S, self.bring_back),
        )
        while True:
            await asyncio.sleep(WATCH_S)
            if self._lease_lost or not parts.engine.holds:
                self._lost()
                await self._come_back()
            for chore in chores:
                await chore.do_if_due()

    def _lost(self) -> None:
        """Others may have our work: stop all of it, then join them under a new name."""
        self._lease_lost = True
        self._parts.under_way.stop_all()

    async def stops(self) -> None:
        """Put on record that what is left under way here doesn't die. Raises StorageTrouble."""
        parts = self._parts
        if parts.engine.doing:
            async with parts.database.transaction() as tx:
                await workers.stopped(tx, parts.engine.worker, at=parts.clock.now())

    async def _come_back(self) -> None:
        with suppress(StorageTrouble):  # then it may count as a death: one of three
            await self.stops()
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

    async def bring_back(self) -> None:
        """Put attempts on the queue that are ours and that we don't do, twice in a row.

        That's never intended. It keeps a run from hanging for ever after a fault of ours.
        Raises StorageTrouble.
        """
        engine, database = self._parts.engine, self._parts.database
        async with database.reading() as connection:
            ours = await attempts.open_with(connection, engine.worker)
        strays = frozenset(ours) - {limits.attempt_of(ticket) for ticket in engine.doing}
        if again := sorted(strays & self._strays):
            async with database.transaction() as tx:
                await engine.enqueue(tx, [Ticket(name, lane=ours[name]) for name in again])
        self._strays = strays

    async def _stop_cancelled(self) -> None:
        if not self._parts.under_way.count:
            return
        async with self._parts.database.reading() as connection:
            gone = await attempts.of_cancelled_runs(connection, self._parts.engine.worker)
        self._parts.under_way.stop(*gone)
