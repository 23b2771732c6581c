"""A platform on loopback and the adapter that speaks to it, for the tests that need nothing else of them."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.slack.adapter import Slack
from memory.model.identity import ThreadRef
from memory.model.timing.clock import SystemClock
from tests.fakes.discord.listening import Bot, listening
from tests.fakes.discord.server import Discord
from tests.fakes.slack.workspace import TEAM, Workspace, open_workspace


@pytest.fixture
async def server() -> AsyncIterator[Discord]:
    async with Discord() as server:
        yield server


@pytest.fixture
async def bot(server: Discord) -> AsyncIterator[Bot]:
    async with listening(server) as bot:
        yield bot


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with open_workspace() as one:
        yield one


@pytest.fixture
async def slack(workspace: Workspace) -> AsyncIterator[Slack]:
    async with Slack(workspace.settings, SystemClock()) as one:
        yield one


@pytest.fixture
def thread(workspace: Workspace) -> ThreadRef:
    root = workspace.say(workspace.user("ana"), "write it")
    return ThreadRef(platform="slack", workspace=TEAM, channel=workspace.general.id, thread=root.ts)
