"""Queries tried on small data files before anything is planned, to tell their readings apart.

It happens beside the request of somebody who waits, so only small files are tried, for a moment, on
tables that are kept in memory until a file changes. The queries are the planner's own, and run where
data.query runs: a DuckDB that can read nothing else.
"""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from executor.data import sheets
from executor.data.file_shapes import Seen
from executor.data.select import plain, single
from executor.data.sources import identifier, opened
from executor.egress.files import ProjectFiles
from memory.model.base import name_key
from memory.model.errors import BadInput
from memory.model.work.value import Ran

if TYPE_CHECKING:
    import duckdb

SMALL_BYTES = 2_000_000
"""Files that are larger aren't tried."""
ROWS = 2_000
PATIENCE_S = 0.25
"""How long all queries of a question may take together."""
KEPT = 8


def tried(
    files: ProjectFiles, paths: Sequence[str], queries: Sequence[str]
) -> tuple[Ran | None, ...]:
    """What each of the queries gives. Blocking; never raises."""
    seen = tuple(_seen(files, paths))
    names = {name_key(PurePosixPath(path).stem) for path, _, _ in seen}
    nothing: tuple[Ran | None, ...] = (None,) * len(queries)
    if not seen or len(names) < len(seen):
        return nothing
    try:
        tables = _tables(files.root, seen)
    except BadInput:
        return nothing
    with tables.lock, _patience(tables.connection) as late:
        return tuple(None if late.is_set() else _ran(tables.connection, sql) for sql in queries)


def _seen(files: ProjectFiles, paths: Sequence[str]) -> Iterator[Seen]:
    for path in dict.fromkeys(paths):
        with suppress(BadInput):
            status = files.status(sheets.parted(path)[0])
            if 0 < status.st_size <= SMALL_BYTES:
                yield path, status.st_mtime_ns, status.st_size


@dataclass
class _Tables:
    """The files' rows in memory."""

    connection: "duckdb.DuckDBPyConnection"
    held: ExitStack
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __del__(self) -> None:
        self.held.close()


@lru_cache(maxsize=KEPT)
def _tables(root: Path, seen: tuple[Seen, ...]) -> _Tables:
    """The files as they were seen. Raises BadInput where one is no table."""
    with ExitStack() as stack:
        files = ProjectFiles(root)
        connection, sources = stack.enter_context(opened(files, [path for path, _, _ in seen]))
        for number, source in enumerate(sources):
            view, table = identifier(source.view), identifier(f"tried {number}")
            connection.execute(f"CREATE TABLE {table} AS FROM {view}")
            connection.execute(f"DROP VIEW {view}")
            connection.execute(f"ALTER TABLE {table} RENAME TO {view}")
        return _Tables(connection, stack.pop_all())


@contextmanager
def _patience(connection: "duckdb.DuckDBPyConnection") -> Iterator[threading.Event]:
    """Set once the time is up, when what runs is broken off."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        connection.interrupt()

    timer = threading.Timer(PATIENCE_S, stop)
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _ran(connection: "duckdb.DuckDBPyConnection", sql: str) -> Ran | None:
    import duckdb  # noqa: PLC0415 - see sources.opened()

    try:
        rows = connection.execute(single(connection, sql)).fetchmany(ROWS)
    except (duckdb.Error, BadInput):
        return None
    cells = [value for row in rows for value in row]
    written = sorted(repr(sorted(repr(_rounded(value)) for value in row)) for row in rows)
    return Ran(
        rows=len(rows),
        digest=hashlib.sha256("\n".join(written).encode()).hexdigest()[:32],
        blank=bool(rows) and all(value is None for value in cells),
        zero=len(rows) == 1 and all(_is_nought(value) for value in cells),
    )


def _rounded(value: object) -> object:
    """Numbers that differ in a far digit only are the same."""
    known = plain(value)
    return f"{known:.9g}" if isinstance(known, int | float) else known


def _is_nought(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and value == 0) or plain(value) == 0
