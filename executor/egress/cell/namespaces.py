"""What one program has for itself: its own network, or its own view of the files.

Standard library alone: the launcher uses it before it becomes the program.
"""

import ctypes
import os
from pathlib import Path

NETWORK, MOUNTS = 0x40000000, 0x00020000
_USER = 0x10000000
_HERE, _BELOW = -100, 0x8000
_BIND, _ALL_BELOW, _PRIVATE = 0x1000, 0x4000, 0x40000
_SET_MOUNT = 442
"""The system call, the same on every architecture."""

_READ_ONLY = 1


def own(kinds: int) -> None:
    """Such namespaces, in a user namespace where we have no right to them. Raises OSError."""
    libc = _libc()
    if not libc.unshare(kinds):
        return
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(_USER | kinds):
        _fail("no namespaces")
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(line, "ascii")


def look_only(writes: list[str], kept: list[str]) -> None:
    """Everything is read-only from here on but what lies in `writes`; `kept` is, there, too.

    Takes a view of the files of one's own. Raises OSError.
    """
    _mount("", "/", _ALL_BELOW | _PRIVATE)
    for path in writes:
        _mount(path, path, _BIND | _ALL_BELOW)
    _protect("/", _BELOW)
    for path in writes:
        try:
            _protect(path, _BELOW, back=True)
        except OSError:  # something beneath was read-only before
            _protect(path, 0, back=True)
    for path in kept:
        _mount(path, path, _BIND)
        _protect(path, 0)
    os.chdir(Path.cwd())  # into the new one of the same name


def _mount(source: str, target: str, flags: int) -> None:
    if _libc().mount(source.encode(), target.encode(), None, ctypes.c_ulong(flags), None):
        _fail(f"{target} can't be mounted")


def _protect(path: str, flags: int, *, back: bool = False) -> None:
    """Make it read-only, or writable again."""
    change = (ctypes.c_uint64 * 4)(0 if back else _READ_ONLY, _READ_ONLY if back else 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(change))
    given = (ctypes.c_int(_HERE), path.encode(), ctypes.c_uint(flags), change, size)
    if _libc().syscall(ctypes.c_long(_SET_MOUNT), *given):
        _fail(f"{path} can't be protected")


def _fail(what: str) -> None:
    code = ctypes.get_errno()
    raise OSError(code, f"{what}: {os.strerror(code)}")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
