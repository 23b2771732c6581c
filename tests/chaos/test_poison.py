"""Programs that break, eat memory or will not go: the run fails with a reason, the worker lives."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from executor.agents.command.agent import CommandAgent
from executor.egress import process
from executor.egress.cell import landlock
from executor.egress.sandbox import Sandbox
from executor.port import Call, Reply
from memory.model.agents.external import Program
from memory.model.base import AgentName
from memory.model.work.graph import Retry
from memory.store.engine.database import Database
from tests.chaos.accounts import Outside, all_is_well, budgeted, until
from tests.unit.executor.world import World, plan, says, scripted, task, world, writes

MEMORY_BYTES = 300_000_000
SEGFAULT = "import ctypes; ctypes.string_at(0)"
HUNGRY = """
kept = []
while True:
    kept.append(bytearray(10_000_000))
"""
BROOD = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
for place in range(4):
    if os.fork() == 0:
        if place % 2:
            os.setsid()  # out of the process group
        break
time.sleep(3600)
"""
LEFT_BEHIND = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    time.sleep(3600)
print("done")
"""
LOUD = """
while True:
    print("x" * 100_000)
"""
STOPPED = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"

held = pytest.mark.skipif(
    not landlock.supported() and not shutil.which("bwrap"),
    reason="neither Landlock nor bubblewrap here",
)
POISON = {
    "breaks": (SEGFAULT, "ended with code 139"),
    "eats memory": (HUNGRY, "MemoryError"),
    "has children and will not go": (BROOD, "2 s."),
    "never stops writing": (LOUD, "didn't stop writing"),
    "stands still": (STOPPED, "2 s."),
}


@pytest.fixture
def mark(tmp_path: Path) -> str:
    """A word in the arguments of all that a test starts."""
    return f"poison-{os.getpid()}-{abs(hash(str(tmp_path))):x}"


def _marked(mark: str) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or entry.name == str(os.getpid()):
            continue
        try:
            said = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if mark.encode() in said:
            yield int(entry.name)


async def _nobody_is_left(mark: str) -> None:
    await until(lambda: not [*_marked(mark)], "a process is left behind")


def _command(script: str, mark: str) -> CommandAgent:
    program = Program(
        name=AgentName("poison"),
        title="Poison",
        command=(sys.executable, "-I", "-S", "-c", script, mark),
        path=os.environ["PATH"],
        reads=(Path(sys.base_prefix), Path(sys.prefix)),
        writable=False,
        memory_bytes=MEMORY_BYTES,
        free=True,
    )
    return CommandAgent(program, Sandbox(path=os.environ["PATH"]))


def _bare(script: str, mark: str):  # type: ignore[no-untyped-def]  # a scripted agent
    """A third party's agent that starts its program without a sandbox."""

    async def start(call: Call) -> Reply:
        ended = await process.run(
            [sys.executable, "-I", "-S", "-c", script, mark],
            cwd=Path("/"),
            env={},
            timeout_s=call.timeout_s,
            title="Poison",
        )
        return says(ended.out.decode())

    return scripted("poison", start)


async def _fails(here: World, outside: Outside, mark: str, words: str) -> None:
    """One poisoned run between two good ones."""
    bad = (
        task("bad", agent="poison", timeout_s=2, retry=Retry(attempts=1)),
        writes("after", "bad", agent="writer", target="a"),
    )
    good = [writes("good", agent="writer", target="b")]
    accepted = [await here.start(plan(*bad, title="bad"))]
    accepted += [await here.start(plan(*good, title=f"good {n}")) for n in range(2)]
    views = [await here.over(run) for run in accepted]
    assert [view.state.value for view in views] == ["failed", "succeeded", "succeeded"]
    assert words in views[0].problem
    assert "The log has the reason" not in views[0].problem
    await _nobody_is_left(mark)
    endings = await all_is_well(here.database, accepted, outside.done)
    assert endings == {"succeeded": 2, "failed": 1}


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
async def database(sqlite: Database) -> Database:
    await budgeted(sqlite)
    return sqlite


@held
@pytest.mark.parametrize("poison", POISON)
async def test_a_program_in_its_cell_fails_alone(
    database: Database, tmp_path: Path, outside: Outside, mark: str, poison: str
) -> None:
    script, words = POISON[poison]
    async with world(database, tmp_path, [outside.agent(), _command(script, mark)]) as here:  # type: ignore[list-item]  # world() is typed for scripted agents
        await _fails(here, outside, mark, words)


async def test_a_program_without_a_cell_takes_its_children_with_it(
    database: Database, tmp_path: Path, outside: Outside, mark: str
) -> None:
    script = BROOD.replace("os.setsid()", "pass")
    async with world(database, tmp_path, [outside.agent(), _bare(script, mark)]) as here:
        await _fails(here, outside, mark, "2 s.")


@held
async def test_a_program_that_ends_well_leaves_no_child_behind(
    database: Database, tmp_path: Path, outside: Outside, mark: str
) -> None:
    async with world(database, tmp_path, [_command(LEFT_BEHIND, mark)]) as here:  # type: ignore[list-item]  # see above
        view = await here.run(task("a", agent="poison", timeout_s=20))
        assert view.state.value == "succeeded", view.problem
        await _nobody_is_left(mark)


@held
async def test_a_cancelled_run_takes_a_program_with_it_that_will_not_go(
    database: Database, tmp_path: Path, outside: Outside, mark: str
) -> None:
    async with world(database, tmp_path, [outside.agent(), _command(BROOD, mark)]) as here:  # type: ignore[list-item]  # see above
        run = await here.start(plan(task("a", agent="poison", timeout_s=600)))
        await until(lambda: len([*_marked(mark)]) > 4, "it never began")
        assert await here.executor.cancel("p", run, by="ana")  # type: ignore[arg-type]  # the project's id
        await _nobody_is_left(mark)
        assert await all_is_well(database, [run], outside.done) == {"cancelled": 1}
