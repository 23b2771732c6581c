"""A call's inputs as the types an agent wants, or one sentence on what is wrong with them."""

import csv
import io
import json
from collections.abc import Sequence
from typing import assert_never

from pydantic import JsonValue

from executor.data.decoding import decode
from executor.port import Argument, Call
from memory.model.errors import BadInput
from memory.model.work.value import File, Json, Table, Text


def constant(call: Call, name: str) -> JsonValue:
    """A plain value of the plan, None where it is not given. Raises BadInput for a task's value."""
    given = call.inputs.get(name)
    match given:
        case None | bool() | int() | float() | str() | dict():
            return given
        case list() | tuple():
            return [_plain(item, call, name) for item in given]
        case Text(text=text):
            return text
        case Json(value=value):
            return value
        case _:
            raise _not_in_plan(call, name)


def word(call: Call, name: str, default: str | None = None) -> str:
    """A constant text without spaces at its ends. Raises BadInput where it is missing."""
    given = constant(call, name)
    if given is None or given == "":
        if default is None:
            raise BadInput("{title}: {name} is missing.", title=call.task.title, name=name)
        return default
    if isinstance(given, str | int | float):
        return str(given).strip()
    raise BadInput("{title}: {name} must be text.", title=call.task.title, name=name)


def words(call: Call, name: str) -> tuple[str, ...]:
    """A constant list of texts; a single text is split at commas."""
    given = constant(call, name)
    if given is None:
        return ()
    items = given if isinstance(given, list) else str(given).split(",")
    return tuple(text for item in items if (text := str(item).strip()))


def flag(call: Call, name: str) -> bool:
    """A constant yes or no; no where it is not given."""
    given = constant(call, name)
    return given is True or str(given).casefold() in {"true", "yes", "1"}


def number(call: Call, name: str, default: int) -> int:
    """A constant whole number. Raises BadInput for anything else."""
    given = constant(call, name)
    if given is None or given == "":
        return default
    try:
        return int(float(str(given)))
    except (ValueError, OverflowError) as error:
        raise BadInput(
            "{title}: {name} must be a number.", title=call.task.title, name=name
        ) from error


def required(call: Call, name: str) -> Argument | Sequence[Argument]:
    """The input as it came. Raises BadInput where it is missing."""
    given = call.inputs.get(name)
    if given is None:
        raise BadInput("{title}: {name} is missing.", title=call.task.title, name=name)
    return given


def many(call: Call, name: str) -> tuple[Argument, ...]:
    """The inputs of a list parameter in order; a single value is a list of one."""
    given = call.inputs.get(name)
    if given is None:
        return ()
    if isinstance(given, list | tuple):
        return tuple(given)
    return (given,)  # type: ignore[return-value]  # what isn't a list or tuple is one Argument


def table(call: Call, name: str) -> Table:
    """A table. Raises BadInput for anything else."""
    given = required(call, name)
    if isinstance(given, Table):
        return given
    if isinstance(given, list | tuple) and len(given) == 1 and isinstance(given[0], Table):
        return given[0]
    raise BadInput(
        "{title} needs a table, such as the result of data.query.", title=call.task.title
    )


def text(call: Call, name: str) -> str:
    """The input as text: a file's words, a table as CSV, JSON indented, a list one after another.

    Raises BadInput where it is missing or a file is not text.
    """
    given = required(call, name)
    if isinstance(given, list | tuple):
        return "\n\n".join(as_text(item, call) for item in given)
    return as_text(given, call)  # type: ignore[arg-type]  # what isn't a list is one Argument


def as_text(given: Argument, call: Call) -> str:
    """One value as text. Raises BadInput for a file that is none."""
    match given:
        case Text():
            return given.text
        case Table():
            return table_csv(given)
        case File():
            return decode(call.files.read(given.path), name=given.path).text
        case Json():
            return json.dumps(given.value, ensure_ascii=False, indent=2)
        case str():
            return given
        case None | bool() | int() | float() | list() | dict():
            return json.dumps(given, ensure_ascii=False, indent=2)
        case _:
            assert_never(given)


def table_csv(given: Table) -> str:
    """The table's rows as CSV with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(given.columns)
    writer.writerows(["" if cell is None else cell for cell in row] for row in given.rows)
    return out.getvalue()


def _plain(item: object, call: Call, name: str) -> JsonValue:
    match item:
        case None | bool() | int() | float() | str() | dict():
            return item
        case Text(text=text) | File(path=text):
            return text
        case _:
            raise _not_in_plan(call, name)


def _not_in_plan(call: Call, name: str) -> BadInput:
    return BadInput(
        "{title}: {name} must be written in the plan.", title=call.task.title, name=name
    )
