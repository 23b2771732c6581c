"""What a program says while it works, in the plan's message, on each platform."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

import tests.fakes.programs.coder as coder
from memory.model.agents.external import Program
from memory.model.base import AgentName
from tests.flows.play import Reacts, Said, bot
from tests.flows.whole.program import (
    IN_TURN,
    ExternalAgents,
    state,
    whole,
)
from tests.unit.executor.agents.test_command import WAYS

pytestmark = pytest.mark.skipif(not WAYS, reason="neither Landlock nor bubblewrap here")

SCRIPT = Path(coder.__file__)
CODER = Program(
    name=AgentName("coder"), title="Coder", path=os.environ["PATH"], memory_bytes=500_000_000,
    writable=False,
    command=(sys.executable, "-I", "-S", str(SCRIPT)),
    reads=(SCRIPT, Path(sys.base_prefix), Path(sys.prefix)),
)  # fmt: skip


@pytest.mark.parametrize("platform", IN_TURN)
async def test_what_a_program_says_is_in_the_plans_message_until_it_ends(
    platform: str, tmp_path: Path
) -> None:
    outside = ExternalAgents(tmp_path, programs=(CODER,))
    async with whole(platform, outside) as ready, asyncio.timeout(90):
        await state(
            ready,
            Said("ana", "Have coder fix the parser, do: talk"),
            bot("1 task", "Waiting for approval"),
        )
        approved = asyncio.ensure_future(state(ready, Reacts("ana", "✅")))
        while "Bash ls" not in ready.harness.heard():
            assert not approved.done(), ready.harness.heard()
            await asyncio.sleep(0.02)
        shown = ready.harness.heard()
        (ready.files / "go").touch()
        await approved
        ended = ready.harness.heard()
    assert "••• key" in shown
    for live in ("sk-abc", "<!channel>", "](https"):
        assert live not in shown
    assert "All green." in ended
