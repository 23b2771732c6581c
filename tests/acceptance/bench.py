"""The whole program without a model on a recording platform, one room per case."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from bot.app import App
from bot.chat import Incoming
from bot.config.settings import ProjectSettings, Settings
from bot.wiring import build
from memory.model.agents.external import ExternalAgents, Hook
from memory.model.agents.spec import EffectClass
from memory.model.base import AgentName, ProjectId, RunId
from memory.model.errors import NotFound
from memory.model.identity import Identity, ThreadRef
from memory.model.timing.clock import SystemClock
from memory.model.work.plan import Plan
from memory.model.work.run import RunView
from memory.store.running import switches
from memory.store.tables import inbox, plans, requests, runs
from tests.acceptance.material import make
from tests.flows.platform import Posted, RecordingPlatform
from tests.flows.whole.program import AtRest

PATIENCE_S = 25.0
OWNERS = ("ana",)
AGENTS = {
    "chatgpt": ("ChatGPT", ("draft", "write", "general")),
    "claude": ("Claude", ("review", "code", "draft", "general")),
    "gemini": ("Gemini", ("research", "translate", "draft", "general")),
}
GLOBAL = "all"
MADE = "made"


def person(name: str) -> Identity:
    """Somebody of the platform."""
    return Identity(platform="testchat", workspace="w", user_id=f"U-{name}", display=name)


@dataclass
class Room:
    """A channel, which is a project of its own, and the thread people talk in."""

    app: App
    platform: RecordingPlatform
    name: str
    files: Path
    mark: int = 0
    count: int = 0
    thread: str = "t1"
    _rest: AtRest = field(init=False)

    def __post_init__(self) -> None:
        self._rest = AtRest(self.app)

    @property
    def where(self) -> ThreadRef:
        """The thread."""
        return ThreadRef(platform="testchat", workspace="w", channel=self.name, thread=self.thread)

    async def say(self, text: str, *, who: str = "ana", addressed: bool = True) -> str:
        """Say it; what the bot says to it. Raises TimeoutError where it never comes to rest."""
        people = tuple(person(name) for name in ("bo", "kim") if f"@{name}" in text)
        return await self._act(
            kind="message", author=person(who), text=text, mentions=people, addressed=addressed
        )

    async def approve(self) -> str:
        """React with ✅ to the newest plan."""
        shown = [posted for posted in self.messages() if posted.key.startswith("plan:")]
        if not shown:
            return ""
        return await self._act(
            kind="reaction", author=person("ana"), emoji="✅", message=shown[-1].ref.message
        )

    def messages(self) -> list[Posted]:
        """The bot's messages here, oldest first."""
        here = [m for m in self.platform.messages if m.ref.where.channel == self.name]
        return sorted(here, key=lambda posted: posted.stamp)

    async def plan(self) -> Plan | None:
        """The newest plan of the thread, whatever became of it."""
        query = (
            sa.select(plans.c.body)
            .where(plans.c.thread_key == self.where.key)
            .order_by(plans.c.created_at.desc(), sa.literal_column("rowid").desc())
        )
        async with self.app._database.reading() as connection:
            body = (await connection.execute(query)).scalars().first()
        return Plan.model_validate_json(body) if body else None

    async def asked_for(self) -> int:
        """How many requests and plans the thread has: what planning was begun for."""
        async with self.app._database.reading() as connection:
            counted = [
                await connection.scalar(
                    sa.select(sa.func.count()).where(table.c.thread_key == self.where.key)
                )
                for table in (requests, plans)
            ]
        return sum(count or 0 for count in counted)

    async def run(self) -> RunView | None:
        """The thread's newest run."""
        query = (
            sa.select(runs.c.id, runs.c.project_id)
            .where(runs.c.thread_key == self.where.key)
            .order_by(runs.c.started_at.desc())
        )
        async with self.app._database.reading() as connection:
            row = (await connection.execute(query)).first()
        services = self.app._services
        if row is None or services is None:
            return None
        try:
            return await services.executor.view(ProjectId(row.project_id), RunId(row.id))
        except NotFound:
            return None

    async def leave(self) -> None:
        """Leave nothing behind that keeps other rooms from work: a stop, a job that never ends."""
        stuck = (inbox.c.thread_key == self.where.key) & inbox.c.state.in_(("new", "claimed"))
        async with self.app._database.transaction() as tx:
            await switches.release(tx, GLOBAL)
            await tx.execute(sa.update(inbox).where(stuck).values(state="failed"))
        run, services = await self.run(), self.app._services
        if run is not None and services is not None and not run.state.over:
            await services.executor.cancel(run.project, run.id, by="judge")

    async def _act(self, **fields: object) -> str:
        self.mark = self.platform.stamp
        self.count += 1
        event = {
            "event_id": f"{self.name}-{self.count}",
            "thread": self.where,
            "at": SystemClock().now(),
            "message": f"{self.name}-w{self.count}",
        }
        await self.app.receive(Incoming.model_validate({**event, **fields}))
        async with asyncio.timeout(PATIENCE_S):
            await self._rest.settled()
        return "\n---\n".join(m.out.text for m in self.messages() if m.stamp > self.mark)


@asynccontextmanager
async def rooms(
    folder: Path, names: list[str], *, agents: bool, only: tuple[str, ...] = ()
) -> AsyncIterator[Mapping[str, Room]]:
    """A room for each name, with its own copy of the files; `agents` are three services.

    `only` some of the files, where the rest would cost time.
    """
    async with _services(agents) as hooks:
        projects = []
        make(folder / MADE)
        for name in names:
            (folder / name).mkdir()
            for path in (folder / MADE).iterdir():
                if not only or path.name in only:
                    shutil.copy(path, folder / name)
            projects.append(
                ProjectSettings(
                    name=f"p-{name}",
                    root=folder / name,
                    channels=(name,),
                    owners=tuple(f"testchat:w:U-{who}" for who in OWNERS),
                    requester_may_approve=True,
                )
            )
        settings = Settings(
            data=folder / "data",
            workspace=folder,
            ollama_url="",
            projects=tuple(projects),
            external=ExternalAgents(hooks=hooks),
            pace_s=0.0,
        )
        platform = RecordingPlatform()
        async with build(settings, platforms=(platform,)) as app:
            yield {name: Room(app, platform, name, folder / name) for name in names}


@asynccontextmanager
async def _services(wanted: bool) -> AsyncIterator[tuple[Hook, ...]]:
    """Loopback services that stand in for agents: each says who it is and what it was told."""
    if not wanted:
        yield ()
        return
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield tuple(
            Hook(
                name=AgentName(name),
                title=title,
                url=f"http://127.0.0.1:{port}/{name}",
                task_types=types,
                effect=EffectClass.READ,
                free=True,
            )
            for name, (title, types) in AGENTS.items()
        )


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    name = head.split()[1].strip("/")
    length = next(
        int(line.split(":")[1])
        for line in head.split("\r\n")
        if line.lower().startswith("content-length")
    )
    await reader.readexactly(length)
    body = f'{{"text": "This is what {name} wrote."}}'.encode()
    writer.write(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"
        + f"content-length: {len(body)}\r\n\r\n".encode()
        + body
    )
    await writer.drain()
    writer.close()
