"""A service on loopback that is called as a webhook; it does what its path says."""

import asyncio
import json
from dataclasses import dataclass
from typing import Self

from aiohttp import web


@dataclass(frozen=True)
class Called:
    """A request that came in."""

    headers: dict[str, str]
    body: bytes


class FakeHook:
    """`seen` holds every request; `left` counts those whose caller went away; `says` is told at /says."""

    def __init__(self) -> None:
        self.seen: list[Called] = []
        self.left = 0
        self.says = ""
        self._runner: web.AppRunner | None = None

    def url(self, path: str) -> str:
        assert self._runner is not None
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/{path}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.seen.append(Called(dict(request.headers), await request.read()))
        path = request.match_info["path"]
        if path.isdigit():
            return web.Response(status=int(path), headers={"Retry-After": "7"})
        if path == "wait":
            try:
                await asyncio.sleep(600)
            except asyncio.CancelledError:
                self.left += 1
                raise
        bearer = request.headers.get("Authorization", "")
        replies = {
            "echo": json.dumps({"text": f"did it {bearer}"}),
            "says": json.dumps({"text": self.says}),
            "data": json.dumps({"json": {"n": 1}}),
            "fail": json.dumps({"error": f"no way with {bearer}"}),
            "junk": "<p>this is no JSON",
            "deep": "[" * 100_000,
            "wrong": json.dumps({"text": 7}),
            "huge": json.dumps({"text": "x" * 3_000_000}),
        }
        return web.Response(text=replies[path], content_type="application/json")
