"""The two ways to a server: a program in a sandbox, or a service over HTTP; both bounded."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from executor.egress.proxy import Outside
from executor.egress.sandbox import Cell, Sandbox
from executor.egress.talk import Talk
from memory.model.agents.external import Server
from memory.model.errors import OrchestraError

if TYPE_CHECKING:
    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
    from mcp.shared.message import SessionMessage

    Streams = tuple[
        MemoryObjectReceiveStream[SessionMessage | Exception],
        MemoryObjectSendStream[SessionMessage],
    ]

HTTP_TIMEOUT_S = 300.0
"""A server may be silent for that long while it works."""


def transport(server: Server, sandbox: Sandbox) -> "AbstractAsyncContextManager[Streams]":
    """What gives the SDK its two streams. Raises as `Sandbox.talk` when it is entered."""
    return _http(server) if server.url else _stdio(server, sandbox)


@asynccontextmanager
async def _http(server: Server) -> "AsyncIterator[Streams]":
    from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415 - 1 s that only these servers should pay

    from executor.egress.services import service_client  # noqa: PLC0415 - brings httpx2

    headers = {name: secret.get_secret_value() for name, secret in server.headers.items()}
    async with (
        service_client(headers=headers, timeout_s=HTTP_TIMEOUT_S) as client,
        streamable_http_client(server.url, http_client=client) as streams,
    ):
        yield streams  # type: ignore[misc]  # the SDK's protocols, which these streams fulfil


@asynccontextmanager
async def _stdio(server: Server, sandbox: Sandbox) -> "AsyncIterator[Streams]":
    import anyio  # noqa: PLC0415 - the SDK's streams are anyio's

    secrets = {name: secret.get_secret_value() for name, secret in server.secrets.items()}
    with TemporaryDirectory(prefix="orchestra-", ignore_cleanup_errors=True) as made:
        cell = Cell(
            root=Path(made),
            writable=True,
            network=server.network,
            memory_bytes=server.memory_bytes,
            written_bytes=server.written_bytes,
            reads=server.reads,
            writes=server.writes,
            outside=None if server.hosts is None else Outside(server.hosts, server.inject),
        )
        env = {**server.env, **secrets}
        async with sandbox.talk(server.command, cell, env=env, title=server.title) as talk:
            inward, read = anyio.create_memory_object_stream["SessionMessage | Exception"](0)
            write, outward = anyio.create_memory_object_stream["SessionMessage"](0)
            async with inward, read, write, outward, anyio.create_task_group() as group:
                group.start_soon(_inward, talk, inward)
                group.start_soon(_outward, talk, outward)
                try:
                    yield read, write
                finally:
                    group.cancel_scope.cancel()


async def _inward(talk: Talk, stream: "MemoryObjectSendStream[SessionMessage | Exception]") -> None:
    """Its lines as messages. When it ends, the stream does, and nobody waits for it any more."""
    import anyio  # noqa: PLC0415 - see above
    from mcp.shared.message import SessionMessage  # noqa: PLC0415 - see above
    from mcp.types import jsonrpc_message_adapter  # noqa: PLC0415 - see above

    async with stream:
        try:
            async for line in talk.lines():
                if not line.strip():
                    continue
                try:
                    message = jsonrpc_message_adapter.validate_json(line, by_name=False)
                except ValueError as error:
                    await stream.send(error)
                else:
                    await stream.send(SessionMessage(message))
        except (OrchestraError, anyio.BrokenResourceError):
            return  # too much at once, or nobody listens: the end, either way


async def _outward(talk: Talk, stream: "MemoryObjectReceiveStream[SessionMessage]") -> None:
    async with stream:
        try:
            async for outgoing in stream:
                text = outgoing.message.model_dump_json(by_alias=True, exclude_unset=True)
                await talk.tell(text.encode())
        except OrchestraError:
            return  # it has ended; whoever waits hears so from the other stream
