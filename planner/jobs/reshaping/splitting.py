"""A table cut into several files: one for each value of a column, or of so many rows each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from memory.model.text import text
from memory.model.work.value import Column, FileInfo
from planner.draft import CannotPlan, Draft
from planner.jobs.making import Making, OtherWork
from planner.jobs.reshaping.parts import Parts, bases
from planner.jobs.reshaping.writing import ending_of, table_of, view
from planner.names import quoted, slug

MOST_FILES: Final = 24
"""More files than that are not made at once: each is a line of the plan."""
_CUT_OFF: Final = 60
"""Values that are longer are only known by their beginning."""
_SPANS: Final = ("year", "quarter", "month")
_LITERAL: Final = str.maketrans({"'": "''"})


@dataclass(frozen=True)
class Piece:
    """A file of its own: what its name ends with, and the rows that go there, in SQL."""

    name: str
    rows: str


def split(making: Making, found: Parts) -> Draft:
    """One file for each value, or for so many rows; asks by what, where that isn't said."""
    file = table_of(making, found)
    said = [base for word in found.words for base in bases(word)]
    span = next((span for span in _SPANS if span in said), "")
    if found.number is not None:
        return _drafted(making, file, found, _by_rows(file, found.number))
    if span or (found.columns and _is_date(found.columns[0])):
        return _drafted(making, file, found, _by_span(_dated(making, file, found), span or "month"))
    column = found.columns[0] if len(found.columns) == 1 else _chosen(making, file)
    pieces = _by_value(column)
    if not 1 < len(pieces) <= MOST_FILES:
        raise CannotPlan(
            "{column} of {path} has {n} different values, and I make 2 to {most} files at once. "
            "Name another column, for example {other}.",
            column=column.name, path=file.path, n=column.distinct or len(pieces), most=MOST_FILES,
            other=next((known.name for known in _fitting(file)), text("one with fewer values")),
        )  # fmt: skip
    return _drafted(making, file, found, pieces)


def _drafted(making: Making, file: FileInfo, found: Parts, pieces: Sequence[Piece]) -> Draft:
    stem = PurePosixPath(file.path.partition("#")[0]).with_suffix("")
    ending = ending_of(file, found)
    taken: set[str] = set()
    for piece in pieces:
        name = making.free(f"{stem}-{piece.name}{ending}")
        while name in taken:  # "A&B" and "A B" are one name
            name = f"{PurePosixPath(name).with_suffix('')}-x{ending}"
        taken.add(name)
        title = text("Export {source} to {path}", source=file.path, path=name)
        sql = f"SELECT * FROM {view(file)} {piece.rows}"  # noqa: S608 - quoted
        making.add("data.export", title, sources=[file.path], sql=sql, path=name)
    return making.drafted(text("{path} as {n} files", path=file.path, n=len(pieces)))


def _by_value(column: Column) -> list[Piece]:
    name = quoted(column.name)
    values = _values(column)
    pieces = [
        Piece(slug(value), f"WHERE CAST({name} AS VARCHAR) = '{value.translate(_LITERAL)}'")
        for value in values
    ]
    if values and column.nulls:
        pieces.append(Piece(f"no-{slug(column.name)}", f"WHERE {name} IS NULL"))
    return pieces


def _values(column: Column) -> tuple[str, ...]:
    """All values of the column; () where they aren't all known."""
    if column.type == "VARCHAR" and column.distinct == len(column.values):
        return () if any(len(value) >= _CUT_OFF for value in column.values) else column.values
    if column.type == "BOOLEAN":
        return ("true", "false")
    whole = column.least.lstrip("-").isdigit() and column.most.lstrip("-").isdigit()
    if whole and column.distinct == int(column.most) - int(column.least) + 1:
        return tuple(map(str, range(int(column.least), int(column.most) + 1)))[: MOST_FILES + 1]
    return ()


def _by_rows(file: FileInfo, size: int) -> list[Piece]:
    if file.rows is None or size < 1:
        raise OtherWork
    count = -(-file.rows // size)
    if not 1 < count <= MOST_FILES:
        raise CannotPlan(
            "{path} has {rows} rows: that would be {n} files, and I make 2 to {most} at once.",
            path=file.path, rows=file.rows, n=count, most=MOST_FILES,
        )  # fmt: skip
    return [Piece(str(at + 1), f"LIMIT {size} OFFSET {at * size}") for at in range(count)]


def _by_span(column: Column, span: str) -> list[Piece]:
    first, last = date.fromisoformat(column.least[:10]), date.fromisoformat(column.most[:10])
    name = quoted(column.name)
    pieces: list[Piece] = []
    for start, end, label in _spans(first, last, span):
        pieces.append(Piece(label, f"WHERE {name} >= '{start}' AND {name} < '{end}'"))
        if len(pieces) > MOST_FILES:
            raise CannotPlan(
                "{column} runs from {first} to {last}: that is more than {most} files. Say “per year”.",
                column=column.name, first=first, last=last, most=MOST_FILES,
            )  # fmt: skip
    if column.nulls:
        pieces.append(Piece(f"no-{slug(column.name)}", f"WHERE {name} IS NULL"))
    return pieces


def _spans(first: date, last: date, span: str) -> list[tuple[date, date, str]]:
    size = {"year": 12, "quarter": 3, "month": 1}[span]
    place = (first.year * 12 + first.month - 1) // size * size
    found = []
    while place <= last.year * 12 + last.month - 1:
        start = date(place // 12, place % 12 + 1, 1)
        label = {
            "year": f"{start.year}", "month": f"{start:%Y-%m}",
            "quarter": f"{start.year}-q{place % 12 // 3 + 1}",
        }[span]  # fmt: skip
        place += size
        found.append((start, date(place // 12, place % 12 + 1, 1), label))
    return found


def _dated(making: Making, file: FileInfo, found: Parts) -> Column:
    dates = [column for column in found.columns or file.columns if _is_date(column)]
    if not dates:
        raise CannotPlan("{path} has no column of dates to split it by.", path=file.path)
    names = [column.name for column in dates]
    if len(names) == 1:
        return dates[0]
    name = making.ask(f"date to split {file.path} by", text("By which date?"), names)
    return dates[names.index(name)]


def _chosen(making: Making, file: FileInfo) -> Column:
    fitting = _fitting(file)
    if not fitting:
        raise CannotPlan(
            "{path} has no column with few enough values to split it by.", path=file.path
        )
    names = [column.name for column in fitting]
    name = making.ask(f"column to split {file.path} by", text("One file for each value of which column?"), names)  # fmt: skip
    return fitting[names.index(name)]


def _fitting(file: FileInfo) -> list[Column]:
    """Columns of few values, those of the fewest first."""
    few = [column for column in file.columns if 1 < len(_by_value(column)) <= MOST_FILES]
    return sorted(few, key=lambda column: len(_by_value(column)))


def _is_date(column: Column) -> bool:
    return column.type.startswith(("DATE", "TIMESTAMP")) and bool(column.least)
