"""The whole program on each platform: real planner, executor, tools and adapters; people act."""

import io
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot.app import App
from bot.config.settings import ProjectSettings, Settings
from bot.message_keys import RESULT
from bot.platforms.console.platform import ConsolePlatform
from bot.platforms.console.screen import PlainScreen
from bot.platforms.console.session import Session, person
from bot.platforms.slack.adapter import Slack
from bot.wiring import build
from executor.egress.files import ProjectFiles
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.external import ExternalAgents as External
from memory.model.agents.external import Hook, Program, Server
from memory.model.timing.clock import SystemClock, SystemIds
from memory.model.timing.firing import FiringState
from memory.model.work.run import RunState
from memory.store.tables import firings, outbox, runs
from tests.fakes.console import THREAD, WIDE, ConsoleHarness
from tests.fakes.discord.harness import DiscordHarness, Listening
from tests.fakes.discord.server import Discord
from tests.fakes.slack.harness import SlackHarness
from tests.fakes.slack.workspace import TEAM, open_workspace
from tests.flows.play import Dialogue, Harness, Step, play

PLATFORMS = ("console", "slack", "discord")
IN_TURN = (
    "slack",
    pytest.param("console", marks=pytest.mark.wide),
    pytest.param("discord", marks=pytest.mark.wide),
)
"""For flows of which a platform shows little of its own: CI plays them on all."""


@dataclass(frozen=True)
class ExternalAgents:
    """What the program finds: a project's folder, a database, models."""

    folder: Path
    url: str = ""
    endpoints: tuple[ModelEndpoint, ...] = ()
    programs: tuple[Program, ...] = ()
    servers: tuple[Server, ...] = ()
    hooks: tuple[Hook, ...] = ()

    @property
    def files(self) -> Path:
        return self.folder / "files"

    def settings(self, *, channel: str, owner: str) -> Settings:
        self.files.mkdir(parents=True, exist_ok=True)
        project = ProjectSettings(
            name="sales", root=self.files, channels=(channel,), owners=(owner,)
        )
        return Settings(
            data=self.folder / "data",
            workspace=self.files,
            database_url=SecretStr(self.url),
            endpoints=self.endpoints,
            external=External(programs=self.programs, servers=self.servers, hooks=self.hooks),
            ollama_url="",
            projects=(project,),
            pace_s=0.0,
        )


@dataclass(frozen=True)
class Whole:
    """The program at work. `shown` has the bytes people can see of each file, by its name."""

    harness: Harness
    files: Path
    shown: Callable[[], Mapping[str, bytes]]


class AtRest:
    """The app, which has settled only when no work is left that needs no person."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.receive = app.receive

    async def settled(self) -> None:
        await self._app.settled()
        while await self._app.working() or not await self._are_told():
            await self._app.changed()
            await self._app.settled()
        await self._app.settled()

    async def _are_told(self) -> bool:
        """Whether what fell due was dealt with, and the message is out of each run that ended."""
        sent = sa.exists().where(
            outbox.c.key.startswith(sa.literal(RESULT) + firings.c.run_id + "#")
            & (outbox.c.state == "sent")
        )
        over = runs.c.state.in_([state for state in RunState if state.over])
        query = (
            sa.select(firings.c.due_at)
            .outerjoin(runs, runs.c.id == firings.c.run_id)
            .where((firings.c.state == FiringState.CLAIMED) | (over & ~sent))
        )
        async with self._app._database.reading() as connection:
            return (await connection.execute(query)).first() is None


async def state(ready: Whole, *steps: Step) -> None:
    """Go through the steps. Raises AssertionError with the one that did not go as told."""
    await play(ready.harness, Dialogue("the whole program", steps))


@asynccontextmanager
async def whole(platform: str, external: ExternalAgents) -> AsyncIterator[Whole]:
    """The program on that platform, until the end of the block."""
    opened = {"console": _console, "slack": _slack, "discord": _discord}[platform]
    async with opened(external) as ready:
        yield ready


@asynccontextmanager
async def _console(external: ExternalAgents) -> AsyncIterator[Whole]:
    """A file is seen where its path is printed."""
    settings = external.settings(channel="chat", owner="console:local:ana")
    clock, out = SystemClock(), io.StringIO()
    save = ProjectFiles(settings.data).write
    platform = ConsolePlatform(PlainScreen(out, columns=WIDE), settings.data, save, session="s")
    session = Session(platform, THREAD, person("ana"), clock, SystemIds())
    async with build(settings, platforms=(platform,)) as app:
        harness = ConsoleHarness(AtRest(app), None, session, out, clock)

        def shown() -> Mapping[str, bytes]:
            paths = [external.files / word for word in harness.heard().split()]
            return {path.name: path.read_bytes() for path in paths if path.is_file()}

        yield Whole(harness, external.files, shown)


@asynccontextmanager
async def _slack(external: ExternalAgents) -> AsyncIterator[Whole]:
    async with open_workspace() as workspace:
        clock = SystemClock()
        settings = external.settings(
            channel=workspace.general.id, owner=f"slack:{TEAM}:{workspace.user('ana').id}"
        )
        platform = Slack(workspace.settings, clock)
        async with build(settings, platforms=(platform,)) as app:
            await workspace.wait_for(lambda: workspace.sockets.connected)
            harness = SlackHarness(workspace, AtRest(app), None, clock)

            def shown() -> Mapping[str, bytes]:
                blocks = [block for message in workspace.from_bot() for block in message.blocks]
                inside = {block.get("slack_file", {}).get("id") for block in blocks}
                kept = workspace.state.files.values()
                seen = [one for one in kept if one.id in inside or one.shared_in]
                return {file.name: file.data for file in seen}

            yield Whole(harness, external.files, shown)


@asynccontextmanager
async def _discord(external: ExternalAgents) -> AsyncIterator[Whole]:
    async with Discord() as server:
        clock = SystemClock()
        settings = external.settings(
            channel=server.rooms["general"],
            owner=f"discord:{server.world.guild}:{server.member('ana')}",
        )
        platform = Listening(server, clock)
        async with build(settings, platforms=(platform,)) as app:
            await server.listening()
            harness = DiscordHarness(server, platform, AtRest(app), None, clock)

            def shown() -> Mapping[str, bytes]:
                posted = [one for message in harness._from_bot() for one in message["attachments"]]
                return {one["filename"]: _bytes(server, one["url"]) for one in posted}

            yield Whole(harness, external.files, shown)


def _bytes(server: Discord, url: str) -> bytes:
    return server.world.files[url.removeprefix(f"{server.world.base}/").partition("?")[0]]
