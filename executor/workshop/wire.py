"""What the bot and a worker process say to each other: JSON with its length before it, and bytes."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import JsonValue, TypeAdapter

from executor.port import Argument
from memory.model import errors
from memory.model.base import Model
from memory.model.errors import OrchestraError
from memory.model.work.graph import Task
from memory.model.work.value import File, Json, Table, Text, Value

HEAD: Final = struct.Struct("=I")
"""The length of the message that follows."""

COMMAND: Final = struct.Struct("=cI")
"""To the process that forks: R (run, with a socket) or K (kill), and the number of the order."""

VALUES: Final[TypeAdapter[Value]] = TypeAdapter(Value)


class Order(Model):
    """One call of a tool. `root` is the project's folder, which the worker may only read."""

    tool: str
    project: str
    task: Task
    inputs: dict[str, JsonValue]
    root: str
    timeout_s: float
    complaint: str
    now: str


class News(Model):
    """What a worker tells: a few words, a file to write (its bytes follow), or how it ended."""

    say: str = ""
    write: str = ""
    size: int = 0
    value: Value | None = None
    error: dict[str, JsonValue] | None = None
    crash: str = ""


def packed(message: Model) -> bytes:
    """The message with its length before it."""
    data = message.model_dump_json().encode()
    return HEAD.pack(len(data)) + data


def written(given: Argument | Sequence[Argument]) -> JsonValue:
    """An input, so that a constant is told from an earlier task's value."""
    match given:
        case Text() | Table() | File() | Json():
            return {"value": given.model_dump(mode="json")}
        case list() | tuple():
            return {"list": [written(item) for item in given]}
        case _:
            return {"constant": given}  # type: ignore[dict-item]  # a plain JSON value


def read(given: Any) -> Argument | list[Argument]:
    """The input that `written` wrote."""
    match given:
        case {"value": value}:
            return VALUES.validate_python(value)
        case {"list": items}:
            several: list[Any] = [read(item) for item in items]
            return several
        case _:
            constant: Argument = given["constant"]
            return constant


def told(error: OrchestraError) -> dict[str, JsonValue]:
    """The error, to be made again on the other side."""
    return {
        "kind": type(error).__name__,
        "message": error.message,
        "detail": error.detail,
        "params": {
            name: value if isinstance(value, str | int | float) else str(value)
            for name, value in error.params.items()
        },
    }


def made(told_: Mapping[str, Any]) -> OrchestraError:
    """The error again; one of a kind that isn't known here is a plain one."""
    kind = getattr(errors, told_["kind"], OrchestraError)
    error: OrchestraError = kind(told_["message"], detail=told_["detail"], **told_["params"])
    return error
