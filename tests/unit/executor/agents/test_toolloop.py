"""A model that uses tools: what the plan names, what reads, for so many rounds."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from executor.agents.registry import load
from executor.port import Agent
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import AgentName
from memory.model.errors import BadInput
from memory.model.work.value import Text
from tests.fakes.model import FakeModel, ToolCall
from tests.fakes.model import Text as Says
from tests.unit.executor.agents.calls import SALES, call


@pytest.fixture
async def model() -> AsyncIterator[FakeModel]:
    async with FakeModel(models=("m",)) as server:
        yield server


@pytest.fixture
def agent(model: FakeModel, tmp_path: Path) -> Agent:
    (tmp_path / "sales.csv").write_bytes(SALES)
    endpoint = ModelEndpoint(
        name=AgentName("claude"), title="Claude", provider="anthropic",
        base_url=model.base_url, model="m", price_model="local",
    )  # fmt: skip
    return load([endpoint], third_parties=[])[0]


def test_only_what_reads_can_be_named(agent: Agent) -> None:
    (slot,) = [parameter for parameter in agent.spec.parameters if parameter.name == "tools"]
    assert slot.slot == "control"
    assert {"files.read", "data.query"} <= set(slot.choices)
    assert "web.fetch" not in slot.choices, "an address can carry out what was read"
    assert not {"files.write", "files.publish", "claude", "report.write"} & set(slot.choices)


async def test_it_is_asked_again_with_what_the_tool_gave(
    model: FakeModel, agent: Agent, tmp_path: Path
) -> None:
    model.say(ToolCall("files_read", json.dumps({"path": "sales.csv"})), Says("Tea sold best."))
    reply = await agent.run(call(tmp_path, tools=["files.read"]))
    assert reply.value == Text(text="Tea sold best.")
    assert (reply.usage.requests, reply.usage.tokens_in, reply.usage.tokens_out) == (2, 200, 100)
    first, second = model.requests
    assert [tool["function"]["name"] for tool in first.body["tools"]] == ["files_read"]
    told = second.body["messages"][-1]
    assert told["role"] == "tool"
    assert told["content"].startswith("<<<data ")
    assert "Tea,3,10.10" in told["content"]


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("files_write", '{"path": "x", "content": "y"}', "There is no such tool."),
        ("files_read", "no JSON", "The arguments aren't a JSON object."),
        ("files_read", "{}", "path is missing"),
        ("files_read", '{"path": "../../etc/passwd"}', "outside the project's folder"),
    ],
)
async def test_what_it_may_not_or_cannot_do_is_told_to_it(
    model: FakeModel, agent: Agent, tmp_path: Path, name: str, given: str, told: str
) -> None:
    model.say(ToolCall(name, given), Says("Well then."))
    assert (await agent.run(call(tmp_path, tools=["files.read"]))).value == Text(text="Well then.")
    assert told in model.requests[1].body["messages"][-1]["content"]
    assert not (tmp_path / "x").exists()


async def test_it_comes_to_an_end(model: FakeModel, agent: Agent, tmp_path: Path) -> None:
    again = ToolCall("files_read", json.dumps({"path": "sales.csv"}))
    model.say(*[again] * 7, Says("Enough."))
    assert (await agent.run(call(tmp_path, tools=["files.read"]))).value == Text(text="Enough.")
    assert [request.body["tool_choice"] for request in model.requests] == ["auto"] * 7 + ["none"]


@pytest.mark.parametrize("name", ["files.write", "nothing", "claude"])
async def test_a_plan_cannot_give_it_more(
    model: FakeModel, agent: Agent, tmp_path: Path, name: str
) -> None:
    with pytest.raises(BadInput, match="just read"):
        await agent.run(call(tmp_path, tools=[name]))
    assert model.requests == []
