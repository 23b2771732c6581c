"""The fake Discord as one thing: start it, talk as its people, look at what the bot did."""

import time
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.rest import Rest
from tests.fakes.discord.rules import buttons
from tests.fakes.discord.world import DM, Payload, World, now

TOKEN = "MTA.fake.token"


class Discord:
    """A running server with one guild and the channel "general"."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.world = World()
        self.faults = Faults()
        self.rest = Rest(self.world, token, self.faults)
        self.gateway = Gateway(self.world, token)
        self.people: dict[str, str] = {}
        self.rooms = {"general": self.world.channel("general")}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        self.rest.add_to(app)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.world.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.rest.gateway_url = self.gateway_url
        return self

    async def __aexit__(self, *_: object) -> None:
        self.gateway.cut(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What stands for https://discord.com/api/v10."""
        return f"{self.world.base}/api/v10"

    @property
    def gateway_url(self) -> str:
        """What stands for wss://gateway.discord.gg/."""
        return self.world.base.replace("http://", "ws://") + "/gateway"

    @property
    def bot_id(self) -> str:
        """The bot's user id."""
        return str(self.world.bot["id"])

    # people

    def member(self, name: str) -> str:
        """The id of the person with this name, who joins if new."""
        if name not in self.people:
            self.people[name] = self.world.user(name)["id"]
        return self.people[name]

    def room(self, channel: str) -> str:
        """The id of a channel by its name, or the id as it is."""
        return self.rooms.get(channel, channel)

    def say(
        self,
        who: str,
        channel: str,
        text: str,
        *,
        mention: bool = False,
        attachments: dict[str, bytes] | None = None,
        **more: Any,
    ) -> Payload:
        """Post as a person; `mention` puts the bot's mention in front."""
        place = self.room(channel)
        words = f"<@{self.bot_id}> {text}" if mention else text
        files = [
            self.world.keep_file(place, name, data, "text/csv")
            for name, data in (attachments or {}).items()
        ]
        return self.world.post(place, self.member(who), words, attachments=files, **more)

    def reply(self, who: str, to: Payload, text: str) -> Payload:
        """Answer a message with Discord's reply, which pings its author."""
        channel = self.world.channels[to["channel_id"]]
        author = to["author"]["id"]
        reference = {"message_id": to["id"], "channel_id": to["channel_id"]}
        return self.say(
            who,
            to["channel_id"],
            text,
            type=19,
            message_reference=reference,
            referenced_message=to,
            mentions=[self.world.mentioned(author, channel)],
        )

    def edit(self, message: Payload, text: str, *, mention: bool = False) -> None:
        """Change what a person's message says."""
        words = f"<@{self.bot_id}> {text}" if mention else text
        channel = self.world.channels[message["channel_id"]]
        mentions = [self.world.mentioned(self.bot_id, channel)] if mention else []
        message |= {"content": words, "edited_timestamp": now(), "mentions": mentions}
        self.world.tell_message("MESSAGE_UPDATE", message)

    def embed(self, message: Payload) -> None:
        """Discord puts a preview under a link, and tells so as if the message had changed."""
        message["embeds"] = [{"type": "link", "url": "http://x", "title": "a page"}]
        self.world.tell_message("MESSAGE_UPDATE", message)

    def delete(self, message: Payload, *, told: bool = True) -> None:
        """Take the message away."""
        place, number = message["channel_id"], message["id"]
        del self.world.messages[place][number]
        guild = self.world.channels[place].get("guild_id")
        event = {"id": number, "channel_id": place} | ({"guild_id": guild} if guild else {})
        if told:
            self.world.emit("MESSAGE_DELETE", event)
        self.world.changed()

    def direct(self, who: str, text: str) -> Payload:
        """Write to the bot alone."""
        return self.say(who, self.world.dm(self.member(who)), text)

    def react(self, who: str, message: Payload, emoji: str, *, told: bool = True) -> None:
        """Put a reaction under a message."""
        self.world.react(message, self.member(who), emoji, told=told)

    def unreact(self, who: str, message: Payload, emoji: str) -> None:
        """Take it back."""
        self.world.unreact(message, self.member(who), emoji)

    def click(self, who: str, message: Payload, label: str) -> Payload:
        """Press the button with this label or custom id; answers the interaction."""
        for button in buttons(message):
            if label in (button["label"], button["custom_id"]):
                data = {"component_type": 2, "custom_id": button["custom_id"]}
                return self._interact(who, message["channel_id"], 3, data, message)
        raise LookupError(f"no button {label!r}")

    def submit(self, who: str, opened: Payload, text: str) -> Payload:
        """Fill in the modal that a click opened, and send it."""
        modal = opened["response"]["data"]
        label = modal["components"][0]
        field = {"type": 4, "id": 2, "custom_id": label["component"]["custom_id"], "value": text}
        data = {"custom_id": modal["custom_id"]}
        data["components"] = [{"type": 18, "id": 1, "component": field}]
        return self._interact(who, opened["channel_id"], 5, data, opened.get("message"))

    def slash(self, who: str, text: str, channel: str = "general") -> Payload:
        """Type `/orchestra text`."""
        command = self.world.commands[0]
        data = {"id": command["id"], "name": command["name"], "type": 1}
        data["options"] = [{"name": "text", "type": 3, "value": text}]
        return self._interact(who, self.room(channel), 2, data, None)

    def give(self, who: str, message: Payload) -> Payload:
        """Choose the command in the message's menu."""
        command = next(one for one in self.world.commands if one["type"] == 3)
        data = {"id": command["id"], "name": command["name"], "type": 3}
        data |= {"target_id": message["id"], "resolved": {"messages": {message["id"]: message}}}
        return self._interact(who, message["channel_id"], 2, data, None)

    def _interact(
        self, who: str, channel_id: str, kind: int, data: Payload, message: Payload | None
    ) -> Payload:
        channel = self.world.channels[channel_id]
        user = self.world.users[self.member(who)]
        interaction: Payload = {
            "id": self.world.snowflake(),
            "application_id": self.world.application,
            "type": kind,
            "data": data,
            "channel": channel,
            "channel_id": channel_id,
            "token": f"token-{self.world.snowflake()}",
            "version": 1,
            "app_permissions": "0",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "attachment_size_limit": 10 * 1024 * 1024,
            "locale": "en-US",
        }
        if channel["type"] == DM:
            interaction["user"] = user
        else:
            member = self.world.member(user["id"]) | {"user": user, "permissions": "0"}
            interaction |= {"guild_id": self.world.guild, "member": member}
        if message is not None:
            interaction["message"] = message
        self.world.emit("INTERACTION_CREATE", dict(interaction))
        interaction |= {"response": None, "follow_ups": [], "began": time.monotonic()}
        self.rest.interactions[interaction["id"]] = interaction
        return interaction

    # what there is to see

    def messages(self, channel: str = "general", *, of_bot: bool = True) -> list[Payload]:
        """The messages in a channel or thread, oldest first; the bot's only, unless asked."""
        kept = self.world.messages.get(self.room(channel), {}).values()
        return [m for m in kept if not of_bot or m["author"]["id"] == self.bot_id]

    def reactions(self, message: Payload) -> list[str]:
        """The emoji under a message that somebody gave, in the order they came."""
        return [e for e, users in self.world.reactions.get(message["id"], {}).items() if users]

    async def wait_for(self, predicate: Callable[[], Any], within_s: float = 60.0) -> Any:
        """What the predicate answers, as soon as that is true."""
        return await self.world.wait_for(predicate, within_s)

    async def listening(self) -> None:
        """Return when the bot is connected."""
        await self.wait_for(lambda: self.gateway.connected)
