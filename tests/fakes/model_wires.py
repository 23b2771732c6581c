"""The two wires of the fake model server: how requests are read and replies are written."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

Form = Literal["json_schema", "json_object", "tools"]

NO_FUNCTION_TOOLS = (
    "Function tools with reasoning_effort are not supported for {model} in /v1/chat/completions. "
    "Please use /v1/responses instead."
)
NOT_FOUND_ITEM = (
    "Item with id '{id}' not found. Items are not persisted when `store` is set to false. Try "
    "again with `store` set to true, or remove this item from your input."
)

TEMPERATURE = (
    "Unsupported value: 'temperature' does not support {value} with this model. Only the default "
    "(1) value is supported."
)
NOT_TAKEN = {"max_tokens": "max_completion_tokens", "stop": ""}


@dataclass(frozen=True)
class Seen:
    """A request that came in."""

    path: str
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def is_responses(self) -> bool:
        """Whether it came to `/responses`."""
        return self.path.endswith("/responses")

    @property
    def items(self) -> list[dict[str, Any]]:
        """The messages, or the input items."""
        return list(self.body.get("input" if self.is_responses else "messages", ()))

    @property
    def text(self) -> str:
        """All messages as one text."""
        return "\n".join(str(item.get("content", item.get("output"))) for item in self.items)

    @property
    def tools(self) -> list[str]:
        """The names of the tools that were offered."""
        return [tool.get("function", tool)["name"] for tool in self.body.get("tools", ())]

    @property
    def form(self) -> str:
        """Which form of answer it asked for: json_schema, tools, json_object or text."""
        if self.body.get("tools"):
            return "tools"
        asked = self.body.get("text", {}).get("format") or self.body.get("response_format", {})
        return str(asked.get("type", "text"))


def refused_today(seen: Seen) -> tuple[str, str] | None:
    """The message and the parameter of the 400 that OpenAI's models of today answer with."""
    return _bad_items(seen) if seen.is_responses else _bad_chat(seen.body)


def _bad_items(seen: Seen) -> tuple[str, str] | None:
    for item in seen.items:
        if item.get("type") == "reasoning" and not item.get("encrypted_content"):
            return NOT_FOUND_ITEM.format(id=item.get("id")), "input"
    used = {item["call_id"] for item in seen.items if item.get("type") == "function_call"}
    told = {item["call_id"] for item in seen.items if item.get("type") == "function_call_output"}
    return None if used == told else ("No tool output found for function call.", "input")


def _bad_chat(body: dict[str, Any]) -> tuple[str, str] | None:
    if body.get("tools") and body.get("reasoning_effort") != "none":
        return NO_FUNCTION_TOOLS.format(model=body["model"]), "reasoning_effort"
    for name, instead in NOT_TAKEN.items():
        if name in body:
            hint = f" Use '{instead}' instead." if instead else ""
            words = f"Unsupported parameter: '{name}' is not supported with this model.{hint}"
            return words, name
    if body.get("temperature", 1) != 1:
        return TEMPERATURE.format(value=body["temperature"]), "temperature"
    return None


def response_of(
    message: dict[str, Any], finish: str | None, seen: Seen, usage: tuple[int, int] | None
) -> dict[str, Any]:
    """A response object: encrypted reasoning, then a message or function calls."""
    number = sum(item.get("type") == "function_call" for item in seen.items) + 1
    output: list[dict[str, Any]] = [
        {"type": "reasoning", "id": f"rs_{number}", "summary": [],
         "encrypted_content": f"sealed-{number}"}
    ]  # fmt: skip
    if "reasoning.encrypted_content" not in seen.body.get("include", ()):
        del output[0]["encrypted_content"]
    for place, call in enumerate(message.get("tool_calls") or ()):
        output.append({
            "type": "function_call", "id": f"fc_{number}_{place}", "status": "completed",
            "call_id": f"call_{number}_{place}", **call["function"],
        })  # fmt: skip
    parts: list[dict[str, Any]] = []
    if message.get("refusal"):
        parts.append({"type": "refusal", "refusal": message["refusal"]})
    elif message.get("content") is not None:
        parts.append({"type": "output_text", "text": message["content"], "annotations": []})
    if parts:
        status = "incomplete" if finish == "length" else "completed"
        output.append({"type": "message", "id": f"msg_{number}", "role": "assistant",
                       "status": status, "content": parts})  # fmt: skip
    cut = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
    return {
        "id": "resp_1", "object": "response", "created_at": 1_770_000_000,
        "model": seen.body["model"], "status": "completed", "error": None,
        "incomplete_details": None, "output": output,
        "usage": usage and {"input_tokens": usage[0], "output_tokens": usage[1],
                            "total_tokens": sum(usage)},
        **(cut if finish == "length" else {}),
    }  # fmt: skip


def events_of(
    message: dict[str, Any], finish: str | None, seen: Seen, usage: tuple[int, int] | None
) -> Iterator[dict[str, Any]]:
    """The same as a stream of events."""
    whole = response_of(message, finish, seen, usage)
    yield {"type": "response.created", "response": {**whole, "status": "in_progress", "output": []}}
    for piece in (message.get("content") or "").split(" "):
        yield {"type": "response.output_text.delta", "delta": piece, "item_id": "msg_1",
               "output_index": 1, "content_index": 0}  # fmt: skip
    yield {"type": f"response.{whole['status']}", "response": whole}


def tool_call(name: str, arguments: str) -> dict[str, Any]:
    """A call as chat completions writes it."""
    return {
        "id": "call_1",
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }


def chat_deltas(message: dict[str, Any]) -> list[dict[str, Any]]:
    """A message of chat completions in pieces."""
    if message.get("tool_calls"):
        return [{"role": "assistant", "tool_calls": [{"index": 0, **message["tool_calls"][0]}]}]
    if message.get("refusal"):
        return [{"role": "assistant", "refusal": message["refusal"]}]
    words = (message["content"] or "").split(" ")
    pieces = [word if place == 0 else f" {word}" for place, word in enumerate(words)]
    return [{"role": "assistant", "content": ""}, *({"content": piece} for piece in pieces)]


async def open_stream(request: web.Request) -> web.StreamResponse:
    """Begin a stream of events."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    return response


async def send_event(response: web.StreamResponse, event: dict[str, Any]) -> None:
    """One event; those of `/responses` are named."""
    name = f"event: {event['type']}\n" if "type" in event else ""
    await response.write(f"{name}data: {json.dumps(event)}\n\n".encode())
