"""What an agent says while it works is shown with its task, masked, and gone when it ends."""

import asyncio
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

import tests.fakes.programs.coder as coder
from executor.agents.command.agent import CommandAgent
from executor.attempts import progress
from executor.egress.sandbox import Sandbox
from executor.parts import Parts
from executor.port import Call, Reply
from memory.model.agents.external import Program
from memory.model.base import AgentName
from memory.model.timing.clock import SystemClock, system_random
from memory.model.work.run import RunState, RunView
from memory.store.engine.database import Database
from memory.store.tables import events
from tests.unit.executor.agents.test_command import WAYS
from tests.unit.executor.world import Scripted, plan, says, scripted, task, world

pytestmark = pytest.mark.skipif(not WAYS, reason="neither Landlock nor bubblewrap here")


def talker() -> CommandAgent:
    script, path = Path(coder.__file__), os.environ["PATH"]
    program = Program(
        name=AgentName("coder"), title="Coder", path=path, memory_bytes=500_000_000,
        command=(sys.executable, "-I", "-S", str(script)),
        reads=(script, Path(sys.base_prefix), Path(sys.prefix)),
    )  # fmt: skip
    return CommandAgent(program, Sandbox(path=path, way=WAYS[0]))


def said(view: RunView) -> str:
    return view.tasks[0].said


async def stored(database: Database) -> int:
    async with database.reading() as connection:
        found = await connection.execute(
            sa.select(sa.func.count()).where(events.c.kind == "task_said")
        )
        return int(found.scalar_one())


async def test_a_programs_last_words_are_seen_while_it_runs_and_not_after(
    database: Database, tmp_path: Path
) -> None:
    made = plan(task("a", agent="coder", instruction="do: talk", timeout_s=60))
    async with world(database, tmp_path, [talker()]) as here:  # type: ignore[list-item]  # any agent
        run = await here.start(made)
        view = await here.until(run, lambda view: bool(said(view)))
        assert said(view).startswith("Bash ls <!channel> @everyone *bold*")
        assert "•••" in said(view)
        assert "sk-abc" not in said(view)
        assert view.tasks[0].note == ""
        (tmp_path / "go").touch()
        view = await here.over(run)
    assert view.state is RunState.SUCCEEDED
    assert (said(view), view.tasks[0].note) == ("", "")


@dataclass
class Chatty:
    """Says something new whenever it is told to, and ends at a nod."""

    call: Call | None = None
    agent: Scripted = field(init=False)
    done: bool = False

    def __post_init__(self) -> None:
        self.agent = scripted("chatty", self.does)

    async def does(self, call: Call) -> Reply:
        self.call = call
        while not self.done:
            await asyncio.sleep(0.01)
        return says("done")


async def test_however_much_is_said_one_event_of_it_is_kept(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SAY_S", 0.0)
    chatty = Chatty()
    async with world(database, tmp_path, [chatty.agent]) as here:
        run = await here.start(plan(task("a", agent="chatty")))
        await here.until(run, lambda _: chatty.call is not None)
        assert chatty.call is not None
        for words in ("first", "second", "third"):
            for number in range(50):
                chatty.call.say(f"{words} {number}")
            await here.until(run, lambda view, words=words: said(view) == f"{words} 49")  # type: ignore[misc]
        assert await stored(database) == 1
        chatty.done = True
        await here.over(run)
        chatty.call.say("too late")
        await here.run(task("b", agent="chatty"))
    assert await stored(database) == 1


async def test_a_dry_run_says_nothing(sqlite: Database, tmp_path: Path) -> None:
    chatty = Chatty(done=True)
    async with world(sqlite, tmp_path, [chatty.agent]) as here:
        dry = await here.start(plan(task("a", agent="chatty")), simulated=True)
        await here.over(dry)
        assert "task_said" not in await here.kinds(dry)
    assert chatty.call is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo\t three", "one two three"),
        ("sk-abc\u200bdef0123456789abcdef x", "••• x"),
        ("x" * 300, "x" * 119 + "…"),
        ("\x1b\x00", ""),
    ],
)
def test_words_are_one_short_line_without_secrets(text: str, shown: str) -> None:
    parts = Parts(None, None, {}, SystemClock(), system_random())  # type: ignore[arg-type]  # neither is asked
    assert progress.words(parts, text) == shown
