"""A model server on this machine (Ollama), found by asking its usual port."""

import asyncio
import json
from typing import Final
from urllib.parse import urlsplit

from bot.config.config_file import is_loopback
from bot.config.settings import Settings
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import AgentName

PROBE_S: Final = 0.2
REPLY_BYTES: Final = 1_000_000
MODELS_TAKEN: Final = 3
_NOT_FOR_TALK: Final = ("embed", "minilm", "bge-", "rerank")


async def find_local(url: str, *, limit_s: float = PROBE_S) -> tuple[ModelEndpoint, ...]:
    """The models a running Ollama has, newest first, at most three; () if none answers in time.

    Only an address of this machine is asked, over a plain socket: nothing leaves it.
    """
    if not url or not is_loopback(url):
        return ()
    try:
        async with asyncio.timeout(limit_s):
            names = _names(await _get(url, "/api/tags"))
    except (OSError, ValueError, TimeoutError):
        return ()
    talking = [name for name in names if not any(part in name for part in _NOT_FOR_TALK)]
    return tuple(_endpoint(url, name) for name in talking[:MODELS_TAKEN])


async def with_local_models(settings: Settings) -> Settings:
    """The settings with the models of a running Ollama after those that were set."""
    known = {endpoint.name for endpoint in settings.endpoints}
    found = [model for model in await find_local(settings.ollama_url) if model.name not in known]
    return settings.model_copy(update={"endpoints": (*settings.endpoints, *found)})


async def _get(url: str, path: str) -> bytes:
    parts = urlsplit(url)
    host = parts.hostname or "127.0.0.1"
    reader, writer = await asyncio.open_connection(host, parts.port or 80, limit=REPLY_BYTES)
    try:
        writer.write(
            f"GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: application/json\r\n\r\n".encode()
        )
        await writer.drain()
        reply = await reader.read(REPLY_BYTES)
        while more := await reader.read(REPLY_BYTES):
            reply += more
            if len(reply) > REPLY_BYTES:
                raise ValueError("the reply is too large")
    finally:
        writer.close()
    head, _, body = reply.partition(b"\r\n\r\n")
    if b" 200" not in head.split(b"\r\n", 1)[0]:
        raise ValueError("not a model server")
    return body


def _names(body: bytes) -> list[str]:
    found = json.loads(body)
    models = found.get("models") if isinstance(found, dict) else None
    if not isinstance(models, list):
        raise ValueError("not a list of models")  # noqa: TRY004 - a reply, not an argument
    return [m["name"] for m in models if isinstance(m, dict) and isinstance(m.get("name"), str)]


def _endpoint(url: str, model: str) -> ModelEndpoint:
    short = model.removesuffix(":latest")
    return ModelEndpoint(
        name=AgentName(f"ollama/{short}".casefold()),
        title=f"{short} (Ollama)",
        provider="ollama",
        base_url=f"{url}/v1",
        model=model,
        aliases=(short, "ollama", "local"),
        price_model="local",
        local=True,
        timeout_s=300.0,
    )
