"""The gateway: sessions that are identified, resumed, cut, and fed with events."""

import asyncio
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord.world import CONTENT_INTENT, DM, Payload, World


class Link:
    """One WebSocket: frames go out in the order they were given."""

    def __init__(self, socket: web.WebSocketResponse, *, compressed: bool) -> None:
        self.socket = socket
        self._zlib = zlib.compressobj() if compressed else None
        self._out: asyncio.Queue[Payload | str | int] = asyncio.Queue()

    def send(self, frame: Payload | str) -> None:
        self._out.put_nowait(frame)

    def close(self, code: int) -> None:
        self._out.put_nowait(code)

    async def pump(self) -> None:
        """Write the frames until the link is closed."""
        while not isinstance(frame := await self._out.get(), int):
            text = frame if isinstance(frame, str) else json.dumps(frame)
            if self._zlib is None:
                await self.socket.send_str(text)
            else:
                data = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(data)
        await self.socket.close(code=frame)


@dataclass
class Session:
    """What one identify began: its events so far, for a resume."""

    id: str
    intents: int
    link: Link | None = None
    seq: int = 0
    sent: list[Payload] = field(default_factory=list)

    def dispatch(self, name: str, data: Payload) -> None:
        self.seq += 1
        frame = {"op": 0, "s": self.seq, "t": name, "d": data}
        self.sent.append(frame)
        if self.link is not None:
            self.link.send(frame)


class Gateway:
    """Op codes in, events out. `allowed_intents` is what the developer portal has switched on."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.allowed_intents = -1
        self.sessions: dict[str, Session] = {}
        self.identified = 0
        self.resumed = 0
        self.open = True
        self.beats = 0
        world.emit = self.emit

    @property
    def connected(self) -> bool:
        """Whether anybody listens."""
        return any(session.link for session in self.sessions.values())

    def emit(self, name: str, data: Payload) -> None:
        """Tell every session that something happened."""
        for session in self.sessions.values():
            session.dispatch(name, self._seen_by(session, name, data))

    def _seen_by(self, session: Session, name: str, data: Payload) -> Payload:
        """Without the content intent, only mentions, direct and own messages show their words."""
        if name != "MESSAGE_CREATE" or session.intents & CONTENT_INTENT:
            return data
        me = self.world.bot["id"]
        spoken_to = any(user["id"] == me for user in data["mentions"])
        direct = self.world.channels[data["channel_id"]]["type"] == DM
        if spoken_to or direct or data["author"]["id"] == me:
            return data
        return data | {"content": "", "attachments": [], "embeds": [], "components": []}

    def cut(self, code: int = 4000, *, forget: bool = False) -> None:
        """Close every link; `forget` makes the sessions impossible to resume."""
        for session in list(self.sessions.values()):
            if session.link is not None:
                session.link.close(code)
                session.link = None
        if forget:
            self.sessions.clear()

    def ask_reconnect(self) -> None:
        """Op 7, as Discord does before it restarts a gateway."""
        self.raw({"op": 7, "d": None})

    def invalidate(self) -> None:
        """Op 9 for good: every session has to identify anew."""
        self.raw({"op": 9, "d": False})
        self.sessions.clear()

    def raw(self, frame: Payload) -> None:
        """Send a frame as it is."""
        for session in self.sessions.values():
            if session.link is not None:
                session.link.send(frame)

    async def drained(self) -> None:
        """Return when the bot has taken all events: it answers our heartbeat after them."""
        before = self.beats
        self.raw({"op": 1, "d": None})
        await self.world.wait_for(lambda: self.beats > before)

    def raw_text(self, text: str) -> None:
        """Send what is not even JSON."""
        for session in self.sessions.values():
            if session.link is not None:
                session.link.send(text)

    def again(self, back: int = 1) -> None:
        """Send the last event once more, under a new number (a duplicate)."""
        for session in self.sessions.values():
            frame = session.sent[-back]
            session.dispatch(frame["t"], frame["d"])

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        if not self.open:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        link = Link(socket, compressed=request.query.get("compress") == "zlib-stream")
        link.send({"op": 10, "d": {"heartbeat_interval": 45_000}})
        async with asyncio.TaskGroup() as group:
            pump = group.create_task(link.pump())
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(link, json.loads(message.data))
            pump.cancel()
        for session in self.sessions.values():
            if session.link is link:
                session.link = None
        self.world.changed()
        return socket

    def _receive(self, link: Link, frame: Payload) -> None:
        match frame["op"]:
            case 1:
                self.beats += 1
                link.send({"op": 11})
                self.world.changed()
            case 2:
                self._identify(link, frame["d"])
            case 6:
                self._resume(link, frame["d"])
            case _:
                pass

    def _identify(self, link: Link, data: Payload) -> None:
        self.identified += 1
        if data["token"] != self.token:
            return link.close(4004)
        if data["intents"] & ~self.allowed_intents:
            return link.close(4014)
        session = Session(id=f"session{self.identified}", intents=data["intents"], link=link)
        self.sessions[session.id] = session
        guild = {"id": self.world.guild, "unavailable": True}
        ready: dict[str, Any] = {"v": 10, "user": self.world.bot, "guilds": [guild]}
        ready |= {
            "session_id": session.id,
            "application": {"id": self.world.application, "flags": 0},
        }
        ready["resume_gateway_url"] = self.world.base.replace("http://", "ws://") + "/gateway"
        session.dispatch("READY", ready)
        session.dispatch("GUILD_CREATE", self.world.guild_payload())
        return self.world.changed()

    def _resume(self, link: Link, data: Payload) -> None:
        session = self.sessions.get(data["session_id"] or "")
        if session is None or data["token"] != self.token:
            return link.send({"op": 9, "d": False})
        self.resumed += 1
        for frame in session.sent:
            if frame["s"] > data["seq"]:
                link.send(frame)
        session.link = link
        session.dispatch("RESUMED", {})
        return self.world.changed()
