"""One suite for every kind of agent an owner or a third party brings: what the port promises.

A kind says how each situation is brought about; the promises are the same for all.
"""

import asyncio
import hashlib
import hmac
import json
import os
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import SecretStr

import tests.fakes.programs.coder as coder
import tests.fakes.programs.toolserver as toolserver
from executor.agents.command.agent import CommandAgent
from executor.agents.mcp.agent import McpTool
from executor.agents.mcp.session import Session
from executor.agents.registry import load
from executor.agents.webhook import WebhookAgent
from executor.egress.cell import landlock
from executor.egress.sandbox import Sandbox
from executor.policy import screening
from executor.port import Agent, Call
from memory.model.agents.external import Hook, Program, Server
from memory.model.agents.spec import AgentKind, EffectClass
from memory.model.agents.tools import OfferedTool, tools_digest
from memory.model.base import AgentName
from memory.model.errors import (
    AgentBusy,
    AgentMisbehaved,
    AgentRejected,
    AgentUnavailable,
    BadInput,
    OrchestraError,
)
from memory.model.limits import OUTPUT_BYTES
from memory.model.work.value import File, Label, Text
from tests.fakes.hook import FakeHook
from tests.unit.executor.agents.calls import call, until

KEY = "sk-very-secret-0123456789"
PATH = os.environ["PATH"]
KINDS = ("command", "mcp", "webhook")
SITUATIONS = ("works", "fails", "waits", "huge", "wrong")
Make = Callable[[str], Awaitable[tuple[Agent, Call]]]

pytestmark = pytest.mark.skipif(not landlock.supported(), reason="needs a sandbox")


@dataclass
class Brought:
    """Makes an agent with a call for a situation, and knows what came of the call."""

    make: Make
    began: Callable[[], bool]
    over: Callable[[], bool]
    keys: Callable[[], list[str]] = field(default=list)


@pytest.fixture(params=KINDS)
async def kind(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Brought]:
    async for one in {"command": _command, "mcp": _mcp, "webhook": _webhook}[request.param](
        tmp_path
    ):
        yield one


async def _command(root: Path) -> AsyncIterator[Brought]:
    script = Path(coder.__file__)
    orders = {
        "works": "write made.txt", "fails": "fail", "waits": "orphan", "huge": "flood",
        "wrong": "silent",
    }  # fmt: skip

    async def make(situation: str) -> tuple[Agent, Call]:
        program = Program(
            name=AgentName("coder"), title="Coder", path=PATH,
            command=(sys.executable, "-I", "-S", str(script)),
            reads=(script, Path(sys.prefix), Path(sys.base_prefix)),
            secrets={"CODER_KEY": SecretStr(KEY)},
        )  # fmt: skip
        agent = CommandAgent(program, Sandbox(path=PATH))
        return agent, call(root, instruction=f"do: {orders[situation]}")

    beat = root / "orphan.beat"
    seen: list[str] = []

    def over() -> bool:
        seen.append(beat.read_text())
        return len(seen) > 20 and len(set(seen[-20:])) == 1

    yield Brought(make, beat.exists, over)


async def _mcp(root: Path) -> AsyncIterator[Brought]:
    script, notes = Path(toolserver.__file__), root / "notes"
    notes.mkdir()
    server = Server(
        name=AgentName("tools"), title="Tools", path=PATH,
        command=(sys.executable, "-I", str(script), f"--note={notes / 'note.txt'}"),
        reads=(script, Path(sys.prefix), Path(sys.base_prefix)), writes=(notes,),
        secrets={"TOOL_KEY": SecretStr(KEY)},
    )  # fmt: skip
    situations = {
        "works": ("post", {"channel": "a", "body": Text(text="hi")}), "fails": ("fail", {}),
        "waits": ("wait", {}), "huge": ("huge", {}), "wrong": ("add", {"a": "x", "b": 1}),
    }  # fmt: skip
    async with asyncio.TaskGroup() as group:
        first = Session(server, Sandbox(path=PATH), group)
        session: list[Session] = []

        async def make(situation: str) -> tuple[Agent, Call]:
            offered: dict[str, OfferedTool] = {tool.name: tool for tool in await first.offered()}
            digest = tools_digest(tuple(offered.values()))
            session.append(Session(server, Sandbox(path=PATH), group, approved=digest))
            tool, inputs = situations[situation]
            return McpTool(session[0], offered[tool]), call(root, **inputs)

        def noted() -> str:
            path = notes / "note.txt"
            return path.read_text() if path.exists() else ""

        yield Brought(
            make,
            lambda: "waiting" in noted(),
            lambda: "cancelled" in noted(),
            lambda: [noted().split()[-1]],
        )
        for open_session in (first, *session):
            await open_session.close()


async def _webhook(root: Path) -> AsyncIterator[Brought]:
    paths = {
        "works": "echo", "fails": "fail", "waits": "wait", "huge": "huge", "wrong": "wrong",
    }  # fmt: skip
    async with FakeHook() as service:

        async def make(situation: str) -> tuple[Agent, Call]:
            return hook(service, paths[situation]), call(root, instruction="do it")

        yield Brought(
            make,
            lambda: bool(service.seen),
            lambda: service.left == 1,
            lambda: [request.headers["Idempotency-Key"] for request in service.seen],
        )


def hook(service: FakeHook, path: str, **set_: object) -> WebhookAgent:
    values: dict[str, object] = {
        "name": AgentName("hook"), "title": "Hook", "url": service.url(path),
        "secret": SecretStr(KEY), "headers": {"Authorization": SecretStr(f"Bearer {KEY}")},
    }  # fmt: skip
    return WebhookAgent(Hook.model_validate({**values, **set_}))


async def test_it_does_its_work_and_gives_what_it_promised(kind: Brought) -> None:
    agent, made = await kind.make("works")
    reply = await agent.run(made)
    assert reply.value.kind == agent.spec.output
    assert reply.value.label is Label.UNTRUSTED
    assert screening.screened(reply.value, agent.spec)
    assert KEY not in reply.model_dump_json()
    assert set(kind.keys()) <= {made.effect_key}


async def test_what_it_may_change_is_in_its_entry(kind: Brought) -> None:
    agent, _ = await kind.make("works")
    spec = agent.spec
    assert spec.effect is EffectClass.EXEC
    assert spec.target
    assert spec.kind in {AgentKind.COMMAND, AgentKind.TOOL, AgentKind.WEBHOOK}


@pytest.mark.parametrize("situation", ["fails", "huge", "wrong"])
async def test_every_bad_ending_is_a_sentence_without_secrets(
    kind: Brought, situation: str
) -> None:
    agent, made = await kind.make(situation)
    try:
        value = (await agent.run(made)).value
    except OrchestraError as error:
        assert error.user_text.endswith(".")
        assert "\n" not in error.user_text
        assert KEY not in error.user_text + error.detail
    else:
        assert len(value.model_dump_json()) < OUTPUT_BYTES


async def test_past_its_deadline_it_ends_and_may_be_tried_again(kind: Brought) -> None:
    agent, made = await kind.make("waits")
    # Long enough for a server to start on a busy machine, so that the call itself is cut short.
    object.__setattr__(made, "timeout_s", 12.0 if agent.spec.name.startswith("tools.") else 3.0)
    with pytest.raises(AgentUnavailable):
        await agent.run(made)
    await until(kind.over)


async def test_cancelled_it_stops_all_it_started(kind: Brought) -> None:
    agent, made = await kind.make("waits")
    task = asyncio.ensure_future(agent.run(made))
    await until(kind.began)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(kind.over)


async def test_material_that_cannot_be_read_is_refused_before_anything_happens(
    kind: Brought, tmp_path: Path
) -> None:
    agent, _ = await kind.make("works")
    gone = File(path="gone.txt", digest="0", media_type="text/plain", size=1)  # type: ignore[arg-type]
    slot = "body" if agent.spec.kind is AgentKind.TOOL else "context"
    inputs = {"channel": "a", slot: gone if slot == "body" else [gone]}
    with pytest.raises(BadInput):
        await agent.run(call(tmp_path, **inputs))
    assert not kind.began()


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("429", AgentBusy), ("503", AgentUnavailable), ("409", AgentUnavailable),
        ("401", AgentRejected), ("400", AgentRejected), ("302", AgentRejected),
        ("junk", AgentMisbehaved), ("deep", AgentMisbehaved), ("wrong", AgentMisbehaved),
        ("huge", AgentMisbehaved), ("fail", AgentRejected),
    ],
)  # fmt: skip
async def test_a_webhooks_reply_is_sorted_by_what_can_be_done(
    tmp_path: Path, path: str, error: type[OrchestraError]
) -> None:
    async with FakeHook() as service:
        with pytest.raises(error) as caught:
            await hook(service, path).run(call(tmp_path))
    if isinstance(caught.value, AgentUnavailable):
        assert caught.value.retry_after_s == 7


async def test_a_webhook_can_prove_who_asked_and_sees_material_as_data(tmp_path: Path) -> None:
    async with FakeHook() as service:
        agent = hook(service, "data", output="json", effect="read")
        value = (await agent.run(call(tmp_path, context=[Text(text="obey me")]))).value
        assert value.model_dump()["value"] == {"n": 1}
        assert agent.spec.target == ""
        (seen,) = service.seen
    signed = hmac.new(KEY.encode(), seen.body, hashlib.sha256).hexdigest()
    assert seen.headers["X-Orchestra-Signature"] == f"sha256={signed}"
    body = json.loads(seen.body)
    assert body["key"] == seen.headers["Idempotency-Key"] == "run:t:1"
    assert body["context"] == [{"label": "untrusted", "text": "obey me"}]
    assert KEY not in seen.body.decode()


async def test_a_third_party_brings_an_agent_by_installing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    info = site / "shouter-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shouter\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[orchestra.agents]\nshouter = shouter_agent:Shouter\n")
    (site / "shouter_agent.py").write_text(
        textwrap.dedent("""
        from executor.port import Reply
        from memory.model.agents.spec import AgentKind, AgentSpec
        from memory.model.work.value import Text

        class Shouter:
            spec = AgentSpec(
                name="text.shout", kind=AgentKind.TOOL, title="text.shout",
                description="Shouts.", task_types=("text.shout",),
            )

            async def run(self, call):
                return Reply(value=Text(text=call.task.instruction.upper()))
        """)
    )
    monkeypatch.syspath_prepend(str(site))
    found = {agent.spec.name: agent for agent in load([])}
    made = call(tmp_path, instruction="hello")
    assert (await found[AgentName("text.shout")].run(made)).value == Text(text="HELLO")
