"""Opening beneath a folder by handle: the kernel walks the name, and follows no link on the way.

So nothing lies between a look and an opening that somebody could exchange. Source: openat2(2); where
the kernel has none (before 5.6, or a sandbox that refuses it), each folder is opened from the one
before with O_NOFOLLOW, which comes to the same.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_OPENAT2: Final = 437
"""The system call, the same on every architecture."""

_NO_MAGICLINKS, _NO_SYMLINKS, _BENEATH = 0x02, 0x04, 0x08
_RESOLVE: Final = _NO_MAGICLINKS | _NO_SYMLINKS | _BENEATH
_MISSING: Final = frozenset({errno.ENOSYS, errno.EPERM, errno.EINVAL})
_TRIES: Final = 50
"""The kernel gives EAGAIN where a folder was moved while it walked."""

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


def opened(root: str, name: str, flags: int) -> int:
    """The handle of `name` ("." or a/b, no ..) beneath the folder. Raises OSError, as open(2)."""
    base = os.open(root, _FOLDER)
    try:
        return _beneath(base, name, flags | os.O_CLOEXEC)
    finally:
        os.close(base)


@contextmanager
def folder(root: str, name: str, *, make: bool = False) -> Iterator[int]:
    """The handle of a folder beneath `root`; folders on the way are made if `make`. Raises OSError."""
    if make:
        Path(root).mkdir(parents=True, exist_ok=True)
    base = os.open(root, _FOLDER)
    try:
        handle = _made(base, name) if make else _beneath(base, name, _FOLDER)
    finally:
        os.close(base)
    try:
        yield handle
    finally:
        os.close(handle)


def _made(base: int, name: str) -> int:
    try:
        return _beneath(base, name, _FOLDER)
    except FileNotFoundError:
        above, _, last = name.rpartition("/")
    handle = _made(base, above or ".")
    try:
        with suppress(FileExistsError):  # somebody else made it
            os.mkdir(last, dir_fd=handle)
        return _beneath(handle, last, _FOLDER)
    finally:
        os.close(handle)


def _beneath(base: int, name: str, flags: int) -> int:
    how = struct.pack("=QQQ", flags, 0, _RESOLVE)
    path = os.fsencode(name)
    for _ in range(_TRIES):
        handle = int(_LIBC.syscall(_OPENAT2, base, path, how, ctypes.c_size_t(len(how))))
        if handle >= 0:
            return handle
        code = ctypes.get_errno()
        if code in _MISSING:
            return _walked(base, name, flags)
        if code not in {errno.EAGAIN, errno.EINTR}:
            break
    raise OSError(code, os.strerror(code), name)


def _walked(base: int, name: str, flags: int) -> int:
    *above, last = name.split("/")
    handle = os.dup(base)
    try:
        for part in above:
            inner = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=handle)
            os.close(handle)
            handle = inner
        return os.open(last, flags | os.O_NOFOLLOW, dir_fd=handle)
    finally:
        os.close(handle)


_LIBC = ctypes.CDLL(None, use_errno=True)
