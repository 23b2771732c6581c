"""What tasks gave back, as text a person can read in a chat."""

import json
from collections.abc import Sequence
from typing import assert_never

from pydantic import JsonValue

from bot.language.catalogue import Locale
from bot.render.words import SECTION_CHARS, clean, code, count, fit, passage, untrusted, width
from memory.model.work.value import (
    File,
    Json,
    Table,
    Text,
    Value,
)

ROWS_SHOWN = 12
COLUMNS_SHOWN = 8
CELL_COLUMNS = 28
FENCED_CHARS = SECTION_CHARS - 300


def value_text(_: Locale, value: Value) -> str:
    """The value as our Markdown, within one section; what is left out is said."""
    match value:
        case Text():
            return passage(value.text) or "(an empty text)"
        case Table():
            return table_text(_, value)
        case File():
            return f"{code(value.path)} ({size(value.size)})"
        case Json():
            body = json.dumps(value.value, ensure_ascii=False, indent=2, allow_nan=True)
            return fenced(body)
        case _:
            assert_never(value)


def table_text(_: Locale, table: Table) -> str:
    """The first rows under their names, aligned for a fixed-width font."""
    if not table.columns:
        return "(a table without columns)"
    columns = table.columns[:COLUMNS_SHOWN]
    rows = [row[: len(columns)] for row in table.rows[:ROWS_SHOWN]]
    cells = [[cell(_, value) for value in row] for row in rows]
    numeric = [_is_numeric([row[i] for row in rows if i < len(row)]) for i in range(len(columns))]
    heads = [_inert(name) for name in columns]
    lines = _aligned([heads, *cells], numeric)
    lines.insert(1, "─" * width(lines[0]))
    notes = []
    if table.total_rows > len(rows):
        notes.append(
            f"{count(_, table.total_rows, '{n} row', '{n} rows')} in all, the first {len(rows)} shown"
        )
    if len(table.columns) > len(columns):
        notes.append(f"{len(table.columns) - len(columns)} more columns")
    note = f"\n*{'; '.join(notes)}*" if notes else ""
    return fenced("\n".join(lines)) + note


def fenced(text: str) -> str:
    """The text in a fence it cannot close, cut to what a section holds."""
    body = clean(text).replace("```", "ˋˋˋ")
    if len(body) > FENCED_CHARS:
        body = body[:FENCED_CHARS].rpartition("\n")[0] + "\n…"
    return f"```\n{body}\n```"


def size(size_bytes: int) -> str:
    """`812 B`, `4 KB`, `1.2 MB`."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.0f} KB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def cell(_: Locale, value: JsonValue) -> str:
    """A table's value: numbers with thousands marks and no needless digits, None as –."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.2f}" if value != int_or(value) else f"{value:,.0f}"
        case str():
            return _inert(value)
        case _:
            return _inert(json.dumps(value, ensure_ascii=False))


def int_or(value: float) -> float:
    """The nearest whole number, or the value itself where there is none (NaN, infinity)."""
    return float(round(value)) if abs(value) < 1e15 else value


def _inert(text: str) -> str:
    return untrusted(text, 200)


def _is_numeric(values: Sequence[JsonValue]) -> bool:
    numbers = [
        isinstance(v, int | float) and not isinstance(v, bool) for v in values if v is not None
    ]
    return bool(numbers) and all(numbers)


def _aligned(rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> list[str]:
    columns = range(len(numeric))
    widths = [
        min(max((width(row[i]) for row in rows if i < len(row)), default=0), CELL_COLUMNS)
        for i in columns
    ]
    lines = []
    for row in rows:
        padded = [fit(row[i] if i < len(row) else "", widths[i]) for i in columns]
        turned = [
            " " * (widths[i] - width(text.rstrip())) + text.rstrip() if numeric[i] else text
            for i, text in enumerate(padded)
        ]
        lines.append("  ".join(turned).rstrip())
    longest = max(width(line) for line in lines)
    return [
        line + " " * (longest - width(line)) if n == 0 else line for n, line in enumerate(lines)
    ]
