"""What there is on the fake Discord: people, one guild, channels, messages and reactions.

Everything is kept as the JSON payloads that Discord sends.
"""

import asyncio
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]

EPOCH_MS = 1_420_070_400_000
TEXT, DM, VOICE, PUBLIC_THREAD = 0, 1, 2, 11
CONTENT_INTENT = 1 << 15
_MENTION = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")


def now() -> str:
    """The time as Discord writes it."""
    return datetime.now(UTC).isoformat()


class World:
    """The state, and `changed()` for everybody who waits for something in it."""

    def __init__(self) -> None:
        self._count = 0
        self._waiters: list[asyncio.Event] = []
        self.emit: Callable[[str, Payload], None] = lambda _name, _data: None
        self.users: dict[str, Payload] = {}
        self.nicks: dict[str, str] = {}
        self.roles: dict[str, list[str]] = {}
        self.channels: dict[str, Payload] = {}
        self.messages: dict[str, dict[str, Payload]] = {}
        self.reactions: dict[str, dict[str, list[str]]] = {}
        self.nonces: dict[tuple[str, str], str] = {}
        self.files: dict[str, bytes] = {}
        self.commands: list[Payload] = []
        self.stamps: dict[str, int] = {}
        self.links = 1
        self.base = ""
        self.guild = self.snowflake()
        self.bot = self.user("orchestra", bot=True)
        self.role = self.snowflake()
        self.application = self.snowflake()  # for old bots it differs from the user id

    def snowflake(self) -> str:
        """A new id, later ids being greater."""
        self._count += 1
        return str((int(time.time() * 1000) - EPOCH_MS << 22) + self._count)

    def changed(self) -> None:
        """Wake whoever waits for a change."""
        for waiter in self._waiters:
            waiter.set()

    async def wait_for(self, predicate: Callable[[], Any], within_s: float = 60.0) -> Any:
        """What the predicate answers, as soon as that is true."""
        waiter = asyncio.Event()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(within_s):
                while not (found := predicate()):
                    waiter.clear()
                    await waiter.wait()
                return found
        finally:
            self._waiters.remove(waiter)

    # people and places

    def user(self, name: str, *, bot: bool = False) -> Payload:
        user = {"id": self.snowflake(), "username": name, "global_name": name}
        user |= {"discriminator": "0", "avatar": None, "bot": bot}
        self.users[user["id"]] = user
        return user

    def member(self, user_id: str) -> Payload:
        member = {
            "roles": self.roles.get(user_id, []),
            "joined_at": now(),
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        return member | {"nick": self.nicks.get(user_id), "avatar": None}

    def channel(self, name: str, kind: int = TEXT) -> str:
        channel = {"id": self.snowflake(), "type": kind, "name": name, "position": 0}
        channel |= {"guild_id": self.guild, "permission_overwrites": [], "parent_id": None}
        return self._add_channel(channel)

    def dm(self, user_id: str) -> str:
        for channel in self.channels.values():
            if channel["type"] == DM and channel["recipients"][0]["id"] == user_id:
                return str(channel["id"])
        channel = {"id": self.snowflake(), "type": DM, "recipients": [self.users[user_id]]}
        return self._add_channel(channel)

    def thread(self, channel_id: str, thread_id: str, name: str, owner: str) -> Payload:
        thread = {"id": thread_id, "type": PUBLIC_THREAD, "name": name, "owner_id": owner}
        thread |= {"guild_id": self.guild, "parent_id": channel_id, "message_count": 0}
        thread |= {"member_count": 1, "rate_limit_per_user": 0, "flags": 0}
        thread["thread_metadata"] = {
            "archived": False,
            "auto_archive_duration": 10080,
            "archive_timestamp": now(),
            "locked": False,
        }
        self._add_channel(thread)
        self.emit("THREAD_CREATE", thread | {"newly_created": True})
        return thread

    def _add_channel(self, channel: Payload) -> str:
        self.channels[channel["id"]] = channel
        self.messages[channel["id"]] = {}
        return str(channel["id"])

    def guild_payload(self) -> Payload:
        placed = [c for c in self.channels.values() if c.get("guild_id")]
        everyone = {"id": self.guild, "name": "@everyone", "permissions": "0", "position": 0}
        own = {"id": self.role, "name": "Orchestra", "permissions": "0", "position": 1}
        shared = {"color": 0, "hoist": False, "managed": False, "mentionable": False, "flags": 0}
        return {
            "id": self.guild,
            "name": "The Company",
            "owner_id": "1",
            "member_count": len(self.users),
            "roles": [everyone | shared, own | shared | {"tags": {"bot_id": self.bot["id"]}}],
            "channels": [c for c in placed if c["type"] != PUBLIC_THREAD],
            "threads": [c for c in placed if c["type"] == PUBLIC_THREAD and not _archived(c)],
            "members": [self.member(self.bot["id"]) | {"user": self.bot}],
            "emojis": [],
            "features": [],
            "unavailable": False,
        }

    # messages

    def post(self, channel_id: str, author: str, content: str, **more: Any) -> Payload:
        """Keep a message and tell everybody; `more` overrides any field of it."""
        channel = self.channels[channel_id]
        mentioned = [u for u in dict.fromkeys(_MENTION.findall(content)) if u in self.users]
        message: Payload = {
            "id": self.snowflake(),
            "channel_id": channel_id,
            "author": self.users[author],
            "content": content,
            "timestamp": now(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [self.mentioned(user, channel) for user in mentioned],
            "mention_roles": _ROLE.findall(content),
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": False,
            "type": 0,
            "flags": 0,
        }
        message |= more
        self.messages[channel_id][message["id"]] = message
        self.tell_message("MESSAGE_CREATE", message)
        return message

    def mentioned(self, user_id: str, channel: Payload) -> Payload:
        user = dict(self.users[user_id])
        return user if channel["type"] == DM else user | {"member": self.member(user_id)}

    def tell_message(self, event: str, message: Payload) -> None:
        self.stamps[message["id"]] = max(self.stamps.values(), default=0) + 1
        channel = self.channels[message["channel_id"]]
        data = dict(message)
        if channel["type"] != DM:
            data["guild_id"] = self.guild
            if not message.get("webhook_id"):
                data["member"] = self.member(message["author"]["id"])
        self.emit(event, data)
        self.changed()

    def shown(self, message: Payload) -> Payload:
        """The message as REST gives it: with its reactions, without its nonce."""
        given = self.reactions.get(message["id"], {})
        me = self.bot["id"]
        return {key: value for key, value in message.items() if key != "nonce"} | {
            "reactions": [
                {
                    "emoji": {"id": None, "name": emoji},
                    "count": len(users),
                    "me": me in users,
                    "me_burst": False,
                    "count_details": {"burst": 0, "normal": len(users)},
                    "burst_colors": [],
                }
                for emoji, users in given.items()
                if users
            ]
        }

    def react(self, message: Payload, user_id: str, emoji: str, *, told: bool = True) -> None:
        users = self.reactions.setdefault(message["id"], {}).setdefault(emoji, [])
        if user_id in users:
            return
        users.append(user_id)
        data = self._reaction(message, user_id, emoji)
        data["message_author_id"] = message["author"]["id"]
        if "guild_id" in data:
            data["member"] = self.member(user_id) | {"user": self.users[user_id]}
        if told:
            self.emit("MESSAGE_REACTION_ADD", data)
        self.changed()

    def unreact(self, message: Payload, user_id: str, emoji: str) -> None:
        self.reactions[message["id"]][emoji].remove(user_id)
        self.emit("MESSAGE_REACTION_REMOVE", self._reaction(message, user_id, emoji))
        self.changed()

    def _reaction(self, message: Payload, user_id: str, emoji: str) -> Payload:
        data: Payload = {"user_id": user_id, "channel_id": message["channel_id"], "type": 0}
        data |= {"message_id": message["id"], "burst": False, "emoji": {"id": None, "name": emoji}}
        if self.channels[message["channel_id"]]["type"] != DM:
            data["guild_id"] = self.guild
        return data

    # files

    def keep_file(self, channel_id: str, name: str, data: bytes, media_type: str) -> Payload:
        number = self.snowflake()
        path = f"attachments/{channel_id}/{number}/{name}"
        self.files[path] = data
        url = f"{self.base}/{path}?ex={self.links}"
        size = {"id": number, "filename": name, "size": len(data), "content_type": media_type}
        return size | {"url": url, "proxy_url": url}


def _archived(channel: Payload) -> bool:
    return bool(channel["thread_metadata"]["archived"])
