"""A provider's server on loopback that answers with exactly the bytes a script gives it.

`tests.fakes.model` is a server that speaks HTTP well; this one need not. The model named in the
request chooses the script, so that many troubles can be tried at once.
"""

import asyncio
import json
import socket
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Self

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
STREAM = "text/event-stream"


Decide = Callable[[str, str], Answer]
"""What to answer, by the model that is asked and all that it is told."""


class Provider:
    """Scripts by model name, the last answer of which stays; or whatever `decide` says."""

    def __init__(self, decide: Decide | None = None) -> None:
        self._decide = decide or self._scripted
        self.scripts: dict[str, list[Answer]] = {}
        self.asked: Counter[str] = Counter()
        self.open = 0
        self.base_url = ""
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.base_url = f"http://127.0.0.1:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                model, told = await _asked(reader)
                answer = self._decide(model, told) if model else MODELS
                await _unless_gone(reader, answer(writer))
                await writer.drain()
        finally:
            self.open -= 1
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def _scripted(self, model: str, _told: str) -> Answer:
        script = self.scripts[model]
        place = min(self.asked[model], len(script) - 1)
        self.asked[model] += 1
        return script[place]


async def _asked(reader: asyncio.StreamReader) -> tuple[str, str]:
    """The model and what it is told; nothing where somebody asks which models there are."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().casefold()
    if head.startswith("get"):
        return "", ""
    length = int(head.partition("content-length:")[2].split("\r\n")[0])
    body = json.loads(await reader.readexactly(length))
    return str(body["model"]), str(body["messages"])


async def _unless_gone(reader: asyncio.StreamReader, answering: Awaitable[None]) -> None:
    """Answer until done, or until the client has hung up."""
    answer = asyncio.ensure_future(answering)
    gone = asyncio.ensure_future(reader.read())
    try:
        await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            answer.result()
    finally:
        for one in (answer, gone):
            one.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await one


def http(
    body: bytes,
    *headers: str,
    status: str = "200 OK",
    kind: str = "application/json",
    length: int | None = None,
) -> bytes:
    """A whole response. Its end is the end of the connection, where no `length` is told."""
    told = [f"Content-Length: {length}"] if length is not None else []
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *told, *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def chunk(
    delta: dict[str, Any] | None = None, finish: str | int | None = None, **more: Any
) -> bytes:
    """One event of a stream."""
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    return f"data: {json.dumps({'choices': [choice], **more})}\n\n".encode()


def usage(told: object) -> bytes:
    """The last event of a stream, with the tokens."""
    return f"data: {json.dumps({'choices': [], 'usage': told})}\n\n".encode()


TOKENS = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
DONE = b"data: [DONE]\n\n"
GOOD = chunk({"content": "all "}) + chunk({"content": "well"}) + chunk(finish="stop")
GOOD += usage(TOKENS) + DONE


def sends(data: bytes) -> Answer:
    """These bytes, then the end of the connection."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return answer


def streams(body: bytes) -> Answer:
    """A stream of events that ends well as far as HTTP goes."""
    return sends(http(body, kind=STREAM))


def fails(status: str, *headers: str, code: str = "", message: str = "no") -> Answer:
    """An error as providers send it."""
    body = json.dumps({"error": {"message": message, "type": code, "code": code}}).encode()
    return sends(http(body, *headers, status=status, length=len(body)))


def resets(data: bytes = b"") -> Answer:
    """These bytes, then a reset instead of an end."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        raw: socket.socket = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return answer


def drips(data: bytes, pause_s: float) -> Answer:
    """One byte at a time."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        for place in range(len(data)):
            writer.write(data[place : place + 1])
            await writer.drain()
            await asyncio.sleep(pause_s)

    return answer


def endless(head: bytes, again: bytes) -> Answer:
    """The same bytes for ever."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(0)

    return answer


async def silent(writer: asyncio.StreamWriter) -> None:
    """Takes the request and never answers."""
    await asyncio.Event().wait()


MODELS = sends(http(b'{"object": "list", "data": []}'))
