"""A branch for each run, a commit for each task that changes files, and the way back.

Nothing here touches the working tree's branch, its index or its settings: commits are made of the
files a task was to write, on `orchestra/<run>`, which people may merge or throw away.
"""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog

from executor.egress.files import ProjectFiles
from executor.egress.git import Git, GitTrouble, repository
from memory.model.agent import EffectClass
from memory.model.base import RunId
from memory.model.errors import BadInput, Conflict, NotFound, OrchestraError
from memory.model.graph import Task

TRIES = 5
"""How often a commit is made anew because another task's came in between."""

WRITES = frozenset({EffectClass.WRITE, EffectClass.PUBLISH})
FILE, KIND = "Orchestra-File", "Orchestra-Kind"
Kind = Literal["before", "after", "rollback"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Change:
    """A file that a run changed: its path in the project and the blobs before and after ("")."""

    path: str
    before: str
    after: str


def branch(run: RunId) -> str:
    """The run's branch."""
    return f"orchestra/{run}"


def paths(task: Task) -> tuple[str, ...]:
    """The files in the project that the task may write."""
    return tuple(
        dict.fromkeys(one.target for one in task.effects if one.effect in WRITES and one.target)
    )


async def keep(root: Path, run: RunId, kind: Kind, subject: str, paths: tuple[str, ...]) -> None:
    """Commit the files as they are now to the run's branch; without a repository, nothing.

    What goes wrong is logged: the work itself is worth more than its history.
    """
    if not paths or not await asyncio.to_thread(repository, root):
        return
    try:
        await _commit(root, run, kind, subject, paths)
    except OrchestraError as error:
        log.warning("a change was not kept in git", run=run, detail=error.detail)


async def changes(root: Path, run: RunId) -> tuple[Change, ...]:
    """The files the run changed. Raises NotFound where nothing was kept of it."""
    git = Git(root)
    tip = await git.found("rev-parse", "--verify", "--quiet", f"refs/heads/{branch(run)}")
    if not tip:
        raise NotFound("Of that run nothing was kept in git, so it cannot be rolled back.")
    prefix = await git.text("rev-parse", "--show-prefix")
    first: dict[str, str] = {}
    for commit, kind, paths in await _story(git, tip):
        for path in paths:
            before = commit if kind == "before" else f"{commit}^"
            first.setdefault(path, await _blob(git, before, prefix + path))
    return tuple(
        [
            Change(path, before, await _blob(git, tip, prefix + path))
            for path, before in first.items()
        ]
    )


async def roll_back(root: Path, run: RunId, subject: str) -> tuple[str, ...]:
    """Put every file the run changed back as it was; gives back their paths.

    Raises NotFound (nothing kept), Conflict where a file was changed since by somebody else: then
    nothing at all is changed.
    """
    git, files = Git(root), ProjectFiles(root)
    found = [one for one in await changes(root, run) if one.before != one.after]
    changed = [one.path for one in found if await _now(git, files, one.path) != one.after]
    if changed:
        raise Conflict(
            f"Since that run somebody changed {', '.join(changed[:5])}; nothing was rolled back. "
            f"The old contents are on the branch {branch(run)}."
        )
    for one in found:
        if one.before:
            data = await git.data("cat-file", "blob", one.before)
            await asyncio.to_thread(files.write, one.path, data)
        else:
            await asyncio.to_thread(files.remove, one.path)
    paths = tuple(one.path for one in found)
    await keep(root, run, "rollback", subject, paths)
    return paths


async def _commit(root: Path, run: RunId, kind: Kind, subject: str, paths: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory(prefix="orchestra-git-") as folder:
        git = Git(root, index=Path(folder) / "index")
        prefix = await git.text("rev-parse", "--show-prefix")
        lines = [f"{FILE}: {path}" for path in paths]
        message = "\n".join([" ".join(subject.split())[:200], "", *lines, f"{KIND}: {kind}"])
        ref = f"refs/heads/{branch(run)}"
        for _ in range(TRIES):
            tip = await git.found("rev-parse", "--verify", "--quiet", ref)
            parent = tip or await git.found("rev-parse", "--verify", "--quiet", "HEAD")
            tree = await _tree(git, parent, root, prefix, paths)
            if parent and tree == await git.text("rev-parse", f"{parent}^{{tree}}"):
                return  # as it was: there is nothing to remember
            parents = ("-p", parent) if parent else ()
            made = await git.text("commit-tree", tree, *parents, given=message.encode())
            try:
                await git.text("update-ref", ref, made, tip or "0" * 40)
            except GitTrouble:
                continue  # another task's commit came first
            return
    raise GitTrouble("The project's git repository is busy.", detail="five tries")


async def _tree(git: Git, parent: str, root: Path, prefix: str, paths: tuple[str, ...]) -> str:
    """The tree of the parent, with the files as they are now."""
    await git.text("read-tree", parent or "--empty")
    files = ProjectFiles(root)
    for path in paths:
        blob = await _now(git, files, path, keep=True)
        if blob:
            entry = f"100644,{blob},{prefix}{path}"
            await git.text("update-index", "--add", "--cacheinfo", entry)
        else:
            await git.text("update-index", "--force-remove", "--", prefix + path)
    return await git.text("write-tree")


async def _now(git: Git, files: ProjectFiles, path: str, *, keep: bool = False) -> str:
    """The blob of the file as it is now, "" where there is none."""
    try:
        data = await asyncio.to_thread(files.read, path)
    except BadInput:
        return ""
    write = ("-w",) if keep else ()
    return await git.text("hash-object", "--no-filters", *write, "--stdin", given=data)


async def _blob(git: Git, commit: str, path: str) -> str:
    return await git.found("rev-parse", "--verify", "--quiet", f"{commit}:{path}")


async def _story(git: Git, tip: str) -> list[tuple[str, str, list[str]]]:
    """The run's commits, oldest first: each with its kind and the files it is about."""
    marks = f"%H%n%(trailers:key={KIND},valueonly)%(trailers:key={FILE},valueonly)%x00"
    told = await git.text("log", "--reverse", f"--format={marks}", tip)
    story = []
    for entry in told.split("\0"):
        lines = [line for line in entry.strip("\n").split("\n") if line]
        if len(lines) > 2:
            commit, kind, *paths = lines
            story.append((commit, kind, paths))
    return story
