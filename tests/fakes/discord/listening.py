"""The adapter listening to the fake Discord, what it heard, and short ways to say things."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pydantic import SecretStr

from bot.chat import Button, Incoming, OutFile, Outgoing
from bot.config.settings import DiscordSettings
from bot.platforms.discord.adapter import Discord as Platform
from bot.platforms.discord.adapter import Timing
from memory.model.base import sha256
from memory.model.identity import MessageRef, ThreadRef
from memory.model.timing.clock import SystemClock
from tests.fakes.discord.server import TOKEN, Discord
from tests.fakes.discord.world import Payload

QUICK = Timing(
    login_s=5,
    online_s=5,
    send_s=15,
    guild_ready_s=0.05,
    identify_pause_s=0,
    first_backoff_s=0.05,
    longest_backoff_s=0.2,
)
PLAN = "a" * 64


@dataclass
class Bot:
    """A platform that listens, and what it heard."""

    server: Discord
    platform: Platform
    heard: list[Incoming] = field(default_factory=list)
    open: list[MessageRef] = field(default_factory=list)
    refuse: int = 0

    async def receive(self, incoming: Incoming) -> None:
        if self.refuse:
            self.refuse -= 1
            raise RuntimeError("the database is away")
        self.heard.append(incoming)
        self.server.world.changed()

    async def open_messages(self) -> tuple[MessageRef, ...]:
        return tuple(self.open)

    async def hears(self, count: int = 1) -> list[Incoming]:
        await self.server.wait_for(lambda: len(self.heard) >= count)
        return self.heard

    def of_kind(self, kind: str) -> list[Incoming]:
        return [one for one in self.heard if one.kind == kind]


def settings(server: Discord, token: str = TOKEN) -> DiscordSettings:
    return DiscordSettings(
        token=SecretStr(token), api_url=server.api_url, gateway_url=server.gateway_url
    )


@asynccontextmanager
async def listening(
    server: Discord, *, open_on: tuple[MessageRef, ...] = (), timing: Timing = QUICK
) -> AsyncIterator[Bot]:
    platform = Platform(settings(server, server.token), SystemClock(), timing=timing)
    bot = Bot(server, platform, open=list(open_on))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(platform.listen(bot.receive, bot.open_messages))
        await server.listening()
        yield bot
        task.cancel()


def where(server: Discord, thread: str = "") -> ThreadRef:
    general = server.rooms["general"]
    return ThreadRef(
        platform="discord", workspace=server.world.guild, channel=general, thread=thread
    )


async def posted(bot: Bot, out: Outgoing, *, key: str = "k1", **files: bytes) -> Payload:
    """Post in the channel; the payload of the message."""
    data = {sha256(content): content for content in files.values()}
    await bot.platform.post(where(bot.server), out, data, key=key)
    return bot.server.messages()[-1]


def button(label: str, action: str = f"approve:{PLAN}") -> Button:
    return Button(action=action, label=label)


def picture(data: bytes, name: str = "plan.png", kind: str = "image/png") -> OutFile:
    return OutFile(name=name, digest=sha256(data), media_type=kind, title="The plan")
