"""Sheets of a workbook (.xlsx, .xls, .ods) as tables with types."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from memory.model.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_calamine import CalamineWorkbook

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")
MARK = "#"
"""What parts the workbook from its sheet: budget.xlsx#Q2."""

UNPACKED_BYTES = 500_000_000
"""A workbook that unpacks to more than this is not opened."""

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta | None
_KINDS = (
    (bool, "BOOLEAN"), (int, "BIGINT"), (float, "DOUBLE"), (dt.datetime, "TIMESTAMP"),
    (dt.date, "DATE"), (dt.time, "TIME"), (str, "VARCHAR"),
)  # fmt: skip
"""What Python calls a cell and what DuckDB does; a bool is an int, so the order counts."""


def parted(path: str) -> tuple[str, str]:
    """The workbook's path and the sheet's name, "" where none is named."""
    for ending in ENDINGS:
        place = path.casefold().find(f"{ending}{MARK}")
        if place > 0:
            end = place + len(ending)
            return path[:end], path[end + 1 :].strip()
    return path, ""


def names(data: bytes, *, path: str) -> tuple[str, ...]:
    """The visible sheets that hold something, in their order. Raises BadInput for no workbook."""
    with _opened(data, path) as book:
        return tuple(name for name in _visible(book) if book.get_sheet_by_name(name).height)


def as_csv(data: bytes, *, path: str, sheet: str) -> tuple[bytes, dict[str, str]]:
    """The sheet's rows as CSV with a header, and each column's DuckDB type.

    Without a sheet's name the first that holds something. Raises BadInput for a workbook that
    can't be read, a sheet that isn't there, or one without rows.
    """
    with _opened(data, path) as book:
        rows = book.get_sheet_by_name(_named(book, sheet, path)).to_python()
    head, body = _table([[_cell(value) for value in row] for row in rows])
    if not head:
        raise BadInput("{path} is empty. Put rows into it and try again.", path=path)
    kinds = {name: _kind([row[place] for row in body]) for place, name in enumerate(head)}
    out = io.StringIO()
    writer = csv.writer(
        out, lineterminator="\n"
    )  # no cell is an empty text, so what is empty is none
    writer.writerow(head)
    writer.writerows(body)
    return out.getvalue().encode(), kinds


@contextmanager
def _opened(data: bytes, path: str) -> "Iterator[CalamineWorkbook]":
    import python_calamine as calamine  # noqa: PLC0415 - only workbooks need it

    _refuse_bomb(data, path)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            yield book
    except calamine.PasswordError as error:
        raise BadInput("{path} has a password. Save it without one.", path=path) from error
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError) as error:
        raise BadInput(
            "{path} isn't a workbook I can read. Open it and save it again as .xlsx or CSV.",
            path=path, detail=str(error),
        ) from error  # fmt: skip


def _refuse_bomb(data: bytes, path: str) -> None:
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile:
        return  # the reader says what is wrong with it
    if size > UNPACKED_BYTES:
        raise BadInput("{path} is too large to open. Save the sheet you need as CSV.", path=path)


def _visible(book: "CalamineWorkbook") -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - see _opened

    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
    ]


def _named(book: "CalamineWorkbook", sheet: str, path: str) -> str:
    known = _visible(book)
    if not sheet:
        filled = [name for name in known if book.get_sheet_by_name(name).height]
        return (filled or known or book.sheet_names)[0]
    for name in known:
        if name.casefold().strip() == sheet.casefold():
            return name
    raise BadInput(
        "{path} has no sheet {sheet}. It has {sheets}.",
        path=parted(path)[0], sheet=sheet, sheets=", ".join(known),
    )  # fmt: skip


def _cell(value: Cell) -> Cell:
    match value:
        case str():
            return value if value.strip() else None
        case float() if value.is_integer() and abs(value) < 2**53:
            return int(value)
        case dt.timedelta():
            return str(value)
        case _:
            return value


def _header(rows: Sequence[list[Cell]]) -> int | None:
    """The first row that is at least half as full as the fullest."""
    filled = [_filled(row) for row in rows]
    widest = max(filled, default=0)
    return next((n for n, count in enumerate(filled) if count * 2 >= widest and count), None)


def _filled(cells: Sequence[Cell]) -> int:
    return sum(cell is not None for cell in cells)


def _table(rows: Sequence[list[Cell]]) -> tuple[list[str], list[list[Cell]]]:
    """The header and the rows below it: titles above a table, and columns of nothing, go."""
    start = _header(rows)
    if start is None:
        return [], []
    body = [row for row in rows[start + 1 :] if _filled(row)]
    head = [_name(cell, place) for place, cell in enumerate(rows[start])]
    kept = [
        place for place in range(len(head)) if _filled([row[place] for row in (rows[start], *body)])
    ]
    return _unlike([head[place] for place in kept]), [_only(kept, row) for row in body]


def _only(kept: Sequence[int], row: Sequence[Cell]) -> list[Cell]:
    return [row[place] for place in kept]


def _name(cell: Cell, place: int) -> str:
    return f"column_{place + 1}" if cell is None else " ".join(str(cell).split())


def _unlike(head: Sequence[str]) -> list[str]:
    """The names, each once whatever its case, as DuckDB wants them."""
    seen: set[str] = set()
    found = []
    for name in head:
        free, number = name, 1
        while free.casefold() in seen:
            number += 1
            free = f"{name}_{number}"
        seen.add(free.casefold())
        found.append(free)
    return found


def _kind_of(cell: Cell) -> str:
    return next(kind for type_, kind in _KINDS if isinstance(cell, type_))


def _kind(cells: Sequence[Cell]) -> str:
    """The type that holds all of them; text where they are of several."""
    kinds = {_kind_of(cell) for cell in cells if cell is not None}
    for wide, narrow in (("DOUBLE", "BIGINT"), ("TIMESTAMP", "DATE")):
        if wide in kinds:
            kinds.discard(narrow)
    if "BIGINT" in kinds and any(type(c) is int and abs(c) >= 2**63 for c in cells):
        return "DOUBLE"
    return kinds.pop() if len(kinds) == 1 else "VARCHAR"
