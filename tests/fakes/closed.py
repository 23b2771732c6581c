"""Shut every way out of the process: who connects, starts a program or writes a file is caught.

Python tells an audit hook of each such call, in every thread, whoever makes it and however; a hook
cannot be taken out again, so there is one, which looks whether somebody has shut the gate.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CALLS = frozenset({
    "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "subprocess.Popen",
    "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "urllib.Request",
})  # fmt: skip
CHANGES = frozenset({
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink",
    "os.chmod", "shutil.copyfile", "shutil.move", "shutil.rmtree",
})  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_shut: list[tuple[Path, list[str]]] = []
_hooked: list[bool] = []


@contextmanager
def shut(folder: Path) -> Iterator[list[str]]:
    """Inside, nothing may leave the process or change the folder; gives the list of who tried."""
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)
    caught: list[str] = []
    _shut.append((folder.resolve(), caught))
    try:
        yield caught
    finally:
        _shut.clear()


def _hook(event: str, args: tuple[object, ...]) -> None:
    for folder, caught in _shut:
        if (
            event in CALLS
            or (event in CHANGES and _beneath(args, folder))
            or (event == "open" and _writes(args) and _beneath(args[:1], folder))
        ):
            _catch(caught, event, args)


def _catch(caught: list[str], event: str, args: tuple[object, ...]) -> None:
    caught.append(f"{event} {args}"[:300])
    raise PermissionError(f"a dry run tried {event}")


def _writes(args: tuple[object, ...]) -> bool:
    mode, flags = args[1], args[2]
    said = isinstance(mode, str) and any(letter in mode for letter in "wax+")
    return said or (isinstance(flags, int) and bool(flags & WRITING))


def _beneath(args: tuple[object, ...], folder: Path) -> bool:
    paths = [os.fsdecode(one) for one in args if isinstance(one, str | bytes | os.PathLike)]
    return any(Path(path).absolute().is_relative_to(folder) for path in paths)
