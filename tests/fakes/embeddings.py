"""An endpoint that embeds, on loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

WORDS = ("invoice", "holiday", "server")


class Embeddings:
    """A fake /embeddings: each of three words has its own direction. `fails` answers 500.

    It bills a token a word.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fails = False
        self.billed = 0
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.fails:
            return web.json_response({"error": {"message": "down"}}, status=500)
        self.asked += body["input"]
        tokens = sum(len(text.split()) for text in body["input"])
        self.billed += tokens
        rows = [
            {"index": at, "object": "embedding",
             "embedding": [1.0 + 9 * (word in text) for word in WORDS]}
            for at, text in enumerate(body["input"])
        ]  # fmt: skip
        return web.json_response(
            {"object": "list", "data": rows[::-1], "model": body["model"],
             "usage": {"prompt_tokens": tokens, "total_tokens": tokens}}
        )  # fmt: skip


@asynccontextmanager
async def served() -> AsyncIterator[Embeddings]:
    fake = Embeddings()
    app = web.Application()
    app.router.add_post("/v1/embeddings", fake.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    fake.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield fake
    finally:
        await runner.cleanup()
