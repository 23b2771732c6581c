"""Trusting tools: what is shown is what is approved, from the command line to the catalogue."""

import sys
from pathlib import Path

import pytest

import tests.fakes.programs.toolserver as toolserver
from bot.checkup.doctor import examine
from bot.checkup.tool_servers import Standing
from bot.cli.app import run
from bot.config.settings import load
from executor.agents.registry import opened
from executor.egress.cell import landlock
from memory.model.agents.external import Server
from memory.model.agents.tools import OfferedTool, ToolPin, tools_digest
from memory.model.base import AgentName
from memory.store.engine.database import Database, database_url
from memory.store.knowledge import tool_pins
from tests.conftest import SetClock

SCRIPT = Path(toolserver.__file__)


def config(folder: Path, *arguments: str) -> Path:
    told = ", ".join(f'"{argument}"' for argument in ("-I", SCRIPT, *arguments))
    path = folder / "orchestra.toml"
    path.write_text(
        f'[agents.gone]\ncommand = ["no-such-program"]\n'
        f'[mcp.tools]\ncommand = ["{sys.executable}", {told}]\n'
        f'reads = ["{SCRIPT}", "{sys.prefix}", "{sys.base_prefix}"]\n'
    )
    return path


@pytest.mark.skipif(not landlock.supported(), reason="needs a sandbox")
async def test_from_doctor_to_trust_to_the_catalogue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import asyncio

    path, data = config(tmp_path), tmp_path / "data"
    where = ["--config", str(path), "--data", str(data), "--workspace", str(tmp_path)]
    settings = load(config=path, data=data, workspace=tmp_path)
    found = [check.line() for check in await examine(settings) if check.what in {"agent", "tools"}]
    assert "no-such-program isn't installed" in found[0]
    assert "add, post, echo" in found[1]
    assert "not trusted yet" in found[1]
    async with opened((), settings.external) as agents:
        assert not any(one.spec.name.startswith("tools.") for one in agents)
    assert await asyncio.to_thread(run, ["tools", "trust", "Tools", *where]) == 0
    assert "post (exec): Posts a message." in capsys.readouterr().out
    database = Database(database_url(data))
    async with database.reading() as connection:
        pins = await tool_pins.every(connection)
    await database.close()
    async with opened((), settings.external, pins) as agents:
        names = {agent.spec.name for agent in agents}
    assert {"gone", "tools.add", "tools.post"} <= names
    assert await asyncio.to_thread(run, ["tools", "refuse", "tools", *where]) == 0
    assert await asyncio.to_thread(run, ["tools", "show", "nowhere", *where]) != 0
    assert "You have: tools" in capsys.readouterr().err


def test_what_changed_is_marked(clock: SetClock) -> None:
    kept, was = OfferedTool(name="kept"), OfferedTool(name="told", description="Reads.")
    gone, new = OfferedTool(name="gone"), OfferedTool(name="new", description="\x1b[2JHidden")
    now = was.model_copy(update={"description": "Reads and sends."})
    pin = ToolPin(
        server="s", digest=tools_digest((kept, was, gone)), tools=(kept, was, gone),
        approved_by="ana", at=clock.now(),
    )  # fmt: skip
    server = Server(name=AgentName("s"), title="S", command=("s",))
    found = Standing(server, pin, (kept, now, new))
    assert not found.approved
    assert [line.strip() for line in found.lines()] == [
        "kept (exec):", "~ told (exec): Reads and sends.", "+ new (exec): [2JHidden", "- gone is gone",
    ]  # fmt: skip
