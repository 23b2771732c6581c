"""One question to one model: the SDK goes in, a typed ending comes out."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import openai

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.text import text

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

Message = Mapping[str, str]
TOOL = "propose_plan"
MAX_TOKENS = 16_000
"""Of the answer: about two hundred tasks."""


class Rung(IntEnum):
    """The forms an answer can be asked for in, most binding first."""

    SCHEMA = 0
    TOOL = 1
    JSON = 2
    TEXT = 3


@dataclass(frozen=True)
class Reply:
    """What the model wrote. Token counts are 0 where the provider doesn't report them."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True)
class Refusal:
    """The model declined, in its words."""

    text: str


@dataclass(frozen=True)
class Truncated:
    """The answer was cut off at the longest the model may write."""


@dataclass(frozen=True)
class FormRefused:
    """The endpoint doesn't take this form of question; ask on the next rung."""

    reason: str


@dataclass(frozen=True)
class Down:
    """No answer. `reason` says why in a few words, for people."""

    reason: str


Ending = Reply | Refusal | Truncated | FormRefused | Down


async def ask(
    endpoint: ModelEndpoint, messages: Sequence[Message], *, schema: Mapping[str, Any], rung: Rung
) -> Ending:
    """Ask once, without retries. Every ending is a value; nothing is raised but cancellation."""
    async with openai.AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=endpoint.api_key.get_secret_value(),
        max_retries=0,
        timeout=endpoint.timeout_s,
    ) as client:
        try:
            async with asyncio.timeout(endpoint.timeout_s):
                completion = await client.chat.completions.create(
                    model=endpoint.model,
                    messages=[dict(message) for message in messages],  # type: ignore[misc] # typed dicts by role
                    **_form(schema, rung),
                )
        except (openai.OpenAIError, TimeoutError, ValueError) as error:
            return _failed(error, endpoint)
        return _ending(completion)


def _failed(error: Exception, endpoint: ModelEndpoint) -> FormRefused | Down:
    match error:
        case openai.BadRequestError() | openai.UnprocessableEntityError():
            return FormRefused(" ".join(str(error.message).split())[:200])
        case openai.APIStatusError():
            return Down(_status(error))
        case TimeoutError() | openai.APITimeoutError():
            return Down(text("no answer within {seconds:.0f} s", seconds=endpoint.timeout_s))
        case openai.APIConnectionError():
            return Down(text("it can't be reached"))
        case _:
            return Down(_unreadable(type(error).__name__))


def _form(schema: Mapping[str, Any], rung: Rung) -> dict[str, Any]:
    match rung:
        case Rung.SCHEMA:
            strict = {"name": TOOL, "strict": True, "schema": schema}
            return {"response_format": {"type": "json_schema", "json_schema": strict}}
        case Rung.TOOL:
            function = {"name": TOOL, "description": "Hand in the plan.", "parameters": schema}
            return {
                "tools": [{"type": "function", "function": function}],
                "tool_choice": {"type": "function", "function": {"name": TOOL}},
                "max_tokens": MAX_TOKENS,
            }
        case Rung.JSON:
            return {"response_format": {"type": "json_object"}}
        case Rung.TEXT:
            return {}


def _ending(completion: "ChatCompletion | str") -> Ending:
    # A server that is no model server may send anything; the SDK passes it on unchecked.
    choices = getattr(completion, "choices", None)
    if isinstance(completion, str) or not choices:
        return Down(_unreadable("no choices"))
    message, reason = choices[0].message, choices[0].finish_reason
    if reason == "length":
        return Truncated()
    refusal = getattr(message, "refusal", None)
    if refusal or reason == "content_filter":
        return Refusal(str(refusal or text("its content filter stopped it")))
    usage = completion.usage
    return Reply(
        text=_written(message),
        tokens_in=getattr(usage, "prompt_tokens", None) or 0,
        tokens_out=getattr(usage, "completion_tokens", None) or 0,
    )


def _unreadable(what: str) -> str:
    return text("I can't read its answer ({what})", what=what)


def _written(message: Any) -> str:
    for call in message.tool_calls or ():
        function = getattr(call, "function", None)
        if function is not None and function.arguments:
            arguments = function.arguments
            return arguments if isinstance(arguments, str) else json.dumps(arguments)
    return message.content or ""


def _status(error: openai.APIStatusError) -> str:
    match error.status_code:
        case 401:
            return text("its key isn't accepted")
        case 403:
            return text("its key may not use this model")
        case 404:
            return text("it doesn't know the model")
        case 429:
            return text("it's over its rate limit")
        case code:
            return text("it answers with an error ({code})", code=code)
