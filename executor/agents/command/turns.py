"""Programs that change one folder take turns, and leave alone what is ours."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from executor.egress.files import ProjectFiles
from memory.model.errors import AgentRejected

LOOK_S = 0.1


@asynccontextmanager
async def turn(folder: Path, *, alone: bool) -> AsyncIterator[None]:
    """Have the folder: alone, or with others who only read. The kernel gives it back if we die.

    The lock is on the folder itself, so that other workers of this machine see it too.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    kind = (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB
    try:
        while not _locked(handle, kind):  # noqa: ASYNC110 - the kernel does not tell asyncio
            await asyncio.sleep(LOOK_S)
        yield
    finally:
        os.close(handle)


@asynccontextmanager
async def keeping(paths: Sequence[Path], *, inside: Path, title: str) -> AsyncIterator[None]:
    """Put back those of the files that were changed. Raises AgentRejected, naming one of them.

    A settings file in the folder would let a program decide what is run at the next start.
    """
    ours = _contents([path for path in paths if path.is_relative_to(inside)], title)
    changed: list[Path] = []
    try:
        yield
    finally:
        changed = [path for path, data in ours.items() if _bytes(path) != data]
        for path in changed:
            ProjectFiles(inside).write(str(path.relative_to(inside)), ours[path])
    if changed:
        raise AgentRejected(
            "{title} changed {name}, which agents must not touch, so it was put back.",
            title=title,
            name=changed[0].name,
        )


def _contents(paths: Sequence[Path], title: str) -> dict[Path, bytes]:
    """The bytes of those that are there. Raises AgentRejected for a folder."""
    if any(path.is_dir() for path in paths):
        raise AgentRejected(
            "Orchestra's own data is in the folder {title} works in. Move it with --data.",
            title=title,
        )
    return {path: data for path in paths if (data := _bytes(path)) is not None}


def _locked(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind)
    except BlockingIOError:
        return False
    return True


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
