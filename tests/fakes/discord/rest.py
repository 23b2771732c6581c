"""REST v10 and the CDN: what the real client calls, answered as Discord answers."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.fakes.discord.faults import Fault, Faults
from tests.fakes.discord.rules import FILE_BYTES, Refused, check_message, check_modal
from tests.fakes.discord.world import Payload, World, now

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OPEN = ("/interactions/", "/webhooks/", "/attachments/", "/gateway")
UNKNOWN_CHANNEL = Refused(404, 10003, "Unknown Channel")
UNKNOWN_MESSAGE = Refused(404, 10008, "Unknown Message")


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON with the content type discord.py insists on, letter by letter."""
    content = {"Content-Type": "application/json"} | (headers or {})
    return web.Response(body=json.dumps(data).encode(), status=status, headers=content)


class Rest:
    """The routes. `calls` lists `METHOD /path` of every request, for tests to look at."""

    def __init__(self, world: World, token: str, faults: Faults) -> None:
        self.world = world
        self.token = token
        self.faults = faults
        self.calls: list[str] = []
        self.app_flags = 1 << 18
        self.interactions: dict[str, Payload] = {}
        self.answer_within_s = 3.0
        self.may_open_threads = True
        self.gateway_url = ""

    def add_to(self, app: web.Application) -> None:
        """Put the routes and the doorkeeper in place."""
        message = "/api/v10/channels/{channel}/messages/{message}"
        reaction = message + "/reactions/{emoji}"
        command = "/api/v10/applications/{app}/commands"
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/api/v10/users/@me", self.me),
            ("GET", "/api/v10/users/@me/guilds", self.guilds),
            ("GET", "/api/v10/users/{user}", self.user),
            ("GET", "/api/v10/guilds/{guild}/members/{user}", self.guild_member),
            ("POST", "/api/v10/users/@me/channels", self.open_dm),
            ("GET", "/api/v10/gateway/bot", self.gateway),
            ("GET", "/api/v10/oauth2/applications/@me", self.application),
            ("GET", command, self.list_commands),
            ("PUT", command, self.set_commands),
            ("GET", "/api/v10/channels/{channel}", self.channel),
            ("PATCH", "/api/v10/channels/{channel}", self.edit_channel),
            ("GET", "/api/v10/channels/{channel}/messages", self.list_messages),
            ("POST", "/api/v10/channels/{channel}/messages", self.create),
            ("GET", message, self.message),
            ("PATCH", message, self.edit),
            ("DELETE", message, self.delete),
            ("POST", message + "/threads", self.start_thread),
            ("PUT", "/api/v10/channels/{channel}/messages/pins/{message}", self.pin),
            ("PUT", "/api/v10/channels/{channel}/pins/{message}", self.pin),
            ("GET", reaction, self.list_reactions),
            ("PUT", reaction + "/@me", self.add_reaction),
            ("DELETE", reaction + "/@me", self.remove_reaction),
            ("POST", "/api/v10/interactions/{id}/{token}/callback", self.callback),
            ("POST", "/api/v10/webhooks/{app}/{token}", self.follow_up),
            ("PATCH", "/api/v10/webhooks/{app}/{token}/messages/@original", self.edit_original),
            ("GET", "/attachments/{channel}/{file}/{name}", self.download),
        ]
        app.middlewares.append(self._door)
        for method, path, handler in routes:
            app.router.add_route(method, path, handler)

    @web.middleware
    async def _door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v10")
        self.calls.append(f"{request.method} {path}")
        fault = self.faults.due(request.method, path)
        if fault is not None and fault.when in ("before", "cut_before"):
            return self._spoiled(request, fault)
        allowed = request.headers.get("Authorization") == f"Bot {self.token}"
        if not allowed and not path.startswith(OPEN):
            return answer({"message": "401: Unauthorized", "code": 0}, 401)
        try:
            response = await handler(request)
        except Refused as refused:
            response = answer(refused.body, refused.status)
        if fault is not None:
            return self._spoiled(request, fault)
        return response

    def _spoiled(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.when.startswith("cut") and request.transport is not None:
            request.transport.close()
        if fault.status != 429:
            return answer({"message": "trouble", "code": fault.code}, fault.status)
        body = {"message": "You are being rate limited.", "global": False}
        headers = {"Via": "1.1 google", "X-RateLimit-Scope": "user"}
        headers["Retry-After"] = str(fault.retry_after_s)
        return answer(body | {"retry_after": fault.retry_after_s}, 429, headers)

    # the bot itself

    async def me(self, _: web.Request) -> web.Response:
        return answer(self.world.bot)

    async def guilds(self, _: web.Request) -> web.Response:
        return answer([{"id": self.world.guild, "name": "The Company"}])

    async def user(self, request: web.Request) -> web.Response:
        user = self.world.users.get(request.match_info["user"])
        if user is None:
            raise Refused(404, 10013, "Unknown User")
        return answer(user)

    async def guild_member(self, request: web.Request) -> web.Response:
        user, guild = (request.match_info[name] for name in ("user", "guild"))
        if guild != self.world.guild or user not in self.world.users:
            raise Refused(404, 10007, "Unknown Member")
        return answer(self.world.member(user) | {"user": self.world.users[user]})

    async def open_dm(self, request: web.Request) -> web.Response:
        channel = self.world.dm(str((await request.json())["recipient_id"]))
        return answer(self.world.channels[channel])

    async def gateway(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return answer({"url": self.gateway_url, "shards": 1, "session_start_limit": limit})

    async def application(self, _: web.Request) -> web.Response:
        info = {"id": self.world.application, "name": "Orchestra", "description": "", "icon": None}
        info |= {"bot_public": False, "bot_require_code_grant": False, "verify_key": ""}
        return answer(info | {"owner": self.world.bot, "team": None, "flags": self.app_flags})

    async def list_commands(self, _: web.Request) -> web.Response:
        return answer(self.world.commands)

    async def set_commands(self, request: web.Request) -> web.Response:
        shared = {"application_id": self.world.application, "version": "1"}
        self.world.commands = [
            {"id": self.world.snowflake()} | shared | command for command in await request.json()
        ]
        self.world.changed()
        return answer(self.world.commands)

    # channels and messages

    def _channel(self, request: web.Request) -> Payload:
        channel = self.world.channels.get(request.match_info["channel"])
        if channel is None:
            raise UNKNOWN_CHANNEL
        return channel

    def _message(self, request: web.Request) -> Payload:
        kept = self.world.messages[self._channel(request)["id"]]
        message = kept.get(request.match_info["message"])
        if message is None:
            raise UNKNOWN_MESSAGE
        return message

    async def channel(self, request: web.Request) -> web.Response:
        return answer(self._channel(request))

    async def edit_channel(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        data = await request.json()
        if "archived" in data:
            channel["thread_metadata"]["archived"] = data["archived"]
            self.world.emit("THREAD_UPDATE", channel)
        return answer(channel)

    async def list_messages(self, request: web.Request) -> web.Response:
        kept = list(self.world.messages[self._channel(request)["id"]].values())
        limit = int(request.query.get("limit", 50))
        before, after = request.query.get("before"), request.query.get("after")
        if after is not None:
            kept = [m for m in kept if int(m["id"]) > int(after)][:limit]
        if before is not None:
            kept = [m for m in kept if int(m["id"]) < int(before)]
        return answer([self.world.shown(m) for m in reversed(kept[-limit:])])

    async def message(self, request: web.Request) -> web.Response:
        message = self._message(request)
        for file in message["attachments"]:
            file["url"] = f"{file['url'].partition('?')[0]}?ex={self.world.links}"
        return answer(self.world.shown(message))

    async def _body(self, request: web.Request, channel: str) -> tuple[Payload, list[Payload]]:
        """The message's JSON, and the files that came with it."""
        if not request.content_type.startswith("multipart/"):
            return await request.json(), []
        data: Payload = {}
        files: list[Payload] = []
        async for part in await request.multipart():
            if part.name == "payload_json":
                data = await part.json()
                continue
            content = await part.read()
            if len(content) > FILE_BYTES:
                raise Refused(413, 40005, "Request entity too large")
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files.append(self.world.keep_file(channel, part.filename or "file", content, kind))
        return data, files

    async def create(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        data, files = await self._body(request, channel["id"])
        check_message(data, names=[file["filename"] for file in files])
        nonce = (channel["id"], str(data.get("nonce")))
        if data.get("enforce_nonce") and nonce in self.world.nonces:
            return answer(self.world.messages[channel["id"]][self.world.nonces[nonce]])
        if channel["type"] == 11:
            channel["thread_metadata"]["archived"] = False
        more = {"components": data.get("components") or [], "attachments": files}
        more |= {"flags": data.get("flags", 0), "nonce": data.get("nonce")}
        more["allowed_mentions"] = data.get("allowed_mentions")
        me = self.world.bot["id"]
        message = self.world.post(channel["id"], me, data.get("content") or "", **more)
        self.world.nonces[nonce] = message["id"]
        return answer(message)

    async def edit(self, request: web.Request) -> web.Response:
        message = self._message(request)
        channel = self._channel(request)
        if message["author"]["id"] != self.world.bot["id"]:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        if channel.get("thread_metadata", {}).get("archived"):
            raise Refused(400, 50083, "Thread is archived")
        data, files = await self._body(request, channel["id"])
        wanted = {str(one["id"]) for one in data.get("attachments", message["attachments"])}
        kept = [file for file in message["attachments"] if file["id"] in wanted]
        flags = message["flags"] | data.get("flags", 0)
        names = [file["filename"] for file in (*kept, *files)]
        check_message(message | data | {"flags": flags}, names=names)
        message["flags"] = flags
        message["attachments"] = kept + files
        message["content"] = data.get("content", message["content"]) or ""
        message["components"] = data.get("components", message["components"]) or []
        message["edited_timestamp"] = now()
        self.world.tell_message("MESSAGE_UPDATE", message)
        return answer(self.world.shown(message))

    async def delete(self, request: web.Request) -> web.Response:
        message = self._message(request)
        del self.world.messages[message["channel_id"]][message["id"]]
        gone = {"id": message["id"], "channel_id": message["channel_id"]}
        self.world.emit("MESSAGE_DELETE", gone | {"guild_id": self.world.guild})
        self.world.changed()
        return web.Response(status=204)

    async def pin(self, request: web.Request) -> web.Response:
        self._message(request)["pinned"] = True
        self.world.changed()
        return web.Response(status=204)

    async def start_thread(self, request: web.Request) -> web.Response:
        message = self._message(request)
        if not self.may_open_threads:
            raise Refused(403, 50013, "Missing Permissions")
        if message["id"] in self.world.channels:
            raise Refused(400, 160004, "A thread has already been created for this message")
        name = (await request.json())["name"]
        if not 1 <= len(name) <= 100:
            raise Refused(400, 50035, "Invalid Form Body")
        me = self.world.bot["id"]
        return answer(self.world.thread(message["channel_id"], message["id"], name, me), 201)

    # reactions

    async def list_reactions(self, request: web.Request) -> web.Response:
        given = self.world.reactions.get(self._message(request)["id"], {})
        users = sorted(given.get(request.match_info["emoji"], []), key=int)
        after = int(request.query.get("after", 0))
        page = [user for user in users if int(user) > after][: int(request.query.get("limit", 25))]
        return answer([self.world.users[user] for user in page])

    async def add_reaction(self, request: web.Request) -> web.Response:
        emoji = request.match_info["emoji"]
        if emoji.isascii():
            raise Refused(400, 10014, "Unknown Emoji")
        self.world.react(self._message(request), self.world.bot["id"], emoji)
        return web.Response(status=204)

    async def remove_reaction(self, request: web.Request) -> web.Response:
        emoji = request.match_info["emoji"]
        self.world.unreact(self._message(request), self.world.bot["id"], emoji)
        return web.Response(status=204)

    # interactions

    def _interaction(self, request: web.Request) -> Payload:
        token = request.match_info["token"]
        for interaction in self.interactions.values():
            if interaction["token"] == token:
                return interaction
        raise Refused(404, 10015, "Unknown Webhook")

    async def callback(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        if interaction["response"] is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if time.monotonic() - interaction["began"] > self.answer_within_s:
            raise Refused(404, 10062, "Unknown interaction")
        data = await request.json()
        if data["type"] == 9:
            check_modal(data["data"])
        interaction["response"] = data
        self.world.changed()
        return web.Response(status=204)

    async def follow_up(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        data = await request.json()
        check_message(data)
        interaction["follow_ups"].append(data)
        self.world.changed()
        return answer({"id": self.world.snowflake()} | data)

    async def edit_original(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        interaction["response"]["data"] = await request.json()
        self.world.changed()
        return answer({"id": interaction["id"]} | interaction["response"]["data"])

    async def download(self, request: web.Request) -> web.Response:
        data = self.world.files.get(request.path.removeprefix("/"))
        if data is None or request.query.get("ex") != str(self.world.links):
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=data)
