"""The engine port on DBOS: one small workflow per ticket on one partitioned queue."""

import asyncio
import json
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
import structlog

from executor.engine.lease import Lease
from executor.engine.orphans import adopt
from executor.engine.port import Ticket, Work
from executor.engine.tickets import SAMPLE, Recorder, Rows
from memory.model.errors import StorageTrouble
from memory.store.engine.database import BUSY_MS, Connection, Database
from memory.store.engine.deferred import after_commit, at_end
from memory.store.engine.outage_wait import outage_options

if TYPE_CHECKING:
    from dbos import DBOS, DBOSClient

NAME: Final = "orchestra"
QUEUE: Final = "attempts"
WORKFLOW: Final = "attempt"
VERSION: Final = "1"  # of tickets, not of the program: an edit must not strand what is queued
POLL_S: Final = 0.1  # 50 lanes cost 0.03 core at this pace; p95 from ready to start is 109 ms
DRAIN_S: Final = 5.0
LEASE_S: Final = 5.0
PER_WORKER: Final = 1024
PER_LANE: Final = 512  # 32 held a lane to 80 no-op tasks a second, waiting for the next poll
NEAR: Final = 4
"""A worker that does less than one in so many of what it may do begins work without the queue."""

log = structlog.get_logger(__name__)


class DbosEngine:
    """Tickets as DBOS workflows in the same database as everything else.

    `works` False: it keeps tickets for other processes and takes up none itself (Postgres).
    """

    def __init__(
        self,
        database: Database,
        *,
        per_worker: int = PER_WORKER,
        per_lane: int = PER_LANE,
        lease_s: float = LEASE_S,
        works: bool = True,
    ) -> None:
        self._database = database
        self._per_worker = per_worker
        self._per_lane = min(per_lane, per_worker)
        self._lease_s = lease_s
        self._works = works
        self._lease: Lease | None = None
        self._system: sa.Engine | None = None
        self._client: DBOSClient | None = None
        self._rows: Rows | None = None
        self._dbos: DBOS | None = None
        self._doing: dict[asyncio.Task[object], str] = {}
        self._here: set[asyncio.Task[object]] = set()
        """Those of them that did not come from the queue."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work: Work | None = None
        self.worker = ""

    @property
    def holds(self) -> bool:
        """Whether what this worker does is its own still: False where others may have it."""
        return self._lease is None or self._lease.holds

    @property
    def doing(self) -> frozenset[str]:
        """The tickets this worker does now."""
        return frozenset(self._doing.values())

    async def open(self, work: Work, *, lost: Callable[[], None]) -> None:
        """Begin to hand out tickets; what dead workers had is handed out again."""
        self.worker = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
        self._loop = loop = asyncio.get_running_loop()

        async def attempt(ticket: str) -> None:
            # DBOS has a loop of its own; ours has the database connections.
            await asyncio.wrap_future(
                asyncio.run_coroutine_threadsafe(self._do(work, ticket), loop)
            )

        if self._works and not self._database.is_sqlite:
            lease = Lease(
                _sync_url(self._database),
                self.worker,
                QUEUE,
                version=version("orchestra"),
                seconds=self._lease_s,
                lost=lambda: _call_soon(loop, lost),
                adopt=self._adopt,
            )
            await asyncio.to_thread(lease.start)
            self._lease = lease
        self._system = _system_engine(self._database)
        try:
            await asyncio.to_thread(self._launch, attempt)
        except BaseException:
            await self.close()
            raise
        if self._lease is not None:
            self._lease.reap()
        self._work = work if self._works else None

    async def enqueue(self, tx: Connection, tickets: Sequence[Ticket]) -> None:
        """Keep the tickets, in the caller's transaction. A known id is kept once."""
        for ticket in tickets:
            await at_end(tx, self._keep, ticket)

    def room(self, wanted: int) -> int:
        """How many of so many tickets this worker has room to begin itself, and at once.

        None where it has much to do: others may have more urgent work in the queue, which is
        given out in order. Where other workers live, it takes one, and leaves the rest to all.
        """
        if self._work is None or not self.holds:
            return 0
        most = self._per_worker // NEAR - len(self._doing)
        if self._lease is not None and not self._lease.alone:
            most = min(most, 1)
        return max(0, min(wanted, most))

    def begin(self, tx: Connection, tickets: Sequence[Ticket]) -> None:
        """Begin the tickets here, without the queue, when the transaction has happened."""
        for ticket in tickets:
            after_commit(tx, partial(self._begin, self.worker, ticket))

    def _begin(self, worker: str, ticket: Ticket) -> None:
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._near(worker, ticket), self._loop)

    async def _near(self, worker: str, ticket: Ticket) -> None:
        if self._work is None or worker != self.worker:
            return  # it closed meanwhile; whoever comes after it finds the attempt
        task = asyncio.current_task()
        assert task is not None
        self._here.add(task)
        try:
            await self._do(self._work, ticket.id)
        except Exception:  # the worker's edge: a ticket of the queue is kept for later, so is this
            log.exception("an attempt broke", attempt=ticket.id)
            async with self._database.transaction() as tx:
                await self.enqueue(tx, [ticket])
        finally:
            self._here.discard(task)

    async def _keep(self, tx: Connection, tickets: Sequence[Ticket]) -> None:
        await tx.run_sync(self._enqueue, tickets)

    async def drain(self, within_s: float) -> None:
        """Hand out nothing more, and wait for what is under way, but no longer than that."""
        self._work = None
        if self._dbos is None:
            return
        for thread in self._dbos.background_thread_stop_events:
            thread.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._doing:
                    await asyncio.wait(self._doing)

    async def close(self) -> None:
        """Stop handing out; the rows of work under way stay for the next start."""
        self._work = None
        for task in self._here:
            task.cancel()
        await asyncio.to_thread(self._shut)
        while self._doing:
            await asyncio.wait(self._doing)
        if self._lease is not None:  # not before the last of our work has stopped
            await asyncio.to_thread(self._lease.stop)
        if self._system is not None:
            await asyncio.to_thread(_empty, self._system)

    async def _do(self, work: Work, ticket: str) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._doing[task] = ticket
        try:
            await work(ticket)
        finally:
            del self._doing[task]

    def _launch(self, attempt: Callable[[str], Any]) -> None:
        # dbos takes 1.3 s to import; the first line of the chat must not wait for it.
        from dbos import DBOS, DBOSClient  # noqa: PLC0415 - see above

        DBOS.migrate(_sync_url(self._database))
        self._client = DBOSClient(
            system_database_engine=self._system,
            serializer=_json_serializer(),
            application_name=NAME,
            lazy=True,
        )
        self._rows = _rows(self._client, self._system)
        # Before the launch: a queue that is registered later is only looked at a second later.
        self._client.register_queue(
            QUEUE,
            worker_concurrency=self._per_worker,
            partition_worker_concurrency=self._per_lane,
            polling_interval_sec=POLL_S,
        )
        if not self._works:
            return
        if self._database.is_sqlite:
            self._take_over()
        self._dbos = DBOS(
            config={
                "name": NAME,
                "system_database_url": _sync_url(self._database),
                "system_database_engine": self._system,
                "application_version": VERSION,
                "executor_id": self.worker,
                "serializer": _json_serializer(),
                "enable_otlp": False,
                "log_level": "ERROR",  # its warnings are about cancelled work at a stop
                "notification_listener_polling_interval_sec": 0.1,
                "use_listen_notify": False,
            }
        )
        _log_like_us()
        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)(attempt)
        DBOS.listen_queues([QUEUE])
        DBOS.launch()

    def _take_over(self) -> None:
        """The data folder's lock says that we are alone, so every other worker is dead."""
        assert self._system is not None
        with self._system.begin() as connection:
            back = connection.execute(
                sa.text(
                    "UPDATE workflow_status SET status = 'ENQUEUED', owner_xid = NULL,"
                    " started_at_epoch_ms = NULL"
                    " WHERE status = 'PENDING' AND queue_name = :queue AND executor_id <> :me"
                ),
                {"queue": QUEUE, "me": self.worker},
            )
            count = back.rowcount + self._adopt(connection, [])
        if count:
            log.info("took up unfinished attempts", count=count)

    def _adopt(self, connection: sa.Connection, alive: Sequence[str]) -> int:
        assert self._rows is not None
        return adopt(connection, self._rows, alive)

    def _enqueue(self, connection: sa.Connection, tickets: Sequence[Ticket]) -> None:
        if self._client is None or self._rows is None:
            raise StorageTrouble("The worker is just rejoining the others. Try again.")
        prompt = [ticket for ticket in tickets if ticket.delay_s <= 0]
        if prompt:
            self._rows.add(connection, prompt)
        for ticket in tickets:
            if ticket.delay_s > 0:
                enqueue_one(self._client, connection, ticket)

    def _shut(self) -> None:
        from dbos import DBOS  # noqa: PLC0415 - see _launch

        if self._dbos is not None:
            _stop_claiming(self._dbos)
            DBOS.destroy(destroy_registry=True)
            self._dbos = None
        if self._client is not None:
            self._client.destroy()
            self._client = None


def _stop_claiming(engine: "DBOS") -> None:
    """Let the queue's thread end first: DBOS stops the loop under what that has just claimed."""
    for event in engine.background_thread_stop_events:
        event.set()
    for thread in threading.enumerate():
        if thread.name.startswith("queue-worker-") and thread.is_alive():
            thread.join(timeout=DRAIN_S)


def _rows(client: "DBOSClient", engine: sa.Engine | None) -> Rows:
    assert engine is not None
    recorder = Recorder()
    enqueue_one(client, recorder, SAMPLE)
    return Rows(recorder.written, engine.dialect.name)


def enqueue_one(client: "DBOSClient", connection: Any, ticket: Ticket) -> None:
    """Keep a ticket as DBOS does it."""
    options: dict[str, Any] = {
        "workflow_name": WORKFLOW,
        "queue_name": QUEUE,
        "workflow_id": ticket.id,
        "app_version": VERSION,
        "queue_partition_key": ticket.lane,
        "priority": ticket.turn,
    }
    if ticket.delay_s > 0:
        options["delay_seconds"] = ticket.delay_s
    client.enqueue_in_transaction(connection, options, ticket.id)  # type: ignore[arg-type]  # built key by key


def _call_soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    loop.call_soon_threadsafe(call)


def _json_serializer() -> Any:
    from dbos import Serializer  # noqa: PLC0415 - see _launch

    class Json(Serializer):
        def serialize(self, data: Any) -> str:
            return json.dumps(data, default=repr)  # an exception is kept as its words

        def deserialize(self, serialized_data: str) -> Any:
            return json.loads(serialized_data)

        def name(self) -> str:
            return "json"

    return Json()


def _log_like_us() -> None:
    """Hand DBOS' records to our logging instead of its own lines on the terminal."""
    theirs = logging.getLogger("dbos")
    for handler in list(theirs.handlers):
        theirs.removeHandler(handler)
    theirs.propagate = True


def _sync_url(database: Database) -> str:
    url = database.url
    if database.is_sqlite:
        return url.set(drivername="sqlite").render_as_string(hide_password=False)
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _system_engine(database: Database) -> sa.Engine:
    if not database.is_sqlite:
        return sa.create_engine(
            _sync_url(database),
            pool_size=10,
            max_overflow=10,
            pool_pre_ping=True,
            connect_args=outage_options(),
        )
    engine = sa.create_engine(_sync_url(database), pool_size=10, max_overflow=20)
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _empty(engine: sa.Engine) -> None:
    """Close the connections, those too that DBOS' last threads are still giving back."""
    pool = engine.pool
    assert isinstance(pool, sa.QueuePool)
    deadline = time.monotonic() + DRAIN_S
    while pool.checkedout() and time.monotonic() < deadline:
        time.sleep(0.01)
    engine.dispose()


def _prepare(connection: Any, _record: object) -> None:
    # NORMAL may lose the engine's newest lines when the power fails, never our rows: those are
    # written with FULL, which brings all that was written before them safely to the disk.
    connection.isolation_level = "IMMEDIATE"
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_MS}",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
