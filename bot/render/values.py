"""What tasks gave back, as text a person can read in a chat."""

import json
from collections.abc import Sequence
from typing import assert_never

from pydantic import JsonValue

from bot.chat import Grid
from bot.language.catalogue import Locale
from bot.language.words import (
    SECTION_CHARS,
    clean,
    code,
    count,
    fit,
    passage,
    untrusted,
    width,
)
from memory.model.work.naming import is_naming
from memory.model.work.value import File, Json, Table, Text, Value

ROWS_SHOWN = 12
COLUMNS_SHOWN = 8
CELL_COLUMNS = 28
NOTE_CHARS = 300
FENCED_CHARS = SECTION_CHARS - 300


def value_text(_: Locale, value: Value) -> str:
    """The value as our Markdown, within one section; what is left out is said."""
    match value:
        case Text():
            return passage(value.text) or _("(an empty text)")
        case Table():
            return _table(_, value)
        case File():
            return f"{code(value.path)} ({_size(value.size)})"
        case Json():
            return _fenced(json.dumps(value.value, ensure_ascii=False, indent=2, allow_nan=True))
        case _:
            assert_never(value)


def _table(_: Locale, table: Table) -> str:
    """The first rows under their names, aligned for a fixed-width font."""
    if not table.columns:
        return _("(a table without columns)")
    columns = [_column(_, name, values) for name, values in _shown(table)]
    head, *body = ("  ".join(cells) for cells in zip(*columns, strict=True))
    drawn = _fenced("\n".join(line.rstrip() for line in (head, "─" * width(head), *body)))
    return "\n".join([drawn, *_notes(_, table)])


def grid(_: Locale, lead: str, table: Table) -> Grid | None:
    """The same cell by cell; None for a table without any."""
    shown = _shown(table)
    if not shown or not shown[0][1]:
        return None
    cells = [_cells(_, name, values) for name, values in shown]
    return Grid(
        lead=lead,
        columns=tuple(column[0] for column in cells),
        rows=tuple(zip(*(column[1:] for column in cells), strict=True)),
        numbers=tuple(_is_numeric(values) for _name, values in shown),
        notes="\n".join(_notes(_, table)),
    )


def _shown(table: Table) -> list[tuple[str, list[JsonValue]]]:
    """The first columns by name, each with its first values."""
    rows = table.rows[:ROWS_SHOWN]
    return [
        (name, [row[index] if index < len(row) else None for row in rows])
        for index, name in enumerate(table.columns[:COLUMNS_SHOWN])
    ]


def _notes(_: Locale, table: Table) -> list[str]:
    """What was left out, and what the figures are."""
    rows, columns = min(len(table.rows), ROWS_SHOWN), min(len(table.columns), COLUMNS_SHOWN)
    notes = _left_out(_, table.total_rows, rows, len(table.columns) - columns)
    said = ["; ".join(notes)] if notes else []
    return [f"*{line}*" for line in (*said, *map(_note, table.notes))]


def _note(words: str) -> str:
    """A sentence on what the figures are or leave out."""
    return untrusted(words, NOTE_CHARS)


def _left_out(_: Locale, total: int, rows: int, columns: int) -> list[str]:
    notes = []
    if total > rows:
        pattern = _.ngettext(
            "{total} row in total, showing the first {shown}",
            "{total} rows in total, showing the first {shown}",
            total,
        )
        notes.append(pattern.format(total=f"{total:,}", shown=rows))
    if columns:
        notes.append(count(_, columns, "{n} more column", "{n} more columns"))
    return notes


def _column(_: Locale, name: str, values: Sequence[JsonValue]) -> list[str]:
    """The name and the cells, all of one width; numbers stand at the right."""
    cells = _cells(_, name, values)
    columns = min(max(map(width, cells)), CELL_COLUMNS)
    filled = [fit(cell, columns) for cell in cells]
    return [_to_the_right(cell) for cell in filled] if _is_numeric(values) else filled


def _cells(_: Locale, name: str, values: Sequence[JsonValue]) -> list[str]:
    marked = not is_naming(name)
    return [untrusted(name, 200), *(_cell(_, value, marked=marked) for value in values)]


def _to_the_right(cell: str) -> str:
    text = cell.rstrip()
    return " " * (len(cell) - len(text)) + text


def _fenced(text: str) -> str:
    """The text in a fence it cannot close, cut to what a section holds."""
    body = clean(text).replace("```", "ˋˋˋ")
    if len(body) > FENCED_CHARS:
        body = body[:FENCED_CHARS].rpartition("\n")[0] + "\n…"
    return f"```\n{body}\n```"


def _size(size_bytes: int) -> str:
    """`812 B`, `4 KB`, `1.2 MB`."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.0f} KB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def _cell(_: Locale, value: JsonValue, *, marked: bool) -> str:
    """Numbers with thousands marks unless they name things, no needless digits, None as –."""
    match value:
        case None:
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case int() | float():
            return _figure(value, "," if marked else "")
        case str():
            return untrusted(value, 200)
        case _:
            return untrusted(json.dumps(value, ensure_ascii=False), 200)


def _figure(value: float, mark: str) -> str:
    if isinstance(value, int):
        return f"{value:{mark}}"
    whole = abs(value) < 1e15 and value == round(value)
    return f"{value:{mark}.0f}" if whole else f"{value:{mark}.2f}"


def _is_numeric(values: Sequence[JsonValue]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(type(value) in {int, float} for value in known)
