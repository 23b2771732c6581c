"""Dialogues over Slack: the real App, adapter and SDK; people act in the workspace."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path

from bot.app import App
from bot.config.settings import ProjectSettings
from bot.language.emoji import shortcode
from bot.message_keys import RESULT
from bot.platforms.slack.adapter import Slack
from bot.services import Services
from memory.model.identity import Identity
from memory.store.engine.database import Database
from memory.store.money import budgets
from tests.conftest import SetClock
from tests.fakes.slack.state import Message
from tests.fakes.slack.workspace import TEAM, Workspace, open_workspace
from tests.flows.atwork import TEST, at_work
from tests.flows.scripted import ScriptedExecutor

PATIENCE_S = 60


class SlackHarness:
    """People of one thread: the first words mention the bot, those that follow need not."""

    def __init__(self, workspace: Workspace, app: App, services: Services, clock: SetClock) -> None:
        self.workspace = workspace
        self.app = app
        self.services = services
        self.clock = clock
        self.thread = ""
        self.words: Message | None = None
        self.mark = 0

    async def say(self, who: str, text: str, *, files: Mapping[str, bytes] | None = None) -> None:
        self._begin()
        told = re.sub(r"@(\w+)", lambda name: f"<@{self.workspace.user(name[1]).id}>", text)
        self.words = self.workspace.say(
            self.workspace.user(who),
            told,
            thread_ts=self.thread,
            mention=not self.thread,
            files=files,
        )
        self.thread = self.thread or self.words.ts
        await self._settled()

    async def react(self, who: str, emoji: str, *, on: str = "plan", removed: bool = False) -> None:
        self._begin()
        act = self.workspace.unreact if removed else self.workspace.react
        act(self.workspace.user(who), self._shows(on), shortcode(emoji))
        await self._settled()

    async def press(self, who: str, label: str, typed: str = "") -> None:
        self._begin()
        newest = sorted(self.workspace.from_bot(), key=lambda one: -one.stamp)
        having = [one for one in newest if label in [b["text"]["text"] for b in one.buttons]]
        assert having, f"there is no button {label}"
        view = await self.workspace.click(self.workspace.user(who), having[0], label)
        if view is not None:
            await self.workspace.submit(view, typed)
        await self._settled()

    async def edit(self, text: str, *, mention: bool = True) -> None:
        """Change what the newest words say."""
        self._begin()
        assert self.words is not None
        mark = f"<@{self.workspace.bot.id}> " if mention else ""
        self.workspace.edit(self.words, mark + text)
        await self._settled()

    async def delete(self, *, on: str = "words") -> None:
        self._begin()
        self.workspace.delete(self._shows(on))
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
        return "\n---\n".join(_read(message) for message in self.messages())

    def messages(self) -> list[Message]:
        """What the bot said or edited since the last act, oldest change first."""
        new = [message for message in self.workspace.from_bot() if message.stamp > self.mark]
        return sorted(new, key=lambda one: one.stamp)

    def _begin(self) -> None:
        self.mark = max([message.stamp for message in self.workspace.from_bot()], default=0)

    async def _settled(self) -> None:
        await self.workspace.settled()
        assert self.workspace.sockets.undelivered == []
        async with asyncio.timeout(PATIENCE_S):
            await self.app.settled()

    def _shows(self, what: str) -> Message:
        if what == "words":
            assert self.words is not None
            return self.words
        prefix = RESULT if what == "result" else "plan:"
        found = [
            message for message in self.workspace.from_bot() if _key(message).startswith(prefix)
        ]
        return found[0] if what == "first plan" else found[-1]


@asynccontextmanager
async def slack_bench(
    database: Database,
    clock: SetClock,
    folder: Path,
    *,
    approvers: tuple[str, ...] = (),
    owners: tuple[str, ...] = (),
    approver_groups: tuple[str, ...] = (),
) -> AsyncIterator[SlackHarness]:
    """The bot at work in a workspace of its own, with scripted planner and executor."""
    async with open_workspace() as workspace:
        kim = workspace.user("kim")
        asked = Identity(platform="slack", workspace=TEAM, user_id=kim.id, display="kim")
        executor = ScriptedExecutor(database, clock, asked=asked)
        project = ProjectSettings(
            name="test",
            channels=(workspace.general.id,),
            approvers=tuple(f"slack:{TEAM}:{workspace.user(name).id}" for name in approvers),
            owners=tuple(f"slack:{TEAM}:{workspace.user(name).id}" for name in owners),
            approver_groups=tuple(f"slack:{TEAM}:{group}" for group in approver_groups),
        )
        async with (
            Slack(workspace.settings, clock) as slack,
            at_work(
                database,
                clock,
                folder,
                slack,
                project,
                executor,
                listens=True,
                admin=f"slack:{TEAM}:{workspace.user('ana').id}",
            ) as (app, services),
        ):
            await workspace.wait_for(lambda: workspace.sockets.connected)
            yield SlackHarness(workspace, app, services, clock)


def _key(message: Message) -> str:
    payload = (message.metadata or {}).get("event_payload") or {}
    return str(payload.get("key", ""))


def _read(message: Message) -> str:
    """The text as a person reads it: no marks of style, no entities."""
    text = re.sub(r"<(?:https?://[^|>]*\|)?([^>]*)>", r"\1", message.shown)
    return unescape(re.sub(r"(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`", "", text))
