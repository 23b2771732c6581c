"""Listens as the bot does, for tests of the adapter alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.chat import Incoming
from bot.platforms.slack.adapter import Slack
from memory.model.identity import MessageRef
from tests.fakes.slack.workspace import Workspace


class Ear:
    """Receives as the inbox does: an event id is kept once; may fail a few times first."""

    def __init__(self) -> None:
        self.heard: dict[str, Incoming] = {}
        self.told = 0
        self.failures = 0
        self.open: tuple[MessageRef, ...] = ()

    async def receive(self, incoming: Incoming) -> None:
        self.told += 1
        if self.failures:
            self.failures -= 1
            raise OSError("the disk is full")
        self.heard.setdefault(incoming.event_id, incoming)

    async def open_messages(self) -> tuple[MessageRef, ...]:
        return self.open

    @property
    def events(self) -> list[Incoming]:
        return list(self.heard.values())


@asynccontextmanager
async def listening(workspace: Workspace, ear: Ear, slack: Slack) -> AsyncIterator[None]:
    before = workspace.sockets.opened
    async with asyncio.TaskGroup() as group:
        task = group.create_task(slack.listen(ear.receive, ear.open_messages))
        await workspace.wait_for(lambda: workspace.sockets.opened > before)
        yield
        task.cancel()
