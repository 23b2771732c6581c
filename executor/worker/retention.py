"""The sweeper: deletes, a little at a time, what finished runs produced long ago."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog

from executor.engine import sweeping
from memory.model.base import ProjectId
from memory.model.errors import StorageTrouble
from memory.model.timing.clock import Clock
from memory.store.engine.database import Connection, Database
from memory.store.running import retention
from memory.store.traffic import audit

TICKETS_KEPT: Final = timedelta(hours=1)
"""100,000 finished tickets cost the engine a fifth of its throughput."""

RUNS_AT_ONCE: Final = 200
READ_AT_ONCE: Final = 20_000
FIRST_LOOK_S: Final = 60.0
"""Short chats get their sweep too, but not while the program starts."""

LOOK_S: Final = 600.0
DAY_S: Final = 86_400

log = structlog.get_logger(__name__)

Before = TypeVar("Before")


@dataclass(frozen=True)
class Swept:
    """How much a sweep cleared, or would clear."""

    values: int = 0
    artifacts: int = 0
    events: int = 0
    inbox: int = 0
    outbox: int = 0
    tickets: int = 0

    @property
    def total(self) -> int:
        """The sum of all counts."""
        return sum(vars(self).values())


async def forecast(database: Database, *, now: datetime, keep: timedelta) -> Swept:
    """What a sweep would clear. Changes nothing."""
    async with database.reading() as connection:
        counts = await retention.counts(connection, now - keep)
        tickets = await sweeping.count_tickets(connection, _ms(now - TICKETS_KEPT))
    return Swept(tickets=tickets, **counts)


async def sweep(database: Database, *, now: datetime, keep: timedelta, by: str) -> Swept:
    """Clear what is older than `keep`, in short transactions; each is safe to repeat.

    Artifacts go before the values that name them, so that a value is gone for a while before its
    bytes are. Raises StorageTrouble; what was cleared by then stays cleared.
    """
    before = now - keep
    swept = Swept(artifacts=await _artifacts(database, before))
    swept = await _runs(database, before, swept)
    swept = replace(
        swept,
        events=swept.events + await _all(database, retention.clear_events, before),
        inbox=await _all(database, retention.clear_inbox, before),
        outbox=await _all(database, retention.clear_outbox, before),
        tickets=await sweep_tickets(database, now=now),
    )
    async with database.transaction() as tx:
        counts = {name: str(count) for name, count in vars(swept).items()}
        await audit.record(
            tx,
            ProjectId("all"),
            actor=by,
            action="data.swept",
            on=before.date().isoformat(),
            at=now,
            ids=counts,
        )
    return swept


async def sweep_tickets(database: Database, *, now: datetime) -> int:
    """Clear the engine's finished tickets, and put those back that should not be."""
    async with database.transaction() as tx:
        back = await sweeping.bring_back(tx)
    if back:
        log.error("tickets had ended before their attempts; put back", count=back)
    return await _all(database, sweeping.drop_tickets, _ms(now - TICKETS_KEPT), sweeping.BATCH)


async def daily(database: Database, clock: Clock, *, keep_days: int) -> None:
    """Sweep once a day, whichever of several processes comes first; 0 days keeps everything.

    The engine's tickets are cleared every few minutes. Until cancelled; trouble is logged.
    """
    pause = FIRST_LOOK_S
    while True:
        await asyncio.sleep(pause)
        pause = LOOK_S
        try:
            await once(database, clock, keep_days=keep_days)
        except StorageTrouble as error:
            log.warning("could not sweep; will try again", detail=error.detail)


async def once(database: Database, clock: Clock, *, keep_days: int) -> Swept | None:
    """What `daily` does each time; None when the day's sweep is done or is another's."""
    now = clock.now()
    await sweep_tickets(database, now=now)
    if not keep_days:
        return None
    async with database.transaction() as tx:
        if not await retention.claim_day(tx, int(now.timestamp() // DAY_S)):
            return None
    swept = await sweep(database, now=now, keep=timedelta(days=keep_days), by="system")
    log.info("swept what is kept no longer", **vars(swept))
    return swept


async def _artifacts(database: Database, before: datetime) -> int:
    async with database.reading() as connection:
        unused = await retention.unused_artifacts(connection, before)
    dropped = 0
    for start in range(0, len(unused), retention.BATCH):
        async with database.transaction() as tx:
            batch = unused[start : start + retention.BATCH]
            dropped += await retention.drop_artifacts(tx, batch, before)
        await asyncio.sleep(0)
    return dropped


async def _runs(database: Database, before: datetime, swept: Swept) -> Swept:
    while True:
        async with database.reading() as connection:
            ids = await retention.old_runs(connection, before, READ_AT_ONCE)
        changed = 0
        for start in range(0, len(ids), RUNS_AT_ONCE):
            batch = ids[start : start + RUNS_AT_ONCE]
            async with database.transaction() as tx:
                values, events = await retention.clear_runs(tx, batch, before)
            swept = replace(swept, values=swept.values + values, events=swept.events + events)
            changed += values + events
            await asyncio.sleep(0)
        if not changed:
            return swept


async def _all(
    database: Database,
    clear: Callable[[Connection, Before], Awaitable[int]],
    before: Before,
    batch: int = retention.BATCH,
) -> int:
    """Clear batch after batch, each in a transaction of its own."""
    total = 0
    while True:
        async with database.transaction() as tx:
            done = await clear(tx, before)
        total += done
        if done < batch:
            return total
        await asyncio.sleep(0)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
