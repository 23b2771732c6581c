"""Dialogues over Discord: the real App, adapter and discord.py; people act in the server."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from bot.app import App
from bot.chat import Incoming, OpenMessages, Outgoing, Receive
from bot.config.settings import DiscordSettings, ProjectSettings
from bot.message_keys import RESULT
from bot.platforms.discord.adapter import Discord as Platform
from bot.platforms.discord.adapter import Timing
from bot.platforms.discord.marker import unmarked
from bot.services import Services
from memory.model.identity import Identity, MessageRef, ThreadRef
from memory.model.timing.clock import Clock
from memory.store.engine.database import Database
from memory.store.money import budgets
from tests.conftest import SetClock
from tests.fakes.discord.rules import buttons, said
from tests.fakes.discord.server import Discord
from tests.fakes.discord.world import Payload
from tests.flows.atwork import TEST, at_work
from tests.flows.scripted import ScriptedExecutor

PATIENCE_S = 60
QUICK = Timing(guild_ready_s=0.05, identify_pause_s=0, first_backoff_s=0.05)


class Listening(Platform):
    """The adapter, which remembers what it heard and under which keys it sent."""

    def __init__(self, server: Discord, clock: Clock) -> None:
        reached = DiscordSettings(
            token=SecretStr(server.token),
            api_url=server.api_url,
            gateway_url=server.gateway_url,
        )
        super().__init__(reached, clock, timing=QUICK)
        self.server = server
        self.heard: list[str] = []
        self.keys: dict[str, str] = {}

    async def listen(self, receive: Receive, open_messages: OpenMessages) -> None:
        async def noted(incoming: Incoming) -> None:
            await receive(incoming)
            self.heard.append(incoming.event_id)
            self.server.world.changed()

        await super().listen(noted, open_messages)

    async def post(
        self,
        thread: ThreadRef,
        out: Outgoing,
        files: Mapping[str, bytes],
        *,
        key: str,
        edits: MessageRef | None = None,
    ) -> MessageRef:
        ref = await super().post(thread, out, files, key=key, edits=edits)
        self.keys.setdefault(ref.message, key)
        return ref


class DiscordHarness:
    """People of one thread: the first words mention the bot, those that follow need not."""

    def __init__(
        self, server: Discord, platform: Listening, app: App, services: Services, clock: SetClock
    ) -> None:
        self.server = server
        self.platform = platform
        self.app = app
        self.services = services
        self.clock = clock
        self.thread = ""
        self.words: Payload | None = None
        self.mark = 0

    async def say(self, who: str, text: str, *, files: Mapping[str, bytes] | None = None) -> None:
        self._begin()
        told = re.sub(r"@(\w+)", lambda name: f"<@{self.server.member(name[1])}>", text)
        place = self.thread or "general"
        self.words = self.server.say(
            who, place, told, mention=not self.thread, attachments=dict(files or {})
        )
        self.thread = self.thread or self.words["id"]
        event_id = f"message:{self.words['id']}"
        await self.server.wait_for(lambda: event_id in self.platform.heard)
        await self._settled()

    async def react(self, who: str, emoji: str, *, on: str = "plan", removed: bool = False) -> None:
        self._begin()
        before = len(self.platform.heard)
        act = self.server.unreact if removed else self.server.react
        act(who, self._shows(on), emoji)
        if on != "words":  # on those, nothing is to be heard
            await self.server.wait_for(lambda: len(self.platform.heard) > before)
        await self._settled()

    async def press(self, who: str, label: str, typed: str = "") -> None:
        self._begin()
        newest = sorted(self._from_bot(), key=lambda one: -self._stamp(one))
        having = [one for one in newest if label in _labels(one)]
        assert having, f"there is no button {label}"
        click = self.server.click(who, having[0], label)
        await self.server.wait_for(lambda: click["response"])
        if click["response"]["type"] == 9:
            click = self.server.submit(who, click, typed)
            await self.server.wait_for(lambda: click["response"])
        assert f"interaction:{click['id']}" in self.platform.heard
        await self._settled()

    async def edit(self, text: str, *, mention: bool = True) -> None:
        """Change what the newest words say."""
        self._begin()
        assert self.words is not None
        before = len(self.platform.heard)
        self.server.edit(self.words, text, mention=mention)
        await self.server.wait_for(lambda: len(self.platform.heard) > before)
        await self._settled()

    async def delete(self, *, on: str = "words") -> None:
        self._begin()
        before = len(self.platform.heard)
        self.server.delete(self._shows(on))
        await self.server.wait_for(lambda: len(self.platform.heard) > before)
        await self._settled()

    async def later(self, hours: float) -> None:
        self.clock.forward(hours=hours)

    async def spend(self, percent: int) -> None:
        self._begin()
        async with self.services.database.reading() as connection:
            budget = (await budgets.budgets_of(connection, TEST))[0]
        await self.services.executor.spend(TEST, budget, percent)
        await self._settled()

    def heard(self) -> str:
        return "\n---\n".join(_read(self.server, message) for message in self.messages())

    def messages(self) -> list[Payload]:
        """What the bot said or edited since the last act, oldest change first."""
        new = [message for message in self._from_bot() if self._stamp(message) > self.mark]
        return sorted(new, key=self._stamp)

    def _from_bot(self) -> list[Payload]:
        places = [self.server.rooms["general"], self.thread]
        return [message for place in places for message in self.server.messages(place)]

    def _stamp(self, message: Payload) -> int:
        return self.server.world.stamps[message["id"]]

    def _begin(self) -> None:
        self.mark = max(self.server.world.stamps.values(), default=0)

    async def _settled(self) -> None:
        await self.server.gateway.drained()
        async with asyncio.timeout(PATIENCE_S):
            await self.app.settled()

    def _shows(self, what: str) -> Payload:
        if what == "words":
            assert self.words is not None
            return self.words
        prefix = RESULT if what == "result" else "plan:"
        keys = self.platform.keys
        found = [message for message in self._from_bot() if keys[message["id"]].startswith(prefix)]
        return found[0] if what == "first plan" else found[-1]


@asynccontextmanager
async def discord_bench(
    database: Database,
    clock: SetClock,
    folder: Path,
    *,
    approvers: tuple[str, ...] = (),
    owners: tuple[str, ...] = (),
    approver_groups: tuple[str, ...] = (),
) -> AsyncIterator[DiscordHarness]:
    """The bot at work in a server of its own, with scripted planner and executor."""
    async with Discord() as server:
        kim = Identity(
            platform="discord",
            workspace=server.world.guild,
            user_id=server.member("kim"),
            display="kim",
        )

        def key(name: str) -> str:
            return f"discord:{server.world.guild}:{server.member(name)}"

        project = ProjectSettings(
            name="test",
            channels=(server.rooms["general"],),
            approvers=tuple(map(key, approvers)),
            owners=tuple(map(key, owners)),
            approver_groups=tuple(
                f"discord:{server.world.guild}:{group}" for group in approver_groups
            ),
        )
        platform = Listening(server, clock)
        executor = ScriptedExecutor(database, clock, asked=kim)
        admin = f"discord:{server.world.guild}:{server.member('ana')}"
        async with at_work(
            database, clock, folder, platform, project, executor, listens=True, admin=admin
        ) as (app, services):
            await server.listening()
            yield DiscordHarness(server, platform, app, services, clock)


def _labels(message: Payload) -> list[str]:
    return [button["label"] for button in buttons(message)]


def _read(server: Discord, message: Payload) -> str:
    """The text and buttons as a person reads them: no marks of style, names for mentions."""
    people = server.world.users
    text = unmarked(said(message))
    text = re.sub(r"<@!?(\d+)>", lambda found: f"@{people[found[1]]['username']}", text)
    text = re.sub(r"\[([^\]]*)\]\(https?://[^)]*\)", r"\1", text)
    return re.sub(r"(?<!\w)[*_]+(?=\S)|(?<=\S)[*_]+(?!\w)|`", "", text)
