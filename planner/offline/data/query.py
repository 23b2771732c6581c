"""A question to a data file as a value, and its DuckDB SQL. Pure.

Names and values come from a user's file and words: every one is quoted.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal

from planner.offline.grammar.words import Function

Grain = Literal["day", "week", "month", "quarter", "year"]


def identifier(name: str) -> str:
    """A name as SQL takes it, quotes inside doubled."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | float) -> str:
    """A value as SQL takes it."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def table_name(path: str) -> str:
    """What data.query calls a source: its file name without the ending."""
    return PurePosixPath(path).stem


@dataclass(frozen=True)
class Measure:
    """An aggregate of a column; "" counts rows."""

    function: Function
    column: str = ""

    @property
    def name(self) -> str:
        """What the result's column is called."""
        if self.function == "COUNT" or not self.column:
            return "count"
        words = {"SUM": "total", "AVG": "average", "MAX": "max", "MIN": "min", "MEDIAN": "median"}
        if self.function == "DISTINCT":
            return f"distinct_{_joined(self.column)}"
        return f"{words[self.function]}_{_joined(self.column)}"

    def sql(self) -> str:
        """The expression."""
        if not self.column or self.function == "COUNT":
            return "COUNT(*)"
        if self.function == "DISTINCT":
            return f"COUNT(DISTINCT {identifier(self.column)})"
        return f"{self.function}({identifier(self.column)})"


@dataclass(frozen=True)
class Group:
    """A column rows are put together by; `grain` cuts a date; `cast` where dates are text."""

    column: str
    grain: Grain | None = None
    cast: bool = False

    @property
    def name(self) -> str:
        """What the result's column is called."""
        return self.grain or self.column

    def sql(self) -> str:
        """The expression."""
        column = date_of(self.column, cast=self.cast)
        match self.grain:
            case None:
                return identifier(self.column)
            case "year":
                return f"year({column})"
            case "quarter":
                return f"(year({column}) || '-Q' || quarter({column}))"
            case "month":
                return f"strftime({column}, '%Y-%m')"
            case "week":
                return f"strftime({column}, '%G-W%V')"
            case "day":
                return f"CAST({column} AS DATE)"


def date_of(column: str, *, cast: bool) -> str:
    """The column as a date."""
    return f"TRY_CAST({identifier(column)} AS DATE)" if cast else identifier(column)


@dataclass(frozen=True)
class Order:
    """By which of the result's columns, or of the file's."""

    by: str
    descending: bool


@dataclass(frozen=True)
class Query:
    """What is asked of one file. Without measures it lists rows."""

    source: str
    measures: tuple[Measure, ...] = ()
    groups: tuple[Group, ...] = ()
    filters: tuple[str, ...] = ()
    having: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    order: Order | None = None
    limit: int | None = None
    distinct: bool = False
    words: tuple[str, ...] = field(default=(), compare=False)
    """What the filters say, for titles."""
    joined: str = field(default="", compare=False)
    """The SQL of several files joined, where the rows are not one file's."""

    def sql(self) -> str:
        """One SELECT."""
        distinct = "DISTINCT " if self.distinct else ""
        lines = [
            f"SELECT {distinct}{self._selected()}",
            f"FROM {self.joined or identifier(table_name(self.source))}",
        ]
        if self.filters:
            lines.append(f"WHERE {' AND '.join(self.filters)}")
        if self.groups and self.measures:
            lines.append(f"GROUP BY {', '.join(group.sql() for group in self.groups)}")
        if self.having:
            lines.append(f"HAVING {' AND '.join(self.having)}")
        order = self._ordered()
        if order:
            lines.append(f"ORDER BY {order}")
        if self.limit is not None:
            lines.append(f"LIMIT {self.limit}")
        return "\n".join(lines)

    def names(self) -> tuple[str, ...]:
        """The result's columns, where they are known."""
        return (*(group.name for group in self.groups), *(one.name for one in self.measures))

    def title(self) -> str:
        """ "total revenue by region, top 5"."""
        if self.measures:
            what = " and ".join(_spoken(measure) for measure in self.measures)
        else:
            what = ", ".join(self.columns) or f"rows of {PurePosixPath(self.source).name}"
        if self.distinct:
            what = f"distinct {what}"
        if self.groups:
            what += f" by {' and '.join(group.name for group in self.groups)}"
        parts = [what, *self.words]
        if self.limit is not None:
            bottom = self.order is not None and not self.order.descending
            parts.append(f"{'bottom' if bottom else 'top'} {self.limit}")
        return ", ".join(parts)

    def refined(self, other: "Query") -> "Query":
        """This query, narrowed by what another clause adds."""
        return replace(
            self,
            filters=(*self.filters, *other.filters),
            having=(*self.having, *other.having),
            words=(*self.words, *other.words),
            groups=self.groups or other.groups,
            columns=other.columns or self.columns,
            order=other.order or self.order,
            limit=other.limit if other.limit is not None else self.limit,
        )

    def _selected(self) -> str:
        parts = [f"{group.sql()} AS {identifier(group.name)}" for group in self.groups]
        parts += [f"{one.sql()} AS {identifier(one.name)}" for one in self.measures]
        parts += [identifier(column) for column in self.columns if not self.measures]
        return ", ".join(parts) or "*"

    def _ordered(self) -> str:
        if self.order is not None:
            direction = "DESC" if self.order.descending else "ASC"
            tie = ", 1" if self.groups and self.measures else ""
            return f"{identifier(self.order.by)} {direction} NULLS LAST{tie}"
        if not self.groups or not self.measures:
            return "1" if self.distinct and self.columns else ""
        if self.groups[0].grain or len(self.groups) > 1:
            return ", ".join(str(place) for place in range(1, len(self.groups) + 1))
        return f"{len(self.groups) + 1} DESC NULLS LAST, 1"


def _joined(column: str) -> str:
    return re.sub(r"[\W]+", "_", column.casefold()).strip("_") or "value"


def _spoken(measure: Measure) -> str:
    return "number of rows" if measure.name == "count" else measure.name.replace("_", " ")
