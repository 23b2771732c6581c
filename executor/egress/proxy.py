"""The way out for a program that may reach some hosts only; its credentials are put in here.

A forward proxy (RFC 9110, 9112) on a Unix socket. `CONNECT host:443` is a tunnel, which nobody can
look into. What comes in the clear for a host with credentials gets them and goes on over TLS, so that
the program never holds them: it speaks to `http://api.example.com`, the host hears https.
"""

import asyncio
import ipaddress
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr

from executor.egress.http import Http
from memory.model.errors import OrchestraError

HEAD_BYTES: Final = 65_536
CHUNK: Final = 65_536
CONNECT_S: Final = 20.0
USUAL_PORTS: Final = frozenset({80, 443})
_OURS: Final = frozenset({"host", "connection", "keep-alive", "upgrade"})

_log = structlog.get_logger(__name__)

Headers = Mapping[str, SecretStr]


@dataclass(frozen=True)
class Outside:
    """What a program may reach.

    `hosts`: names, `*.example.com`, or `*` for every public host, at ports 80 and 443; an entry with
    its port, or an address, may lie in a private network. `credentials`: headers by host, or by
    `http://host:port` where that speaks no TLS.
    """

    hosts: tuple[str, ...]
    credentials: Mapping[str, Headers] = field(default_factory=dict)

    def allows(self, host: str, port: int) -> bool:
        """Whether the program may reach it."""
        return any(_matches(entry, host, port) for entry in self._entries())

    def private(self, host: str) -> bool:
        """Whether the owner named a host of a private network."""
        named = {entry.rpartition(":")[0] for entry in self._entries() if ":" in entry}
        return host in named or (_is_address(host) and host in self._entries())

    def headers(self, host: str, port: int) -> tuple[Headers, bool]:
        """What is put into a request in the clear, and whether it goes on over TLS."""
        plain = self.credentials.get(f"http://{host}:{port}")
        if plain is not None:
            return plain, False
        found = self.credentials.get(host) if port == 80 else None
        return (found, True) if found is not None else ({}, False)

    def _entries(self) -> Iterable[str]:
        yield from map(str.casefold, self.hosts)
        yield from (known.removeprefix("http://") for known in self.credentials)


@asynccontextmanager
async def proxied(outside: Outside) -> AsyncIterator[Path]:
    """The proxy's socket, until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="orchestra-out-", ignore_cleanup_errors=True) as made:
        path = Path(made) / "proxy"
        proxy = _Proxy(outside)
        server = await asyncio.start_unix_server(proxy.serve, path, limit=HEAD_BYTES)
        try:
            yield path
        finally:
            server.close()
            proxy.stop()


class _Refused(Exception):
    """The program is answered with this status and these words."""

    def __init__(self, status: str, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


class _Proxy:
    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._writers = set[asyncio.StreamWriter]()

    def stop(self) -> None:
        """End every connection."""
        for writer in self._writers:
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the program, that is one request."""
        self._writers.add(writer)
        try:
            await self._request(reader, writer)
        except _Refused as refused:
            body = f"Orchestra: {refused.words}\n".encode()
            head = f"HTTP/1.1 {refused.status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            with suppress(OSError):
                writer.write(head.encode() + body)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # one of the two is gone, or it wasn't HTTP
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *fields = head[:-4].split("\r\n")
        method, target, _version = _parted(line)
        if method == "CONNECT":
            host, port = _address_of(f"//{target}", 443)
            there = await self._opened(host, port, tls=False)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            url = urlsplit(target)
            if url.scheme != "http":
                raise _Refused("400 Bad Request", "only http:// and CONNECT are spoken here.")
            host, port = _address_of(target, 80)
            headers, tls = self._outside.headers(host, port)
            there = await self._opened(host, 443 if tls else port, tls=tls, asked=port)
            path = f"{url.path or '/'}{f'?{url.query}' if url.query else ''}"
            there[1].write(_rewritten(method, path, url.netloc, fields, headers))
        await _both(reader, writer, *there)

    async def _opened(
        self, host: str, port: int, *, tls: bool, asked: int | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to an address that was looked up once and may be reached."""
        if not self._outside.allows(host, port if asked is None else asked):
            _log.info("host refused", host=host, port=port)
            raise _Refused("403 Forbidden", f"{host}:{port} isn't among the hosts you may reach.")
        guard = Http(allow=[host] if self._outside.private(host) else ())
        try:
            async with asyncio.timeout(CONNECT_S):
                address = await guard.address(host, port)
                return await asyncio.open_connection(
                    address,
                    port,
                    ssl=ssl.create_default_context() if tls else None,
                    server_hostname=host if tls else None,
                )
        except OrchestraError as error:
            raise _Refused("403 Forbidden", error.user_text) from error
        except (OSError, TimeoutError) as error:
            raise _Refused("502 Bad Gateway", f"{host}:{port} can't be reached.") from error


def _matches(entry: str, host: str, port: int) -> bool:
    name, colon, given = entry.rpartition(":")
    if not colon or not given.isdigit():
        name, given = entry, ""
    if port != int(given) if given else port not in USUAL_PORTS:
        return False
    return name in {"*", host} or (name.startswith("*.") and host.endswith(name[1:]))


def _is_address(host: str) -> bool:
    with suppress(ValueError):
        return bool(ipaddress.ip_address(host))
    return host == "localhost"


def _parted(line: str) -> tuple[str, str, str]:
    parts = line.split(" ")
    if len(parts) != 3:
        raise _Refused("400 Bad Request", "that isn't HTTP.")
    return parts[0], parts[1], parts[2]


def _address_of(url: str, usual: int) -> tuple[str, int]:
    try:
        parted = urlsplit(url)
        host, port = (parted.hostname or "").rstrip(".").casefold(), parted.port or usual
    except ValueError:
        host, port = "", usual
    if not host:
        raise _Refused("400 Bad Request", "the request names no host.")
    return host, port


def _rewritten(method: str, path: str, host: str, fields: Iterable[str], headers: Headers) -> bytes:
    """The request as the host gets it: one a connection, the credentials instead of the program's."""
    named = {name.casefold() for name in headers} | _OURS
    kept = [
        line
        for line in fields
        if (name := line.partition(":")[0].strip().casefold()) not in named
        and not name.startswith("proxy-")
    ]
    given = [f"{name}: {value.get_secret_value()}" for name, value in headers.items()]
    if any(mark in line for line in given for mark in "\r\n"):
        raise _Refused("500 Internal Server Error", "the credentials for it have several lines.")
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *kept, *given]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


async def _both(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    there: asyncio.StreamReader,
    to: asyncio.StreamWriter,
) -> None:
    """Pass on what comes from either side, until the far side ends."""
    try:
        async with asyncio.TaskGroup() as group:
            onward = group.create_task(_copy(reader, to))
            await _copy(there, writer)
            onward.cancel()
    finally:
        to.close()


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(CHUNK):
            sink.write(data)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()
