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
        words = {"SUM": "total", "AVG": "average"}
        word = words.get(self.function, self.function.lower())
        return f"{word}_{_joined(self.column)}"

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

    def sql(self) -> str:
        """The expression."""
        return f"{identifier(self.by)} {'DESC' if self.descending else 'ASC'} NULLS LAST"


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
        grouped = [group.sql() for group in self.groups if self.measures]
        clauses = {
            "SELECT DISTINCT" if self.distinct else "SELECT": self._selected(),
            "FROM": self.joined or identifier(table_name(self.source)),
            "WHERE": " AND ".join(self.filters),
            "GROUP BY": ", ".join(grouped),
            "HAVING": " AND ".join(self.having),
            "ORDER BY": self._ordered(),
            "LIMIT": "" if self.limit is None else str(self.limit),
        }
        return "\n".join(f"{word} {rest}" for word, rest in clauses.items() if rest)

    def results(self) -> list[tuple[str, str]]:
        """The result's figures and groups: the name of each, and the column it is made of."""
        parts: tuple[Measure | Group, ...] = (*self.measures, *self.groups)
        return [(part.name, part.column) for part in parts]

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

    @property
    def narrows(self) -> bool:
        """Whether it only says which rows are meant, or how many, and has nothing to work out."""
        asks = self.measures or self.columns or self.groups
        return not asks and self != Query(source=self.source)

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
        parts += [f"{measure.sql()} AS {identifier(measure.name)}" for measure in self.measures]
        parts += [identifier(column) for column in self.columns if not self.measures]
        return ", ".join(parts) or "*"

    def _ordered(self) -> str:
        grouped = bool(self.groups and self.measures)
        if self.order is not None:
            return f"{self.order.sql()}, 1" if grouped else self.order.sql()
        if not grouped:
            return "1" if self.distinct and self.columns else ""
        several = self.groups[0].grain or len(self.groups) > 1
        places = ", ".join(str(place + 1) for place in range(len(self.groups)))
        return places if several else "2 DESC NULLS LAST, 1"


def _joined(column: str) -> str:
    return re.sub(r"[\W]+", "_", column.casefold()).strip("_") or "value"


def _spoken(measure: Measure) -> str:
    return "number of rows" if measure.name == "count" else measure.name.replace("_", " ")
