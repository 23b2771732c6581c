"""A server that shows the built pages with data of a scene, and tells news on demand.

It's the *server* that is faked here, so that states that are hard to reach can be looked at.
"""

import json
import mimetypes
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.web.scenes import SCENES, Answers, moment

STATIC = Path(__file__).parents[2] / "bot/web/static"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Stricter than the real server's: styles of its own only."""
API = "/api/v1"
DONE = {"outcome": "approved", "done": True, "again": False, "id": "ses_1", "session": "ses_1"}
"""The answer to whatever is done; each page reads its part of it."""


class Showroom:
    """The scene that's shown, what was sent to it, and who listens to its news."""

    def __init__(self, scene: str = "full") -> None:
        self.answers: Answers = SCENES[scene](moment())
        self.sent: list[tuple[str, str, Any]] = []
        self.refusals: dict[str, tuple[int, str]] = {}
        self.listeners: list[queue.Queue[bytes | None]] = []
        self.listened_from: list[str] = []
        self.deaf = False
        self.url = ""

    def tell(self, event: str, /, **body: Any) -> None:
        """News to everybody who listens: kind `news`, `act`, `message`, `resync` or `beat`."""
        number = f"id: {body['seq']}\n" if "seq" in body else ""
        for listener in self.listeners:
            listener.put(f"event: {event}\n{number}data: {json.dumps(body)}\n\n".encode())

    def hang_up(self) -> None:
        """End every line; new ones are refused as long as `deaf` is set."""
        for listener in self.listeners:
            listener.put(None)
        self.listeners.clear()


class Server(ThreadingHTTPServer):
    """Answers for one showself.server.room."""

    daemon_threads = True

    def __init__(self, room: Showroom) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.room = room


class Handler(BaseHTTPRequestHandler):
    """One connection of a browser."""

    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *_: object) -> None:
        """Nothing: tests print what matters."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == f"{API}/events":
            self.server.room.listened_from.append(
                self.headers.get("Last-Event-ID") or parse_qs(address.query)["after"][0]
            )
            self._stream()
        elif address.path.startswith(API):
            self._answer(address.path.removeprefix(API), parse_qs(address.query))
        else:
            self._file(address.path)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"null")
        path = urlsplit(self.path).path.removeprefix(API)
        self.server.room.sent.append((self.command, path, body))
        if path in self.server.room.answers or path in self.server.room.refusals:
            self._answer(path, {})
        else:
            self._json(DONE)

    def do_PUT(self) -> None:
        self.do_POST()

    def do_DELETE(self) -> None:
        self.do_POST()

    def _answer(self, path: str, asked: dict[str, list[str]]) -> None:
        if path in self.server.room.refusals:
            status, detail = self.server.room.refusals[path]
            self._json({"title": "Refused", "status": status, "detail": detail}, status)
            return
        answer = self.server.room.answers.get(path)
        if answer is None:
            self._json({"title": "Not found", "detail": f"There's nothing at {path}."}, 404)
        elif path == "/costs" and asked.get("by") == ["day"] and "days" in answer:
            self._json({**answer, "lines": answer["days"]})
        else:
            self._json(answer)

    def _json(self, value: object, status: int = HTTPStatus.OK) -> None:
        self._send(json.dumps(value).encode(), "application/json", status)

    def _file(self, path: str) -> None:
        file = STATIC / path.lstrip("/")
        if not file.is_file():
            file = STATIC / "index.html"
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self._send(file.read_bytes(), kind)

    def _send(self, body: bytes, kind: str, status: int = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        if self.server.room.deaf:
            self._json({"detail": "Restarting."}, HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        line: queue.Queue[bytes | None] = queue.Queue()
        self.server.room.listeners.append(line)
        self.wfile.write(b"retry: 200\n\nevent: beat\ndata: {}\n\n")
        self.wfile.flush()
        while (words := line.get()) is not None:
            try:
                self.wfile.write(words)
                self.wfile.flush()
            except OSError:
                break
        self.close_connection = True


@contextmanager
def showroom(scene: str = "full") -> Iterator[Showroom]:
    """The server of a scene, running on loopback as long as the context is open."""
    room = Showroom(scene)
    server = Server(room)
    room.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield room
    finally:
        room.hang_up()
        server.shutdown()
        server.server_close()
