"""The parent's side: a workspace that outlives the bot, people in it, and what must hold at last."""

import asyncio
import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from memory.store.engine.database import Connection, Database, database_url
from memory.store.tables import feedback, runs
from memory.store.traffic import jobs, news, outbox
from tests.fakes.slack.state import Message
from tests.fakes.slack.workspace import APP_TOKEN, BOT_TOKEN, TEAM, Workspace
from tests.restart.nursery import PATIENCE_S, ROOT, Forks, Victim, nursery

SALES = ROOT / "deploy" / "examples" / "sales" / "sales.csv"
SLACK = ("slack",)

BUDGET = "budget $0.01 in all"
REQUEST = (
    "Load sales.csv, total the revenue by region, chart it, ask {kim} to check the numbers, "
    "have Scribe analyse them, and write a report to reports/q3.md"
)


def forks(folder: Path) -> AbstractAsyncContextManager[Forks]:
    """Open the process that has imported the whole program."""
    return nursery("tests.restart.whole.victim", str(folder / "plugins"))


@dataclass
class World:
    """A workspace, a data folder, and the bot, which is started again whenever it was killed."""

    forks: Forks
    workspace: Workspace
    folder: Path
    url: str = ""
    point: str = ""
    on_pass: int = 1
    deaths: int = 0
    victim: Victim | None = None
    stopping: bool = False
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.files).mkdir(parents=True)
        shutil.copy(SALES, self.files)

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    async def keep_alive(self) -> None:
        """Start the bot, and start it again, unarmed, after its death."""
        while not self.stopping:
            self.victim = await self._born(armed=not self.deaths)
            code = await asyncio.shield(self.victim.ended)
            if self.stopping:
                assert code == 0, f"a stop ended with {code}: {self.log()}"
                return
            assert code == -signal.SIGKILL, f"it ended by itself with {code}: {self.log()}"
            self.deaths += 1

    async def _born(self, *, armed: bool) -> Victim:
        return await self.forks.fork(
            data=str(self.data),
            workspace=str(self.files),
            database_url=self.url,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            api_url=f"{self.workspace.url}/api/",
            channel=self.workspace.general.id,
            owner=f"slack:{TEAM}:{self.workspace.user('ana').id}",
            log=str(self.folder / "log.txt"),
            counts=str(self.folder / "counts.json"),
            point=self.point if armed else "",
            on_pass=self.on_pass,
        )

    def log(self) -> str:
        log = self.folder / "log.txt"
        return log.read_text()[-6000:] if log.exists() else ""

    def counts(self) -> Counter[str]:
        return Counter(json.loads((self.folder / "counts.json").read_text()))

    async def shown(self, prefix: str) -> Message:
        """The bot's message whose key begins so, once it is there."""
        return await self._until(
            lambda: next(
                (message for message in self.from_bot() if key(message).startswith(prefix)), None
            ),
            f"{prefix} was never shown",
        )

    def from_bot(self) -> list[Message]:
        return self.workspace.from_bot()

    async def settled(self, database: Database) -> None:
        """Until nothing is left to be done, all of it was said, and all that came acknowledged."""
        left: dict[str, int] = {}
        try:
            async with asyncio.timeout(PATIENCE_S):
                while left := await self._left(database):
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"never at rest: {left}\n{self.log()}") from None

    async def _left(self, database: Database) -> dict[str, int]:
        """What is open yet, by its kind."""
        async with database.reading() as connection:
            counts = {
                "jobs": await jobs.open_count(connection),
                "messages": await outbox.open_count(connection, SLACK),
                "runs": await _count(connection, runs, runs.c.finished_at.is_(None)),
                "news": len(
                    await news.after(connection, await news.cursor(connection, "reporter"), 1)
                ),
                "thumbs": 1 - await _count(connection, feedback),
                "envelopes": self.workspace.sockets.unacked,
            }
        return {name: count for name, count in counts.items() if count}

    async def _until(self, find: Callable[[], Any], otherwise: str) -> Any:
        try:
            return await self.workspace.wait_for(find, within_s=PATIENCE_S)
        except TimeoutError:
            said = "\n".join(f"{key(message)}: {message.shown}" for message in self.from_bot())
            raise AssertionError(f"{otherwise}\n{said}\n{self.log()}") from None


async def _count(connection: Connection, table: sa.Table, *which: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(*which)
    return int((await connection.execute(query)).scalar_one())


async def play(world: World, *, shown: Callable[[], Awaitable[None]] | None = None) -> None:
    """One afternoon: budget, plan, approval, a question to kim, a pause, a report, a thumb.

    `shown` is awaited when the approval is given.
    """
    workspace = world.workspace
    ana, kim = workspace.user("ana"), workspace.user("kim")
    workspace.say(ana, BUDGET)
    await world.shown("re:")
    words = workspace.say(ana, REQUEST.format(kim=f"<@{kim.id}>"))
    plan = await world.shown("plan:")
    workspace.react(ana, plan, "white_check_mark")
    if shown is not None:
        await shown()
    await world.shown("person:")
    workspace.say(ana, "pause", thread_ts=words.ts, mention=False)
    await world.shown("paused:")
    workspace.say(ana, "resume", thread_ts=words.ts, mention=False)
    await world.shown("resumed:")
    workspace.say(kim, "They are right.", thread_ts=words.ts, mention=False)
    done = await world.shown("done:")
    workspace.react(ana, done, "+1")


@asynccontextmanager
async def living(world: World) -> AsyncIterator[None]:
    """The bot is kept alive within, and told to stop at the end."""
    async with asyncio.TaskGroup() as group:
        life = group.create_task(world.keep_alive())
        yield
        await stop(world, life)


async def stop(world: World, life: Awaitable[None]) -> None:
    world.stopping = True
    assert world.victim is not None
    os.kill(world.victim.pid, signal.SIGTERM)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await life
    except TimeoutError:
        raise AssertionError(f"it didn't stop when told to\n{world.log()}") from None


def key(message: Message) -> str:
    """The idempotency key that the bot wrote into the message."""
    payload = (message.metadata or {}).get("event_payload") or {}
    return str(payload.get("key", ""))


def open_database(world: World) -> Database:
    return Database(database_url(world.data, world.url))
