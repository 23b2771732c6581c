"""One SELECT over opened sources: what may run, rows as plain values, errors in plain words."""

import datetime as dt
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import JsonValue

from executor.data.fields import did_you_mean
from executor.data.sources import Source, identifier, unreadable
from memory.model.errors import BadInput

if TYPE_CHECKING:
    import duckdb

_FUNCTION = re.compile(r'"function_name":"([^"]+)"')
_INNER = ("current_setting", "duckdb_", "pragma_", "getenv", "glob", "read_", "sniff_", "parquet_")
"""How functions begin that tell of the machine's paths and settings, or open files by name."""


@contextmanager
def explained(connection: "duckdb.DuckDBPyConnection", sources: Sequence[Source]) -> Iterator[None]:
    """What DuckDB complains of inside, as a BadInput in words for a person."""
    import duckdb  # noqa: PLC0415 - 0.1 s that only queries should pay

    try:
        yield
    except duckdb.Error as error:
        message = str(error)
        for source in sources:  # by handle, which says nothing to people
            message = message.replace(str(source.target), source.path)
        problem = _explained(message, connection, sources)
        problem.detail = message
        raise problem from error


def single(connection: "duckdb.DuckDBPyConnection", sql: str) -> str:
    """The one SELECT in the text. Raises BadInput for anything else."""
    import duckdb  # noqa: PLC0415 - see explained()

    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise BadInput("data.query runs a single SELECT statement. Write one and nothing else.")
    sql = re.sub(r";\s*$", "", statements[0].query.strip())
    tree = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone()
    used = {name.casefold() for name in _FUNCTION.findall(tree[0] if tree else "")}
    if inner := next((name for name in sorted(used) if name.startswith(_INNER)), ""):
        raise BadInput(
            "{name} tells about this machine, not about your data. Leave it out.", name=inner
        )
    return sql


def unique(names: Sequence[str]) -> list[str]:
    """The names, those that come again with a number: id, id_2."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return found


def plain(value: object) -> JsonValue:
    """A DuckDB value as JSON; sums of binary fractions lose their 16th digit (0.1 + 0.2 = 0.3)."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            return _number(value)
        case list() | tuple():
            return [plain(item) for item in value]
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
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
    import duckdb  # noqa: PLC0415 - see explained()

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
