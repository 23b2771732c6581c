"""What every request has to pass before anything reads it, and what every answer carries."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.limits import Buckets
from bot.web.problems import TooLarge, TooMany, answer, problem_of, unexpected
from bot.web.state import Web
from memory.model.base import sha256
from memory.model.errors import BadInput, NotAllowed, OrchestraError

MOST_BYTES: Final = 512_000
BODY_S: Final = 20.0
"""How long a body may take to arrive."""
_READS: Final = {"GET", "HEAD", "OPTIONS"}

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_log = structlog.get_logger()


class Guard:
    """Refuses strange hosts, foreign origins, floods and bodies that aren't plain JSON."""

    def __init__(self, app: ASGIApp, web: Web) -> None:
        self._app = app
        self._web = web
        self._proofs = Buckets(burst=120, per_s=30.0)
        self._addresses = Buckets(burst=1000, per_s=300.0)
        self._logins = Buckets(burst=10, per_s=0.2)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        began = False

        async def secured(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                self._secure(scope, message)
            await send(message)

        try:
            self._admit(scope, headers)
            body = await _body(headers, receive)
            _plain(headers, body)
            await self._app(scope, _again(body, receive), secured)
        except OrchestraError as error:
            await answer(problem_of(error, self._web.locale))(scope, receive, secured)
        except Exception as error:  # noqa: BLE001 - the adapter's inbound loop: a bug stops nobody
            if began:  # it was answered, and logged, by the app
                return
            reference = uuid4().hex[:8]
            _log.error("request failed", reference=reference, path=scope["path"], exc_info=error)
            await answer(unexpected(reference))(scope, receive, secured)

    def _admit(self, scope: Scope, headers: Headers) -> None:
        hosts = self._web.place.hosts(self._web.port)
        if headers.get("host", "").lower() not in hosts:
            raise BadInput("This server isn't known by that name; see `url` under [web].")
        if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
            raise BadInput("An address can't have a null character in it.")
        writes, token = scope["method"] not in _READS, headers.get("authorization", "")
        self._slow_down(scope, headers)
        if writes and not token and urlsplit(headers.get("origin", "")).netloc.lower() not in hosts:
            raise NotAllowed("That request came from another site, so it was refused.")

    def _slow_down(self, scope: Scope, headers: Headers) -> None:
        now = asyncio.get_running_loop().time()
        address = str((scope.get("client") or ("",))[0])
        shown = headers.get("authorization", "") or headers.get("cookie", "")
        fits = self._addresses.take(address, now)
        fits = fits and self._proofs.take(sha256(shown.encode()) if shown else address, now)
        if scope["path"].endswith("/login") and scope["method"] == "POST":
            fits = fits and self._logins.take(address, now)
        if not fits:
            raise TooMany("Too many requests in a short time; wait a few seconds.")

    def _secure(self, scope: Scope, message: Message) -> None:
        out = MutableHeaders(scope=message)
        for name, value in _HEADERS.items():
            out.setdefault(name, value)
        if scope["path"].startswith("/api"):
            out.setdefault("Cache-Control", "no-store")
        if self._web.place.secure:
            out["Strict-Transport-Security"] = "max-age=31536000"
        route = getattr(scope.get("route"), "path", "") or "other"
        self._web.metrics.requests.labels(scope["method"], route, str(message["status"])).inc()


async def _body(headers: Headers, receive: Receive) -> bytes:
    """The whole body. Raises TooLarge before more than that is held."""
    told = headers.get("content-length", "0")
    if told.isdecimal() and int(told) > MOST_BYTES:
        raise TooLarge("That is more than {n} bytes at once.", n=MOST_BYTES)
    parts: list[bytes] = []
    held, more = 0, True
    try:
        async with asyncio.timeout(BODY_S):
            while more:
                message = await receive()
                parts.append(message.get("body", b""))
                held += len(parts[-1])
                if held > MOST_BYTES:
                    raise TooLarge("That is more than {n} bytes at once.", n=MOST_BYTES)
                more = message["type"] == "http.request" and message.get("more_body", False)
    except TimeoutError:
        raise BadInput("The request took too long to arrive.") from None
    return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body as if it came just now; then whatever really comes."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return left.pop() if left else await receive()

    return replayed


def _plain(headers: Headers, body: bytes) -> None:
    """Raise BadInput unless the body is empty, or JSON that can be stored as it is."""
    if not body:
        return
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadInput("Send JSON, with `Content-Type: application/json`.")
    try:
        found = json.loads(body, parse_constant=_refuse)
        json.dumps(found, ensure_ascii=False).encode()  # no half of a character
        if any("\0" in text for text in _texts(found)):
            raise BadInput("Text can't have a null character in it.")
    except (ValueError, RecursionError):
        raise BadInput("The body isn't valid JSON.") from None


def _texts(found: Any) -> Iterator[str]:
    """Every text in it, names of fields among them."""
    waiting = [found]
    while waiting:
        match waiting.pop():
            case str(text):
                yield text
            case list(items):
                waiting += items
            case dict(fields):
                waiting += [*fields, *fields.values()]


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
