"""data.query: one SELECT over data files of the project."""

import datetime as dt
import math
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import JsonValue

from executor.data import arguments
from executor.data.fields import did_you_mean
from executor.data.sources import READABLE, Source, identifier, opened, unreadable
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
        query = _Query(call, arguments.words(call, "sources"), arguments.word(call, "sql"))
        table = await in_thread(query.run, timeout_s=call.timeout_s, stop=query.stop)
        return Reply(value=table)


class _Query:
    def __init__(self, call: Call, paths: Sequence[str], sql: str) -> None:
        self._call = call
        self._paths = paths
        self._sql = sql
        self._stopped = threading.Event()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def stop(self) -> None:
        self._stopped.set()
        if self._connection is not None:
            self._connection.interrupt()

    def run(self) -> Table:
        import duckdb  # noqa: PLC0415 - 0.1 s that only queries should pay

        with opened(self._call.files, self._paths) as (connection, sources):
            self._connection = connection
            try:
                return self._select(connection, _single(connection, self._sql))
            except duckdb.Error as error:
                problem = _explained(str(error), connection, sources)
                problem.detail = str(error)
                raise problem from error
            finally:
                self._connection = None

    def _select(self, connection: "duckdb.DuckDBPyConnection", sql: str) -> Table:
        if self._stopped.is_set():
            raise BadInput("The query was stopped.")
        cursor = connection.execute(sql)
        columns = tuple(_unique([column[0] for column in cursor.description or ()]))
        rows: list[tuple[JsonValue, ...]] = []
        size = sum(len(name) for name in columns)
        for row in _fetched(cursor):
            values = tuple(_plain(value) for value in row)
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


def _single(connection: "duckdb.DuckDBPyConnection", sql: str) -> str:
    import duckdb  # noqa: PLC0415 - see run()

    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise BadInput("data.query runs a single SELECT statement. Write one and nothing else.")
    return re.sub(r";\s*$", "", statements[0].query.strip())


def _unique(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return unique


def _plain(value: object) -> JsonValue:
    """A DuckDB value as JSON; sums of binary fractions lose their 16th digit (0.1 + 0.2 = 0.3)."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            return _number(value)
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case _:
            return _written(value)


def _number(value: float | Decimal) -> JsonValue:
    if not math.isfinite(value):
        return None
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return float(f"{value:.15g}")


def _written(value: object) -> str:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def _explained(
    message: str, connection: "duckdb.DuckDBPyConnection", sources: Sequence[Source]
) -> BadInput:
    """What DuckDB says, in words for a person."""
    column = r'Referenced column "([^"]+)" (?:was )?not found|column named "([^"]+)"'
    if found := re.search(column, message):
        return _no_column(found[1] or found[2], connection, sources)
    table = r'Referenced table "([^"]+)" not found|Table with name (\S+) does not exist'
    if found := re.search(table, message):
        name = found[1] or found[2]
        hint = did_you_mean(name, [source.view for source in sources])
        return BadInput("There's no table {name} among the sources.{hint}", name=name, hint=hint)
    if found := re.search(r'syntax error at or near "([^"]*)"', message):
        return BadInput('The SQL has a mistake near "{near}". Fix it and try again.', near=found[1])
    if "CSV Error" in message and not message.startswith("Conversion Error"):
        return unreadable(", ".join(source.path for source in sources), message)
    return _other(message)


def _no_column(
    name: str, connection: "duckdb.DuckDBPyConnection", sources: Sequence[Source]
) -> BadInput:
    import duckdb  # noqa: PLC0415 - see run()

    known: list[str] = []
    with suppress(duckdb.Error):  # a broken file has no columns to name
        for source in sources:
            described = connection.execute(f"DESCRIBE {identifier(source.view)}").fetchall()
            known += [row[0] for row in described]
    return BadInput(
        "There's no column {name} in {files}.{hint}",
        name=name,
        files=", ".join(source.path for source in sources),
        hint=did_you_mean(name, known),
    )


def _other(message: str) -> BadInput:
    if re.search(r"^Parser Error|syntax error", message):
        return BadInput("The SQL has a mistake. Fix it and try again.")
    if "Out of Memory" in message:
        return BadInput("The query needs more than 1 GB of memory. Ask for fewer rows or columns.")
    if re.search(r"disabled by configuration|^Permission Error", message):
        return BadInput("The query can only read its sources. Add every file it needs to them.")
    if message.startswith("Conversion Error"):
        return BadInput(
            "A value can't be turned into that type. Try TRY_CAST, or name another column."
        )
    if re.search(r"No function matches.*\b(sum|avg)\(", message, re.DOTALL):
        return BadInput(
            "Only numbers can be added up, and that column holds text. Name another column."
        )
    reason = message.splitlines()[0].split(": ", 1)[-1].rstrip(".!")
    return BadInput("The query failed: {reason}.", reason=reason)
