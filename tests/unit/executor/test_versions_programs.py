"""What a program changes beyond what it named is undone as a whole, with real git and programs."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import tests.fakes.programs.coder as coder
from executor.agents.command.agent import CommandAgent
from executor.egress.sandbox import Sandbox
from executor.port import Call, Reply
from executor.versions import git as versions
from executor.versions import watch
from memory.model.agents.external import Program
from memory.model.agents.spec import EffectClass
from memory.model.base import AgentName
from memory.model.work.graph import Effect, Task
from memory.model.work.run import RunState, RunView
from memory.store.engine.database import Database
from tests.unit.executor.agents.test_command import WAYS
from tests.unit.executor.test_versions import git
from tests.unit.executor.world import (
    PROJECT,
    Scripted,
    World,
    plan,
    says,
    scripted,
    task,
    world,
    writes,
)

pytestmark = pytest.mark.skipif(not WAYS, reason="neither Landlock nor bubblewrap here")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    (folder / "docs").mkdir(parents=True)
    for name in ("docs/a.md", "run.sh", "old.txt", "kept.txt"):
        (folder / name).write_text(f"{name}\n")
    (folder / "run.sh").chmod(0o755)
    (folder / ".gitignore").write_text("secret.env\ncache/\n")
    (folder / "secret.env").write_text("mine")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    (folder / "docs/a.md").write_text("edited, not committed\n")
    return folder


def program(folder: str = ".") -> CommandAgent:
    script, path = Path(coder.__file__), os.environ["PATH"]
    made = Program(
        name=AgentName("coder"), title="Coder", path=path, memory_bytes=500_000_000, folder=folder,
        command=(sys.executable, "-I", "-S", str(script)),
        reads=(script, Path(sys.base_prefix), Path(sys.prefix)),
    )  # fmt: skip
    return CommandAgent(made, Sandbox(path=path, way=WAYS[0]))


def codes(order: str, key: str = "code", *needs: str) -> Task:
    effect = Effect(effect=EffectClass.EXEC, target="coder in the project folder")
    return task(
        key, *needs, agent="coder", effects=(effect,), instruction=f"do: {order}", timeout_s=60
    )


def files(folder: Path) -> Mapping[str, tuple[str, bool]]:
    found = (file for file in folder.rglob("*") if file.is_file() and ".git" not in file.parts)
    return {
        item.relative_to(folder).as_posix(): (item.read_text(), os.access(item, os.X_OK))
        for item in found
    }


async def did(here: World, *tasks: Task) -> RunView:
    return await here.over(await here.start(plan(*tasks)))


async def test_all_that_a_program_changed_made_and_removed_is_undone(
    database: Database, repo: Path
) -> None:
    before, status = files(repo), git(repo, "status", "--porcelain")
    async with world(database, repo, [program()]) as here:  # type: ignore[list-item]  # any agent
        view = await did(here, codes("change +docs/a.md +run.sh -old.txt +new/n.txt +cache/c"))
    assert view.tasks[0].note == ""
    changed = {change.path for change in await versions.changes(repo, view.id)}
    assert changed == {"docs/a.md", "run.sh", "old.txt", "new/n.txt"}
    told = git(repo, "log", "--format=%s", f"main..{versions.branch(view.id)}")
    assert told.splitlines() == ["After: code", "Before: code"]
    await versions.roll_back(repo, view.id, "Roll back")
    (repo / "cache/c").unlink()
    assert files(repo) == before
    assert git(repo, "status", "--porcelain") == status


async def test_what_a_program_did_before_it_failed_is_undone_too(
    sqlite: Database, repo: Path
) -> None:
    before = files(repo)
    async with world(sqlite, repo, [program()]) as here:  # type: ignore[list-item]  # any agent
        view = await did(here, codes("change +docs/a.md -old.txt !"))
    assert view.state is RunState.FAILED
    await versions.roll_back(repo, view.id, "Roll back")
    assert files(repo) == before


async def test_what_a_program_did_before_it_was_cancelled_is_undone_too(
    sqlite: Database, repo: Path
) -> None:
    before = files(repo)
    async with world(sqlite, repo, [program()]) as here:  # type: ignore[list-item]  # any agent
        run = await here.start(plan(codes("talk")))
        await here.until(run, lambda _: (repo / "talks").exists())
        assert await here.executor.cancel(PROJECT, run, by="ana")
        branch = f"refs/heads/{versions.branch(run)}"
        await here.until(run, lambda _: branch in git(repo, "for-each-ref"))
        assert await here.executor.roll_back(PROJECT, run, by="ana") == ("talks",)
    assert files(repo) == before


async def test_what_git_ignored_before_is_left_alone_whatever_the_program_says(
    sqlite: Database, repo: Path
) -> None:
    async with world(sqlite, repo, [program()]) as here:  # type: ignore[list-item]  # any agent
        view = await did(here, codes("change -.gitignore +new.txt"))
    changed = {change.path for change in await versions.changes(repo, view.id)}
    assert changed == {".gitignore", "new.txt"}
    await versions.roll_back(repo, view.id, "Roll back")
    assert (repo / "secret.env").read_text() == "mine"


async def test_a_program_in_a_folder_of_the_project_is_undone_there(
    sqlite: Database, repo: Path
) -> None:
    before = files(repo)
    async with world(sqlite, repo, [program("docs")]) as here:  # type: ignore[list-item]  # any agent
        view = await did(here, codes("change +a.md +b.md"))
    assert {change.path for change in await versions.changes(repo, view.id)} == {
        "docs/a.md",
        "docs/b.md",
    }
    await versions.roll_back(repo, view.id, "Roll back")
    assert files(repo) == before


async def test_what_other_tasks_named_stays_theirs(sqlite: Database, repo: Path) -> None:
    other = writer(repo)
    async with world(sqlite, repo, [program(), other]) as here:  # type: ignore[list-item]  # any agent
        run = await here.start(plan(codes("talk"), writes("w", target="theirs.txt", agent="w")))
        view = await here.over(run)
    assert view.state is RunState.SUCCEEDED
    told = git(repo, "log", "--format=%s%n%b", versions.branch(view.id))
    assert told.count("Orchestra-File: theirs.txt") == 1
    assert "After: w" in told
    assert "Orchestra-File: by-hand.txt" in told


def writer(repo: Path) -> Scripted:
    """Writes its file, and one more, while the program works; then lets that end."""

    async def write(call: Call) -> Reply:
        while not (repo / "talks").exists():
            await asyncio.sleep(0.02)
        call.files.write("theirs.txt", b"theirs")
        (repo / "by-hand.txt").write_text("by hand")
        (repo / "go").touch()
        return says("done")

    return scripted("w", write)


@pytest.mark.parametrize(
    ("order", "note"),
    [
        ("change +docs/a.md @link", "undo can't restore link"),
        ("change @l1 @l2 @l3 @l4", "undo can't restore l1, l2, l3 and 1 more"),
    ],
)
async def test_what_cannot_be_undone_is_said(
    sqlite: Database, repo: Path, order: str, note: str
) -> None:
    async with world(sqlite, repo, [program()]) as here:  # type: ignore[list-item]  # any agent
        view = await did(here, codes(order))
    assert view.tasks[0].note == note


@pytest.mark.parametrize(("name", "most"), [("FILES", 3), ("BYTES", 10)])
async def test_a_folder_that_is_too_large_is_said(
    sqlite: Database, repo: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(watch, name, most)
    async with world(sqlite, repo, [program()]) as here:  # type: ignore[list-item]  # any agent
        view = await did(here, codes("change +docs/a.md"))
    assert view.state is RunState.SUCCEEDED
    assert view.tasks[0].note == (
        "undo can't restore what it changed: The folder has over 10,000 files or 50 MB."
    )
