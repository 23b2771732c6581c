"""A run's changes in the project's git repository, with real git."""

import subprocess
from pathlib import Path

import pytest

from executor.port import Call, Reply
from executor.versions import git as versions
from memory.model.base import RunId
from memory.model.errors import Conflict, NotFound
from memory.store.engine.database import Database
from tests.unit.executor.world import Scripted, says, scripted, world, writes

RUN = RunId("run_1")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "a.md").write_text("old\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def writer() -> Scripted:
    async def write(call: Call) -> Reply:
        call.files.write(call.task.effects[0].target, f"by {call.task.key}".encode())
        return says("done")

    return scripted(does=write)


async def test_each_task_is_a_commit_on_the_runs_branch_and_nothing_else_moves(
    sqlite: Database, repo: Path
) -> None:
    (repo / "notes.txt").write_text("not committed by anybody")
    git(repo, "add", "notes.txt")
    before = git(repo, "status", "--porcelain")
    head = git(repo, "rev-parse", "HEAD")
    async with world(sqlite, repo, [writer()]) as here:
        view = await here.run(
            writes("one", target="docs/a.md"), writes("two", "one", target="docs/new/b.md")
        )
    branch = versions.branch(view.id)
    told = git(repo, "log", "--format=%s", f"main..{branch}").splitlines()
    assert told == ["After: two", "After: one"]
    assert git(repo, "show", f"{branch}:docs/new/b.md") == "by two"
    assert git(repo, "rev-parse", "HEAD") == head
    assert git(repo, "symbolic-ref", "HEAD") == "refs/heads/main"
    after = git(repo, "status", "--porcelain").splitlines()
    assert before in after
    assert git(repo, "diff", "--cached", "--name-only") == "notes.txt"


async def test_a_run_is_rolled_back_to_what_was_there_committed_or_not(
    sqlite: Database, repo: Path
) -> None:
    (repo / "docs" / "a.md").write_text("edited, not committed\n")
    async with world(sqlite, repo, [writer()]) as here:
        view = await here.run(
            writes("one", target="docs/a.md"), writes("two", target="docs/new/b.md")
        )
    assert (repo / "docs/a.md").read_text() == "by one"
    done = await versions.roll_back(repo, view.id, "Roll back")
    assert sorted(done) == ["docs/a.md", "docs/new/b.md"]
    assert (repo / "docs/a.md").read_text() == "edited, not committed\n"
    assert not (repo / "docs/new/b.md").exists()
    assert git(repo, "log", "-1", "--format=%s", versions.branch(view.id)) == "Roll back"


async def test_what_somebody_changed_since_is_not_rolled_back(sqlite: Database, repo: Path) -> None:
    async with world(sqlite, repo, [writer()]) as here:
        view = await here.run(writes("one", target="docs/a.md"), writes("two", target="docs/b.md"))
    (repo / "docs/a.md").write_text("mended by hand")
    with pytest.raises(Conflict, match=r"docs/a\.md"):
        await versions.roll_back(repo, view.id, "Roll back")
    assert (repo / "docs/a.md").read_text() == "mended by hand"
    assert (repo / "docs/b.md").read_text() == "by two"


async def test_what_cannot_be_undone_says_why(repo: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nothing to undo"):
        await versions.roll_back(repo, RUN, "Roll back")
    bare = tmp_path / "bare"
    bare.mkdir()
    with pytest.raises(NotFound, match="isn't in a Git repository"):
        await versions.roll_back(bare, RUN, "Roll back")


async def test_many_tasks_at_once_lose_no_commit(sqlite: Database, repo: Path) -> None:
    tasks = [writes(f"t{n}", target=f"docs/t{n}.md") for n in range(4)]
    async with world(sqlite, repo, [writer()]) as here:
        view = await here.run(*tasks)
    assert len(await versions.changes(repo, view.id)) == 4


async def test_a_project_beneath_a_repository_keeps_its_own_paths(repo: Path) -> None:
    project = repo / "docs"
    (project / "a.md").write_text("new")
    await versions.keep(project, RUN, "after", "After: a", ("a.md",))
    (change,) = await versions.changes(project, RUN)
    assert change.path == "a.md"
    await versions.roll_back(project, RUN, "Roll back")
    assert (project / "a.md").read_text() == "old\n"


async def test_a_repositorys_own_programs_are_never_run(repo: Path, tmp_path: Path) -> None:
    proof = tmp_path / "ran"
    hook = repo / ".git" / "hooks" / "reference-transaction"
    hook.write_text(f"#!/bin/sh\ntouch {proof}\n")
    hook.chmod(0o755)
    git(repo, "config", "filter.evil.clean", f"touch {proof}")
    (repo / ".gitattributes").write_text("*.md filter=evil\n")
    proof.unlink(missing_ok=True)
    (repo / "docs/a.md").write_text("new")
    await versions.keep(repo, RUN, "after", "After: a", ("docs/a.md",))
    assert len(await versions.changes(repo, RUN)) == 1
    assert not proof.exists()


async def test_without_a_repository_nothing_is_kept_and_nothing_fails(
    sqlite: Database, tmp_path: Path
) -> None:
    async with world(sqlite, tmp_path, [writer()]) as here:
        view = await here.run(writes("one", target="a.md"))
    assert (tmp_path / "a.md").read_text() == "by one"
    with pytest.raises(NotFound):
        await versions.changes(tmp_path, view.id)


async def test_nor_are_programs_of_a_repository_that_a_program_has_rewritten(
    repo: Path, tmp_path: Path
) -> None:
    """Who may write the folder may write its `.git`; what stands there runs in no sandbox."""
    proof, gpg = tmp_path / "ran", tmp_path / "gpg"
    gpg.write_text(f"#!/bin/sh\ntouch {proof}\n")
    gpg.chmod(0o755)
    (repo / "docs/a.md").write_text("new")
    await versions.keep(repo, RUN, "after", "After: a", ("docs/a.md",))
    ref = f"refs/heads/{versions.branch(RUN)}"
    about, _, message = git(repo, "cat-file", "commit", ref).partition("\n\n")
    (tmp_path / "signed").write_text(
        f"{about}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n\n{message}"
    )
    signed = git(repo, "hash-object", "-t", "commit", "-w", "--literally", str(tmp_path / "signed"))
    git(repo, "update-ref", ref, signed)
    for name, value in {
        "gpg.program": str(gpg),
        "log.showSignature": "true",
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{gpg}",
        "protocol.ext.allow": "always",
    }.items():
        git(repo, "config", name, value)
    await versions.changes(repo, RUN)
    (repo / "docs/a.md").write_text("newer")
    await versions.keep(repo, RUN, "after", "After: a", ("docs/a.md",))
    assert not proof.exists()
