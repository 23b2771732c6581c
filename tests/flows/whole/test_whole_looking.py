"""What planning does is told in one line of the thread, which is edited, on each platform."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.fakes.model import Data, FakeModel, Slow, ToolCall
from tests.flows.play import Said, bot
from tests.flows.whole.program import IN_TURN, ExternalAgents, state, whole
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
            while "drafting…" not in ready.harness.heard():
                assert not planned.done(), ready.harness.heard()
                await asyncio.sleep(0.02)
            await planned
            while "Planned in " not in ready.harness.heard():
                await asyncio.sleep(0.02)
            heard = ready.harness.heard()
        assert "<<<BEGIN RESULT>>>" in model.chats[-1].text
    if platform != "console":  # where a line once printed stays
        assert "drafting…" not in heard
        assert heard.count("Planned in ") == 1
