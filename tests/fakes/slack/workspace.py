"""The workspace: its server, and what people do in it."""

import asyncio
import mimetypes
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar

from aiohttp import web
from pydantic import SecretStr

from bot.config.settings import SlackSettings
from tests.fakes.slack.faults import Fault, Faults
from tests.fakes.slack.socket import Delivery, Sockets
from tests.fakes.slack.state import Channel, File, Json, Message, State, User, View, words_of
from tests.fakes.slack.web import Refused, WebApi, arguments

TEAM, BOT_TOKEN, APP_TOKEN = "T00000001", "xoxb-right", "xapp-right"
SCOPES = (
    "app_mentions:read,channels:history,chat:write,commands,files:read,files:write,"
    "groups:history,im:history,reactions:read,reactions:write,users:read"
)
Found = TypeVar("Found")
PATIENCE_S = 60.0


class Workspace:
    """A workspace with one bot, a channel #general it is in, and people."""

    def __init__(self, *, redeliver_after_s: float = 3.0, patient: bool = False) -> None:
        self.state = State()
        self.sockets = Sockets(redeliver_after_s=redeliver_after_s, patient=patient)
        self.ack_within_s = PATIENCE_S
        self.faults = Faults()
        self.calls: list[str] = []
        self.scopes = SCOPES
        self.url = ""
        self.bot = User("UBOT00001", "orchestra", bot_id="B00000001")
        self.state.users[self.bot.id] = self.bot
        self.api = WebApi(self.state, self.bot.id)
        self.general = self.channel("general")
        self.refusals = 0
        self._tickets: set[str] = set()

    @property
    def settings(self) -> SlackSettings:
        """What the app is told."""
        return SlackSettings(
            bot_token=SecretStr(BOT_TOKEN),
            app_token=SecretStr(APP_TOKEN),
            api_url=f"{self.url}/api/",
        )

    def user(self, name: str) -> User:
        """The person of that name, who joins if need be."""
        for user in self.state.users.values():
            if user.name == name:
                return user
        user = User(self.state.id("U"), name)
        self.state.users[user.id] = user
        return user

    def channel(self, name: str, *, kind: str = "channel", joined: bool = True) -> Channel:
        prefix = {"channel": "C", "group": "G", "im": "D"}[kind]
        channel = Channel(self.state.id(prefix), name, kind)
        channel.members |= {self.bot.id} if joined else set()
        self.state.channels[channel.id] = channel
        return channel

    def say(
        self,
        user: User,
        text: str,
        *,
        channel: Channel | None = None,
        thread_ts: str = "",
        mention: bool = True,
        files: Mapping[str, bytes] | None = None,
    ) -> Message:
        """Post; the app is told as Slack tells it: `app_mention` and `message` for a mention."""
        where = channel or self.general
        whole = f"<@{self.bot.id}> {text}" if mention else text
        posted = [self._file(user, name, data) for name, data in (files or {}).items()]
        message = Message(self.state.ts(), where.id, user.id, whole, thread_ts, files=posted)
        self.state.messages[(where.id, message.ts)] = message
        for file in posted:
            file.shared_in.append((where.id, thread_ts))
        event = self._message_event(message)
        if mention and where.kind != "im":
            self.tell({**event, "type": "app_mention"})
        subtype = {"subtype": "file_share"} if posted else {}
        self.tell({**event, "channel_type": where.kind} | subtype)
        return message

    def edit(self, message: Message, text: str, *, told: bool = True) -> Json:
        """Change the words; the event, as it is told, to be told late or again."""
        before = self._message_event(message)
        message.text, message.edited = text, self.state.ts()
        event = self._changed(message.channel, self._message_event(message), before)
        if told:
            self.tell(event)
        return event

    def unfurl(self, message: Message) -> None:
        """Slack puts a preview under a link: it tells so as if the message had changed."""
        before = self._message_event(message)
        shown = {**before, "attachments": [{"id": 1, "fallback": "a page", "from_url": "http://x"}]}
        self.tell(self._changed(message.channel, shown, before))

    def delete(self, message: Message, *, told: bool = True) -> Json:
        """Take the message away; one with answers leaves a tombstone."""
        before = self._message_event(message)
        answers = [one for one in self.state.thread(message.channel, message.ts) if one != message]
        if answers:
            message.user, message.text = "USLACKBOT", "This message was deleted."
            grave = {"type": "message", "subtype": "tombstone", "text": message.text}
            grave |= {"user": message.user, "hidden": True, "ts": message.ts}
            grave |= {"thread_ts": message.ts, "reply_count": len(answers)}
            event = self._changed(message.channel, grave, before)
        else:
            del self.state.messages[(message.channel, message.ts)]
            event = self._hidden(message.channel, "message_deleted")
            event |= {"deleted_ts": message.ts, "previous_message": before}
        if told:
            self.tell(event)
        return event

    def _changed(self, channel: str, message: Json, before: Json) -> Json:
        event = self._hidden(channel, "message_changed")
        return {**event, "message": message, "previous_message": before}

    def _hidden(self, channel: str, subtype: str) -> Json:
        at, kind = self.state.ts(), self.state.channels[channel].kind
        event = {"type": "message", "subtype": subtype, "hidden": True, "channel": channel}
        return {**event, "ts": at, "event_ts": at, "channel_type": kind}

    def react(self, user: User, message: Message, name: str, *, told: bool = True) -> None:
        users = message.reactions.setdefault(name, [])
        assert user.id not in users, f"{user.name} has reacted with {name} already"
        users.append(user.id)
        self._reaction("reaction_added", user, message, name, told=told)

    def unreact(self, user: User, message: Message, name: str, *, told: bool = True) -> None:
        message.reactions[name].remove(user.id)
        self._reaction("reaction_removed", user, message, name, told=told)

    async def click(self, user: User, message: Message, label: str) -> View | None:
        """Press the button with that label or action id; the view that opened, if one did.

        Fails if the app does not acknowledge, as the person would see.
        """
        button = next(
            (one for one in message.buttons if label in (one["text"]["text"], one["action_id"])),
            None,
        )
        labels = [one["text"]["text"] for one in message.buttons]
        assert button is not None, f"no button {label!r} among {labels}"
        seen = set(self.state.views)
        body = self._interaction("block_actions", user) | {
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
            }
            | ({"thread_ts": message.thread_ts} if message.thread_ts else {}),
            "channel": {"id": message.channel},
            "message": self.api.message_json(message),
            "actions": [{**button, "block_id": "b", "action_ts": self.state.ts()}],
        }
        await self.acknowledged(self.sockets.send(Delivery("interactive", body, tries=1)))
        opened = [view for id_, view in self.state.views.items() if id_ not in seen]
        return opened[0] if opened else None

    async def shortcut(self, user: User, name: str, message: Message | None = None) -> View | None:
        """Use a shortcut, of Slack or of a message; the view that opened, if any."""
        body = self._interaction("message_action" if message else "shortcut", user)
        body |= {"callback_id": name, "action_ts": self.state.ts()}
        if message is not None:
            body |= {"channel": {"id": message.channel}, "message_ts": message.ts}
            body |= {"message": self.api.message_json(message)}
        seen = set(self.state.views)
        await self.acknowledged(self.sockets.send(Delivery("interactive", body, tries=1)))
        opened = [view for id_, view in self.state.views.items() if id_ not in seen]
        return opened[0] if opened else None

    def open_home(self, user: User, tab: str = "home") -> Delivery:
        """Look at the app."""
        event = {"type": "app_home_opened", "user": user.id, "channel": "D0", "tab": tab}
        return self.tell({**event, "event_ts": self.state.ts()})

    def home(self, user: User) -> str:
        """What the person's Home tab says."""
        blocks = self.state.homes.get(user.id, [])
        return "\n".join(text for block in blocks for text in words_of(block))

    async def press_home(self, user: User, label: str) -> View | None:
        """Press the button with that label in the person's Home tab; the view that opened, if any."""
        rows = [
            block["elements"] for block in self.state.homes[user.id] if block["type"] == "actions"
        ]
        button = next(one for row in rows for one in row if one["text"]["text"] == label)
        seen = set(self.state.views)
        body = self._interaction("block_actions", user) | {
            "container": {"type": "view", "view_id": "VHOME"},
            "view": {"id": "VHOME", "type": "home"},
            "actions": [{**button, "block_id": "b", "action_ts": self.state.ts()}],
        }
        await self.acknowledged(self.sockets.send(Delivery("interactive", body, tries=1)))
        opened = [view for id_, view in self.state.views.items() if id_ not in seen]
        return opened[0] if opened else None

    async def submit(self, view: View, text: str) -> None:
        """Type into the view's one field and send it."""
        assert view.open, "the view is closed"
        block = view.content["blocks"][0]
        values = {block["block_id"]: {block["element"]["action_id"]: {"value": text}}}
        shown = {"id": view.id, "hash": "h", "state": {"values": values}} | view.content
        body = self._interaction("view_submission", self.state.users[view.user]) | {"view": shown}
        await self.acknowledged(self.sockets.send(Delivery("interactive", body, tries=1)))
        view.open = False

    async def slash(
        self, user: User, text: str, *, command: str = "/orchestra", channel: Channel | None = None
    ) -> None:
        where = channel or self.general
        body = self._interaction("", user) | {
            "command": command,
            "text": text,
            "user_id": user.id,
            "user_name": user.name,
            "team_id": TEAM,
            "channel_id": where.id,
            "channel_name": where.name,
        }
        del body["type"]
        await self.acknowledged(self.sockets.send(Delivery("slash_commands", body, tries=1)))

    def tell(self, event: Json) -> Delivery:
        """Send an event to the app, four times at most (Slack's three retries) unless patient."""
        payload = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": "A1",
            "event_id": self.state.id("Ev"),
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": self.bot.id, "is_bot": True}],
            "event": event,
        }
        return self.sockets.send(Delivery("events_api", payload, tries=4))

    def messages(self, channel: Channel | None = None, thread: str | None = None) -> list[Message]:
        """The messages of a channel, oldest first, or of one thread in it."""
        where = channel or self.general
        if thread is not None:
            return self.state.thread(where.id, thread)
        return [one for (id_, _), one in sorted(self.state.messages.items()) if id_ == where.id]

    def from_bot(self, channel: Channel | None = None, thread: str | None = None) -> list[Message]:
        return [
            message for message in self.messages(channel, thread) if message.user == self.bot.id
        ]

    async def wait_for(
        self, predicate: Callable[[], Found | None], *, within_s: float = PATIENCE_S
    ) -> Found:
        """What the predicate gives, once that is something. Fails when it takes too long."""
        async with asyncio.timeout(within_s):
            while not (found := predicate()):
                await asyncio.sleep(0.002)
        return found

    async def acknowledged(self, delivery: Delivery) -> None:
        async with asyncio.timeout(self.ack_within_s):
            await delivery.acked.wait()

    async def settled(self) -> None:
        """Every event was acknowledged or given up."""
        await self.wait_for(lambda: self.sockets.unacked == 0)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of the Web API, with the fault that is planned for it."""
        method = request.match_info["method"]
        self.calls.append(method)
        fault = self.faults.next(method) or Fault()
        await asyncio.sleep(fault.delay_s)
        if fault.cut and not fault.after:
            return _cut(request)
        if (fault.status or fault.error) and not fault.after:
            return _failure(fault)
        body = self._call(method, await arguments(request), request)
        if fault.cut:
            return _cut(request)
        if fault.status or fault.error:
            return _failure(fault)
        return web.json_response(body, headers={"X-OAuth-Scopes": self.scopes})

    async def take(self, request: web.Request) -> web.Response:
        file = self.state.files[request.match_info["file"]]
        file.data = await request.read()
        file.mimetype = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return web.Response(text=f"OK - {len(file.data)}")

    async def give(self, request: web.Request) -> web.Response:
        file = self.state.files[request.match_info["file"]]
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        fault = self.faults.next("download") or Fault()
        if fault.status:
            return web.Response(status=fault.status)
        return web.Response(body=file.data, content_type=file.mimetype)

    async def socket(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        known = ticket in self._tickets
        self._tickets.discard(ticket)
        if not known or self.refusals:
            self.refusals -= 1 if known else 0
            return web.Response(status=408)
        return await self.sockets.serve(request)

    def _call(self, method: str, args: Json, request: web.Request) -> Json:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            return {"ok": True} | self._method(method, token)(args)
        except Refused as refused:
            return refused.body

    def _method(self, method: str, token: str) -> Callable[[Json], Json]:
        if method == "apps.connections.open":
            return lambda _args: self._connections_open(token)
        if token != BOT_TOKEN:
            raise Refused("invalid_auth")
        if method == "auth.test":
            who = {"user_id": self.bot.id, "bot_id": self.bot.bot_id}
            site = {"url": "https://test.slack.com/"}
            return lambda _args: {"team_id": TEAM, "team": "Test"} | site | who
        if method not in self.api.methods:
            raise Refused("unknown_method")
        return self.api.methods[method]

    def _connections_open(self, token: str) -> Json:
        if token != APP_TOKEN:
            raise Refused("not_allowed_token_type" if token.startswith("xoxb-") else "invalid_auth")
        ticket = self.state.id("ticket")
        self._tickets.add(ticket)
        return {"url": f"{self.url.replace('http', 'ws')}/link?ticket={ticket}"}

    def _interaction(self, kind: str, user: User) -> Json:
        trigger = self.state.id("trigger")
        self.state.triggers[trigger] = user.id
        return {
            "type": kind,
            "user": {"id": user.id, "username": user.name, "team_id": TEAM},
            "team": {"id": TEAM, "domain": "test"},
            "api_app_id": "A1",
            "trigger_id": trigger,
        }

    def _message_event(self, message: Message) -> Json:
        event: Json = {
            "type": "message",
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "event_ts": message.ts,
            "channel": message.channel,
            "team": TEAM,
            "client_msg_id": f"client-{message.ts}",
        }
        event |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
        event |= {"bot_id": self.bot.bot_id} if message.user == self.bot.id else {}
        if message.edited:
            event["edited"] = {"user": message.user, "ts": message.edited}
        if message.files:
            event["files"] = [self.api.file_json(file) for file in message.files]
        return event

    def _file(self, user: User, name: str, data: bytes) -> File:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = File(self.state.id("F"), name, user.id, data, name, kind, complete=True, looks=9)
        self.state.files[file.id] = file
        return file

    def _reaction(self, kind: str, user: User, message: Message, name: str, *, told: bool) -> None:
        if told:
            item = {"type": "message", "channel": message.channel, "ts": message.ts}
            event = {"type": kind, "user": user.id, "reaction": name, "item": item}
            self.tell({**event, "item_user": message.user, "event_ts": self.state.ts()})


@asynccontextmanager
async def open_workspace(
    *, redeliver_after_s: float = 3.0, patient: bool = False
) -> AsyncIterator[Workspace]:
    """A workspace whose server runs on a free port of loopback.

    A patient one delivers again and again for as long as it takes: Slack's last try comes after
    minutes, when a bot is back that needs seconds to start.
    """
    workspace = Workspace(redeliver_after_s=redeliver_after_s, patient=patient)
    app = web.Application(client_max_size=60_000_000)
    app.router.add_route("*", "/api/{method}", workspace.answer)
    app.router.add_post("/upload/{file}", workspace.take)
    app.router.add_get("/files/{file}/{path:.*}", workspace.give)
    app.router.add_get("/link", workspace.socket)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    workspace.url = workspace.api.base = f"http://{host}:{port}"
    try:
        yield workspace
    finally:
        await workspace.sockets.close()
        await runner.cleanup()


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _failure(fault: Fault) -> web.Response:
    if fault.error:
        return web.json_response({"ok": False, "error": fault.error})
    if fault.status == 429:
        body = {"ok": False, "error": "ratelimited"}
        headers = {"Retry-After": str(fault.retry_after_s)}
        return web.json_response(body, status=429, headers=headers)
    return web.Response(status=fault.status, text="upstream trouble", content_type="text/html")
