"""data.profile and data.describe: what is in a table, as a table and in sentences."""

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import JsonValue

from executor.data import arguments
from executor.data.profile import ColumnProfile, Profile, profiled, row_words
from executor.data.select import explained
from executor.data.sources import READABLE, opened
from executor.data.specs import control, tool
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.agents.spec import AgentSpec
from memory.model.errors import BadInput
from memory.model.text import text
from memory.model.work.value import Label, Table, Text, Value

if TYPE_CHECKING:
    import duckdb

_SOURCES = control("sources", "The file to look at", "list", endings=READABLE, sample=["sales.csv"])
PROFILE = tool(
    "data.profile",
    "Profiles a table: one row per column with its type, missing and distinct values, lowest, "
    "highest, mean and most frequent values.",
    _SOURCES,
    output="table",
    words=("profile", "columns", "overview"),
    usual_s=(0.1, 5),
)
DESCRIBE = tool(
    "data.describe",
    "Says in sentences what is in a table: rows, dates covered, missing values, duplicate rows, "
    "ranges, frequent values and outliers.",
    _SOURCES,
    control(
        "focus",
        "What to look at",
        "text",
        required=False,
        default="all",
        choices=("all", "missing", "duplicates", "outliers"),
    ),
    output="text",
    words=("describe", "analysis", "quality", "duplicates", "outliers"),
    usual_s=(0.1, 5),
)
COLUMNS = ("column", "type", "missing", "distinct", "lowest", "highest", "mean", "most frequent")
LISTED = 8


class DataProfile:
    """Looks at one file and changes nothing."""

    def __init__(self, spec: AgentSpec = PROFILE) -> None:
        self.spec = spec

    async def run(self, call: Call) -> Reply:
        """The profile; cancelling interrupts the queries."""
        work = _Work(call, tabular=self.spec.output == "table")
        return Reply(value=await in_thread(work.run, timeout_s=call.timeout_s, stop=work.stop))


class _Work:
    def __init__(self, call: Call, *, tabular: bool) -> None:
        self._call = call
        self._tabular = tabular
        self._sources = arguments.words(call, "sources")
        self._stopped = threading.Event()
        self._connection: duckdb.DuckDBPyConnection | None = None
        if not self._sources:
            raise BadInput("{title}: {name} is missing.", title=call.task.title, name="sources")

    def stop(self) -> None:
        self._stopped.set()
        if self._connection is not None:
            self._connection.interrupt()

    def run(self) -> Value:
        path = self._sources[0]
        with opened(self._call.files, [path]) as (connection, sources):
            self._connection = connection
            try:
                with explained(connection, sources):
                    if self._stopped.is_set():
                        raise BadInput("The query was stopped.")
                    profile = profiled(connection, sources[0].view)
            finally:
                self._connection = None
        if self._tabular:
            return _table(profile)
        focus = arguments.word(self._call, "focus", "all")
        return Text(text=_described(profile, path, focus), label=Label.UNTRUSTED)


def _table(profile: Profile) -> Table:
    rows = tuple(_row(column) for column in profile.columns)
    return Table(columns=COLUMNS, rows=rows, total_rows=profile.width)


def _row(column: ColumnProfile) -> tuple[JsonValue, ...]:
    ends = [str(end) if column.label else end for end in (column.low, column.high)]
    mean = float(f"{column.amounts.mean:.6g}") if column.amounts else None
    return (
        column.name, column.type, column.missing, column.distinct, *ends, mean,
        _top(column) or None,
    )  # fmt: skip


def _described(profile: Profile, path: str, focus: str) -> str:
    head = text("{path} has {rows:,} rows and {columns} columns", path=path, rows=profile.rows,
                columns=profile.width)  # fmt: skip
    days = [column for column in profile.columns if column.dated and column.low]
    spans = [
        text("{column} runs from {low} to {high}", column=column.name, low=column.low,
             high=column.high)
        for column in days[:2]
    ]  # fmt: skip
    lines = ["; ".join([head, *spans]) + "."]
    parts = [_PARTS[focus]] if focus in _PARTS else _PARTS.values()
    lines += [line for part in parts for line in part(profile)]
    return "\n\n".join(lines)


def _missing(profile: Profile) -> Iterator[str]:
    gaps = sorted(
        (column for column in profile.columns if column.missing), key=lambda c: -c.missing
    )
    if not gaps:
        yield text("No values are missing.")
        return
    found = [
        text("{column} {n:,} of {rows:,} ({share:.1f} %)", column=column.name, n=column.missing,
             rows=profile.rows, share=100 * column.missing / profile.rows)
        for column in gaps[:LISTED]
    ]  # fmt: skip
    yield text("Missing values: {columns}.", columns=_listed(found, len(gaps)))


def _duplicates(profile: Profile) -> Iterator[str]:
    keys = [
        f"{column.name} " + ", ".join(f"{value} ({times}×)" for value, times in column.top)
        for column in profile.columns
        if column.label and column.top and column.distinct * 5 >= 4 * profile.rows
    ]
    if keys:
        yield text("Numbers that should be unique and aren't: {columns}.", columns="; ".join(keys))
    if not profile.copies:
        yield text("No row comes twice.")
        return
    examples = "\n".join(f"- {row_words(row)} ({times}×)" for row, times in profile.copied)
    told = text("Rows that are exact copies of other rows: {n:,}", n=profile.copies)
    yield f"{told}\n{examples}"


def _numbers(profile: Profile) -> Iterator[str]:
    found = [
        text("{column} {low} to {high}, mean {mean}, median {median}", column=column.name,
             low=column.shown(column.low), high=column.shown(column.high),
             mean=column.shown(column.amounts.mean), median=column.shown(column.amounts.median))
        for column in profile.columns
        if column.amounts
    ]  # fmt: skip
    if found:
        yield text("Numbers: {columns}.", columns=_listed(found[:LISTED], len(found), "; "))


def _frequent(profile: Profile) -> Iterator[str]:
    found = [
        f"{column.name} {_top(column)}"
        for column in profile.columns
        if column.top and not column.label and not column.measured and not column.dated
    ]
    if found:
        yield text("Most frequent: {columns}.", columns=_listed(found[:LISTED], len(found), "; "))


def _outliers(profile: Profile) -> Iterator[str]:
    found = [
        text("{column} {n:,} (below {low} or above {high})", column=column.name,
             n=column.amounts.outliers, low=column.shown(column.amounts.fences[0]),
             high=column.shown(column.amounts.fences[1]))
        for column in profile.columns
        if column.amounts and column.amounts.outliers
    ]  # fmt: skip
    if found:
        outliers = _listed(found[:LISTED], len(found), "; ")
        yield text("Outliers, by 1.5 times the interquartile range: {columns}.", columns=outliers)
    elif any(column.measured for column in profile.columns):
        yield text("No outliers, by 1.5 times the interquartile range.")
    else:
        yield text("There's no column of amounts to look for outliers in.")


def _top(column: ColumnProfile) -> str:
    return ", ".join(f"{column.shown(value)} ({times:,})" for value, times in column.top)


def _listed(found: list[str], count: int, glue: str = ", ") -> str:
    more = [text("and {n} more", n=count - len(found))] if count > len(found) else []
    return glue.join([*found, *more])


_PARTS: Mapping[str, Callable[[Profile], Iterator[str]]] = {
    "missing": _missing,
    "duplicates": _duplicates,
    "numbers": _numbers,
    "frequent": _frequent,
    "outliers": _outliers,
}
