"""The right numbers, from SQL of our own over the same files, and whether a result has them."""

import csv
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb

from memory.model.work.run import RunView
from memory.model.work.value import Table, Text

Cell = object
Row = tuple[Cell, ...]
ABSOLUTE, RELATIVE = 0.0051, 0.03
"""Results are rounded to two places; a share of a few per cent must still be told from another."""

NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")
_PART = re.compile(r"(\d{4})-(Q[1-4]|[01]\d)", re.IGNORECASE)
NOTHING = {
    "",
    "none",
    "null",
    "nan",
    "(none)",
    "unknown",
    "(empty)",
    "–",
    "-",
    "no value",
    "(no value)",
    "(no match)",
}


def database_of(folder: Path) -> duckdb.DuckDBPyConnection:
    """A database with each CSV file of the folder as a table of its name."""
    database = duckdb.connect()
    for path in sorted(folder.glob("*.csv")):
        database.execute(f"CREATE TABLE \"{path.stem}\" AS SELECT * FROM read_csv('{path}')")
    return database


def gives_any(golds: Iterable[Sequence[Row]], found: Iterable[Table]) -> bool:
    """Whether some table has just the rows of some right answer that isn't empty."""
    tables = list(found)
    return any(has_rows(gold, table) for gold in golds for table in tables if gold)


class Truth:
    """The files as they were before anybody touched them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._db = duckdb.connect()
        for path in sorted(folder.glob("*.csv")):
            self._db.execute(
                f"CREATE TABLE {path.stem} AS SELECT * FROM read_csv('{path}', nullstr='')"
                if path.stem != "ausgaben"
                else f"""CREATE TABLE ausgaben AS SELECT Kategorie, "Bezahlt von",
                strptime(Datum, '%d.%m.%Y')::DATE AS Datum,
                replace(replace(Betrag, '.', ''), ',', '.')::DOUBLE AS Betrag
                FROM read_csv('{path}', delim=';', all_varchar=true)"""
            )

    def rows(self, sql: str) -> list[Row]:
        """What the query gives."""
        return self._db.execute(sql).fetchall()


def tables(run: RunView) -> Iterator[Table]:
    """Every table of the run, the last first."""
    for task in reversed(run.tasks):
        for view in (task, *task.items):
            if isinstance(view.value, Table):
                yield view.value


def saved_table(path: Path) -> Table | None:
    """The CSV file as a table, None for any other file."""
    if path.suffix != ".csv":
        return None
    with path.open(newline="", encoding="utf-8") as file:
        head, *rows = list(csv.reader(file))
    return Table(columns=tuple(head), rows=tuple(map(tuple, rows)), total_rows=len(rows))


def texts(run: RunView) -> str:
    """Every text of the run."""
    return "\n".join(task.value.text for task in run.tasks if isinstance(task.value, Text))


def has_rows(gold: Sequence[Row], found: Table) -> bool:
    """Whether the table has these rows and no others; rows without a label may miss or be there."""
    firm = [row for row in gold if not _blank(row[0])]
    shown = [row for row in found.rows if not all(_blank(cell) for cell in row)]
    labelled = [row for row in shown if len(gold) == 1 or not any(_blank(cell) for cell in row)]
    spare = len(gold) - len(firm)
    if not len(firm) <= found.total_rows <= max(len(gold), len(firm) + 1 + spare):
        return False
    if not all(any(_covers(row, want) for want in gold) for row in labelled):
        return False
    cut = found.total_rows > len(found.rows)
    return cut or all(any(_covers(row, want) for row in shown) for want in firm)


def has_numbers(gold: Sequence[Row], text: str) -> bool:
    """Whether every cell of these rows is in the text."""
    numbers = numbers_of(text)
    low = text.casefold()
    return all(
        any(_close(float(cell), number) for number in numbers)
        if isinstance(cell, int | float)
        else _blank(cell) or any(name in low for name in _names(cell))
        for row in gold
        for cell in row
    )


def numbers_of(text: str) -> list[float]:
    """The numbers in it, with English separators."""
    return [float(found.replace(",", "")) for found in NUMBER.findall(text)]


def _covers(row: Sequence[Cell], want: Row) -> bool:
    """Whether each wanted cell has a cell of its own in the row."""
    left = list(row)
    for cell in want:
        place = next((at for at, given in enumerate(left) if _same(given, cell)), None)
        if place is None:
            return False
        left.pop(place)
    return True


def _same(given: Cell, want: Cell) -> bool:
    if _blank(want):
        return _blank(given)
    part = _PART.fullmatch(str(given))
    if part and str(want).casefold() in {part[2].casefold(), part[2].lstrip("Qq0")}:
        return True  # "Q2" or 2 of 2026-Q2: rows and figures are compared as well
    if isinstance(want, int | float) and not isinstance(want, bool):
        number = _number(given)
        return number is not None and _close(float(want), number)
    return str(given).strip().casefold() in _names(want)


def _names(cell: Cell) -> set[str]:
    """The ways in which a label is written."""
    if isinstance(cell, datetime):
        return {f"{cell:%Y-%m-%d %H:%M}", f"{cell:%Y-%m-%dT%H:%M:%S}", f"{cell:%Y-%m-%d %H:%M:%S}"}
    if isinstance(cell, date):
        days = {f"{cell:%Y-%m-%d}", f"{cell:%Y-%m-%dT00:00:00}", f"{cell:%Y-%m-%d 00:00:00}"}
        months = {f"{cell:%Y-%m}", f"{cell:%B %Y}", f"{cell:%b %Y}"} if cell.day == 1 else set()
        quarter = (
            {f"{cell.year}-Q{cell.month // 3 + 1}"} if months and cell.month % 3 == 1 else set()
        )
        return {name.casefold() for name in days | months | quarter}
    return {str(cell).strip().casefold()}


def _number(cell: Cell) -> float | None:
    if isinstance(cell, int | float):
        return float(cell)
    try:
        return float(str(cell).replace(",", "").rstrip("% "))
    except ValueError:
        return None


def _close(want: float, number: float) -> bool:
    apart = abs(want - number)
    if math.isclose(want, number, rel_tol=1e-6) or (want == 0 and apart < ABSOLUTE):
        return True
    return not want.is_integer() and apart <= ABSOLUTE and apart <= RELATIVE * abs(want)


def _blank(cell: Cell) -> bool:
    return cell is None or str(cell).strip().casefold() in NOTHING
