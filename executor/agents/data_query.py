"""data.query: one SELECT over data files of the project."""

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import JsonValue

from executor.data import arguments
from executor.data.notes import About
from executor.data.select import explained, plain, single, unique
from executor.data.sources import READABLE, opened
from executor.data.specs import control, tool
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.base import canonical_json
from memory.model.errors import BadInput
from memory.model.limits import OUTPUT_BYTES
from memory.model.text import text
from memory.model.work.value import Table

if TYPE_CHECKING:
    import duckdb

SPEC = tool(
    "data.query",
    "Runs one DuckDB SELECT over CSV, TSV, JSON, JSONL or Parquet files; each file is a table named "
    "after its stem (sales.csv is sales).",
    control("sources", "The files", "list", endings=READABLE, sample=["sales.csv"]),
    control(
        "sql",
        "One SELECT statement",
        "text",
        sample="SELECT region, sum(revenue) FROM sales GROUP BY region",
    ),
    control(
        "about",
        "What the figures are, and SELECTs of one row that tell what they leave out",
        "json",
        required=False,
        sample={
            "definition": "sum of revenue by region",
            "notes": [
                {
                    "sql": "SELECT count(*) FROM sales WHERE region IS NULL",
                    "sentence": "{0} rows have no region.",
                }
            ],
        },
    ),
    output="table",
    words=("table", "query"),
    usual_s=(0.05, 2),
)

ROWS_KEPT = 10_000
KEPT_BYTES = OUTPUT_BYTES * 9 // 10
BATCH = 500


class DataQuery:
    """Reads the named files and nothing else; changes nothing."""

    spec = SPEC

    async def run(self, call: Call) -> Reply:
        """The rows, the first 10,000 or 1 MB of them; cancelling interrupts the query."""
        query = _Query(
            call, arguments.words(call, "sources"), arguments.word(call, "sql"), About.of(call)
        )
        table = await in_thread(query.run, timeout_s=call.timeout_s, stop=query.stop)
        return Reply(value=table)


class _Query:
    def __init__(self, call: Call, paths: Sequence[str], sql: str, about: About) -> None:
        self._call = call
        self._paths = paths
        self._sql = sql
        self._about = about
        self._stopped = threading.Event()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def stop(self) -> None:
        self._stopped.set()
        if self._connection is not None:
            self._connection.interrupt()

    def run(self) -> Table:
        with opened(self._call.files, self._paths) as (connection, sources):
            self._connection = connection
            try:
                with explained(connection, sources):
                    table = self._select(connection, single(connection, self._sql))
                return table.model_copy(update={"notes": self._about.notes(connection)})
            finally:
                self._connection = None

    def _select(self, connection: "duckdb.DuckDBPyConnection", sql: str) -> Table:
        if self._stopped.is_set():
            raise BadInput("The query was stopped.")
        cursor = connection.execute(sql)
        columns = tuple(unique([column[0] for column in cursor.description or ()]))
        rows: list[tuple[JsonValue, ...]] = []
        size = sum(len(name) for name in columns)
        for row in _fetched(cursor):
            values = tuple(plain(value) for value in row)
            size += len(canonical_json(list(values)))
            if len(rows) == ROWS_KEPT or size > KEPT_BYTES:
                total = _count(connection, sql)
                self._call.say(
                    text("{total:,} rows, kept the first {rows:,}", total=total, rows=len(rows))
                )
                return Table(columns=columns, rows=tuple(rows), total_rows=total)
            rows.append(values)
        return Table(columns=columns, rows=tuple(rows), total_rows=len(rows))


def _fetched(cursor: "duckdb.DuckDBPyConnection") -> Iterator[tuple[object, ...]]:
    while batch := cursor.fetchmany(BATCH):
        yield from batch


def _count(connection: "duckdb.DuckDBPyConnection", sql: str) -> int:
    query = f"SELECT count(*) FROM (\n{sql}\n)"  # noqa: S608 - the plan's own SQL, behind the lock
    return int(connection.execute(query).fetchall()[0][0])
