"""The scheduler: looks what is due and puts it into the inbox, once, whoever looks beside it.

The row of a firing and the event that starts it are one transaction (law 2), so a death at any
moment loses neither. A clock that is set back or forward repeats nothing: a time that was fired is
a row, and the row is there once.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.jobs import FiringJob, enqueue_job
from bot.later import Later
from bot.services import Services
from memory.model.errors import StorageTrouble
from memory.model.timing.firing import FiringState
from memory.model.timing.occurrences import following, newest
from memory.model.timing.schedule import Firing
from memory.model.timing.stored_schedule import StoredSchedule
from memory.store.engine.database import Connection
from memory.store.planning import approval_requests, plans
from memory.store.running import switches
from memory.store.scheduling import firings, schedules

if TYPE_CHECKING:
    from bot.workers import reminding
else:
    reminding = Later("bot.workers.reminding")

POLL_S: Final = 0.5
REMIND_EVERY: Final = timedelta(seconds=5)
"""So often plans are looked for that have waited long."""
BATCH: Final = 100
LATE: Final = timedelta(minutes=5)
"""What is later than this was missed, and the schedule's policy says what becomes of it."""
ALL_MISSED: Final = 24
"""So many missed times are made up for at the most."""

_log = structlog.get_logger()


class Scheduler:
    """Fires what is due until it is cancelled."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._looked_at = datetime.max.replace(tzinfo=UTC)
        self._reminded_at = datetime.min.replace(tzinfo=UTC)

    async def run(self) -> None:
        """Look for ever."""
        while True:
            try:
                await self.look()
            except StorageTrouble as error:
                _log.warning("schedules cannot be read", reason=error.detail)
            except Exception as error:  # noqa: BLE001 - the worker's loop: it is looked at again
                _log.error("schedules cannot be fired", exc_info=error)
            await asyncio.sleep(POLL_S)

    async def look(self) -> int:
        """Fire everything that is due now; gives back how many times of schedules were."""
        now = self._services.clock.now()
        if now < self._looked_at:
            await self._set_right(now)
        self._looked_at = now
        async with self._services.database.reading() as connection:
            due = await schedules.due(connection, now, BATCH)
            held = await firings.waiting(connection)
        fired = sum([await self._fire(schedule, now) for schedule in due])
        for firing in held:
            fired += await self._let_go(firing, now)
        if abs(now - self._reminded_at) >= REMIND_EVERY:  # the clock may be set back
            self._reminded_at = now
            await self._remind(now)
        if fired:
            self._services.wakeups.jobs.ring()
        return fired

    async def _remind(self, now: datetime) -> None:
        async with self._services.database.reading() as connection:
            late = await approval_requests.overdue(connection, now, 1)
            over = late or await plans.overdue(connection, now, 1)
        if over:
            await reminding.remind(self._services, now)

    async def _fire(self, one: StoredSchedule, now: datetime) -> int:
        async with self._services.database.transaction() as tx:
            expected = one.next_due or now
            if not await schedules.advance(
                tx, one.id, following(one.schedule, now), only_from=expected
            ):
                return 0
            wanted, left = sorted_out(one, expected, now)
            for due in left:
                await firings.fire(
                    tx,
                    one.project,
                    Firing(schedule=one.id, due_at=due),
                    FiringState.SKIPPED,
                    at=now,
                    reason="missed while nothing ran",
                )
            return sum([await fire(tx, one, due, now) for due in wanted])

    async def _let_go(self, firing: Firing, now: datetime) -> int:
        """What waited is looked at again when nothing holds it any more."""
        async with self._services.database.transaction() as tx:
            one = await schedules.find(tx, firing.schedule)
            if one is None or await _is_held(tx, one):
                return 0
            moved = await firings.decide(
                tx, firing, FiringState.CLAIMED, only_from=(FiringState.WAITING,), at=now
            )
            if moved:
                await _put_off(tx, one, firing, f":{now.timestamp():.3f}", now)
            return int(moved)

    async def _set_right(self, now: datetime) -> None:
        """After a start, or a clock set back: no schedule waits for a time that is too far off."""
        async with self._services.database.reading() as connection:
            ahead = await schedules.ahead(connection, now)
        for stored in ahead:
            nearest = following(stored.schedule, now)
            if nearest is not None and stored.next_due is not None and nearest < stored.next_due:
                async with self._services.database.transaction() as tx:
                    await schedules.advance(tx, stored.id, nearest, only_from=stored.next_due)


async def fire(tx: Connection, stored: StoredSchedule, due: datetime, now: datetime) -> int:
    """Have it started next, once for each time it is due; 0 when somebody did before."""
    firing = Firing(schedule=stored.id, due_at=due)
    if not await firings.fire(tx, stored.project, firing, FiringState.CLAIMED, at=now):
        return 0
    await _put_off(tx, stored, firing, "", now)
    return 1


def sorted_out(
    stored: StoredSchedule, since: datetime, now: datetime
) -> tuple[tuple[datetime, ...], tuple[datetime, ...]]:
    """What was due since then: the times to run, and stored of those that are left, by the policy."""
    match stored.schedule.missed:
        case "all":
            return newest(stored.schedule, since, now, ALL_MISSED), ()
        case "once":
            return newest(stored.schedule, since, now, 1), ()
        case "skip":
            last = newest(stored.schedule, since, now, 1)
            late = tuple(due for due in last if now - due > LATE)
            return tuple(due for due in last if due not in late), late


async def _is_held(tx: Connection, stored: StoredSchedule) -> bool:
    stopped = await switches.stopped(tx, stored.project)
    return stopped is not None or await firings.is_busy(tx, stored.id)


async def _put_off(
    tx: Connection, stored: StoredSchedule, firing: Firing, again: str, now: datetime
) -> None:
    due = FiringJob(project=stored.project, thread=stored.thread, firing=firing)
    await enqueue_job(tx, due, f"firing:{firing.schedule}:{firing.mark}{again}", at=now)
