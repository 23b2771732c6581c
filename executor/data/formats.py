"""Rows as the bytes of a file: CSV, TSV, JSON, JSONL or Excel, by the ending of its name."""

import csv
import datetime as dt
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from executor.data.select import plain
from memory.model.errors import BadInput
from memory.model.limits import EXPORT_BYTES, SENTENCES, SHEET_ROWS

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

PARQUET = ".parquet"
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s().,/-]*$)")
"""Where a spreadsheet takes a CSV's text for a formula; "-12" and "+49 30 1234" are none."""
_EXACT = 10**15
"""Excel's numbers have 15 digits: a longer id is kept as text."""


@dataclass(frozen=True)
class Encoded:
    """A file's bytes, how many rows are in it, and how many texts were kept from being formulas."""

    data: bytes
    rows: int
    guarded: int = 0


def encoded(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, path: str, title: str = ""
) -> Encoded:
    """The rows as the path's ending says. Raises BadInput for an ending there's no format for,
    and for more than a file may hold.
    """
    write = _WRITERS.get(PurePosixPath(path).suffix.casefold())
    if write is None:
        raise BadInput(
            "I can't write rows to {path}. End it in .csv, .tsv, .json, .jsonl, .xlsx or .parquet.",
            path=path,
        )
    return write(columns, rows, title)


def guarded_csv(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str = ","
) -> Encoded:
    """CSV in which no text is run as a formula: an apostrophe goes before it (OWASP)."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    guard = _Guard()
    writer.writerow([guard(name) for name in columns])
    count = 0
    for row in rows:
        writer.writerow([guard(_word(cell)) for cell in row])
        count += 1
        _refuse_large(out.tell())
    return Encoded(out.getvalue().encode(), count, guard.count)


class _Guard:
    """Puts an apostrophe before what a spreadsheet would run, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, cell: object) -> object:
        if isinstance(cell, str) and _FORMULA.match(cell):
            self.count += 1
            return f"'{cell}"
        return cell


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]], _: str) -> Encoded:
    return guarded_csv(columns, rows)


def _tsv(columns: Sequence[str], rows: Iterable[Sequence[object]], _: str) -> Encoded:
    return guarded_csv(columns, rows, delimiter="\t")


def _word(cell: object) -> object:
    """A cell as CSV has it: JSON's true and false, days as ISO 8601, nested values as JSON."""
    value = plain(cell)
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return value


def _json(columns: Sequence[str], rows: Iterable[Sequence[object]], _: str) -> Encoded:
    lines = _records(columns, rows)
    body = ",\n".join(f"  {line}" for line in lines)
    return Encoded((f"[\n{body}\n]\n" if lines else "[]\n").encode(), len(lines))


def _jsonl(columns: Sequence[str], rows: Iterable[Sequence[object]], _: str) -> Encoded:
    lines = _records(columns, rows)
    return Encoded("".join(f"{line}\n" for line in lines).encode(), len(lines))


def _records(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines, size = [], 0
    for row in rows:
        record = {name: plain(cell) for name, cell in zip(columns, row, strict=True)}
        lines.append(json.dumps(record, ensure_ascii=False, allow_nan=False))
        size += len(lines[-1])
        _refuse_large(size)
    return lines


def _xlsx(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str) -> Encoded:
    """One sheet with real numbers and dates. Its texts are texts: none is run as a formula."""
    import xlsxwriter  # noqa: PLC0415 - only workbooks need it

    out, count = io.BytesIO(), 0
    with xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": False}) as book:
        book.set_properties(
            {"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)}
        )  # same rows, same bytes
        sheet = book.add_worksheet(_sheet_name(title))
        sheet.freeze_panes(1, 0)
        bold, styles = book.add_format({"bold": True}), _styles(book)
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name, bold)
            sheet.set_column(place, place, min(max(len(name) + 2, 10), 40))
        for row in rows:
            count += 1
            if count > SHEET_ROWS:
                raise BadInput(SENTENCES["sheet_rows"])
            for place, cell in enumerate(row):
                _put(sheet, count, place, cell, styles)
    _refuse_large(out.tell())
    return Encoded(out.getvalue(), count)


def _styles(book: "Workbook") -> Mapping[type, object]:
    return {
        dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
        dt.time: book.add_format({"num_format": "hh:mm:ss"}),
    }


def _put(
    sheet: "Worksheet", row: int, column: int, cell: object, styles: Mapping[type, object]
) -> None:
    match cell:
        case None:
            pass
        case bool():
            sheet.write_boolean(row, column, cell)
        case float() if not math.isfinite(cell):
            pass
        case int() | float() | Decimal() if -_EXACT < cell < _EXACT:
            sheet.write_number(row, column, float(cell))
        case dt.datetime() | dt.date() | dt.time() if _in_calendar(cell):
            naive = cell if type(cell) is dt.date else cell.replace(tzinfo=None)  # type: ignore[call-arg]  # a date has no zone
            sheet.write_datetime(row, column, naive, styles[type(cell)])
        case _:
            sheet.write_string(row, column, str(_word(cell)))


def _in_calendar(cell: dt.date | dt.time) -> bool:
    """Excel's days begin in 1900."""
    return isinstance(cell, dt.time) or cell.year >= 1900


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:31] or "Sheet1"


def _refuse_large(size: int) -> None:
    if size > EXPORT_BYTES:
        raise BadInput(SENTENCES["export_bytes"])


_WRITERS: Mapping[str, Callable[[Sequence[str], Iterable[Sequence[object]], str], Encoded]] = {
    ".csv": _csv,
    ".tsv": _tsv,
    ".json": _json,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".xlsx": _xlsx,
}
ENDINGS = (*_WRITERS, PARQUET)
"""The endings of files that rows can be written to."""
