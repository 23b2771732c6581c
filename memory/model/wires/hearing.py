"""An answer as it came over a wire, read into a turn; any field may be missing or odd. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from memory.model.wires.manner import Wire
from memory.model.wires.turns import Finish, Turn, Use, count

_ECHOED = frozenset({"reasoning", "function_call", "message"})


def turn_of(reply: object, wire: Wire) -> Turn | None:
    """The turn in a reply that was parsed from JSON; None for what is no answer of a model."""
    if not isinstance(reply, Mapping):
        return None
    return _responses(reply) if wire is Wire.RESPONSES else _chat(reply)


def _chat(reply: Mapping[str, object]) -> Turn | None:
    choice = next(iter(_list(reply.get("choices"))), None)
    message = _dict(choice).get("message")
    if not isinstance(message, Mapping):
        return None
    usage = _dict(reply.get("usage"))
    return Turn(
        text=_content(message.get("content")),
        refusal=_text(message.get("refusal")),
        finish=_finish(_dict(choice).get("finish_reason")),
        uses=tuple(
            use
            for place, call in enumerate(_list(message.get("tool_calls")))
            if (use := _use(_dict(call).get("function"), _dict(call).get("id"), place))
        ),
        tokens_in=count(usage.get("prompt_tokens")),
        tokens_out=count(usage.get("completion_tokens")),
    )


def _responses(reply: Mapping[str, object]) -> Turn | None:
    output = reply.get("output")
    if not isinstance(output, list):
        return None
    items = [item for item in output if isinstance(item, Mapping)]
    messages = _of_type("message", items)
    parts = [_dict(part) for item in messages for part in _list(item.get("content"))]
    usage = _dict(reply.get("usage"))
    return Turn(
        text="".join(_text(part.get("text")) for part in _of_type("output_text", parts)),
        refusal="".join(_text(part.get("refusal")) for part in parts),
        finish=ending(reply),
        uses=tuple(_called(items)),
        tokens_in=count(usage.get("input_tokens")),
        tokens_out=count(usage.get("output_tokens")),
        echo=_echo(items),
    )


def _of_type(kind: str, parts: Sequence[Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
    return (part for part in parts if part.get("type") == kind)


def _called(items: Sequence[Mapping[str, object]]) -> Iterator[Use]:
    for place, item in enumerate(items):
        use = _use(item, item.get("call_id"), place)
        if item.get("type") == "function_call" and use is not None:
            yield use


def ending(response: Mapping[str, object]) -> Finish:
    """Why a response ended, from its status."""
    status = response.get("status")
    if status == "completed":
        return "stop"
    if status != "incomplete":
        return ""
    why = _dict(response.get("incomplete_details")).get("reason")
    return "filter" if why == "content_filter" else "length"


def _echo(items: Sequence[Mapping[str, object]]) -> tuple[dict[str, JsonValue], ...]:
    """What goes back next time. Nothing is stored there, so reasoning that isn't in the item is gone."""
    return tuple(
        {key: value for key, value in item.items() if value is not None and key != "status"}  # type: ignore[misc]  # parsed from JSON
        for item in items
        if item.get("type") in _ECHOED
        and (item.get("type") != "reasoning" or item.get("encrypted_content"))
    )


def _use(function: object, name: object, place: int) -> Use | None:
    called = _dict(function)
    if not _text(called.get("name")):
        return None
    given = called.get("arguments")
    return Use(
        id=_text(name) or f"call_{place + 1}",
        name=_text(called.get("name")),
        arguments=given if isinstance(given, str) else _as_json(given),
    )


def _as_json(given: object) -> str:
    """Some servers send the arguments as an object instead of its text."""
    return json.dumps(given) if isinstance(given, Mapping) else ""


def _finish(reason: object) -> Finish:
    match reason:
        case "length" | "max_tokens":
            return "length"
        case "content_filter":
            return "filter"
        case str() if reason:
            return "stop"
        case _:
            return ""


def _content(content: object) -> str:
    """Text, or the text parts of a list, as some servers send it."""
    return _text(content) or "".join(_text(_dict(part).get("text")) for part in _list(content))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
