"""What planning does is told in one line of the thread, which is edited, on each platform."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.fakes.model import Data, FakeModel, Slow, ToolCall
from tests.fakes.slack.harness import SlackHarness
from tests.flows.play import Said, bot
from tests.flows.whole.program import IN_TURN, ExternalAgents, Whole, state, whole
from tests.unit.executor.agents.calls import SALES
from tests.unit.planner.test_service import draft, endpoint

LOOKS = ToolCall("look_at_file", json.dumps({"path": "sales.csv"}))


@pytest.mark.parametrize("platform", IN_TURN)
async def test_the_thread_says_what_planning_is_doing(platform: str, tmp_path: Path) -> None:
    async with FakeModel(responses=True, current=True) as model:
        model.default = Data(draft())
        model.say(LOOKS, Slow(1.5, Data(draft())))
        external = ExternalAgents(tmp_path, endpoints=(endpoint(model),))
        async with whole(platform, external) as ready, asyncio.timeout(60):
            (ready.files / "sales.csv").write_bytes(SALES)
            planned = asyncio.ensure_future(
                state(ready, Said("ana", "Load sales.csv and total the revenue"), bot("1 task"))
            )
            while "drafting…" not in told(ready):
                assert not planned.done(), told(ready)
                await asyncio.sleep(0.02)
            await planned
            while not is_planned(ready):
                await asyncio.sleep(0.02)
            heard = ready.harness.heard()
        assert "<<<BEGIN RESULT>>>" in model.chats[-1].text
    if platform != "console":  # where a line once printed stays
        assert "drafting…" not in heard
    if platform != "slack":  # which has a place of its own for what is being done
        assert heard.count("Planned in ") == 1


def statuses(ready: Whole) -> list[str]:
    """What stood under the thread, where the platform has such a place."""
    harness = ready.harness
    return (
        [said for _, said in harness.workspace.state.statuses]
        if isinstance(harness, SlackHarness)
        else []
    )


def told(ready: Whole) -> str:
    return "\n".join((ready.harness.heard(), *statuses(ready)))


def is_planned(ready: Whole) -> bool:
    """Whether what is being done is told no more."""
    return "Planned in " in ready.harness.heard() or statuses(ready)[-1:] == [""]
