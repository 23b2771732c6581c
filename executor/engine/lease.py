"""Leases of workers on Postgres: who is alive, and whose work has to be taken up by others."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

import sqlalchemy as sa
import structlog

from memory.model.errors import StorageTrouble
from memory.store.engine.outage_wait import outage_options

BEATS_PER_LEASE: Final = 5
STATEMENT_S: Final = 2

log = structlog.get_logger(__name__)

_JOIN = sa.text(
    "INSERT INTO workers (id, version, started_at, beat_at) VALUES (:me, :version, now(), now())"
)
_BEAT = sa.text("UPDATE workers SET beat_at = now() WHERE id = :me")
# Rows that somebody holds are left for the next time: a process that sleeps inside a transaction
# must not keep the others from beating. The server ends its session after a while.
_BURY = sa.text(
    "DELETE FROM workers WHERE id IN (SELECT id FROM workers"
    " WHERE beat_at < now() - make_interval(secs => :seconds) AND id <> :me"
    " FOR UPDATE SKIP LOCKED)"
)
_REAP = sa.text(
    "UPDATE dbos.workflow_status SET status = 'ENQUEUED', owner_xid = NULL,"
    " started_at_epoch_ms = NULL WHERE workflow_uuid IN (SELECT workflow_uuid"
    " FROM dbos.workflow_status WHERE status = 'PENDING' AND queue_name = :queue"
    " AND executor_id NOT IN (SELECT id FROM workers) FOR UPDATE SKIP LOCKED)"
    " AND status = 'PENDING'"
)
_ALIVE = sa.text("SELECT id FROM workers")
_LEAVE = sa.text("DELETE FROM workers WHERE id = :me")


class Lease:
    """Keeps this worker's row fresh from a thread with a connection of its own.

    A worker that could not write for `seconds`, or whose row was taken away, has lost its work
    to others: `lost` is called once, from the thread. `holds` says the same at any moment, also
    where the thread hangs on a dead connection or the whole process was stopped for a while.
    """

    def __init__(
        self,
        url: str,
        worker: str,
        queue: str,
        *,
        version: str,
        seconds: float,
        lost: Callable[[], None],
        adopt: Callable[[sa.Connection, Sequence[str]], int],
    ) -> None:
        self._engine = sa.create_engine(
            url,
            pool_size=1,
            max_overflow=0,
            pool_timeout=1,
            connect_args=outage_options(STATEMENT_S, idle_s=STATEMENT_S, statement_s=STATEMENT_S),
        )
        self._names = {"me": worker, "queue": queue, "version": version, "seconds": seconds}
        self._seconds = seconds
        self._lock = threading.Lock()
        self._beaten: float | None = None
        self._lost = lost
        self._adopt = adopt
        self.alone = False
        """Whether no other worker lived at the last look."""
        self._reaping = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lease", daemon=True)

    def start(self) -> None:
        """Join the workers and begin to beat. Raises StorageTrouble without a database."""
        began = time.monotonic()
        try:
            with self._engine.begin() as connection:
                connection.execute(_JOIN, self._names)
                self.alone = len(connection.execute(_ALIVE).all()) == 1
        except sa.exc.SQLAlchemyError as error:
            self._engine.dispose()
            raise StorageTrouble(
                "The database doesn't answer. Run `orchestra doctor` to see why.",
                detail=type(error).__name__,
            ) from error
        self._beaten = began
        self._thread.start()

    @property
    def holds(self) -> bool:
        """Whether nobody can have taken our work: the last beat is younger than the lease.

        Others count from when the beat arrived, we from when it was sent, so we stop first.
        """
        with self._lock:
            if self._beaten is None or time.monotonic() - self._beaten >= self._seconds:
                self._beaten = None  # for good: who was told "no" once stays told
            return self._beaten is not None

    def reap(self) -> None:
        """From now on, take up the work of workers that died."""
        self._reaping.set()

    def stop(self) -> None:
        """Leave the workers, so that others take up what is left at once."""
        self._stop.set()
        self._thread.join(timeout=self._seconds)
        try:
            with self._engine.begin() as connection:
                connection.execute(_LEAVE, self._names)
        except sa.exc.SQLAlchemyError as error:
            log.warning("could not leave the workers", error=type(error).__name__)
        self._engine.dispose()

    def _run(self) -> None:
        while not self._stop.wait(self._seconds / BEATS_PER_LEASE):
            if self._beat() is False or not self.holds:
                self._beaten = None
                log.error("lost the lease; stopping all work", worker=self._names["me"])
                self._lost()
                return

    def _beat(self) -> bool | None:
        """Whether our row is there; None where the database did not answer."""
        began = time.monotonic()
        try:
            with self._engine.begin() as connection:
                if connection.execute(_BEAT, self._names).rowcount == 0:
                    return False
            with self._lock:
                if self._beaten is None:
                    return False
                self._beaten = began
        except sa.exc.SQLAlchemyError as error:
            log.warning("the lease could not be renewed", error=type(error).__name__)
            return None
        if self._reaping.is_set():
            self._reap()
        return True

    def _reap(self) -> None:
        try:
            with self._engine.begin() as connection:
                buried = connection.execute(_BURY, self._names).rowcount
                reaped = connection.execute(_REAP, self._names).rowcount
                alive = connection.execute(_ALIVE).scalars().all()
                reaped += self._adopt(connection, alive)
        except sa.exc.SQLAlchemyError as error:
            log.warning("could not look after dead workers", error=type(error).__name__)
            return
        self.alone = len(alive) == 1
        if buried or reaped:
            log.warning("took up the work of dead workers", workers=buried, count=reaped)
