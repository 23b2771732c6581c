"""The whole program asked what would be: a dry run with every way out shut, and two plans compared."""

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import AgentName
from tests.fakes.closed import shut
from tests.flows.play import Reacts, Said, bot
from tests.flows.whole.program import ExternalAgents, state, whole

SALES = Path(__file__).parents[3] / "deploy" / "examples" / "sales" / "sales.csv"
EVERYTHING = (
    "Load sales.csv, total the revenue by region, chart it, draft an article about it, review it, "
    "ask @kim to check it, save it to notes/a.md and publish it to blog/a.md"
)


@pytest.fixture
def outside(tmp_path: Path) -> ExternalAgents:
    """Two models at an address where nobody listens."""
    endpoints = tuple(
        ModelEndpoint(
            name=AgentName(name), title=title, provider=provider, model=model,
            base_url="http://127.0.0.1:9/v1",
        )
        for name, title, provider, model in (
            ("chatgpt", "ChatGPT", "openai", "gpt-6.1-terra"),
            ("gemini", "Gemini", "google", "gemini-3.8-flash"),
        )
    )  # fmt: skip
    made = ExternalAgents(tmp_path, endpoints=endpoints)
    made.files.mkdir()
    shutil.copy(SALES, made.files)
    return made


def test_the_shut_gate_catches_whoever_tries(tmp_path: Path) -> None:
    with shut(tmp_path) as caught:
        with pytest.raises(PermissionError):
            (tmp_path / "x").write_text("x")
        with pytest.raises(PermissionError), socket.socket() as way_out:
            way_out.connect(("127.0.0.1", 9))
        with pytest.raises(PermissionError):
            subprocess.run(["true"], check=False)
        with pytest.raises(PermissionError):
            (tmp_path / "folder").mkdir()
    assert len(caught) == 4
    (tmp_path / "x").write_text("x")


async def test_a_dry_run_of_every_kind_of_task_calls_nobody_and_changes_nothing(
    outside: ExternalAgents,
) -> None:
    async with whole("console", outside) as ready:
        await state(ready, Said("ana", EVERYTHING), bot("7 tasks", "publishes 1 file"))
        with shut(outside.files) as caught:
            await state(
                ready,
                Said("ana", "dry run"),
                bot(
                    "nothing was called or changed",
                    "↳ 2 Chart total revenue by region (data.chart) and 3 Draft an article",
                    "A real run writes charts/total-revenue-by-region.png and notes/a.md and publishes blog/a.md.",
                    "What a real run would run into",
                    "The price of ChatGPT isn't known",
                    "It waits for approval: you",
                    absent=["Please check"],
                ),
            )
        assert caught == []
        assert {path.name for path in outside.files.rglob("*")} == {"sales.csv"}


async def test_another_agent_is_compared_and_then_taken(outside: ExternalAgents) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", "have ChatGPT draft an article about tea and save it to tea.md"),
            bot("ChatGPT", "“", "2 tasks"),
            Said("ana", "what if Gemini did the draft?"),
            bot("What would change", "ChatGPT → Gemini", "Now · cost", "Then · cost", "[Take it]", "no history here yet",
                absent=["Replaced by"]),
            Said("ana", "take it"),
            bot("Replaced by plan", "Changed from plan", "ChatGPT → Gemini"),
            Said("ana", "add a check by kim before saving and make it shorter"),
            bot("added:", "kim", "Make it shorter."),
            Reacts("ana", "❌"),
            bot("Dropped by ana"),
        )  # fmt: skip
