"""Tools of servers and services, chosen without a model: words in, the right tool called."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

import tests.fakes.programs.toolserver as toolserver
from executor.agents.mcp.session import Session
from executor.egress.sandbox import Sandbox
from memory.model.agents.external import Hook, Server
from memory.model.agents.spec import EffectClass
from memory.model.agents.tools import OfferedTool
from memory.model.base import AgentName
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.knowledge import tool_pins
from tests.fakes.hook import FakeHook
from tests.flows.play import Reacts, Said, bot
from tests.flows.whole.program import ExternalAgents, state, whole

SCRIPT = Path(toolserver.__file__)


@asynccontextmanager
async def tool_server(folder: Path) -> AsyncIterator[Server]:
    """A server of tools on loopback; `folder` has a note of what it was called for."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(SCRIPT), "--http", str(port), f"--note={folder / 'note.txt'}",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0.05)
        yield Server(
            name=AgentName("chat"), title="Chat", url=f"http://127.0.0.1:{port}/mcp",
            path=os.environ["PATH"],
        )  # fmt: skip
    finally:
        process.terminate()
        await process.wait()


async def offered(server: Server) -> tuple[OfferedTool, ...]:
    async with asyncio.TaskGroup() as group:
        session = Session(server, Sandbox(path=server.path), group, approved=None)
        tools = await session.offered()
        await session.close()
    return tools


async def approve(outside: ExternalAgents, server: Server) -> None:
    """What the owner does with `orchestra tools approve`."""
    data = outside.folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    database = Database(database_url(data, ""))
    await schema.upgrade(database)
    async with database.transaction() as tx:
        await tool_pins.approve(
            tx, server.name, await offered(server), by="ana", at=datetime(2026, 1, 1, tzinfo=UTC)
        )
    await database.close()


async def test_a_tool_of_a_server_is_found_by_words_its_slot_asked_for_and_then_it_runs(
    tmp_path: Path,
) -> None:
    async with tool_server(tmp_path) as server:
        outside = ExternalAgents(tmp_path, servers=(server,))
        await approve(outside, server)
        async with whole("console", outside) as ready:
            await state(
                ready,
                Said("ana", "post a message saying the build is green"),
                bot("What's the channel for chat.post?"),
                Said("ana", "#dev"),
                bot("chat.post", "⚠", "Waiting for approval"),
            )
            assert not (tmp_path / "note.txt").exists()
            await state(ready, Reacts("ana", "✅"), bot("Done in"))
    assert (tmp_path / "note.txt").read_text().startswith("post #dev the build is green ")


async def test_a_service_is_found_by_what_it_does_and_told_the_words(tmp_path: Path) -> None:
    async with FakeHook() as service:
        hook = Hook(
            name=AgentName("ticketbot"), title="Ticket bot", url=service.url("echo"), free=True,
            description="Files a ticket in the help desk.", effect=EffectClass.EXEC,
        )  # fmt: skip
        async with whole("console", ExternalAgents(tmp_path, hooks=(hook,))) as ready:
            await state(
                ready,
                Said("ana", "File a ticket: the printer on floor 3 is broken"),
                bot("Ticket bot", "⚠", "Waiting for approval"),
                Reacts("ana", "✅"),
                bot("Done in"),
            )
    (called,) = service.seen
    told = json.loads(called.body)["task"]["instruction"]
    assert told == "File a ticket: the printer on floor 3 is broken"


@pytest.mark.parametrize("words", ["what is the weather in Rome?", "buy 20 shares of Acme"])
async def test_work_is_not_left_to_a_service_because_nobody_else_is_there(
    words: str, tmp_path: Path
) -> None:
    async with FakeHook() as service:
        hook = Hook(
            name=AgentName("ticketbot"), title="Ticket bot", url=service.url("echo"), free=True,
            description="Files a ticket in the help desk.", effect=EffectClass.EXEC,
        )  # fmt: skip
        async with whole("console", ExternalAgents(tmp_path, hooks=(hook,))) as ready:
            await state(ready, Said("ana", words), bot(absent=["Waiting for approval"]))
    assert service.seen == []
