"""Whoever a request names for work has a task, is asked about, or is said not to be here."""

from itertools import pairwise
from pathlib import Path

import pytest

from memory.model.agents.spec import AgentSpec, Catalogue
from planner.port import Answer, Declined, NeedsAnswers, PlanRequest, Ready
from planner.service import Planner
from tests.conftest import SetClock
from tests.unit.planner.world import (
    ALL,
    CHATGPT,
    GEMINI,
    KIM,
    OFFLINE,
    PERSON,
    TOOLS,
    ask,
    describe,
    folder,
)

Result = Ready | NeedsAnswers | Declined


async def planned(tmp_path: Path, clock: SetClock, request: PlanRequest) -> Result:
    async with Planner(tmp_path / "c.db", (), None, None, clock) as planner:
        result = await planner.plan(request)
    assert isinstance(result, Result)
    return result


def connected(*models: AgentSpec) -> Catalogue:
    return Catalogue(agents=(*TOOLS, PERSON, *models))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("ask Claude to check notes.md for typos", "Claude"),
        ("have gemini proofread notes.md", "Gemini"),
        ("tell Grok to answer notes.md", "Grok"),
        ("use Perplexity to find out who founded Rome", "Perplexity"),
        ("ask Mistral what it thinks of notes.md", "Mistral"),
        ("@claude check notes.md", "Claude"),
        ("send notes.md to Claude for a check", "Claude"),
        ("have sales.csv checked by DeepSeek", "DeepSeek"),
        ("frag Claude, ob notes.md Tippfehler hat", "Claude"),
        ("Bitte lass Gemini notes.md prüfen", "Gemini"),
        ("zuerst Claude, dann Gemini: eine Rede", "Claude"),
    ],
)
async def test_an_agent_that_is_known_and_not_connected_is_no_person(
    tmp_path: Path, clock: SetClock, words: str, name: str
) -> None:
    files = describe(folder(tmp_path / "p"), "sales.csv", "notes.md")
    result = await planned(tmp_path, clock, ask(words, files))
    assert isinstance(result, Declined)
    assert name in result.text
    assert "connected here. Who should do it instead?" in result.text


async def test_another_agent_takes_its_place_only_when_asked(
    tmp_path: Path, clock: SetClock
) -> None:
    files = describe(folder(tmp_path / "p"), "notes.md")
    words = "ask Claude to check notes.md for typos"
    asked = await planned(tmp_path, clock, ask(words, files, catalogue=connected(GEMINI)))
    assert isinstance(asked, NeedsAnswers)
    assert asked.questions[0].text.startswith("Claude isn't connected here.")


async def test_a_colleague_of_that_name_is_a_person(tmp_path: Path, clock: SetClock) -> None:
    claude = KIM.model_copy(update={"display": "Claude"})
    request = ask("ask Claude to check the numbers", people=(claude,), catalogue=OFFLINE)
    result = await planned(tmp_path, clock, request)
    assert isinstance(result, Ready)
    assert [task.type for task in result.plan.graph.tasks] == ["ask"]


@pytest.mark.parametrize(
    ("words", "agents"),
    [
        (
            "Claude first, then Gemini improves it, then Claude again: a welcome speech",
            ["claude", "gemini", "claude"],
        ),
        ("first Gemini, second Claude: a toast for Mia", ["gemini", "claude"]),
        ("a short story, begun by Claude and finished by Gemini", ["claude", "gemini"]),
        ("a speech by Claude that Gemini then shortens", ["claude", "gemini"]),
        ("write a poem, Claude and Gemini in turns", ["claude", "gemini"]),
        ("let Gemini and after that Claude work on a job advert", ["gemini", "claude"]),
        (
            "write a card; Gemini should do the first version, Claude the final one",
            ["gemini", "claude"],
        ),
        ("draft a note (Claude), then check its tone (Gemini)", ["claude", "gemini"]),
        (
            "write a speech on bees with Claude, then Gemini, then ChatGPT",
            ["claude", "gemini", "chatgpt"],
        ),
    ],
)
async def test_those_who_hand_work_on_each_have_a_turn(
    tmp_path: Path, clock: SetClock, words: str, agents: list[str]
) -> None:
    result = await planned(tmp_path, clock, ask(words, catalogue=ALL))
    assert isinstance(result, Ready)
    tasks = result.plan.graph.tasks
    assert [task.agent for task in tasks] == agents
    assert all(set(later.needs()) == {before.key}
               for before, later in pairwise(tasks))  # fmt: skip


async def test_several_at_once_work_side_by_side(tmp_path: Path, clock: SetClock) -> None:
    result = await planned(
        tmp_path, clock, ask("Gemini and Claude: write a limerick", catalogue=ALL)
    )
    assert isinstance(result, Ready)
    assert {task.agent for task in result.plan.graph.tasks} == {"gemini", "claude"}
    assert not any(task.needs() for task in result.plan.graph.tasks)


async def test_a_missing_one_of_them_is_asked_about(tmp_path: Path, clock: SetClock) -> None:
    words = "Claude first, then ChatGPT: a welcome speech"
    request = ask(words, catalogue=connected(CHATGPT))
    asked = await planned(tmp_path, clock, request)
    assert isinstance(asked, NeedsAnswers)
    question = asked.questions[0]
    assert question.text.startswith("Claude isn't connected here.")
    answers = (Answer(slot=question.slot, value=question.default),)
    ready = await planned(tmp_path, clock, request.model_copy(update={"answers": answers}))
    assert isinstance(ready, Ready)


@pytest.mark.parametrize("words", ["write a text about Claude", "compare Claude and Gemini"])
async def test_who_is_written_about_has_no_task(
    tmp_path: Path, clock: SetClock, words: str
) -> None:
    result = await planned(tmp_path, clock, ask(words, catalogue=connected(CHATGPT)))
    assert isinstance(result, Ready)
    assert [task.agent for task in result.plan.graph.tasks] == ["chatgpt"]
