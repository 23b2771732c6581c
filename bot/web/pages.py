"""The pages: files of the built bundle, and its first page for every address of theirs."""

import asyncio
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.language.catalogue import ENGLISH
from memory.model.base import sha256
from memory.model.errors import NotFound

STATIC: Final = Path(__file__).parent / "static"
_OURS: Final = ("api/", "health", "ready", "metrics")

mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("text/javascript", ".js")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class _File:
    data: bytes
    media_type: str
    etag: str


@router.get("/{path:path}")
async def page(path: str, request: Request) -> Response:
    """A file of the bundle, else the page that shows what the address means. Raises NotFound."""
    if path.startswith(_OURS):
        raise NotFound("There's nothing at this address.")
    found = await asyncio.to_thread(_file, path)
    if found is None and not Path(path).suffix:
        found = await asyncio.to_thread(_file, "index.html")
    if found is None:
        if path in {"", "index.html"}:
            return Response(ENGLISH("The pages aren't in this copy; the API is at /api/v1."), 404)
        raise NotFound("There's nothing at this address.")
    # The names have no digest, so that a new version would be mixed with an old one.
    headers = {"ETag": found.etag, "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == found.etag:
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type=found.media_type, headers=headers)


def _file(path: str) -> _File | None:
    """A file of the bundle; None for anything that isn't one, wherever the path leads."""
    whole = (STATIC / path).resolve()
    if not whole.is_relative_to(STATIC) or not whole.is_file():
        return None
    data = whole.read_bytes()
    kind = mimetypes.guess_type(whole.name)[0] or "application/octet-stream"
    return _File(data, kind, f'"{sha256(data)[:16]}"')
