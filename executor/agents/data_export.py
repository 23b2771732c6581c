"""data.export: all rows of a SELECT into a file."""

import threading
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from executor.data import arguments
from executor.data.formats import ENDINGS, PARQUET, Encoded, encoded
from executor.data.media import written
from executor.data.select import explained, single, unique
from executor.data.sources import READABLE, Scratch, opened
from executor.data.specs import control, tool
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.agents.spec import EffectClass
from memory.model.errors import BadInput
from memory.model.limits import EXPORT_BYTES, SENTENCES
from memory.model.text import text
from memory.model.work.value import File

if TYPE_CHECKING:
    import duckdb

BATCH = 1_000
SPEC = tool(
    "data.export",
    "Writes every row of one DuckDB SELECT to a CSV, TSV, JSON, JSONL, Excel or Parquet file; each "
    "source is a table named after its stem.",
    control("sources", "The files to read", "list", endings=READABLE, sample=["sales.csv"]),
    control("sql", "One SELECT statement", "text", sample="SELECT * FROM sales"),
    control(
        "path",
        "The file to write; its ending says the format",
        "path",
        endings=ENDINGS,
        sample="out/sales.xlsx",
    ),
    output="file",
    effect=EffectClass.WRITE,
    words=("export", "convert", "excel", "spreadsheet", "csv", "json", "parquet"),
    file_rule="Rows are written as CSV, TSV, JSON, JSONL, Excel or Parquet",
    usual_s=(0.1, 5),
)


class DataExport:
    """Writes what the query gives, whole. The same data gives the same file."""

    spec = SPEC

    async def run(self, call: Call) -> Reply:
        """The file; cancelling interrupts the query."""
        export = _Export(call)
        file = await in_thread(export.run, timeout_s=call.timeout_s, stop=export.stop)
        return Reply(value=file)


class _Export:
    def __init__(self, call: Call) -> None:
        self._call = call
        self._path = arguments.word(call, "path")
        self._sql = arguments.word(call, "sql")
        self._sources = arguments.words(call, "sources")
        self._stopped = threading.Event()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def stop(self) -> None:
        self._stopped.set()
        if self._connection is not None:
            self._connection.interrupt()

    def run(self) -> File:
        files, path = self._call.files, self._path
        files.resolve(path)  # before the work, not after it
        scratch = Scratch(f"out{PARQUET}")
        with opened(files, self._sources, scratch=scratch) as (connection, sources):
            self._connection = connection
            try:
                with explained(connection, sources):
                    sql = single(connection, self._sql)
                    made = self._made(connection, sql, scratch)
            finally:
                self._connection = None
        self._call.say(_told(made))
        return written(files, path, made.data, title=_told(made))

    def _made(self, connection: "duckdb.DuckDBPyConnection", sql: str, scratch: Scratch) -> Encoded:
        if PurePosixPath(self._path).suffix.casefold() == PARQUET:
            return _parquet(connection, sql, scratch)
        cursor = connection.execute(sql)
        columns = unique([column[0] for column in cursor.description or ()])
        title = PurePosixPath(self._path).stem
        return encoded(columns, self._rows(cursor), path=self._path, title=title)

    def _rows(self, cursor: "duckdb.DuckDBPyConnection") -> Iterator[tuple[object, ...]]:
        while batch := cursor.fetchmany(BATCH):
            if self._stopped.is_set():
                raise BadInput("The query was stopped.")
            yield from batch


def _parquet(connection: "duckdb.DuckDBPyConnection", sql: str, scratch: Scratch) -> Encoded:
    target = scratch.place
    copied = connection.execute(f"COPY (\n{sql}\n) TO {scratch.literal} (FORMAT parquet)")
    rows = int(copied.fetchall()[0][0])
    if target.stat().st_size > EXPORT_BYTES:
        raise BadInput(SENTENCES["export_bytes"])
    return Encoded(target.read_bytes(), rows)


def _told(made: Encoded) -> str:
    """How many rows there are, and what was done to texts that look like formulas."""
    told = text("{rows:,} rows", rows=made.rows)
    if made.guarded:
        guard = text("{n} texts that look like formulas begin with an apostrophe", n=made.guarded)
        return f"{told}; {guard}"
    return told
