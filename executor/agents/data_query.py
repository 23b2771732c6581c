"""data.query: one SELECT over data files of the project."""

import datetime as dt
import math
import re
import threading
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import JsonValue

from executor.agents.port import Call, Reply
from executor.data import arguments
from executor.data.fields import did_you_mean
from executor.data.sources import (
    READABLE,
    Source,
    identifier,
    opened,
    unreadable,
)
from executor.worker.threads import in_thread
from memory.model.agents.spec import AgentKind, AgentSpec, Parameter
from memory.model.base import AgentName, canonical_json
from memory.model.errors import BadInput
from memory.model.limits import OUTPUT_BYTES
from memory.model.work.value import Table

if TYPE_CHECKING:
    import duckdb

SPEC = AgentSpec(
    name=AgentName("data.query"),
    kind=AgentKind.TOOL,
    title="data.query",
    description=(
        "Runs one DuckDB SELECT over CSV, TSV, JSON, JSONL or Parquet files; each file is a table "
        "named after its stem (sales.csv is sales)."
    ),
    task_types=("data.query",),
    parameters=(
        Parameter(
            name="sources",
            description="The files",
            type="list",
            slot="control",
            endings=READABLE,
            sample=["sales.csv"],
        ),
        Parameter(
            name="sql",
            description="One SELECT statement",
            type="text",
            slot="control",
            sample="SELECT region, sum(revenue) FROM sales GROUP BY region",
        ),
    ),
    output="table",
    words=("table", "query"),
    usual_s=(0.05, 2),
)

KNOWN = (
    (r"^Parser Error|syntax error", "The SQL has a mistake; mend it and try again."),
    (
        r"Out of Memory",
        "The query needs more than 1 GB of memory; ask for fewer rows or columns.",
    ),
    (
        r"disabled by configuration|^Permission Error",
        "The query may read only its sources; name every file it needs among them.",
    ),
    (
        r"^Conversion Error",
        "A value cannot be turned into that type; try TRY_CAST, or name another column.",
    ),
    (
        r"No function matches.*\b(sum|avg)\(",
        "Only numbers can be added up, and that column holds text; name another column.",
    ),
)
"""What DuckDB says, and what a person is told."""

ROWS_KEPT = 10_000
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
                sentence = _sentence(error, connection, sources)
                raise BadInput(sentence, detail=str(error)) from error
            finally:
                self._connection = None

    def _select(self, connection: "duckdb.DuckDBPyConnection", sql: str) -> Table:
        if self._stopped.is_set():
            raise BadInput("The query was stopped.")
        cursor = connection.execute(sql)
        columns = _unique([column[0] for column in cursor.description or ()])
        rows: list[tuple[JsonValue, ...]] = []
        size = sum(len(name) for name in columns)
        while len(rows) < ROWS_KEPT and size < OUTPUT_BYTES // 2:
            batch = cursor.fetchmany(BATCH)
            for row in batch:
                values = tuple(_plain(value) for value in row)
                size += len(canonical_json(list(values)))
                if size > OUTPUT_BYTES * 9 // 10:
                    break
                rows.append(values)
            if len(batch) < BATCH:
                break
        total = len(rows) if cursor.fetchone() is None and len(batch) < BATCH else -1
        if total < 0 or size > OUTPUT_BYTES // 2:
            counted = connection.execute(
                f"SELECT count(*) FROM (\n{sql}\n)"  # noqa: S608 - the plan's own SQL, behind the lock
            ).fetchone()
            total = int(counted[0]) if counted else len(rows)
        if total > len(rows):
            self._call.say(f"{total:,} rows, the first {len(rows):,} kept")
        return Table(columns=tuple(columns), rows=tuple(rows), total_rows=total)


def _single(connection: "duckdb.DuckDBPyConnection", sql: str) -> str:
    import duckdb  # noqa: PLC0415 - see run()

    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise BadInput("data.query runs exactly one SELECT statement; write one and nothing else.")
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


def _sentence(
    error: "duckdb.Error", connection: "duckdb.DuckDBPyConnection", sources: Sequence[Source]
) -> str:
    message = str(error)
    for pattern, make in (
        (r'Referenced column "([^"]+)" (?:was )?not found', _no_column),
        (r'column named "([^"]+)"', _no_column),
        (r'Referenced table "([^"]+)" not found', _no_table),
        (r"Table with name (\S+) does not exist", _no_table),
    ):
        found = re.search(pattern, message)
        if found:
            return make(found[1], connection, sources)
    return _other(message, sources)


def _no_column(
    name: str, connection: "duckdb.DuckDBPyConnection", sources: Sequence[Source]
) -> str:
    import duckdb  # noqa: PLC0415 - see run()

    known: list[str] = []
    with suppress(duckdb.Error):  # a broken file has no columns to name
        for source in sources:
            described = connection.execute(f"DESCRIBE {identifier(source.view)}").fetchall()
            known += [row[0] for row in described]
    names = ", ".join(source.path for source in sources)
    return f"There is no column {name} in {names}.{did_you_mean(name, known)}"


def _no_table(
    name: str, _connection: "duckdb.DuckDBPyConnection", sources: Sequence[Source]
) -> str:
    known = [source.view for source in sources]
    return f"There is no table {name} among the sources.{did_you_mean(name, known)}"


def _other(message: str, sources: Sequence[Source]) -> str:
    near = re.search(r'syntax error at or near "([^"]*)"', message)
    if near:
        return f'The SQL has a mistake near "{near[1]}"; mend it and try again.'
    if "CSV Error" in message and not message.startswith("Conversion Error"):
        return unreadable(", ".join(source.path for source in sources), message)
    for pattern, sentence in KNOWN:
        if re.search(pattern, message, re.DOTALL):
            return sentence
    first = message.splitlines()[0]
    return f"The query failed: {first.split(': ', 1)[-1].rstrip('.!')}."
