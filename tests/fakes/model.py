"""An OpenAI-compatible model server on loopback: what it says and how it fails is scripted.

    async with FakeModel() as model:
        model.say(Text("hello"), Data({"title": "…"}), Fault(429, retry_after="1"))
        client = AsyncOpenAI(base_url=model.base_url, api_key="none", max_retries=0)

Replies are given in order; where none is left, `model.default` answers. `model.when(words, …)`
scripts replies for requests whose messages contain the words, whatever the order.
"""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.fakes.model_wires import (
    Form,
    Seen,
    chat_deltas,
    events_of,
    open_stream,
    refused_today,
    response_of,
    send_event,
    tool_call,
)


@dataclass(frozen=True)
class Text:
    """Words as the model's content. `finish` "length" makes it a truncated reply."""

    text: str
    finish: str | None = "stop"


@dataclass(frozen=True)
class Data:
    """A value in the form the request asks for: schema or JSON content, or the forced tool."""

    value: Any
    fenced: bool = False
    """Wrapped in a Markdown fence with a sentence before it."""


@dataclass(frozen=True)
class ToolCall:
    """A call of a tool, whatever was asked for; `arguments` are sent as they are."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Refusal:
    """The model declines, in the field the API has for it."""

    text: str = "I cannot help with that."


@dataclass(frozen=True)
class Fault:
    """An HTTP error instead of a reply."""

    status: int
    message: str = "scripted fault"
    retry_after: str | None = None


@dataclass(frozen=True)
class Cut:
    """The connection breaks: before the reply, or after half of it."""

    halfway: bool = False


@dataclass(frozen=True)
class Slow:
    """The reply comes after `seconds`."""

    seconds: float
    then: "Reply" = field(default_factory=lambda: Text("late"))


@dataclass(frozen=True)
class Endless:
    """A reply that never ends: words without stop."""

    word: str = "more "


@dataclass(frozen=True)
class Raw:
    """A body sent as it is with status 200."""

    body: str
    content_type: str = "application/json"


Reply = Text | Data | ToolCall | Refusal | Fault | Cut | Slow | Endless | Raw


def nested_json(depth: int = 100_000) -> str:
    """Lists in lists: what breaks a parser that trusts its stack."""
    return "[" * depth + "]" * depth


class FakeModel:
    """The server. `refuses` answers 400 to those forms; `ignores` answers them in prose.

    `responses` serves `/v1/responses`, too. `current` keeps the rules of OpenAI's models of today:
    no function tools on chat completions while they reason, no max_tokens, no stop, no temperature.
    """

    def __init__(
        self,
        *,
        models: tuple[str, ...] = ("fake-model",),
        usage: tuple[int, int] | None = (100, 50),
        refuses: frozenset[Form] = frozenset(),
        ignores: frozenset[Form] = frozenset(),
        ollama: bool = False,
        key: str = "",
        responses: bool = False,
        current: bool = False,
    ) -> None:
        self.models = models
        self.usage = usage
        self.refuses = refuses
        self.ignores = ignores
        self.ollama = ollama
        self.key = key
        self.responses = responses
        self.current = current
        self.default: Reply = Text("ok")
        self.requests: list[Seen] = []
        self._queue: deque[Reply] = deque()
        self._rules: list[tuple[str, deque[Reply]]] = []
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._closing = asyncio.Event()

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:PORT`, what Ollama's own API hangs under."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What an OpenAI client takes."""
        return f"{self.origin}/v1"

    @property
    def chats(self) -> list[Seen]:
        """What was asked of the model on either wire, oldest first."""
        asked = ("/chat/completions", "/responses")
        return [seen for seen in self.requests if seen.path.endswith(asked)]

    def say(self, *replies: Reply) -> Self:
        """Give these replies next, in order."""
        self._queue.extend(replies)
        return self

    def when(self, words: str, *replies: Reply) -> Self:
        """Give these replies, in order, to requests that contain the words; the last one stays."""
        self._rules.append((words, deque(replies)))
        return self

    async def start(self) -> Self:
        """Listen on a free port."""
        app = web.Application(client_max_size=64_000_000)
        app.router.add_post("/v1/chat/completions", self._chat)
        if self.responses:
            app.router.add_post("/v1/responses", self._chat)
        app.router.add_get("/v1/models", self._list_models)
        app.router.add_get("/api/tags", self._tags)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def stop(self) -> None:
        """Go down; `start` comes up on the same port."""
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()
        self._closing.clear()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _list_models(self, request: web.Request) -> web.Response:
        self._note(request, {})
        if self._barred(request):
            return _error(Fault(401, "Incorrect API key provided"))
        data = [{"id": name, "object": "model", "owned_by": "fake"} for name in self.models]
        return web.json_response({"object": "list", "data": data})

    async def _tags(self, request: web.Request) -> web.Response:
        self._note(request, {})
        if not self.ollama:
            return web.json_response({"error": "not found"}, status=404)
        return web.json_response({"models": [{"name": n, "model": n} for n in self.models]})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        seen = self._note(request, await request.json())
        if self._barred(request):
            return _error(Fault(401, "Incorrect API key provided"))
        if seen.form in self.refuses:
            return _error(Fault(400, f"{seen.form} is not supported by this model"))
        if self.current and (refused := refused_today(seen)):
            return _error(Fault(400, refused[0]), param=refused[1])
        if seen.body.get("model") not in self.models:
            return _error(Fault(404, f"The model {seen.body.get('model')} does not exist"))
        return await self._give(self._next(seen), seen, request)

    def _note(self, request: web.Request, body: dict[str, Any]) -> Seen:
        seen = Seen(request.path, body, dict(request.headers))
        self.requests.append(seen)
        return seen

    def _barred(self, request: web.Request) -> bool:
        return bool(self.key) and request.headers.get("Authorization") != f"Bearer {self.key}"

    def _next(self, seen: Seen) -> Reply:
        for words, replies in self._rules:
            if words in seen.text:
                return replies.popleft() if len(replies) > 1 else replies[0]
        return self._queue.popleft() if self._queue else self.default

    async def _give(self, reply: Reply, seen: Seen, request: web.Request) -> web.StreamResponse:
        if isinstance(reply, Slow):
            await self._wait(reply.seconds)
            reply = reply.then
        if isinstance(reply, Text | Data | ToolCall | Refusal):
            message, finish = self._message(reply, seen)
            if seen.body.get("stream"):
                return await self._stream(request, message, finish, seen)
            if seen.is_responses:
                return web.json_response(response_of(message, finish, seen, self.usage))
            return web.json_response(self._completion(message, finish, seen))
        return await self._fail(reply, seen, request)

    async def _fail(
        self, reply: Fault | Raw | Cut | Endless | Slow, seen: Seen, request: web.Request
    ) -> web.StreamResponse:
        match reply:
            case Fault():
                return _error(reply)
            case Raw(body=body, content_type=kind):
                return web.Response(text=body, content_type=kind)
            case Cut(halfway=True):
                return await self._broken(request)
            case Endless(word=word):
                return await self._endless(request, word, seen)
            case Cut() | Slow():
                _cut(request)
                return web.Response()

    def _message(
        self, reply: Text | Data | ToolCall | Refusal, seen: Seen
    ) -> tuple[dict[str, Any], str | None]:
        message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
        match reply:
            case Text(text=text, finish=finish):
                return {**message, "content": text}, finish
            case Refusal(text=text):
                return {**message, "refusal": text}, "stop"
            case ToolCall(name=name, arguments=arguments):
                return {**message, "tool_calls": [tool_call(name, arguments)]}, "tool_calls"
            case Data(value=value, fenced=fenced):
                text = json.dumps(value)
                if seen.form == "tools" and "tools" not in self.ignores and not fenced:
                    name = seen.tools[-1]
                    return {**message, "tool_calls": [tool_call(name, text)]}, "tool_calls"
                if fenced or seen.form in self.ignores:
                    text = f"Here is the plan you asked for:\n\n```json\n{text}\n```\n"
                return {**message, "content": text}, "stop"

    def _completion(
        self, message: dict[str, Any], finish: str | None, seen: Seen
    ) -> dict[str, Any]:
        choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
        body = {"id": f"chatcmpl-{len(self.requests)}", "object": "chat.completion"}
        return {
            **body, "created": 1_770_000_000, "model": seen.body["model"], "choices": [choice],
            "usage": self._usage(),
        }  # fmt: skip

    def _usage(self) -> dict[str, int] | None:
        if self.usage is None:
            return None
        tokens_in, tokens_out = self.usage
        return {
            "prompt_tokens": tokens_in,
            "completion_tokens": tokens_out,
            "total_tokens": tokens_in + tokens_out,
        }

    async def _stream(
        self, request: web.Request, message: dict[str, Any], finish: str | None, seen: Seen
    ) -> web.StreamResponse:
        response = await open_stream(request)
        if seen.is_responses:
            for event in events_of(message, finish, seen, self.usage):
                await send_event(response, event)
            return response
        for delta in chat_deltas(message):
            await send_event(response, self._chunk(delta, None, seen))
        await send_event(response, self._chunk({}, finish, seen))
        if (seen.body.get("stream_options") or {}).get("include_usage"):
            last = {**self._chunk({}, None, seen), "choices": [], "usage": self._usage()}
            await send_event(response, last)
        await response.write(b"data: [DONE]\n\n")
        return response

    def _chunk(self, delta: dict[str, Any], finish: str | None, seen: Seen) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        body = {"id": f"chatcmpl-{len(self.requests)}", "object": "chat.completion.chunk"}
        return {**body, "created": 1_770_000_000, "model": seen.body["model"], "choices": [choice]}

    async def _broken(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "4096"})
        response.content_type = "application/json"
        await response.prepare(request)
        await response.write(b'{"id": "chatcmpl-1", "object": "chat.comp')
        _cut(request)
        return response

    async def _endless(self, request: web.Request, word: str, seen: Seen) -> web.StreamResponse:
        if not seen.body.get("stream"):
            response = web.StreamResponse()
            response.content_type = "application/json"
            await response.prepare(request)
            await response.write(b'{"id": "')
            while not self._closing.is_set():
                await response.write(word.encode() * 1000)
                await self._wait(0.001)
            return response
        response = await open_stream(request)
        while not self._closing.is_set():
            await send_event(response, self._chunk({"content": word}, None, seen))
            await self._wait(0.001)
        return response

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return


def _error(fault: Fault, param: str | None = None) -> web.Response:
    headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
    body = {"error": {"message": fault.message, "type": "error", "param": param, "code": None}}
    return web.json_response(body, status=fault.status, headers=headers)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
