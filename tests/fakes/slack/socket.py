"""Socket Mode: envelopes, acknowledgements, redelivery."""

import asyncio
import json
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from aiohttp import WSMsgType, web

from tests.fakes.slack.state import Json


@dataclass
class Delivery:
    """One envelope on its way."""

    kind: str
    payload: Json
    tries: int
    envelope_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    acked: asyncio.Event = field(default_factory=asyncio.Event)
    answer: Json = field(default_factory=dict)
    sent: int = 0


class Sockets:
    """The open sockets of the app. Slack sends each envelope to one of them."""

    def __init__(self, *, redeliver_after_s: float, patient: bool) -> None:
        self.redeliver_after_s = redeliver_after_s
        self.patient = patient
        self.silent = False
        self.copies = 1
        self.opened = 0
        self.undelivered: list[Delivery] = []
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, Delivery] = {}
        self._held: list[Delivery] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> int:
        return len(self._open)

    @property
    def unacked(self) -> int:
        return len(self._waiting)

    def hold(self) -> None:
        """Keep envelopes back."""
        self._held = []

    def release(self, *, backwards: bool = False) -> None:
        """Send what was kept back, the last first if so asked."""
        held, self._held = self._held or [], None
        for delivery in reversed(held) if backwards else held:
            self.send(delivery)

    def send(self, delivery: Delivery) -> Delivery:
        """Deliver it, again and again until it is acknowledged or Slack gives up."""
        if self._held is not None:
            self._held.append(delivery)
            return delivery
        self._waiting[delivery.envelope_id] = delivery
        task = asyncio.ensure_future(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    async def send_raw(self, text: str) -> None:
        for socket in self._open:
            await socket.send_str(text)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        await socket.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        self._open.append(socket)
        self.opened += 1
        try:
            async for message in socket:
                if message.type == WSMsgType.PING and not self.silent:
                    await socket.pong(message.data)
                elif message.type == WSMsgType.TEXT:
                    self._acknowledge(json.loads(message.data))
        finally:
            if socket in self._open:
                self._open.remove(socket)
        return socket

    def cut(self) -> None:
        """Break every connection without a word."""
        for socket in self._open:
            transport = socket._req.transport if socket._req else None
            if transport is not None:
                transport.abort()
        self._open.clear()

    async def refresh(self) -> None:
        """Tell the app that its connection will be replaced."""
        await self.send_raw(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket in list(self._open):
            await socket.close()

    def _acknowledge(self, message: Json) -> None:
        delivery = self._waiting.pop(message.get("envelope_id", ""), None)
        if delivery is not None:
            delivery.answer = message.get("payload") or {}
            delivery.acked.set()

    async def _deliver(self, delivery: Delivery) -> None:
        for attempt in count() if self.patient else range(delivery.tries):
            envelope = {
                "type": delivery.kind,
                "envelope_id": delivery.envelope_id,
                "payload": delivery.payload,
                "accepts_response_payload": delivery.kind != "events_api",
                "retry_attempt": attempt,
                "retry_reason": "timeout" if attempt else "",
            }
            if self._open:
                delivery.sent += 1
                with suppress(ConnectionError):  # the app has just gone; Slack sends it again
                    for _ in range(self.copies):
                        await self._open[-1].send_str(json.dumps(envelope))
            try:
                async with asyncio.timeout(self.redeliver_after_s):
                    await delivery.acked.wait()
            except TimeoutError:
                continue
            return
        self._waiting.pop(delivery.envelope_id, None)
        self.undelivered.append(delivery)
