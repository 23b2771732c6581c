"""One suite for every agent: what the port promises, each adapter keeps."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from executor.agents.registry import load
from executor.egress.http import Http
from executor.port import Agent, Call, Reply
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.spec import AgentKind, EffectClass
from memory.model.base import AgentName, name_key, sha256
from memory.model.errors import BadInput, OrchestraError
from memory.model.work.value import File, Json, Text
from tests.conftest import SetClock
from tests.fakes.model import FakeModel, Slow
from tests.fakes.web import FakeWeb
from tests.unit.executor.agents.calls import SALES, call, table

NAMES = (
    "claude", "data.query", "data.chart", "report.write", "report.render", "text.summarise",
    "web.fetch", "files.read", "files.write", "files.publish", "data.profile", "data.describe",
    "data.export", "files.append", "files.replace", "files.copy", "files.rename", "text.lines",
    "text.count", "chat.remind",
)  # fmt: skip
REGIONS = table(("North", 30.3), ("South", 5.0))


@pytest.fixture
async def model() -> AsyncIterator[FakeModel]:
    async with FakeModel(models=("m",)) as server:
        yield server


@pytest.fixture
async def web() -> AsyncIterator[FakeWeb]:
    async with FakeWeb() as server:
        yield server.page("/", "<title>T</title><p>Words to read.</p>")


@pytest.fixture
def agents(model: FakeModel, clock: SetClock) -> dict[str, Agent]:
    endpoint = ModelEndpoint(
        name=AgentName("claude"), title="Claude", provider="anthropic",
        base_url=model.base_url, model="m",
    )  # fmt: skip
    http = Http(allow=["127.0.0.1"])
    everyone = load([endpoint], http=http, clock=clock, third_parties=[])
    return {agent.spec.name: agent for agent in everyone}


@pytest.fixture
def inputs(tmp_path: Path, web: FakeWeb) -> dict[str, dict[str, object]]:
    (tmp_path / "sales.csv").write_bytes(SALES)
    return {
        "claude": {"context": [Text(text="words")]},
        "data.query": {"sources": ["sales.csv"], "sql": "SELECT * FROM sales"},
        "data.chart": {"table": REGIONS, "kind": "bar", "path": "out/c.png"},
        "report.write": {"path": "out/r.md", "title": "R", "parts": [REGIONS]},
        "report.render": {"markdown": Text(text="# R"), "format": "pdf", "path": "out/r.pdf"},
        "text.summarise": {
            "text": "One two three. Four five six. Seven eight nine.",
            "sentences": 2,
        },
        "web.fetch": {"url": f"{web.origin}/"},
        "files.read": {"path": "sales.csv"},
        "files.write": {"path": "out/w.txt", "content": "words"},
        "files.publish": {"path": "out/p.txt", "content": "words"},
        "data.profile": {"sources": ["sales.csv"]},
        "data.describe": {"sources": ["sales.csv"]},
        "data.export": {"sources": ["sales.csv"], "sql": "FROM sales", "path": "out/e.xlsx"},
        "files.append": {"path": "out/a.txt", "content": "words"},
        "files.replace": {"path": "sales.csv", "find": "Mug", "replacement": "Cup"},
        "files.copy": {"source": "sales.csv", "path": "out/copy.csv"},
        "files.rename": {"source": "sales.csv", "path": "out/moved.csv"},
        "text.lines": {"sources": ["sales.csv"], "order": "ascending"},
        "text.count": {"sources": ["sales.csv"]},
        "chat.remind": {"text": "Call Bo."},
    }


def test_the_suite_knows_every_agent(agents: dict[str, Agent]) -> None:
    assert set(agents) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_what_decides_an_effect_is_a_control_slot(agents: dict[str, Agent], name: str) -> None:
    spec = agents[name].spec
    assert len({name_key(parameter.name) for parameter in spec.parameters}) == len(spec.parameters)
    for parameter in spec.parameters:
        if parameter.type in {"path", "url"} or parameter.name in {"sql", "sources", "format"}:
            assert parameter.slot == "control"
    if spec.kind is AgentKind.TOOL:
        assert name in spec.task_types
    aims = any(parameter.type == "path" for parameter in spec.parameters)
    assert (spec.effect is not EffectClass.READ) == (aims and name != "files.read")


TOOLS = tuple(name for name in NAMES if name != "claude")


@pytest.mark.parametrize("name", TOOLS)
async def test_a_tool_describes_itself_by_an_example_that_works(
    agents: dict[str, Agent], inputs: dict[str, dict[str, object]], tmp_path: Path, name: str
) -> None:
    spec = agents[name].spec
    assert spec.words
    assert spec.file_rule or not any(
        parameter.endings and parameter.type == "path" for parameter in spec.parameters
    )
    given: dict[str, object] = {}
    for parameter in spec.parameters:
        if parameter.endings:
            samples = parameter.sample if isinstance(parameter.sample, list) else [parameter.sample]
            assert all(str(sample).endswith(parameter.endings) for sample in samples)
        if parameter.choices and parameter.sample is not None:
            assert parameter.sample in parameter.choices
        if parameter.required:
            assert parameter.takes == ("table",) or parameter.sample is not None, parameter.name
            given[parameter.name] = parameter.sample or REGIONS
    (tmp_path / "notes.md").write_text("Words to read.")
    if name == "web.fetch":  # its sample is the real web
        given = inputs[name]
    value = (await agents[name].run(call(tmp_path, **given))).value
    assert value.kind == spec.output


TAKEN = [
    (name, parameter.name, kind)
    for name, tool in {agent.spec.name: agent for agent in load((), third_parties=())}.items()
    for parameter in tool.spec.parameters
    for kind in parameter.takes
]


@pytest.mark.parametrize(("name", "parameter", "kind"), TAKEN)
async def test_it_takes_the_kinds_of_values_it_says(
    agents: dict[str, Agent], inputs: dict[str, dict[str, object]], tmp_path: Path,
    name: str, parameter: str, kind: str,
) -> None:  # fmt: skip
    (tmp_path / "notes.md").write_text("Words to read here. More words to read there.")
    values: dict[str, object] = {
        "text": Text(text="Some words."),
        "table": REGIONS,
        "json": Json(value={"a": ["Some words to read."]}),
        "file": File(path="notes.md", digest=sha256(b""), media_type="text/markdown", size=45),
    }
    fed = values[kind]
    made = call(tmp_path, **{**inputs[name], parameter: [fed] if parameter == "parts" else fed})
    assert (await agents[name].run(made)).value.kind == agents[name].spec.output


@pytest.mark.parametrize("name", NAMES)
async def test_it_gives_what_it_promises_twice_alike(
    agents: dict[str, Agent], inputs: dict[str, dict[str, object]], tmp_path: Path, name: str
) -> None:
    agent = agents[name]
    first = await agent.run(call(tmp_path, **inputs[name]))
    assert first.value.kind == agent.spec.output
    if agent.spec.idempotent and name != "report.render":  # a PDF carries the time it was made
        assert (await agent.run(call(tmp_path, **inputs[name]))).value == first.value


@pytest.mark.parametrize("name", NAMES)
async def test_missing_inputs_are_one_sentence(
    agents: dict[str, Agent], tmp_path: Path, name: str
) -> None:
    if not any(parameter.required for parameter in agents[name].spec.parameters):
        pytest.skip("needs nothing")
    with pytest.raises(BadInput) as caught:
        await agents[name].run(call(tmp_path))
    assert caught.value.user_text.endswith(".")
    assert "\n" not in caught.value.user_text


PATHS = (
    "data.chart",
    "report.write",
    "report.render",
    "files.read",
    "files.write",
    "files.publish",
    "data.export",
    "files.append",
    "files.replace",
    "files.copy",
    "files.rename",
)


@pytest.mark.parametrize("name", PATHS)
async def test_it_stays_in_the_folder(
    agents: dict[str, Agent], inputs: dict[str, dict[str, object]], tmp_path: Path, name: str
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    (root / "sales.csv").write_bytes(SALES)
    ending = Path(str(inputs[name]["path"])).suffix
    for path in (f"../x{ending}", f"/tmp/x{ending}", f"link/x{ending}"):  # noqa: S108 - never written
        with pytest.raises(BadInput, match="outside the project's folder"):
            await agents[name].run(call(root, **{**inputs[name], "path": path}))
    assert not (tmp_path / f"x{ending}").exists()


@pytest.mark.parametrize("name", NAMES)
async def test_no_time_is_an_ending_not_a_crash(
    agents: dict[str, Agent], inputs: dict[str, dict[str, object]], tmp_path: Path,
    model: FakeModel, name: str,
) -> None:  # fmt: skip
    model.say(Slow(30))
    ending = await _ending(agents[name], call(tmp_path, timeout_s=0.001, **inputs[name]))
    if isinstance(ending, OrchestraError):
        assert ending.retryable
        assert ending.user_text.endswith(".")


async def _ending(agent: Agent, made: Call) -> Reply | OrchestraError:
    try:
        return await agent.run(made)
    except OrchestraError as error:
        return error


@pytest.mark.parametrize("name", NAMES)
async def test_cancelling_ends_it_at_once(
    agents: dict[str, Agent], inputs: dict[str, dict[str, object]], tmp_path: Path,
    model: FakeModel, name: str,
) -> None:  # fmt: skip
    model.say(Slow(30))
    async with asyncio.timeout(10):
        task = asyncio.ensure_future(agents[name].run(call(tmp_path, **inputs[name])))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
