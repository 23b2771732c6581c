"""Both wires to a model, against a server with the rules of OpenAI's models of today."""

import json
from pathlib import Path

import pytest

from executor.agents.registry import load
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import AgentName
from memory.model.errors import AgentMisbehaved, OrchestraError
from memory.model.wires.manner import Refusal, Wire, after, first_manner
from memory.model.work.value import Text
from planner.drafter_port import Drafted
from planner.llms.drafter import ModelDrafter
from tests.fakes.model import Data, FakeModel, Fault, ToolCall
from tests.fakes.model import Refusal as Declines
from tests.fakes.model import Text as Says
from tests.unit.executor.agents.calls import SALES, call
from tests.unit.planner.world import ask

PLAN = {"title": "T", "tasks": [{"key": "a", "title": "A", "type": "general"}]}
READ = ToolCall("files_read", json.dumps({"path": "sales.csv"}))


def endpoint(model: FakeModel, provider: str = "openai") -> ModelEndpoint:
    return ModelEndpoint(
        name=AgentName("m"), title="Model", provider=provider, base_url=model.base_url,
        model="fake-model", price_model="local", timeout_s=5,
    )  # fmt: skip


def paths(model: FakeModel) -> list[str]:
    return [seen.path.removeprefix("/v1/") for seen in model.chats]


@pytest.mark.parametrize("provider", ["openai", "azure"])
async def test_a_plan_comes_over_responses_and_nothing_is_stored(provider: str) -> None:
    async with FakeModel(responses=True, current=True) as model:
        model.default = Data(PLAN)
        drafter = ModelDrafter((endpoint(model, provider),))
        for _ in range(2):
            ending = await drafter.draft(ask("do it"), known=(), earlier=None)
            assert isinstance(ending, Drafted)
        assert paths(model) == ["responses", "responses"]
        body = model.chats[0].body
        assert body["store"] is False
        assert body["text"]["format"]["strict"] is True
        assert {"max_tokens", "stop", "temperature"}.isdisjoint(body)


async def test_where_responses_is_not_served_the_plan_comes_over_chat() -> None:
    async with FakeModel(current=True) as model:
        model.default = Data(PLAN)
        drafter = ModelDrafter((endpoint(model),))
        for _ in range(2):
            assert isinstance(await drafter.draft(ask("do it"), known=(), earlier=None), Drafted)
        assert paths(model) == ["chat/completions", "chat/completions"]


async def test_an_agent_reads_over_responses_with_its_reasoning_sealed(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_bytes(SALES)
    async with FakeModel(responses=True, current=True) as model:
        agent = load([endpoint(model)], third_parties=[])[0]
        model.say(READ, READ, Says("Tea sold best."))
        reply = await agent.run(call(tmp_path, tools=["files.read"]))
        assert reply.value == Text(text="Tea sold best.")
        assert (reply.usage.requests, reply.usage.tokens_in) == (3, 300)
        assert paths(model) == ["responses"] * 3
        kinds = [item.get("type", item.get("role")) for item in model.chats[-1].items]
        one_round = ["reasoning", "function_call", "function_call_output"]
        assert kinds == ["system", "user", *one_round, *one_round]
        sealed = [item["encrypted_content"] for item in model.chats[-1].items if "summary" in item]
        assert sealed == ["sealed-1", "sealed-2"]
        assert "Tea,3,10.10" in model.chats[-1].text


async def test_an_agent_streams_over_responses(tmp_path: Path) -> None:
    async with FakeModel(responses=True, current=True) as model:
        agent = load([endpoint(model)], third_parties=[])[0]
        model.say(Says("<think>hm</think>Tea sold best."))
        reply = await agent.run(call(tmp_path))
        assert reply.value == Text(text="Tea sold best.")
        assert (reply.usage.tokens_in, reply.usage.tokens_out) == (100, 50)


@pytest.mark.parametrize(
    "answer", [Says("half", finish="length"), Declines(), Fault(500), Fault(401), Says("")]
)
async def test_what_goes_wrong_over_responses_is_sorted_as_over_chat(
    answer: Says | Declines | Fault, tmp_path: Path
) -> None:
    errors = []
    for provider in ("openai", "local"):
        async with FakeModel(responses=True) as model:
            agent = load([endpoint(model, provider)], third_parties=[])[0]
            model.default = answer
            with pytest.raises(OrchestraError) as raised:
                await agent.run(call(tmp_path))
            errors.append((type(raised.value), raised.value.user_text.replace(model.origin, "")))
    assert errors[0][0] is errors[1][0]


async def test_a_server_that_tells_of_responses_is_asked_there(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_bytes(SALES)
    async with FakeModel(responses=True, current=True) as model:
        agent = load([endpoint(model, "gateway")], third_parties=[])[0]
        for _ in range(2):
            model.say(READ, Says("Tea."))
            await agent.run(call(tmp_path, tools=["files.read"]))
        assert paths(model) == ["chat/completions", *["responses"] * 4]


async def test_without_responses_it_is_asked_not_to_reason(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_bytes(SALES)
    async with FakeModel(current=True) as model:
        agent = load([endpoint(model)], third_parties=[])[0]
        model.say(READ, Says("Tea."))
        reply = await agent.run(call(tmp_path, tools=["files.read"]))
        assert reply.value == Text(text="Tea.")
        assert {seen.body["reasoning_effort"] for seen in model.chats} == {"none"}


async def test_without_any_tools_it_is_told_that_it_has_none(tmp_path: Path) -> None:
    async with FakeModel(refuses=frozenset({"tools"})) as model:
        agent = load([endpoint(model, "local")], third_parties=[])[0]
        model.default = Says("I couldn't look at the file.")
        for _ in range(2):
            reply = await agent.run(call(tmp_path, tools=["files.read"]))
            assert reply.value == Text(text="I couldn't look at the file.")
        last = model.chats[-1]
        assert "tools" not in last.body
        assert "you have none here" in last.text
        assert [seen.form for seen in model.chats] == ["tools", "text", "text", "text"]


async def test_a_reply_that_is_none_is_no_answer(tmp_path: Path) -> None:
    async with FakeModel(responses=True) as model:
        agent = load([endpoint(model)], third_parties=[])[0]
        (tmp_path / "sales.csv").write_bytes(SALES)
        model.default = Says("")
        with pytest.raises(AgentMisbehaved):
            await agent.run(call(tmp_path, tools=["files.read"]))


@pytest.mark.parametrize(
    ("message", "param", "left_out"),
    [
        ("Unsupported parameter: 'max_tokens' is not supported with this model. Use "
         "'max_completion_tokens' instead.", "max_tokens", "max_tokens"),
        ("Unrecognized request argument supplied: stream_options", "", "stream_options"),
        ("Encrypted content is not supported with this model.", "include", "include"),
    ],
)  # fmt: skip
def test_a_refused_parameter_is_left_out_and_only_once(
    message: str, param: str, left_out: str
) -> None:
    chat = ModelEndpoint(
        name=AgentName("m"), title="M", provider="x", base_url="http://127.0.0.1:1", model="m"
    )
    refusal = Refusal(status=400, message=message, param=param)
    then = after(first_manner(chat), refusal, tools=False)
    assert then is not None
    assert then.without == {left_out}
    assert after(then, refusal, tools=False) is None


def test_learning_comes_to_an_end() -> None:
    """Whatever a server refuses, with tools or without, there's a last manner."""
    chat = ModelEndpoint(
        name=AgentName("m"), title="M", provider="openai", base_url="http://127.0.0.1:1", model="m"
    )
    words = "Function tools with reasoning_effort are not supported, unknown max_tokens, include"
    for status in (400, 404, 405, 422, 501):
        manner, steps = first_manner(chat), 0
        while (
            then := after(manner, Refusal(status=status, message=words), tools=True)
        ) is not None:
            manner, steps = then, steps + 1
        assert steps < 10
        assert manner.wire is not Wire.RESPONSES
