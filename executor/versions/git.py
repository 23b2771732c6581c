"""A branch for each run, a commit for each task that changes files, and the way back.

Nothing here touches the working tree's branch, its index or its settings: commits are made of the
files a task was to write, on `orchestra/<run>`, which people may merge or throw away.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog

from executor.egress.files import ProjectFiles
from executor.egress.git import Git, GitTrouble, repository
from executor.versions import blobs
from memory.model.agents.spec import WRITES
from memory.model.base import RunId
from memory.model.errors import Conflict, NotFound, OrchestraError
from memory.model.work.graph import Task

TRIES = 5
"""How often a commit is made anew because another task's came in between."""

FILE, KIND = "Orchestra-File", "Orchestra-Kind"
Kind = Literal["before", "after", "rollback"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Change:
    """A file that a run changed: its path in the project, its entries before and after ("")."""

    path: str
    before: str
    after: str


def branch(run: RunId) -> str:
    """The run's branch."""
    return f"orchestra/{run}"


def paths(task: Task) -> tuple[str, ...]:
    """The files in the project that the task may write."""
    targets = (effect.target for effect in task.effects if effect.effect in WRITES)
    return tuple(dict.fromkeys(filter(None, targets)))


async def keep(root: Path, run: RunId, kind: Kind, subject: str, paths: tuple[str, ...]) -> None:
    """Commit the files as they are now to the run's branch; without a repository, nothing.

    What goes wrong is logged: the work itself is worth more than its history.
    """
    if not paths or not await asyncio.to_thread(repository, root):
        return
    try:
        git = Git(root)
        present = await asyncio.to_thread(blobs.present, root, paths, await blobs.form(git))
        await blobs.store(git, present)
        entries = {path: entry for path, (entry, _) in present.items()}
        await commit(root, run, kind, subject, entries)
    except OrchestraError as error:
        log.warning("a change was not kept in git", run=run, detail=error.detail)


async def commit(
    root: Path, run: RunId, kind: Kind, subject: str, entries: Mapping[str, str]
) -> None:
    """Commit the entries, whose blobs git has; nothing where the branch has them. "": no file.

    Raises GitTrouble.
    """
    if not entries:
        return
    with tempfile.TemporaryDirectory(prefix="orchestra-git-") as folder:
        git = Git(root, index=Path(folder) / "index")
        prefix = await git.text("rev-parse", "--show-prefix")
        lines = [f"{FILE}: {path}" for path in entries]
        message = "\n".join([" ".join(subject.split())[:200], "", *lines, f"{KIND}: {kind}"])
        ref = f"refs/heads/{branch(run)}"
        for _ in range(TRIES):
            tip = await git.found("rev-parse", "--verify", "--quiet", ref)
            parent = tip or await git.found("rev-parse", "--verify", "--quiet", "HEAD")
            tree = await _tree(git, parent, prefix, entries)
            if parent and tree == await git.text("rev-parse", f"{parent}^{{tree}}"):
                return  # as it was: there is nothing to remember
            parents = ("-p", parent) if parent else ()
            made = await git.text("commit-tree", tree, *parents, given=message.encode())
            try:
                await git.text("update-ref", ref, made, tip or "0" * len(made))
            except GitTrouble:
                continue  # another task's commit came first
            return
    raise GitTrouble("The project's git repository is busy.", detail="five tries")


async def changes(root: Path, run: RunId) -> tuple[Change, ...]:
    """The files the run changed. Raises NotFound where nothing was kept of it."""
    git = Git(root)
    tip = await git.found("rev-parse", "--verify", "--quiet", f"refs/heads/{branch(run)}")
    if not tip:
        if not await asyncio.to_thread(repository, root):
            raise NotFound(
                "I can't undo runs here: the project's folder isn't in a Git repository, so there are "
                "no earlier versions of its files. After `git init` there, later runs can be undone."
            )
        raise NotFound("There's nothing to undo: Git has no file that this run changed.")
    prefix = await git.text("rev-parse", "--show-prefix")
    first: dict[str, str] = {}
    for made, kind, paths in await _story(git, tip):
        before = await blobs.entries(git, made if kind == "before" else f"{made}^", prefix)
        for path in paths:
            first.setdefault(path, before.get(path, ""))
    last = await blobs.entries(git, tip, prefix)
    return tuple(Change(path, before, last.get(path, "")) for path, before in first.items())


async def roll_back(root: Path, run: RunId, subject: str) -> tuple[str, ...]:
    """Restore every file the run changed; returns their paths.

    Raises NotFound (nothing kept), Conflict where a file was changed since by somebody else: then
    nothing at all is changed.
    """
    git, files = Git(root), ProjectFiles(root)
    changed = [change for change in await changes(root, run) if change.before != change.after]
    paths = tuple(change.path for change in changed)
    now = await asyncio.to_thread(blobs.present, root, paths, await blobs.form(git))
    since = [change.path for change in changed if now[change.path][0] != change.after]
    if since:
        raise Conflict(
            "Somebody has changed {files} since that run, so nothing was rolled back. The old "
            "contents are on the branch {branch}.",
            files=", ".join(since[:5]),
            branch=branch(run),
        )
    # Removals first: a file may be in the way of a folder.
    for change in sorted(changed, key=lambda change: bool(change.before)):
        if change.before:
            data = await git.data("cat-file", "blob", blobs.blob(change.before))
            runs = blobs.is_program(change.before)
            await asyncio.to_thread(files.write, change.path, data, executable=runs)
        else:
            await asyncio.to_thread(files.remove, change.path)
    await keep(root, run, "rollback", subject, paths)
    return paths


async def _tree(git: Git, parent: str, prefix: str, entries: Mapping[str, str]) -> str:
    """The tree of the parent, with these entries."""
    await git.text("read-tree", parent or "--empty")
    gone = f"0 {'0' * len(blobs.blob(blobs.entry(b'', 0, await blobs.form(git))))}"
    ordered = sorted(entries.items(), key=lambda named: bool(named[1]))
    lines = [f"{entry or gone}\t{prefix}{path}\0" for path, entry in ordered]
    given = "".join(lines).encode()
    await git.text("update-index", "--add", "--replace", "-z", "--index-info", given=given)
    return await git.text("write-tree")


async def _story(git: Git, tip: str) -> list[tuple[str, str, list[str]]]:
    """The run's commits, oldest first: each with its kind and the files it is about."""
    marks = f"%H%n%(trailers:key={KIND},valueonly)%(trailers:key={FILE},valueonly)%x00"
    log_ = await git.text("log", "--reverse", f"--format={marks}", tip)
    story = []
    for entry in log_.split("\0"):
        lines = [line for line in entry.strip("\n").split("\n") if line]
        if len(lines) > 2:
            commit, kind, *paths = lines
            story.append((commit, kind, paths))
    return story
