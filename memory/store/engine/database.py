"""Opening the database, and the only commit in the program."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from memory.model.errors import Misconfigured, StorageTrouble
from memory.model.text import later
from memory.privacy.redaction import Redactor
from memory.privacy.seals import Seals
from memory.store.engine.deferred import OPTION, Later
from memory.store.engine.outage_wait import outage_options
from memory.store.tables.columns import REDACTOR, SEALS

Connection = AsyncConnection

BUSY_MS = 15_000
POOL: Final[dict[str, Any]] = {"pool_size": 10, "max_overflow": 10, "pool_pre_ping": True}

TOGETHER = 32
"""How many transactions share one commit, at most."""

DEAF: Final = later("The database doesn't answer; run `orchestra doctor` to see why.")

S = TypeVar("S")
T = TypeVar("T")


def database_url(data: Path, url: str = "") -> sa.URL:
    """The URL with its async driver: Postgres where one is given, else SQLite in `data`.

    Raises Misconfigured for any other kind of database.
    """
    if not url:
        return sa.URL.create("sqlite+aiosqlite", database=str(data / "orchestra.db"))
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise Misconfigured(
            "The database URL can't be read; it should look like postgresql://user@host/name."
        ) from error
    kind = parsed.get_backend_name()
    if kind in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if kind == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    raise Misconfigured("Orchestra keeps its data in SQLite or Postgres, not in {kind}.", kind=kind)


class Database:
    """One database. `transaction()` is the only way to change it; `reading()` sees a snapshot."""

    def __init__(self, url: sa.URL, redactor: Redactor | None = None) -> None:
        """`redactor`: takes the secrets of this installation out of all that is stored."""
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.redactor = redactor or Redactor()
        self.engine = _engine(url)
        setattr(self.engine.dialect, REDACTOR, self.redactor)
        self._seals: Seals | None = None
        self._quick: sa.Engine | None = None
        self._doing: set[asyncio.Future[list[_End]]] = set()
        # SQLite has one writer; queueing here is fair, its busy handler is not.
        self._turn = asyncio.Lock() if self.is_sqlite else nullcontext()
        # On Postgres too, one after the other: those side by side mostly wait for the same locks,
        # and for Python's, while the more share a commit the less each of them costs.
        self._together_turn = self._turn if isinstance(self._turn, asyncio.Lock) else asyncio.Lock()
        self._asked: list[_Asked] = []
        self._heard_by: list[Callable[[], None]] = []

    def on_commit(self, ring: Callable[[], None]) -> None:
        """Have this called, in the loop, after every commit here; what other processes write isn't
        heard.
        """
        self._heard_by.append(ring)

    def seal_with(self, seals: Seals) -> None:
        """From now on, decisions are sealed with these keys, and only what is sealed counts."""
        self._seals = seals
        setattr(self.engine.dialect, SEALS, seals)
        if self._quick is not None:
            setattr(self._quick.dialect, SEALS, seals)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """All or nothing. Raises StorageTrouble when the database cannot be written."""
        later = Later()
        async with self._turn, _in_plain_words(), self.engine.connect() as connection:
            await connection.execution_options(orchestra_writes=True, **{OPTION: later})
            async with connection.begin():
                yield connection
                await later.flush(connection)
        later.committed()
        self._committed()

    async def at_once(self, body: Callable[[Connection], Coroutine[Any, Any, T]]) -> T:
        """A transaction that stays in one thread, for many small statements in a row.

        An async driver changes threads for each statement, which costs four times what the
        statement does. Those that wait for their turn share one commit: each still happens as a
        whole or not at all. `body` may await nothing but its connection, and may be called again
        when one that shared its commit failed. Raises StorageTrouble.
        """
        return cast("T", await self._answered(_Asked(body, asyncio.Future())))

    async def at_once_on(
        self,
        look: Callable[[Connection, Sequence[str]], Coroutine[Any, Any, Mapping[str, S]]],
        key: str,
        body: Callable[[Connection, S | None], Coroutine[Any, Any, T]],
    ) -> T:
        """`at_once` for a body that begins with a look at one thing, None where there is none.

        Those that share a commit look in one question, so each sees how things stood before them.
        """
        return cast("T", await self._answered(_Asked(body, asyncio.Future(), look, key)))

    async def _answered(self, asked: "_Asked") -> Any:
        loop = asyncio.get_running_loop()
        self._asked.append(asked)
        try:
            async with self._together_turn, _in_plain_words():
                if asked in self._asked:
                    mine, self._asked = self._asked[:TOGETHER], self._asked[TOGETHER:]
                    doing = loop.run_in_executor(None, self._together, mine)
                    # Also when we are cancelled meanwhile: the others wait for their answers.
                    self._doing.add(doing)
                    doing.add_done_callback(partial(_tell, mine))
                    doing.add_done_callback(self._doing.discard)
                result, error = await asked.answer
                if error is not None:
                    raise error
                self._committed()
                return result
        finally:
            if asked in self._asked:
                self._asked.remove(asked)

    def _committed(self) -> None:
        for ring in self._heard_by:
            ring()

    def _together(self, bodies: "Sequence[_Asked]") -> "list[_End]":
        try:
            return [(result, None) for result in self._whole(bodies)]
        except Exception as error:  # noqa: BLE001 - carried to those who asked, and raised there
            if len(bodies) == 1:
                return [(None, error)]
        # One of them failed and took the others with it: each by itself, then.
        return [end for asked in bodies for end in self._together([asked])]

    def _whole(self, bodies: "Sequence[_Asked]") -> list[Any]:
        if self._quick is None:
            self._quick = _quick_engine(self.url)
            setattr(self._quick.dialect, REDACTOR, self.redactor)
            setattr(self._quick.dialect, SEALS, self._seals)
        later = Later()
        with self._quick.connect() as connection:
            connection = connection.execution_options(orchestra_writes=True, **{OPTION: later})
            with connection.begin():
                seen = {
                    look: _driven(partial(look, keys=keys), connection)
                    for look, keys in _looks(bodies).items()
                }
                results = [_driven(asked.given(seen), connection) for asked in bodies]
                _driven(later.flush, connection)
        later.committed()
        return results

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A consistent view, for SELECT only. Raises StorageTrouble."""
        async with _in_plain_words(), self.engine.connect() as connection:
            yield connection

    async def close(self) -> None:
        """Give back every connection, once the last transaction has ended."""
        while self._doing:
            await asyncio.wait(self._doing)
        await self.engine.dispose()
        if self._quick is not None:
            self._quick.dispose()


Body = Callable[[Connection], Coroutine[Any, Any, Any]]
Look = Callable[..., Coroutine[Any, Any, Mapping[str, Any]]]
_End = tuple[Any, Exception | None]


@dataclass(eq=False)
class _Asked:
    """A transaction that somebody waits for."""

    body: Callable[..., Coroutine[Any, Any, Any]]
    answer: "asyncio.Future[_End]"
    look: "Look | None" = None
    key: str = ""

    def given(self, seen: "Mapping[Look, Mapping[str, Any]]") -> Body:
        """The body with what it looks at."""
        if self.look is None:
            return self.body
        found = seen[self.look].get(self.key)
        return lambda tx: self.body(tx, found)


def _tell(bodies: Sequence[_Asked], doing: "asyncio.Future[list[_End]]") -> None:
    for asked, end in zip(bodies, doing.result(), strict=True):
        if not asked.answer.done():
            asked.answer.set_result(end)


def _looks(bodies: Sequence[_Asked]) -> dict[Look, list[str]]:
    wanted: dict[Look, list[str]] = {}
    for asked in bodies:
        if asked.look is not None:
            wanted.setdefault(asked.look, []).append(asked.key)
    return wanted


def _driven(body: Body, connection: sa.Connection) -> Any:
    work = body(cast("Connection", _Direct(connection)))
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    work.close()
    raise RuntimeError("a transaction awaited something else than its connection")


class _Direct:
    """A connection in this thread behind the few async methods that the store uses."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.sync_connection = connection
        self.dialect = connection.dialect

    async def execute(self, *args: Any, **options: Any) -> Any:
        return self._connection.execute(*args, **options)

    async def run_sync(self, call: Callable[..., T], *args: Any, **options: Any) -> T:
        return call(self._connection, *args, **options)


@asynccontextmanager
async def _in_plain_words() -> AsyncIterator[None]:
    try:
        yield
    except sa.exc.OperationalError as error:
        raise _trouble(error) from error
    except (sa.exc.TimeoutError, sa.exc.InterfaceError) as error:
        raise StorageTrouble(DEAF, detail=type(error).__name__) from error


_FULL: Final = later("The disk is full; free some space and I'll go on from there.")
_READ_ONLY: Final = later("The data folder can't be written to; check its owner and permissions.")
_TROUBLES: Final = {
    "full": _FULL,
    "no space": _FULL,
    "readonly": _READ_ONLY,
    "read-only": _READ_ONLY,
    "locked": later("The database is busy with another program; I'll try again."),
    "authentication failed": later(
        "The database refuses this user or password; check ORCHESTRA_DATABASE_URL."
    ),
}
"""What drivers say, in small letters, and what it means for people."""


def _trouble(error: sa.exc.OperationalError) -> StorageTrouble:
    reason = str(error.orig)
    for sign in _TROUBLES:
        if sign in reason.lower():
            return StorageTrouble(_TROUBLES[sign], detail=reason)
    if "does not exist" in reason.lower():
        return StorageTrouble(
            "The database server says: {reason}; create it there first.",
            reason=reason.strip(),
            detail=reason,
        )
    return StorageTrouble(DEAF, detail=reason)


def _engine(url: sa.URL) -> AsyncEngine:
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, connect_args=outage_options(idle_s=10), **POOL)
    # Whoever is cancelled in the middle of a statement has its connection closed.
    arguments = {"factory": _RollsBack}
    engine = create_async_engine(url, pool_size=5, max_overflow=5, connect_args=arguments)
    _listen(engine.sync_engine)
    return engine


class _RollsBack(sqlite3.Connection):
    """Closed, it holds no lock, even while something still has a cursor of it.

    SQLite itself waits for the last cursor, which only a garbage collection may find.
    """

    def close(self) -> None:
        """Give up what wasn't committed, then close."""
        with suppress(sqlite3.Error):
            self.rollback()
        super().close()


def _quick_engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, connect_args=outage_options(idle_s=10), **POOL)
    engine = sa.create_engine(url.set(drivername="sqlite"), pool_size=2, max_overflow=5)
    _listen(engine)
    return engine


def _listen(engine: sa.Engine) -> None:
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling begins too late for BEGIN IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("orchestra_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def sqlite_version() -> str:
    """The version of the SQLite library in use, for `orchestra doctor`."""
    return sqlite3.sqlite_version
