"""Programs, tools of servers, and tools lent to a model: what a plan says of them."""

from typing import Any

from executor.agents.mcp.specs import spec_of
from executor.agents.registry import load
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.external import Server
from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue, EffectClass
from memory.model.agents.tools import OfferedTool
from memory.model.base import AgentName
from memory.model.work.graph import Const, Effect
from planner.compiling.compiler import Compiled, Problems
from planner.estimate import estimate_graph, list_price
from tests.unit.planner.compiling.test_compile import compiled, problems, step

CODEX = AgentSpec(
    name=AgentName("codex"), kind=AgentKind.COMMAND, title="Codex", description="Codes.",
    task_types=("code",), effect=EffectClass.EXEC, idempotent=False,
    target="codex in the project folder",
)  # fmt: skip
POST = spec_of(
    Server(name=AgentName("chat"), title="Chat", command=("chat",)),
    OfferedTool(
        name="post",
        inputs={
            "properties": {"channel": {"type": "string"}, "body": {"type": "string"}},
            "required": ["channel", "body"],
        },
    ),
)
CLAUDE = load(
    [
        ModelEndpoint(
            name=AgentName("claude"), title="Claude", provider="anthropic", model="m",
            base_url="http://127.0.0.1:9",
        )
    ],
    third_parties=[],
)[0].spec  # fmt: skip
ALL = Catalogue(agents=(CLAUDE, CODEX, POST))


def plan(*tasks: dict[str, Any]) -> Compiled:
    found = compiled(*tasks, catalogue=ALL)
    assert not isinstance(found, Problems), found
    return found


def test_a_program_shows_what_it_runs_and_has_an_unknown_price() -> None:
    graph = plan(
        step("fix", "code", agent="codex"), step("test", "code", "fix", agent="codex")
    ).graph
    assert graph.effects() == (Effect(effect=EffectClass.EXEC, target=CODEX.target),) * 2
    assert graph.tasks[0].timeout_s == 1800
    _, forecast = estimate_graph(graph, ALL, list_price, ())
    assert forecast.unpriced == ("Codex",)


def test_nobody_runs_commands_who_was_not_named() -> None:
    assert plan(step("fix", "code")).graph.tasks[0].agent == "claude"


def test_where_a_tool_sends_something_is_fixed_and_what_it_says_is_not() -> None:
    write = step("write", "draft")
    post = step("post", "chat.post", channel="news", body="<-write")
    (effect,) = plan(write, post).graph.effects()
    assert effect == Effect(effect=EffectClass.EXEC, target="chat.post: news")
    wrong = problems(write, step("post", "chat.post", channel="<-write", body="x"), catalogue=ALL)
    assert "channel decides what is done" in wrong


def test_a_model_is_lent_only_tools_that_read() -> None:
    task = plan(step("look", "research", tools=["data.query", "files.read"])).graph.tasks[0]
    assert task.inputs["tools"] == Const(value=["data.query", "files.read"])
    for name in ("files.write", "chat.post", "nothing", "web.fetch"):
        assert "tools has to be data.query" in problems(
            step("look", "research", tools=name), catalogue=ALL
        )
