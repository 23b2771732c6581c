"""Where two drafts of a vague request differ, that is the question."""

import tomllib
from pathlib import Path

import pytest

from memory.model.base import AgentName
from planner.draft import Draft
from planner.llms.second_draft import disagreement, is_vague, uncertain
from planner.port import Answer, NeedsAnswers, PlanRequest, Ready
from planner.service import Planner
from tests.conftest import SetClock
from tests.fakes.model import Cut, Data, FakeModel, Reply
from tests.unit.planner.test_service import draft, endpoint
from tests.unit.planner.world import ALL, ask, describe, folder

VAGUE = "Help me with the marketing"


@pytest.fixture
def request_(tmp_path: Path) -> PlanRequest:
    return ask(VAGUE, describe(folder(tmp_path / "work"), "sales.csv"))


def writing(path: str = "reports/a.md", title: str = "Report") -> dict[str, object]:
    first = draft()["tasks"][0]  # type: ignore[index] # a list of tasks
    report = {
        "key": "report", "title": title, "type": "report.write", "agent": None, "instruction": "",
        "after": [], "inputs": [{"name": "path", "value": path}, {"name": "title", "value": title},
                                {"name": "parts", "from_task": "table"}],
    }  # fmt: skip
    return {**draft(), "tasks": [first, report]}


def differ(first: dict[str, object], second: dict[str, object]) -> tuple[str, tuple[str, ...]]:
    gap = disagreement(Draft.model_validate(first), Draft.model_validate(second), ALL)
    return (gap.matters, gap.options) if gap else ("", ())


def agented(name: str | None) -> dict[str, object]:
    return {"title": "T", "tasks": [{"key": "a", "title": "A", "type": "draft", "agent": name}]}


def test_effects_weigh_most_then_files_agents_and_what_comes_out() -> None:
    assert differ(draft(), writing())[0] == "effects"
    assert differ(writing("a.md"), writing("b.md"))[0] == "effects"
    assert differ(draft(), of_orders()) == ("plan", ("sales.csv", "orders.csv"))
    assert differ(agented("chatgpt"), agented("claude")) == ("plan", ("chatgpt", "claude"))
    two = {"title": "T", "tasks": [{"key": key, "title": key, "type": "draft"} for key in "ab"]}
    assert differ(agented(None), two) == ("plan", ("A", "a and b"))


def of_orders() -> dict[str, object]:
    """The draft with another file in it."""
    first = draft()["tasks"][0]  # type: ignore[index] # a list of tasks
    inputs = [{"name": "sources", "value": "orders.csv"}, *first["inputs"][1:]]
    return {**draft(), "tasks": [{**first, "inputs": inputs}]}


def test_other_words_are_no_difference() -> None:
    assert differ(writing(), writing(title="The report")) == ("", ())
    assert differ(draft(), {**draft(), "title": "Other", "assumptions": ["x"]}) == ("", ())


def test_only_a_new_vague_request_without_questions_is_drafted_twice(
    request_: PlanRequest,
) -> None:
    plain = Draft.model_validate(draft())
    assert uncertain(request_, plain)
    clear = request_.model_copy(update={"text": "Add up the revenue of sales.csv by region"})
    assert not uncertain(clear, plain)
    answered = request_.model_copy(update={"answers": (Answer(slot="x", value="y"),)})
    assert not uncertain(answered, plain)


def test_of_the_requests_it_doubts_most_are_vague_on_words_never_fitted_to() -> None:
    said = tomllib.loads(Path(__file__).with_name("vague.toml").read_text())
    doubted = [sum(map(is_vague, said[kind])) / len(said[kind]) for kind in ("vague", "clear")]
    assert doubted[0] >= 0.4
    assert doubted[1] <= 0.06  # with one vague request in eight, six of ten doubts are right


async def test_the_difference_is_asked_and_the_default_needs_no_third_draft(
    tmp_path: Path, clock: SetClock, request_: PlanRequest
) -> None:
    async with FakeModel() as one, FakeModel() as two:
        one.default, two.default = Data(writing()), Data(draft())
        ends = (
            endpoint(one, provider="x"),
            endpoint(two, name=AgentName("b"), title="B", provider="x"),
        )
        async with Planner(tmp_path / "p.db", ends, None, None, clock) as planner:
            asked = await planner.plan(request_)
            assert isinstance(asked, NeedsAnswers)
            (question,) = asked.questions
            assert question.text == "What should be changed or sent?"
            assert question.options[0].endswith("reports/a.md")
            assert question.options[1] == "nothing, just show it"
            answer = Answer(slot=question.slot, value=question.default, defaulted=True)
            ready = await planner.answer(request_.model_copy(update={"answers": (answer,)}))
        assert isinstance(ready, Ready)
        assert (len(one.chats), len(two.chats)) == (1, 1)


@pytest.mark.parametrize("reply", [Cut(), Data(writing()), Data({"title": "", "tasks": []})])
async def test_a_second_draft_that_fails_or_agrees_changes_nothing(
    reply: Reply, tmp_path: Path, clock: SetClock, request_: PlanRequest
) -> None:
    async with FakeModel() as model:
        model.say(Data(writing()), reply)
        async with Planner(
            tmp_path / "p.db", (endpoint(model, provider="x"),), None, None, clock
        ) as planner:
            assert isinstance(await planner.plan(request_), Ready)
        assert len(model.chats) == 2
