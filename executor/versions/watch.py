"""What a program changes in the project's folder while it works there, so that it can be undone.

Git is asked only for names; files are compared by their bytes. So nothing that a program wrote
into the repository's settings is ever run here.
"""

import asyncio
import os
import posixpath
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from executor.egress.files import ProjectFiles
from executor.egress.git import Git, repository
from executor.versions import blobs
from executor.versions.git import commit
from memory.model.base import RunId
from memory.model.errors import OrchestraError
from memory.model.text import text

FILES: Final = 10_000
BYTES: Final = 50_000_000
NAMED: Final = 3
OURS: Final = ".orchestra-"
"""So begin files that another task is just writing."""

Mark = tuple[int, ...]
"""What tells, without reading it, that a file may have changed."""

log = structlog.get_logger(__name__)


class _TooMuch(OrchestraError):
    code = "too_much"


@dataclass(frozen=True)
class _Seen:
    """A folder at one moment, without what git ignores; paths are those in the project."""

    marks: dict[str, Mark]
    entries: dict[str, str]
    odd: dict[str, Mark]
    """What is not kept: links, unreadable files, repositories within, names that no commit's message can hold."""
    ignored: frozenset[str]

    def unchanged(self, marks: dict[str, Mark]) -> dict[str, str]:
        """The entries of files that are still marked as they were."""
        return {
            path: self.entries[path]
            for path, mark in marks.items()
            if path in self.entries and self.marks[path] == mark
        }


@dataclass
class Watch:
    """Keeps on the run's branch what changes while it is entered.

    `others`: files that other tasks wrote meanwhile, which are theirs. `note` says what `undo`
    will not reach.
    """

    root: Path
    run: RunId
    title: str
    others: Callable[[], Awaitable[Collection[str]]]
    note: str = ""

    @asynccontextmanager
    async def __call__(self, folder: Path) -> AsyncIterator[None]:
        """Watch the folder, whose user has it alone; also where it ends badly. Raises nothing."""
        before = await self._look(folder)
        try:
            yield
        finally:
            if before is not None:
                await self._keep(folder, before)

    async def _look(self, folder: Path) -> _Seen | None:
        if not await asyncio.to_thread(repository, self.root):
            return None
        try:
            return await _look(self.root, folder, None)
        except OrchestraError as error:
            self._missed(error)
            return None

    async def _keep(self, folder: Path, before: _Seen) -> None:
        try:
            after = await _look(self.root, folder, before)
            theirs = {posixpath.normpath(path) for path in await self.others()}
            was, now = _changed(before.entries, after.entries, theirs)
            await commit(self.root, self.run, "before", f"Before: {self.title}", was)
            await commit(self.root, self.run, "after", f"After: {self.title}", now)
        except OrchestraError as error:
            self._missed(error)
            return
        odd = sorted(
            path
            for path in before.odd.keys() | after.odd.keys()
            if before.odd.get(path) != after.odd.get(path)
        )
        if odd:
            self.note = _unreached(odd)

    def _missed(self, error: OrchestraError) -> None:
        log.warning("what a program changes is not kept", run=self.run, detail=error.detail)
        self.note = text("undo can't restore what it changed: {reason}", reason=error.user_text)


def _unreached(paths: Sequence[str]) -> str:
    names, left = ", ".join(paths[:NAMED]), len(paths) - NAMED
    if left > 0:
        return text("undo can't restore {names} and {left} more", names=names, left=left)
    return text("undo can't restore {names}", names=names)


def _changed(
    before: dict[str, str], after: dict[str, str], theirs: Collection[str]
) -> tuple[dict[str, str], dict[str, str]]:
    paths = sorted(
        path
        for path in before.keys() | after.keys()
        if before.get(path) != after.get(path) and path not in theirs
    )
    return (
        {path: before.get(path, "") for path in paths},
        {path: after.get(path, "") for path in paths},
    )


async def _look(root: Path, folder: Path, before: _Seen | None) -> _Seen:
    """The folder now, every file in git's store; what is marked as before is not read again."""
    there, git = Git(folder), Git(root)
    within = ProjectFiles(root).relative(folder)
    kinds = ("--cached", "--others", "--exclude-standard")
    names = set(_paths(within, await there.data("ls-files", "-z", *kinds)))
    if before is None:
        before = _Seen({}, {}, {}, await _ignored(there, within))
    else:  # whatever the program told git to ignore since
        fresh = {path for path in names if not _within(path, before.ignored)}
        names = fresh | before.marks.keys() | before.odd.keys()
    marks, odd = await asyncio.to_thread(_marks, root, names)
    same = before.unchanged(marks)
    form = await blobs.form(git)
    present = await asyncio.to_thread(blobs.present, root, marks.keys() - same.keys(), form)
    await blobs.store(git, present)
    read = {path: entry for path, (entry, _) in present.items() if entry}
    odd |= {path: marks.pop(path) for path in present if path not in read}  # nobody may read them
    return _Seen(marks, same | read, odd, before.ignored)


async def _ignored(git: Git, within: str) -> frozenset[str]:
    kinds = ("--others", "--ignored", "--exclude-standard", "--directory")
    return frozenset(_paths(within, await git.data("ls-files", "-z", *kinds)))


def _within(path: str, folders: Collection[str]) -> bool:
    ends = [place + 1 for place, letter in enumerate(path) if letter == "/"]
    return path in folders or any(path[:end] in folders for end in ends)


def _paths(within: str, listed: bytes) -> list[str]:
    head = "" if within == "." else f"{within}/"
    names = (os.fsdecode(name) for name in listed.split(b"\0") if name)
    return [head + name for name in names if not posixpath.basename(name).startswith(OURS)]


def _marks(root: Path, paths: Iterable[str]) -> tuple[dict[str, Mark], dict[str, Mark]]:
    """The plain files, and what is there besides. Raises _TooMuch."""
    files, plain, odd, size = ProjectFiles(root), dict[str, Mark](), dict[str, Mark](), 0
    for path in paths:
        try:
            seen = os.lstat(root / path)
        except (OSError, ValueError):
            continue
        mark = (seen.st_mode, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino)
        if not stat.S_ISREG(seen.st_mode) or not _can_be_told(path) or not _is_own(files, path):
            odd[path] = mark
            continue
        plain[path] = mark
        size += seen.st_size
        if len(plain) > FILES or size > BYTES:
            raise _TooMuch("The folder has over 10,000 files or 50 MB.", detail=f"{size} bytes")
    return plain, odd


def _can_be_told(path: str) -> bool:
    """Whether a line of a commit's message gives it back as it was."""
    return path.isprintable() and path == path.strip() and ".." not in path.split("/")


def _is_own(files: ProjectFiles, path: str) -> bool:
    """Whether no link leads to it."""
    try:
        return files.resolve(path) == files.root / path
    except OrchestraError:
        return False
