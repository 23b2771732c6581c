"""A bench for dialogues: the real App and store, a recording platform, scripted planner and work."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from bot.app import App
from bot.chat import Attachment, Incoming
from bot.config.settings import ProjectSettings
from bot.message_keys import RESULT
from bot.ports import Rereading
from bot.services import Services
from memory.model.identity import Identity, ThreadRef
from memory.store.engine.database import Database
from memory.store.money import budgets
from tests.conftest import SetClock
from tests.flows.atwork import TEST, at_work
from tests.flows.platform import Posted, RecordingPlatform
from tests.flows.scripted import ScriptedExecutor

CHANNEL = ThreadRef(platform="testchat", workspace="w", channel="c1")
THREAD = ThreadRef(platform="testchat", workspace="w", channel="c1", thread="t1")
PATIENCE_S = 60


def person(name: str) -> Identity:
    return Identity(platform="testchat", workspace="w", user_id=f"U-{name}", display=name)


class Bench:
    """People act through it; it waits until the bot is done and remembers what was new."""

    def __init__(
        self, app: App, services: Services, platform: RecordingPlatform, clock: SetClock
    ) -> None:
        self.app = app
        self.services = services
        self.platform = platform
        self.clock = clock
        self.thread = THREAD
        self.count = 0
        self.mark = 0
        self.own_words = ""

    async def say(self, who: str, text: str, *attachments: Attachment) -> None:
        mentions = tuple(person(name) for name in re.findall(r"@(\w+)", text))
        self.own_words = f"words{self.count}"
        await self.act(
            kind="message",
            author=person(who),
            text=text,
            message=self.own_words,
            mentions=mentions,
            attachments=attachments,
        )

    async def react(self, who: str, emoji: str, *, on: str = "plan", removed: bool = False) -> None:
        message = self.own_words if on == "words" else self._shows(on).ref.message
        await self.act(
            kind="reaction", author=person(who), emoji=emoji, message=message, removed=removed
        )

    async def press(self, who: str, label: str, typed: str = "") -> None:
        for posted in sorted(self.platform.messages, key=lambda one: -one.stamp):
            for section in posted.out.sections:
                for button in section.buttons:
                    if button.label == label:
                        await self.act(
                            kind="button",
                            author=person(who),
                            action=button.action,
                            message=posted.ref.message,
                            text=typed,
                        )
                        return
        raise AssertionError(f"there is no button {label}")

    async def later(self, hours: float) -> None:
        self.clock.forward(hours=hours)

    async def spend(self, percent: int) -> None:
        self.mark = self.platform.stamp
        async with self.services.database.reading() as connection:
            budget = (await budgets.budgets_of(connection, TEST))[0]
        await self.services.executor.spend(TEST, budget, percent)
        await self.settled()

    def heard(self) -> str:
        new = [message for message in self.platform.messages if message.stamp > self.mark]
        return "\n---\n".join(one.out.text for one in sorted(new, key=lambda one: one.stamp))

    async def act(self, **fields: object) -> None:
        self.mark = self.platform.stamp
        self.count += 1
        event = {
            "event_id": f"e{self.count}",
            "thread": self.thread,
            "at": self.clock.now(),
        }
        await self.app.receive(Incoming.model_validate({**event, **fields}))
        await self.settled()

    async def settled(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self.app.settled()

    def _shows(self, what: str) -> Posted:
        prefix = RESULT if what == "result" else "plan:"
        found = [message for message in self.platform.messages if message.key.startswith(prefix)]
        return found[0] if what == "first plan" else found[-1]


Talk = Callable[..., AbstractAsyncContextManager["Bench"]]
"""Opens the bench as the fixture `talk` has it: on this test's database, clock and folder."""


@asynccontextmanager
async def bench(
    database: Database,
    clock: SetClock,
    folder: Path,
    *,
    platform: RecordingPlatform | None = None,
    executor: ScriptedExecutor | None = None,
    approvers: tuple[str, ...] = (),
    owners: tuple[str, ...] = (),
    quorum: int = 1,
    pace_s: float = 0.0,
    rereading: Rereading | None = None,
) -> AsyncIterator[Bench]:
    """The bot at work on this database; what is given survives to the next one."""
    platform = platform or RecordingPlatform()
    executor = executor or ScriptedExecutor(database, clock, asked=person("kim"))
    project = ProjectSettings(
        name="test",
        channels=("c1",),
        approvers=tuple(person(name).key for name in approvers),
        owners=tuple(person(name).key for name in owners),
        quorum=quorum,
    )
    async with at_work(
        database,
        clock,
        folder,
        platform,
        project,
        executor,
        pace_s=pace_s,
        rereading=rereading,
        admin=person("ana").key,
    ) as (app, services):
        yield Bench(app, services, platform, clock)
