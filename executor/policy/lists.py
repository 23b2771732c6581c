"""Lists to go through: what counts as the items of a value, and the list of what came out. Pure."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from pydantic import JsonValue

from memory.model.base import TaskKey
from memory.model.errors import BadInput
from memory.model.limits import OUTPUT_BYTES
from memory.model.text import text as say
from memory.model.work.graph import FromTask, Task
from memory.model.work.value import File, Json, Table, Text, Value

SHORTENED = " … (shortened)"


def of_task(task: Task, values: Mapping[TaskKey, Value]) -> tuple[JsonValue, ...]:
    """The items that a map goes through. Raises BadInput where it isn't given a list."""
    if task.listed is not None:
        return task.listed
    assert isinstance(task.each, FromTask)
    return of_value(values[task.each.task])


def of_value(value: Value) -> tuple[JsonValue, ...]:
    """Rows as objects (one column alone: its values), a JSON list, or the lines of a text.

    Raises BadInput for anything else, and for a table of which not every row was kept.
    """
    match value:
        case Table():
            return _rows(value)
        case Json(value=list() as items):
            return tuple(items)
        case Text(text=text):
            lines = (line.strip().lstrip("-*•").strip() for line in text.splitlines())
            return tuple(filter(None, lines))
        case Json() | File():
            raise BadInput("The result is a {kind}, not a list to go through.", kind=value.kind)
        case _:
            assert_never(value)


def _rows(table: Table) -> tuple[JsonValue, ...]:
    if table.total_rows > len(table.rows):
        raise BadInput(
            "The table has {total_rows} rows, but only {rows} were kept. Narrow it down first.",
            total_rows=table.total_rows,
            rows=len(table.rows),
        )
    if len(table.columns) == 1:
        return tuple(row[0] for row in table.rows)
    return tuple(dict(zip(table.columns, row, strict=True)) for row in table.rows)


def missing_field(items: Sequence[JsonValue], fields: Sequence[str]) -> str:
    """The first field that an item does not have; "" where all have all."""
    for item in items:
        for name in fields:
            if name and not (isinstance(item, dict) and name in item):
                return name
    return ""


def as_value(item: JsonValue) -> Value:
    """An item that became known only when the plan ran: data from outside (law 7)."""
    return Text(text=item) if isinstance(item, str) else Json(value=item)


def gathered(values: Sequence[Value]) -> Json:
    """The map's own value: what came out for each item, in order, cut to what is kept."""
    share = OUTPUT_BYTES // max(1, len(values)) - 64
    return Json(value=[_plain(value, share) for value in values])


def _plain(value: Value, share: int) -> JsonValue:
    match value:
        case Text(text=text):
            return text if len(text.encode()) <= share else _cut(text, share)
        case Table():
            rows: list[JsonValue] = [
                dict(zip(value.columns, row, strict=True)) for row in value.rows
            ]
            return rows if _fits(rows, share) else say("{n} rows", n=len(rows))
        case File(path=path):
            return path
        case Json(value=inner):
            return inner if _fits(inner, share) else _cut(str(inner), share)
        case _:
            assert_never(value)


def _fits(value: object, share: int) -> bool:
    return len(str(value).encode()) * 2 <= share


def _cut(text: str, share: int) -> str:
    return text.encode()[: share - len(SHORTENED) * 2].decode(errors="ignore") + SHORTENED
