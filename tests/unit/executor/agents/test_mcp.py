"""Tools of servers: a real server of tools, in a real sandbox and over HTTP."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

import tests.fakes.programs.toolserver as toolserver
from executor.agents.mcp.agent import McpTool
from executor.agents.mcp.session import Session
from executor.agents.mcp.specs import spec_of
from executor.egress.cell import landlock
from executor.egress.sandbox import Sandbox
from memory.model.agents.external import Server
from memory.model.agents.spec import EffectClass
from memory.model.agents.tools import OfferedTool, tools_digest
from memory.model.base import AgentName
from memory.model.errors import (
    AgentMisbehaved,
    AgentRejected,
    AgentUnavailable,
    BadInput,
    OrchestraError,
)
from memory.model.work.value import Json, Label, Text
from tests.unit.executor.agents.calls import call, until

PATH = os.environ["PATH"]
KEY = "tk-very-secret-0123456789"
SCRIPT = Path(toolserver.__file__)

pytestmark = pytest.mark.skipif(not landlock.supported(), reason="needs a sandbox")


def server(*arguments: str, note: Path | None = None, **set_: object) -> Server:
    told = [] if note is None else [f"--note={note / 'note.txt'}"]
    values: dict[str, object] = {
        "name": AgentName("tools"), "title": "Tools", "path": PATH,
        "command": (sys.executable, "-I", str(SCRIPT), *told, *arguments),
        "reads": (SCRIPT, Path(sys.base_prefix), Path(sys.prefix)),
        "writes": () if note is None else (note,), "secrets": {"TOOL_KEY": SecretStr(KEY)},
    }  # fmt: skip
    return Server.model_validate({**values, **set_})


class Tools:
    """The tools of one session, held to what they were when it was opened."""

    def __init__(self, session: Session, offered: dict[str, OfferedTool]) -> None:
        self.session = session
        self.agents = {name: McpTool(session, one) for name, one in offered.items()}

    async def run(self, name: str, root: Path, **inputs: object) -> Text | Json:
        reply = await self.agents[name].run(call(root, **inputs))
        assert isinstance(reply.value, Text | Json)
        assert reply.value.label is Label.UNTRUSTED
        return reply.value


@asynccontextmanager
async def talking(
    made: Server, offered: dict[str, OfferedTool], *, now: Callable[[], float] = time.monotonic
) -> AsyncIterator[Tools]:
    approved = tools_digest(tuple(offered.values()))
    sandbox = Sandbox(path=PATH, way="landlock")
    async with asyncio.TaskGroup() as group:
        session = Session(made, sandbox, group, approved=approved, now=now)
        try:
            yield Tools(session, offered)
        finally:
            await session.close()


@pytest.fixture(scope="module")
def offered() -> dict[str, OfferedTool]:
    async def asked() -> tuple[OfferedTool, ...]:
        async with talking(server(), {}) as tools:
            return await tools.session.offered()

    return {asking.name: asking for asking in asyncio.run(asked())}


def test_a_tool_is_an_entry_of_the_catalogue(offered: dict[str, OfferedTool]) -> None:
    add, post = (spec_of(server(), offered[name]) for name in ("add", "post"))
    assert (add.name, add.effect, add.output) == ("tools.add", EffectClass.READ, "json")
    assert [(parameter.name, parameter.type, parameter.required) for parameter in add.parameters] == [
        ("a", "number", True), ("b", "number", True),
    ]  # fmt: skip
    assert (post.effect, post.idempotent, post.target) == (EffectClass.EXEC, False, "tools.post")
    assert {parameter.name: parameter.slot for parameter in post.parameters} == {
        "channel": "control", "body": "content",
    }  # fmt: skip


def test_the_owner_has_the_last_word_on_what_a_tool_does(offered: dict[str, OfferedTool]) -> None:
    made = server(effects={"post": "publish", "echo": "exec"}, content=("channel",))
    assert spec_of(made, offered["post"]).effect is EffectClass.PUBLISH
    assert spec_of(made, offered["post"]).parameters[0].slot == "content"
    assert spec_of(made, offered["echo"]).effect is EffectClass.EXEC


async def test_one_session_serves_many_calls(
    offered: dict[str, OfferedTool], tmp_path: Path
) -> None:
    note = tmp_path / "notes"
    note.mkdir()
    async with talking(server(note=note), offered) as tools:
        assert await tools.run("add", tmp_path, a="2", b=3) == Json(value={"sum": 5})
        text = Text(text="hello")
        assert await tools.run("echo", tmp_path, text=text, times="2") == Text(text="hellohello")
        assert await tools.run("post", tmp_path, channel="a", body=text) == Text(text="posted to a")
        both = [tools.run("add", tmp_path, a=n, b=n) for n in range(20)]
        assert [reply.value for reply in await asyncio.gather(*both)] == [
            {"sum": 2 * n} for n in range(20)
        ]
    assert (note / "note.txt").read_text() == "post a hello run:t:1\n"


@pytest.mark.parametrize(
    ("name", "inputs", "told"),
    [
        ("add", {"a": 1}, "'b' is a required property"),
        ("add", {"a": 1, "b": "many"}, "b: 'many' is not of type 'integer'"),
        ("echo", {}, "'text' is a required property"),
    ],
)
async def test_wrong_inputs_do_not_reach_the_server(
    offered: dict[str, OfferedTool], tmp_path: Path, name: str, inputs: dict[str, object], told: str
) -> None:
    async with asyncio.TaskGroup() as group:
        unopened = Session(server(command=("no-such-program",)), Sandbox(path=PATH), group)
        with pytest.raises(BadInput, match=told):
            await McpTool(unopened, offered[name]).run(call(tmp_path, **inputs))


async def test_a_failure_is_told_without_secrets(
    offered: dict[str, OfferedTool], tmp_path: Path
) -> None:
    async with talking(server(), offered) as tools:
        with pytest.raises(AgentRejected) as caught:
            await tools.run("fail", tmp_path)
        assert "no way, •••" in caught.value.user_text
        assert await tools.run("key", tmp_path) == Text(text="•••")


async def test_malformed_and_huge_replies_end_in_a_sentence(
    offered: dict[str, OfferedTool], tmp_path: Path
) -> None:
    async with talking(server(), offered, now=lambda: 0.0) as tools:
        assert await tools.run("junk", tmp_path) == Text(text="after all")
        with pytest.raises((AgentUnavailable, AgentMisbehaved)):
            await tools.run("huge", tmp_path)


async def test_a_dead_server_is_left_alone_and_then_started_again(
    offered: dict[str, OfferedTool], tmp_path: Path
) -> None:
    moment = [0.0]
    async with talking(server(), offered, now=lambda: moment[0]) as tools:
        with pytest.raises(AgentUnavailable) as caught:
            await tools.run("die", tmp_path)
        assert caught.value.user_text == "Tools closed the connection."
        with pytest.raises(AgentUnavailable, match="tried again in a moment") as caught:
            await tools.run("add", tmp_path, a=1, b=1)
        assert caught.value.retry_after_s == 1.0
        moment[0] = 1.0
        assert await tools.run("add", tmp_path, a=1, b=1) == Json(value={"sum": 2})


@pytest.mark.parametrize("how", ["cancel", "timeout"])
async def test_the_server_hears_that_nobody_waits_any_more(
    offered: dict[str, OfferedTool], tmp_path: Path, how: str
) -> None:
    note = tmp_path / "notes"
    note.mkdir()
    async with talking(server(note=note), offered) as tools:
        await tools.run("add", tmp_path, a=1, b=1)
        made = call(tmp_path, timeout_s=0.5 if how == "timeout" else 60)
        task = asyncio.ensure_future(tools.agents["wait"].run(made))
        await until((note / "note.txt").exists)
        if how == "cancel":
            task.cancel()
        with pytest.raises((asyncio.CancelledError, AgentUnavailable)):
            await task
        await until(lambda: "cancelled" in (note / "note.txt").read_text())
        assert await tools.run("add", tmp_path, a=1, b=1) == Json(value={"sum": 2})


async def test_a_changed_list_of_tools_is_refused(
    offered: dict[str, OfferedTool], tmp_path: Path
) -> None:
    async with talking(server("--changed"), offered) as tools:
        with pytest.raises(AgentRejected, match="orchestra tools trust tools"):
            await tools.run("add", tmp_path, a=1, b=1)


async def test_over_http_it_is_the_same(offered: dict[str, OfferedTool], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), "--http", str(port), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await until(lambda: _listens(port))
        remote = server(command=(), url=f"http://127.0.0.1:{port}/mcp", secrets={})
        async with talking(remote, offered, now=lambda: 0.0) as tools:
            assert not tools.agents["add"].spec.local
            assert await tools.run("add", tmp_path, a=1, b=1) == Json(value={"sum": 2})
            with pytest.raises(OrchestraError):
                await tools.run("huge", tmp_path)
    finally:
        process.kill()
        await process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return False
    return True


async def test_one_that_cannot_be_reached_is_said(
    offered: dict[str, OfferedTool], tmp_path: Path
) -> None:
    async with asyncio.TaskGroup() as group:
        for made, told in (
            (server(command=("no-such-program",)), "no-such-program isn't installed"),
            (server(command=("true",)), "Tools can't be reached"),
            (server(command=(), url="http://127.0.0.1:9/mcp"), "Tools can't be reached"),
        ):
            session = Session(made, Sandbox(path=PATH), group)
            with pytest.raises(OrchestraError) as caught:
                await session.offered()
            assert told in caught.value.user_text
            await session.close()
