"""A task's inputs as a tool's arguments, and a tool's result as a value. Pure but for files read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import JsonValue

from executor.data import arguments
from executor.port import Argument, Call
from memory.model.agents.tools import OfferedTool
from memory.model.errors import AgentMisbehaved, AgentRejected, BadInput
from memory.model.limits import JSON_DEPTH, OUTPUT_BYTES
from memory.model.text import text
from memory.model.work.value import File, Json, Label, Table, Text

if TYPE_CHECKING:
    from mcp.types import CallToolResult, ContentBlock

REASON_CHARS = 300


def arguments_of(call: Call, tool: OfferedTool) -> dict[str, JsonValue]:
    """What the tool is given, as its schema wants it. Raises BadInput with a sentence."""
    properties = tool.inputs.get("properties")
    known = properties if isinstance(properties, dict) else {}
    given: dict[str, JsonValue] = {}
    for name, schema in known.items():
        if name in call.inputs and call.inputs[name] is not None:
            facts = schema if isinstance(schema, dict) else {}
            given[name] = _fitted(call.inputs[name], facts.get("type"), call)
    _check(given, tool, call)
    return given


def value_of(result: "CallToolResult", tool: OfferedTool, title: str) -> Text | Json:
    """The result, labelled as data from outside.

    Raises AgentRejected where the tool says that it failed, AgentMisbehaved for too much.
    """
    words = "\n\n".join(part for block in result.content if (part := _words(block)))
    if result.is_error:
        reason = " ".join(words.split())[:REASON_CHARS].rstrip(".") or text("it gave no reason")
        raise AgentRejected("{title} failed: {reason}.", title=title, reason=reason)
    if tool.outputs is None:
        if len(words.encode()) > OUTPUT_BYTES * 8:
            raise AgentMisbehaved("{title} returned more than 8 MB.", title=title)
        words = words or text("{title} finished without an answer.", title=title)
        return Text(text=words, label=Label.UNTRUSTED)
    data = result.structured_content
    if data is None:
        raise AgentMisbehaved("{title} promised data but returned none.", title=title)
    if too_deep(data):
        raise AgentMisbehaved("{title} returned data that's nested too deeply.", title=title)
    return Json(value=data, label=Label.UNTRUSTED)


def too_deep(value: JsonValue, depth: int = JSON_DEPTH) -> bool:
    """Whether lists and objects lie in each other deeper than is kept."""
    level = [value]
    for _ in range(depth):
        level = [inner for item in level for inner in _inside(item)]
        if not level:
            return False
    return True


def _inside(value: JsonValue) -> Iterable[JsonValue]:
    match value:
        case list():
            return value
        case dict():
            return value.values()
        case _:
            return ()


def _words(block: "ContentBlock") -> str:
    match block.type:
        case "text":
            return block.text
        case "resource":
            words = getattr(block.resource, "text", None)
            return words if isinstance(words, str) else f"[{block.resource.uri}, not shown]"
        case "resource_link":
            return f"[{block.name}]({block.uri})"
        case "image" | "audio":
            return f"[{block.type} {block.mime_type}, {len(block.data) * 3 // 4} bytes, not shown]"


def _fitted(given: Argument | Sequence[Argument], kind: JsonValue, call: Call) -> JsonValue:
    match given:
        case list() | tuple():
            return [_fitted(item, None, call) for item in given]
        case Table() if kind != "string":
            return [dict(zip(given.columns, row, strict=True)) for row in given.rows]
        case Json():
            return given.value
        case File() if kind != "string":
            return given.path
        case File() | Text() | Table() | str():
            return _parsed(arguments.as_text(given, call), kind)
        case _:
            return given  # type: ignore[return-value]  # what is left is a plain JSON value


def _parsed(words: str, kind: JsonValue) -> JsonValue:
    """Plans hold constants as texts; the schema says what they are."""
    if kind in {"string", None}:
        return words
    try:
        value: JsonValue = json.loads(words)
    except (ValueError, RecursionError):
        return [word.strip() for word in words.split(",")] if kind == "array" else words
    return value


def _check(given: Mapping[str, JsonValue], tool: OfferedTool, call: Call) -> None:
    from jsonschema import Draft202012Validator, SchemaError  # noqa: PLC0415 - 0.1 s, only here
    from jsonschema.exceptions import best_match  # noqa: PLC0415 - see above
    from referencing.exceptions import Unresolvable  # noqa: PLC0415 - see above

    try:
        error = best_match(Draft202012Validator(tool.inputs).iter_errors(dict(given)))
    except (SchemaError, Unresolvable, RecursionError) as problem:
        raise AgentMisbehaved(
            "{title}: {name} describes its inputs in a way that can't be read.",
            title=call.task.title,
            name=tool.name,
        ) from problem
    if error is None:
        return
    place = ".".join(str(part) for part in error.absolute_path)
    reason = " ".join(error.message.split())[:REASON_CHARS].rstrip(".")
    if not place:
        raise BadInput("{title}: {reason}.", title=call.task.title, reason=reason)
    raise BadInput("{title}: {place}: {reason}.", title=call.task.title, place=place, reason=reason)
