"""Whether a condition of a task holds: checked by code on stored values, never by a model. Pure."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from pydantic import JsonValue

from memory.model.errors import BadInput
from memory.model.work.graph import Condition, Op
from memory.model.work.value import File, Json, Table, Text, Value

SHOWN_CHARS = 60
_DATE = re.compile(r"^\d{4}-\d\d(-\d\d([T ][\d:.+Z-]+)?)?$")

WORDS: Mapping[Op, tuple[str, str]] = {
    "eq": ("is", "is not"),
    "ne": ("is not", "is"),
    "lt": ("is below", "is not below"),
    "le": ("is at most", "is above"),
    "gt": ("is above", "is not above"),
    "ge": ("is at least", "is below"),
    "contains": ("contains", "does not contain"),
    "empty": ("is empty", "is not empty"),
    "not_empty": ("is not empty", "is empty"),
}
"""How each comparison reads where it holds, and where it doesn't."""


@dataclass(frozen=True)
class Verdict:
    """Whether it holds, and why: "revenue 90 is not above 100"."""

    why: str
    holds: bool


def check(condition: Condition, value: Value) -> Verdict:
    """Look at the value. In a column with several rows, one that fits is enough.

    Raises BadInput where that's impossible: no such field, or a word where a number is wanted.
    What is missing (no row, null) is empty, and neither above nor below anything.
    """
    name = condition.path or "the result"
    if condition.op in {"empty", "not_empty"}:
        holds = _nothing(condition.path, value) == (condition.op == "empty")
        return Verdict(_phrase(condition.op, 0 if holds else 1, name), holds=holds)
    values = _found(condition.path, value)
    for candidate in values:
        if _holds(condition, candidate, name):
            return Verdict(_why(name, candidate, condition, 0), holds=True)
    return Verdict(_why(name, values[0] if values else None, condition, 1), holds=False)


def _found(path: str, value: Value) -> Sequence[JsonValue]:
    match value:
        case Table():
            return _in_table(path, value)
        case Text(text=text):
            if path not in {"", "text"}:
                raise BadInput("There's no {path} in a text.", path=path)
            return [text.strip()]
        case Json(value=inner):
            return [_in_json(path, inner)]
        case File():
            return [_in_file(path, value)]
        case _:
            assert_never(value)


def _in_table(path: str, table: Table) -> Sequence[JsonValue]:
    columns = {name.casefold(): place for place, name in enumerate(table.columns)}
    place = columns.get(path.casefold())
    if place is None and path in {"rows", "total_rows"}:
        return [table.total_rows]
    if place is None and path == "":
        if len(table.columns) != 1 and table.rows:
            raise BadInput(
                "The table has several columns, and the condition doesn't say which one."
            )
        place = 0
    if place is None:
        raise BadInput(
            "There's no column {path}. Available: {columns}.",
            path=path,
            columns=", ".join(table.columns)[:200],
        )
    return [row[place] for row in table.rows]


def _in_json(path: str, value: JsonValue) -> JsonValue:
    if path in {"rows", "total_rows"} and isinstance(value, list):
        return len(value)
    for part in path.split(".") if path and path != "text" else ():
        try:
            value = _inside(value, part)
        except LookupError:
            raise BadInput("There's no {path} in the result.", path=path) from None
    return value


def _inside(value: JsonValue, part: str) -> JsonValue:
    match value:
        case dict():
            return value[part]
        case list() if part.isdigit():
            return value[int(part)]
        case _:
            raise LookupError(part)


def _in_file(path: str, file: File) -> JsonValue:
    if path in {"", "size"}:
        return file.size
    if path == "path":
        return file.path
    if path == "title":
        return file.title
    raise BadInput("A file has a size, a path and a title, but no {path}.", path=path)


def _nothing(path: str, value: Value) -> bool:
    if isinstance(value, Table) and path in {"", "rows", "total_rows"}:
        return value.total_rows == 0
    if isinstance(value, Json) and path == "rows" and isinstance(value.value, list):
        return not value.value
    return all(item in (None, "", [], {}) for item in _found(path, value))


def _holds(condition: Condition, value: JsonValue, name: str) -> bool:
    wanted = condition.value
    match condition.op:
        case "eq":
            return _same(value, wanted)
        case "ne":
            return not _same(value, wanted)
        case "contains":
            return _contains(value, wanted)
        case "lt" | "le" | "gt" | "ge":
            if value is None or value == "":
                return False
            return _COMPARED[condition.op](_way(value, wanted, name))
        case "empty" | "not_empty":
            raise AssertionError("checked without a value")
        case _:
            assert_never(condition.op)


_COMPARED: Mapping[str, Callable[[int], bool]] = {
    "lt": lambda way: way < 0,
    "le": lambda way: way <= 0,
    "gt": lambda way: way > 0,
    "ge": lambda way: way >= 0,
}


def _same(value: JsonValue, wanted: JsonValue) -> bool:
    figure, other = _figure(value), _figure(wanted)
    if figure is not None and other is not None:
        return figure == other
    if isinstance(value, str) and isinstance(wanted, str):
        return value.strip().casefold() == wanted.strip().casefold()
    return value == wanted


def _contains(value: JsonValue, wanted: JsonValue) -> bool:
    if isinstance(value, list):
        return any(_same(item, wanted) for item in value)
    if value is None or wanted in (None, ""):
        return False
    # Whole words: nobody who waits for a "yes" means "yesterday".
    word = rf"(?<!\w){re.escape(str(wanted).casefold())}(?!\w)"
    return re.search(word, str(value).casefold()) is not None


def _way(value: JsonValue, wanted: JsonValue, name: str) -> int:
    """Below 0 where it is less than the wanted value, above 0 where it is more."""
    figure, other = _figure(value), _figure(wanted)
    if figure is not None and other is not None:
        return (figure > other) - (figure < other)
    if _dated(value) and _dated(wanted):
        return (str(value) > str(wanted)) - (str(value) < str(wanted))
    raise BadInput(
        "{name} is “{value}”, which can't be compared with {wanted}.",
        name=name[:1].upper() + name[1:],
        value=_short(value),
        wanted=_short(wanted),
    )


def _figure(value: JsonValue) -> float | None:
    """A number, also as people and databases write it: "1,234.50", "$12", "12 %"."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    if not isinstance(value, str):
        return None
    plain = re.sub(r"^[$€£]\s?|\s?[%€]$", "", value.strip()).replace(",", "")
    if not re.fullmatch(r"[-+]?\d+(\.\d+)?([eE][-+]?\d{1,3})?", plain):
        return None
    return float(plain)


def _dated(value: JsonValue) -> bool:
    return isinstance(value, str) and bool(_DATE.match(value))


def _why(name: str, value: JsonValue, condition: Condition, side: int) -> str:
    subject = name if value is None else f"{name} {_short(value)}"
    return f"{_phrase(condition.op, side, subject)} {_short(condition.value)}"


def _phrase(op: Op, side: int, subject: str) -> str:
    """The comparison in words, for where it holds (side 0) or doesn't (1)."""
    return f"{subject} {WORDS[op][side]}"


def _short(value: JsonValue) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = str(value)
    return text if len(text) <= SHOWN_CHARS else f"{text[: SHOWN_CHARS - 1]}…"
