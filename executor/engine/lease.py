"""Leases of workers on Postgres: who is alive, and whose work has to be taken up by others."""

import threading
import time
from collections.abc import Callable
from typing import Final

import sqlalchemy as sa
import structlog

BEATS_PER_LEASE: Final = 5

log = structlog.get_logger(__name__)

_JOIN = sa.text(
    "INSERT INTO workers (id, version, started_at, beat_at) VALUES (:me, :version, now(), now())"
)
_BEAT = sa.text("UPDATE workers SET beat_at = now() WHERE id = :me")
_BURY = sa.text(
    "DELETE FROM workers WHERE beat_at < now() - make_interval(secs => :seconds) AND id <> :me"
)
_REAP = sa.text(
    "UPDATE dbos.workflow_status SET status = 'ENQUEUED', owner_xid = NULL,"
    " started_at_epoch_ms = NULL WHERE status = 'PENDING' AND queue_name = :queue"
    " AND executor_id NOT IN (SELECT id FROM workers)"
)
_LEAVE = sa.text("DELETE FROM workers WHERE id = :me")


class Lease:
    """Keeps this worker's row fresh from a thread with a connection of its own.

    A worker that could not write for `seconds`, or whose row was taken away, has lost its work
    to others: `lost` is called once, from the thread.
    """

    def __init__(
        self, url: str, worker: str, queue: str, *, seconds: float, lost: Callable[[], None]
    ) -> None:
        self._engine = sa.create_engine(
            url,
            pool_size=1,
            max_overflow=0,
            connect_args={"connect_timeout": 2, "options": "-c statement_timeout=2000"},
        )
        self._names = {"me": worker, "queue": queue, "version": "1", "seconds": seconds}
        self._seconds = seconds
        self._lost = lost
        self._reaping = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lease", daemon=True)

    def start(self) -> None:
        """Join the workers and begin to beat."""
        with self._engine.begin() as connection:
            connection.execute(_JOIN, self._names)
        self._thread.start()

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
        pause = self._seconds / BEATS_PER_LEASE
        beaten = time.monotonic()
        while not self._stop.wait(pause):
            alive = self._beat()
            if alive:
                beaten = time.monotonic()
            if alive is False or time.monotonic() - beaten > self._seconds:
                log.error("lost the lease; stopping all work")
                self._lost()
                return

    def _beat(self) -> bool | None:
        """Whether our row is there; None where the database did not answer."""
        try:
            with self._engine.begin() as connection:
                if connection.execute(_BEAT, self._names).rowcount == 0:
                    return False
            if not self._reaping.is_set():
                return True
            with self._engine.begin() as connection:
                connection.execute(_BURY, self._names)
                found = connection.execute(_REAP, self._names)
            if found.rowcount:
                log.warning("took up the work of dead workers", count=found.rowcount)
        except sa.exc.SQLAlchemyError as error:
            log.warning("the lease could not be renewed", error=type(error).__name__)
            return None
        return True
