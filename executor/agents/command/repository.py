"""What decides which programs git runs, kept as it is while a program has the folder.

Bubblewrap mounts it read-only; Landlock can't take a part of a folder away again, so it's put back.
"""

import os
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from executor.egress import beneath
from executor.egress.files import ProjectFiles
from memory.model.errors import BadInput

FILES: Final = (".git/config", ".git/config.worktree", ".git/info/attributes")
GIT: Final = ".git"
HOOKS: Final = ".git/hooks"
NAMES: Final = 500


@asynccontextmanager
async def git_kept(folder: Path) -> AsyncIterator[None]:
    """Put back git's settings and hooks in the folder, take new ones away; a new repository stays.

    What would have the folder belong to a repository elsewhere doesn't.
    """
    before, elsewhere = _seen(folder), _elsewhere(folder)
    try:
        yield
    finally:
        if _elsewhere(folder) != elsewhere:
            _unlink(folder, GIT)
            if elsewhere:
                ProjectFiles(folder).write(GIT, elsewhere)
        if before:
            _restore(folder, before)


def _elsewhere(folder: Path) -> bytes | None:
    """What `.git` holds where it's a file, or a link, that says where the repository is."""
    path = folder / GIT
    if path.is_symlink():
        return os.fsencode(path.readlink())
    with suppress(OSError, BadInput):
        if stat.S_ISREG(path.lstat().st_mode):
            return ProjectFiles(folder).read(GIT)
    return None


def _seen(folder: Path) -> dict[str, bytes | None]:
    """Their bytes; None for what is no plain file."""
    files, seen = ProjectFiles(folder), dict[str, bytes | None]()
    for path in [*FILES, *_hooks(files)]:
        with suppress(FileNotFoundError, NotADirectoryError):
            mode = (folder / path).lstat().st_mode
            seen[path] = None
            if stat.S_ISREG(mode):
                with suppress(BadInput):
                    seen[path] = files.read(path)
    return seen


def _hooks(files: ProjectFiles) -> Iterator[str]:
    with suppress(BadInput):
        yield from (f"{HOOKS}/{name}" for name in files.names(HOOKS)[:NAMES])


def _restore(folder: Path, before: dict[str, bytes | None]) -> None:
    if (folder / HOOKS).is_symlink():
        _unlink(folder, HOOKS)
    after = _seen(folder)
    for path in before.keys() | after.keys():
        if path in after and after[path] == before.get(path, b"") and after[path] is not None:
            continue
        _unlink(folder, path)
        data = before.get(path)
        if data is not None:
            ProjectFiles(folder).write(path, data, executable=path.startswith(HOOKS))


def _unlink(folder: Path, path: str) -> None:
    above, _, name = path.rpartition("/")
    with suppress(FileNotFoundError), beneath.folder(str(folder), above or ".") as handle:
        os.unlink(name, dir_fd=handle)
