"""A web server on loopback with pages, redirects and faults.

async with FakeWeb() as web:
    web.page("/", "<h1>Hi</h1>")
    await http.get(f"{web.origin}/", timeout_s=1)
"""

import asyncio
import gzip
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web


@dataclass(frozen=True)
class Page:
    """What a path answers."""

    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class FakeWeb:
    """The server. `seen` holds the Host header and path of every request."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.seen: list[tuple[str, str]] = []
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._closing = asyncio.Event()

    @property
    def port(self) -> int:
        return self._port

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def page(self, path: str, body: str | bytes, status: int = 200, **more: str) -> Self:
        data = body.encode() if isinstance(body, str) else body
        kind = more.pop("content_type", "text/html; charset=utf-8")
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        self.pages[path] = Page(data, status, kind, headers)
        return self

    def zipped(self, path: str, body: bytes) -> Self:
        return self.page(path, gzip.compress(body), content_encoding="gzip")

    def redirect(self, path: str, to: str, status: int = 302) -> Self:
        return self.page(path, b"", status, location=to)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.headers.get("Host", ""), request.path))
        match request.path:
            case "/endless":
                return await self._drip(request, b"x" * 65_536, 0)
            case "/slow":
                return await self._drip(request, b"x", 0.05)
            case "/silent":
                await self._closing.wait()
                return web.Response()
            case "/cut":
                return await self._cut(request)
        page = self.pages.get(request.path, Page(b"not here", 404))
        headers = {"Content-Type": page.content_type, **page.headers}
        return web.Response(body=page.body, status=page.status, headers=headers)

    async def _drip(self, request: web.Request, piece: bytes, pause_s: float) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await response.prepare(request)
        while not self._closing.is_set():
            await response.write(piece)
            await asyncio.sleep(pause_s)
        return response

    async def _cut(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "5000"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return response
