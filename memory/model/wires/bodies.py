"""A question as the body of a request: `/responses` or `/chat/completions`. Pure."""

from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from memory.model.wires.manner import Manner, Wire
from memory.model.wires.turns import Given, Message, Question, Said, Tool, Turn, Use

Body = dict[str, JsonValue]
CHOICES = frozenset({"auto", "required", "none"})
LIMITS = ("max_tokens", "max_completion_tokens")


def body_of(question: Question, manner: Manner, model: str) -> Body:
    """What is sent, without `stream`. On a wire without tools none are offered."""
    if manner.wire is Wire.RESPONSES:
        return _responses(question, manner, model)
    return _chat(question, manner, model)


def _responses(question: Question, manner: Manner, model: str) -> Body:
    body: Body = {"model": model, "input": _items(question.messages)}
    optional: Body = {"store": False, "include": ["reasoning.encrypted_content"]}
    if question.tools:
        body["tools"] = [
            {"type": "function", "strict": tool.strict, **_function(tool)}
            for tool in question.tools
        ]
        optional["tool_choice"] = (
            question.choice
            if question.choice in CHOICES
            else {"type": "function", "name": question.choice}
        )
    if question.form is not None:
        body["text"] = {"format": _text_format(question)}
    if question.most_tokens is not None:
        optional["max_output_tokens"] = question.most_tokens
    return body | _taken(optional, manner)


def _text_format(question: Question) -> Body:
    form = question.form
    if form is None or form.json_schema is None:
        return {"type": "json_object"}
    return {
        "type": "json_schema", "name": form.name, "strict": True, "schema": dict(form.json_schema)
    }  # fmt: skip


def _items(messages: Sequence[Message]) -> list[JsonValue]:
    """The conversation as input items; what the model said goes back as it came."""
    items: list[JsonValue] = []
    for message in messages:
        match message:
            case Said(role=role, text=text):
                items.append({"role": role, "content": text})
            case Turn(echo=echo) if echo:
                items.extend(dict(item) for item in echo)
            case Turn(text=text, uses=uses):
                if text:
                    items.append({"role": "assistant", "content": text})
                items.extend(
                    {"type": "function_call", "call_id": use.id, "name": use.name,
                     "arguments": use.arguments}
                    for use in uses
                )  # fmt: skip
            case Given(use=use_id, text=text):
                items.append({"type": "function_call_output", "call_id": use_id, "output": text})
    return items


def _chat(question: Question, manner: Manner, model: str) -> Body:
    tools = question.tools if manner.wire is not Wire.BARE else ()
    body: Body = {
        "model": model,
        "messages": list(_messages(question.messages, native=bool(tools))),
    }
    optional: Body = {}
    if tools:
        body["tools"] = [{"type": "function", "function": _function(tool)} for tool in tools]
        optional["tool_choice"] = _tool_choice(question.choice)
        if manner.wire is Wire.QUIET:
            body["reasoning_effort"] = "none"
    if question.form is not None:
        body["response_format"] = _response_format(question)
    if question.most_tokens is not None:
        limits = _taken(dict.fromkeys(LIMITS, question.most_tokens), manner)
        body |= dict([*limits.items()][:1])
    return body | _taken(optional, manner)


def _tool_choice(choice: str) -> JsonValue:
    return choice if choice in CHOICES else {"type": "function", "function": {"name": choice}}


def _taken(optional: Body, manner: Manner) -> Body:
    """The fields that the endpoint takes."""
    return {name: value for name, value in optional.items() if name not in manner.without}


def _response_format(question: Question) -> Body:
    form = question.form
    if form is None or form.json_schema is None:
        return {"type": "json_object"}
    strict: Body = {"name": form.name, "strict": True, "schema": dict(form.json_schema)}
    return {"type": "json_schema", "json_schema": strict}


def _messages(messages: Sequence[Message], *, native: bool) -> Iterator[JsonValue]:
    for message in messages:
        match message:
            case Said(role=role, text=text):
                yield {"role": role, "content": text}
            case Turn(text=text, uses=uses) if uses and native:
                yield {"role": "assistant", "content": text or None, "tool_calls": _calls(uses)}
            case Turn(text=text):
                if text:
                    yield {"role": "assistant", "content": text}
            case Given(use=use_id, text=text) if native:
                yield {"role": "tool", "tool_call_id": use_id, "content": text}
            case Given(text=text):
                yield {"role": "user", "content": text}


def _calls(uses: Sequence[Use]) -> list[JsonValue]:
    return [
        {"id": use.id, "type": "function",
         "function": {"name": use.name, "arguments": use.arguments}}
        for use in uses
    ]  # fmt: skip


def _function(tool: Tool) -> Body:
    return {
        "name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)
    }  # fmt: skip
