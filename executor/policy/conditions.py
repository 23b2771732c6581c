"""Whether what a task is done for holds: told by code from stored values, never by a model. Pure."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from pydantic import JsonValue

from memory.model.errors import BadInput
from memory.model.work.graph import Condition, Op
from memory.model.work.value import (
    File,
    Json,
    Table,
    Text,
    Value,
)

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
"""How each comparison is said where it holds, and where it does not."""


@dataclass(frozen=True)
class Told:
    """Whether it holds, and why: "revenue 90 is not above 100"."""

    why: str
    holds: bool


def tell(condition: Condition, value: Value) -> Told:
    """Look at the value. Of a column with several rows, one for which it holds is enough.

    Raises BadInput, in a sentence, where it cannot be told: no such field, or a word where a
    number is wanted. What is missing (no row, null) is empty and neither above nor below.
    """
    name = condition.path or "the result"
    if condition.op in {"empty", "not_empty"}:
        holds = _nothing(condition.path, value) == (condition.op == "empty")
        return Told(f"{name} {WORDS[condition.op][0 if holds else 1]}", holds=holds)
    found = _found(condition.path, value)
    held = next((one for one in found if _holds(condition, one, name)), None)
    if held is not None:
        return Told(_said(name, held, condition, 0), holds=True)
    return Told(_said(name, found[0] if found else None, condition, 1), holds=False)


def _found(path: str, value: Value) -> Sequence[JsonValue]:
    match value:
        case Table():
            return _in_table(path, value)
        case Text(text=text):
            if path not in {"", "text"}:
                raise BadInput("There is no {path} in a text.", path=path)
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
            raise BadInput("The table has several columns; the condition does not say which.")
        place = 0
    if place is None:
        raise BadInput(
            "There is no column {path}; there is {columns}.",
            path=path,
            columns=", ".join(table.columns)[:200],
        )
    return [row[place] for row in table.rows]


def _in_json(path: str, value: JsonValue) -> JsonValue:
    if path in {"rows", "total_rows"} and isinstance(value, list):
        return len(value)
    for part in path.split(".") if path and path != "text" else ():
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise BadInput("There is no {path} in the result.", path=path)
    return value


def _in_file(path: str, file: File) -> JsonValue:
    if path in {"", "size"}:
        return file.size
    if path in {"path", "title"}:
        return file.path if path == "path" else file.title
    raise BadInput("A file has a size, a path and a title, but no {path}.", path=path)


def _nothing(path: str, value: Value) -> bool:
    if isinstance(value, Table) and path in {"", "rows", "total_rows"}:
        return value.total_rows == 0
    if isinstance(value, Json) and path == "rows" and isinstance(value.value, list):
        return not value.value
    return all(one in (None, "", [], {}) for one in _found(path, value))


def _holds(condition: Condition, found: JsonValue, name: str) -> bool:
    wanted = condition.value
    match condition.op:
        case "eq":
            return _same(found, wanted)
        case "ne":
            return not _same(found, wanted)
        case "contains":
            return _contains(found, wanted)
        case "lt" | "le" | "gt" | "ge":
            if found is None or found == "":
                return False
            return _COMPARED[condition.op](_way(found, wanted, name))
        case "empty" | "not_empty":
            raise AssertionError("told without a value")
        case _:
            assert_never(condition.op)


_COMPARED: Mapping[str, Callable[[int], bool]] = {
    "lt": lambda way: way < 0,
    "le": lambda way: way <= 0,
    "gt": lambda way: way > 0,
    "ge": lambda way: way >= 0,
}


def _same(found: JsonValue, wanted: JsonValue) -> bool:
    one, other = _figure(found), _figure(wanted)
    if one is not None and other is not None:
        return one == other
    if isinstance(found, str) and isinstance(wanted, str):
        return found.strip().casefold() == wanted.strip().casefold()
    return found == wanted


def _contains(found: JsonValue, wanted: JsonValue) -> bool:
    if isinstance(found, list):
        return any(_same(one, wanted) for one in found)
    if found is None or wanted in (None, ""):
        return False
    # Whole words: nobody who waits for a "yes" means "yesterday".
    word = rf"(?<!\w){re.escape(str(wanted).casefold())}(?!\w)"
    return re.search(word, str(found).casefold()) is not None


def _way(found: JsonValue, wanted: JsonValue, name: str) -> int:
    """Below 0 where the found one is less, above where it is more."""
    one, other = _figure(found), _figure(wanted)
    if one is not None and other is not None:
        return (one > other) - (one < other)
    if _dated(found) and _dated(wanted):
        return (str(found) > str(wanted)) - (str(found) < str(wanted))
    raise BadInput(
        "{name}{name2} is “{found}”, which cannot be compared with {wanted}.",
        name=name[:1].upper(),
        name2=name[1:],
        found=_short(found),
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


def _said(name: str, found: JsonValue, condition: Condition, side: int) -> str:
    shown = "" if found is None else f" {_short(found)}"
    return f"{name}{shown} {WORDS[condition.op][side]} {_short(condition.value)}"


def _short(value: JsonValue) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = str(value)
    return text if len(text) <= SHOWN_CHARS else f"{text[: SHOWN_CHARS - 1]}…"
