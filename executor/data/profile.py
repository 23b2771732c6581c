"""What is in a table: gaps, ranges, frequent values, outliers and duplicates of each column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import JsonValue

from executor.data.select import plain
from executor.data.sources import identifier

if TYPE_CHECKING:
    import duckdb

COLUMNS = 100
"""A wider table is described by its first hundred columns."""
TOP = 3
COPIES_SHOWN = 5

_TYPES = (
    (r"DECIMAL|DOUBLE|FLOAT|REAL", "number"),
    (r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?", "whole number"),
    (r"BOOLEAN", "yes/no"),
    (r"DATE", "date"),
    (r"TIMESTAMP.*", "date and time"),
    (r"TIME.*", "time"),
    (r"VARCHAR|UUID|ENUM.*", "text"),
)
_LABEL = re.compile(
    r"(?:^|[_\W])(?:id|ids|key|code|no|nr|num|number|zip|plz|postcode|phone|tel|year|sku|isbn|ean)"
    r"(?:$|[_\W])|[a-z](?:Id|ID|No|Nr|Key|Code)$"
)
"""Names of columns whose numbers are labels: nobody wants their mean."""


@dataclass(frozen=True)
class Amounts:
    """Numbers that can be added up. Outliers are those beyond the fences: 1.5 times the
    interquartile range from the quartiles (Tukey).
    """

    mean: float
    median: float
    fences: tuple[float, float]
    outliers: int


@dataclass(frozen=True)
class ColumnProfile:
    """A column: its type in words, and what its values are like. Blank texts count as missing."""

    name: str
    type: str
    missing: int
    distinct: int
    low: JsonValue = None
    high: JsonValue = None
    amounts: Amounts | None = None
    top: tuple[tuple[JsonValue, int], ...] = ()
    """The most frequent values, where some come more than once."""

    @property
    def measured(self) -> bool:
        """Whether its numbers are amounts rather than labels."""
        return self.amounts is not None

    @property
    def label(self) -> bool:
        """Whether its numbers name things, as ids and years do."""
        return "number" in self.type and not self.measured

    def shown(self, value: JsonValue) -> str:
        """One of its values as people write it: 1,234.5; an id without marks."""
        return str(value) if self.label and value is not None else _shown(value)

    @property
    def dated(self) -> bool:
        """Whether it holds days."""
        return self.type in {"date", "date and time"}


@dataclass(frozen=True)
class Profile:
    """A table. `copies` counts rows that are exact copies of others before them."""

    rows: int
    width: int
    columns: tuple[ColumnProfile, ...]
    copies: int
    copied: tuple[tuple[tuple[JsonValue, ...], int], ...] = ()
    """The rows that come more than once, and how often; a few of them."""


def profiled(connection: "duckdb.DuckDBPyConnection", view: str) -> Profile:
    """The profile of the view's rows. Blocking; one pass over each column. Raises duckdb.Error."""
    table = identifier(view)
    described = [(row[0], row[1]) for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    rows = _one(connection, f"SELECT count(*) FROM {table}")  # noqa: S608 - quoted by identifier()
    kept = _one(connection, f"SELECT count(*) FROM (SELECT DISTINCT * FROM {table})")  # noqa: S608 - see above
    return Profile(
        rows=rows,
        width=len(described),
        columns=tuple(
            _column(connection, table, name, kind, rows) for name, kind in described[:COLUMNS]
        ),
        copies=rows - kept,
        copied=_copied(connection, table) if rows > kept else (),
    )


def _column(
    connection: "duckdb.DuckDBPyConnection", table: str, name: str, kind: str, rows: int
) -> ColumnProfile:
    words = _words(kind)
    column = identifier(name)
    if words == "text":
        column = f"nullif(trim({column}), '')"
    ordered = words not in {"list", "text", "yes/no"}
    low, high = (f"min({column})", f"max({column})") if ordered else ("NULL", "NULL")
    query = f"SELECT count({column}), count(DISTINCT {column}), {low}, {high} FROM {table}"  # noqa: S608 - quoted by identifier()
    filled, distinct, least, most = connection.execute(query).fetchall()[0]
    measured = "number" in words and not _is_label(name, words, distinct, filled)
    amounts = _amounts(connection, table, column) if measured and filled else None
    top = _top(connection, table, column, filled) if distinct < filled else ()
    return ColumnProfile(
        name, words, rows - filled, distinct, plain(least), plain(most), amounts, top
    )


def _is_label(name: str, words: str, distinct: int, filled: int) -> bool:
    """Whether numbers name things: by the column's name, or whole ones that count its rows."""
    return bool(_LABEL.search(name) or _LABEL.search(name.casefold())) and (
        words == "whole number" or distinct == filled
    )


def _amounts(connection: "duckdb.DuckDBPyConnection", table: str, column: str) -> Amounts | None:
    value = f"CAST({column} AS DOUBLE)"
    query = (
        f"SELECT avg({value}), median({value}), quantile_cont({value}, 0.25), "  # noqa: S608 - quoted by identifier()
        f"quantile_cont({value}, 0.75) FROM {table} WHERE isfinite({value})"
    )
    mean, median, first, third = connection.execute(query).fetchall()[0]
    if mean is None:
        return None
    reach = 1.5 * (third - first)
    fences = first - reach, third + reach
    beyond = f"SELECT count(*) FROM {table} WHERE {value} < ? OR {value} > ?"  # noqa: S608 - see above
    outliers = connection.execute(beyond, fences).fetchall()[0][0] if reach else 0
    return Amounts(mean, median, fences, outliers)


def _top(
    connection: "duckdb.DuckDBPyConnection", table: str, column: str, filled: int
) -> tuple[tuple[JsonValue, int], ...]:
    query = (
        f"SELECT {column} AS value, count(*) AS times FROM {table} WHERE {column} IS NOT NULL "  # noqa: S608 - quoted by identifier()
        f"GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 DESC, 1 LIMIT {TOP}"
    )
    found = connection.execute(query).fetchall()
    common = tuple((plain(value), times) for value, times in found)
    return common if common and common[0][1] * 100 >= filled else ()


def _copied(
    connection: "duckdb.DuckDBPyConnection", table: str
) -> tuple[tuple[tuple[JsonValue, ...], int], ...]:
    query = (
        f"SELECT *, count(*) AS times FROM {table} GROUP BY ALL HAVING count(*) > 1 "  # noqa: S608 - quoted by identifier()
        f"ORDER BY times DESC, 1 LIMIT {COPIES_SHOWN}"
    )
    return tuple(
        (tuple(plain(cell) for cell in row[:-1]), int(row[-1]))
        for row in connection.execute(query).fetchall()
    )


def _one(connection: "duckdb.DuckDBPyConnection", query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _words(kind: str) -> str:
    name = kind.partition("(")[0]
    if kind.endswith("]") or name in {"STRUCT", "MAP", "JSON"}:
        return "list"
    return next((words for pattern, words in _TYPES if re.fullmatch(pattern, name)), "text")


def _shown(value: JsonValue) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.2f}".rstrip("0").rstrip(".")
        case None:
            return "–"
        case _:
            return str(value)[:60]


def row_words(row: Sequence[JsonValue]) -> str:
    """A row in one line."""
    return " | ".join("" if cell is None else str(cell)[:40] for cell in row[:12])
