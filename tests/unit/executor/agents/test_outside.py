"""Programs that may reach some hosts only: through the proxy, which has their credentials."""

import asyncio
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from executor.agents.command.agent import CommandAgent
from executor.egress.cell import landlock
from executor.egress.proxy import Outside, proxied
from executor.egress.sandbox import Sandbox, Way
from memory.model.agents.external import Program
from memory.model.base import AgentName
from memory.model.errors import AgentRejected
from memory.model.work.value import Text
from tests.unit.executor.agents.calls import call

PATH = os.environ["PATH"]
KEY = "unguessable-4711-key"
WAYS: list[Way] = ["landlock"] if landlock.supported() else []
if shutil.which("bwrap"):
    WAYS.append("bubblewrap")

ALONE = (
    subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode == 0
)
pytestmark = pytest.mark.skipif(
    not WAYS or not ALONE, reason="no sandbox with a network of its own"
)

ASKING = textwrap.dedent(
    """
    import os, socket, sys, urllib.error, urllib.request
    kind, what = sys.stdin.read().split("do: ")[-1].split()[:2]
    if kind == "straight":
        host, port = what.split(":")
        try:
            socket.create_connection((host, int(port)), timeout=3)
            print("connected")
        except OSError as error:
            print("refused", error)
    else:
        try:
            with urllib.request.urlopen(what, timeout=10) as reply:
                print(reply.status, reply.read().decode())
        except urllib.error.HTTPError as error:
            print(error.code, error.read().decode())
        print("held" if any("unguessable" in value for value in os.environ.values()) else "")
    """
)


@asynccontextmanager
async def service() -> AsyncIterator[tuple[int, list[dict[str, str]]]]:
    """Something on loopback that says what it was asked with, but for the credentials."""
    seen: list[dict[str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        return web.Response(text=f"{request.method} {request.path_qs} {await request.text()}")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1], seen
    await runner.cleanup()


@pytest.fixture(params=WAYS)
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    return Sandbox(path=PATH, way=request.param)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


async def told(sandbox: Sandbox, root: Path, order: str, **set_: object) -> str:
    values: dict[str, object] = {
        "name": AgentName("asker"), "title": "Asker", "path": PATH, "memory_bytes": 500_000_000,
        "command": (sys.executable, "-I", "-S", "-c", ASKING), "network": False,
        "reads": (Path(sys.base_prefix), Path(sys.prefix)),
    }  # fmt: skip
    agent = CommandAgent(Program.model_validate({**values, **set_}), sandbox)

    async def fill(text: str) -> SecretStr:
        return SecretStr(text.replace("secret:shop", KEY))

    given = replace(call(root, instruction=f"do: {order}"), fill=fill)
    value = (await agent.run(given)).value
    assert isinstance(value, Text)
    return value.text


async def test_hosts_on_the_list_are_reached_and_no_others(sandbox: Sandbox, root: Path) -> None:
    async with service() as (port, seen), service() as (other, unseen):
        hosts = (f"127.0.0.1:{port}",)
        got = await told(sandbox, root, f"get http://127.0.0.1:{port}/a?b=c", hosts=hosts)
        assert got.startswith("200 GET /a?b=c")
        refused = await told(sandbox, root, f"get http://127.0.0.1:{other}/", hosts=hosts)
        assert refused.startswith("403 Orchestra: 127.0.0.1")
        assert (len(seen), unseen) == (1, [])


async def test_no_way_leads_past_the_proxy(sandbox: Sandbox, root: Path) -> None:
    async with service() as (port, seen):
        hosts = (f"127.0.0.1:{port}",)
        for place in (f"127.0.0.1:{port}", "192.0.2.1:443"):
            said = await told(sandbox, root, f"straight {place}", hosts=hosts)
            assert said.startswith("refused")
        assert seen == []


async def test_credentials_are_put_in_outside_and_the_program_never_holds_them(
    sandbox: Sandbox, root: Path
) -> None:
    async with service() as (port, seen):
        inject = {f"http://127.0.0.1:{port}": {"Authorization": "Bearer secret:shop"}}
        url = f"http://127.0.0.1:{port}/charge"
        got = await told(sandbox, root, f"get {url}", hosts=(), inject=inject)
        assert got.splitlines() == ["200 GET /charge"]  # and nothing of it in its environment
        assert seen[0]["Authorization"] == f"Bearer {KEY}"


async def test_where_no_network_of_its_own_is_to_be_had_it_is_not_run(
    sandbox: Sandbox, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "egress"
    shutil.copytree(Path(landlock.__file__).parent, broken)
    (broken / "bridge.py").write_text(
        "def enter(path):\n    raise OSError(1, 'no network of its own: not permitted')\n"
    )
    monkeypatch.setattr("executor.egress.cell.launcher.__file__", str(broken / "launcher.py"))
    with pytest.raises(AgentRejected, match="takes a network namespace"):
        await told(sandbox, root, "straight 127.0.0.1:1", hosts=("*",))


@pytest.mark.parametrize(
    ("entry", "host", "port", "allowed"),
    [
        ("api.example.com", "api.example.com", 443, True),
        ("api.example.com", "api.example.com", 22, False),
        ("api.example.com", "evil-api.example.com", 443, False),
        ("api.example.com", "api.example.com.evil.org", 443, False),
        ("*.example.com", "a.b.example.com", 80, True),
        ("*.example.com", "example.com", 443, False),
        ("*.example.com", "badexample.com", 443, False),
        ("git.example.com:22", "git.example.com", 22, True),
        ("git.example.com:22", "git.example.com", 443, False),
        ("*", "anything.org", 443, True),
        ("*", "anything.org", 5432, False),
        ("API.Example.com", "api.example.com", 443, True),
    ],
)
def test_the_list_is_of_names(entry: str, host: str, port: int, *, allowed: bool) -> None:
    assert Outside((entry,)).allows(host, port) is allowed


async def ask(socket: Path, request: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(socket)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET http://127.0.0.1:1/ HTTP/1.1", "403"),
        ("CONNECT 127.0.0.1:443 HTTP/1.1", "403"),
        ("CONNECT localhost:80 HTTP/1.1", "403"),
        ("CONNECT [::1]:443 HTTP/1.1", "403"),
        ("CONNECT 2130706433:443 HTTP/1.1", "403"),
        ("CONNECT 0x7f.1:80 HTTP/1.1", "403"),
        ("CONNECT 169.254.169.254:80 HTTP/1.1", "403"),
        ("GET ftp://example.com/ HTTP/1.1", "400"),
        ("GET / HTTP/1.1", "400"),
        ("CONNECT :443 HTTP/1.1", "400"),
        ("CONNECT a:b:c HTTP/1.1", "400"),
        ("nonsense", "400"),
    ],
)
async def test_every_public_host_is_no_host_of_ours(request_line: str, status: str) -> None:
    async with proxied(Outside(("*",))) as socket:
        answer = await ask(socket, f"{request_line}\r\n\r\n".encode())
    assert answer.startswith(f"HTTP/1.1 {status}".encode())
