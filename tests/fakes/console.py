"""Dialogues at a terminal: the real App, adapter and session; people type lines."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app import App
from bot.chat import Incoming, Outgoing
from bot.config.settings import ProjectSettings
from bot.message_keys import RESULT
from bot.platforms.console.markup import message_lines
from bot.platforms.console.platform import ConsolePlatform
from bot.platforms.console.screen import PlainScreen
from bot.platforms.console.session import Session, person
from bot.services import Services
from executor.egress.files import ProjectFiles
from memory.model.identity import MessageRef, ThreadRef
from memory.store.engine.database import Database
from memory.store.money import budgets
from tests.conftest import CountingIds, SetClock
from tests.flows.atwork import TEST, at_work
from tests.flows.scripted import ScriptedExecutor

THREAD = ThreadRef(platform="console", workspace="local", channel="chat", thread="t")
WIDE = 10_000
"""Columns: what was said is looked for as it was said, not as it was wrapped."""
PATIENCE_S = 60


class ConsoleHarness:
    """What people can type is typed; the rest (a reaction to an older message) is handed over."""

    def __init__(
        self, app: App, services: Services, session: Session, out: io.StringIO, clock: SetClock
    ) -> None:
        self.app = app
        self.services = services
        self.session = session
        self.out = out
        self.clock = clock
        self.count = 0
        self.before: dict[str, Outgoing] = {}

    async def say(self, who: str, text: str) -> None:
        self.session.become(who)
        await self._typed(text)

    async def react(self, who: str, emoji: str, *, on: str = "plan", removed: bool = False) -> None:
        self.session.become(who)
        newest = self.session.platform.board.reacted(emoji)
        target = self._shows(on)
        if not removed and newest is not None and newest == target:
            await self._typed(emoji)
        else:
            await self._done(kind="reaction", emoji=emoji, removed=removed, message=target.message)

    async def press(self, who: str, label: str, typed: str = "") -> None:
        self.session.become(who)
        messages = list(self.session.platform.board.messages.values())[::-1]
        having = [
            (ref, button)
            for ref, out in messages
            for section in out.sections
            for button in section.buttons
            if button.label == label
        ]
        assert having, f"there is no button {label}"
        ref, button = having[0]
        if button.asks or self.session.platform.board.pressed(label) != (ref, button):
            await self._done(kind="button", action=button.action, text=typed, message=ref.message)
        else:
            await self._typed(label)

    async def later(self, hours: float) -> None:
        self.clock.forward(hours=hours)

    async def spend(self, percent: int) -> None:
        self._begin()
        async with self.services.database.reading() as connection:
            budget = (await budgets.budgets_of(connection, TEST))[0]
        await self.services.executor.spend(TEST, budget, percent)
        await self._settled()

    def heard(self) -> str:
        """What was printed, and the whole of every message that it made into another."""
        printed = [line[11:] for line in self.out.getvalue().splitlines()]
        board = self.session.platform.board.messages
        changed = [
            line
            for key, (_, out) in board.items()
            if self.before.get(key, out) != out
            for line in message_lines(out, styled=False, columns=WIDE)
        ]
        return "\n".join([*printed, *changed])

    async def _typed(self, line: str) -> None:
        self._begin()
        await self.session.say(line, self.app.receive)
        await self._settled()

    async def _done(self, **fields: object) -> None:
        self._begin()
        self.count += 1
        event = {
            "event_id": f"handed{self.count}",
            "thread": THREAD,
            "author": self.session.speaker,
            "at": self.clock.now(),
        }
        await self.app.receive(Incoming.model_validate({**event, **fields}))
        await self._settled()

    def _begin(self) -> None:
        board = self.session.platform.board.messages
        self.before = {key: out for key, (_, out) in board.items()}
        self.out.seek(0)
        self.out.truncate()

    async def _settled(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self.app.settled()

    def _shows(self, what: str) -> MessageRef:
        if what == "words":
            return MessageRef(where=THREAD, message="a line somebody typed")
        prefix = RESULT if what == "result" else "plan:"
        posted = self.session.platform.posted
        found = [ref for key, ref in posted.items() if key.startswith(prefix) and "/" not in key]
        return found[0] if what == "first plan" else found[-1]


def keys(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(person(name).key for name in names)


@asynccontextmanager
async def console_bench(
    database: Database,
    clock: SetClock,
    folder: Path,
    *,
    approvers: tuple[str, ...] = (),
    owners: tuple[str, ...] = (),
) -> AsyncIterator[ConsoleHarness]:
    """The bot at work behind a terminal that writes into memory."""
    out = io.StringIO()
    platform = ConsolePlatform(
        PlainScreen(out, columns=WIDE), folder, ProjectFiles(folder).write, session="s"
    )
    project = ProjectSettings(
        name="test", root=folder, approvers=keys(approvers), owners=keys(owners)
    )
    executor = ScriptedExecutor(database, clock, asked=person("kim"))
    async with at_work(database, clock, folder, platform, project, executor) as (app, services):
        session = Session(platform, THREAD, person("ana"), clock, CountingIds())
        yield ConsoleHarness(app, services, session, out, clock)
