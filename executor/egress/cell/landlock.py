"""Landlock by plain system calls: what a program may read and write, held by the kernel.

Standard library alone: the launcher uses it before it becomes the program. Source: the kernel's
userspace-api/landlock.rst.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""The system calls, the same on every architecture."""

_FS = {"execute": 1 << 0, "write": 1 << 1, "read": 1 << 2, "list": 1 << 3, "truncate": 1 << 14}
_ALL_V1 = (1 << 13) - 1
_REFER, _TRUNCATE, _IOCTL = 1 << 13, 1 << 14, 1 << 15
_READ = _FS["execute"] | _FS["read"] | _FS["list"]
_FILE = _FS["execute"] | _FS["write"] | _FS["read"] | _TRUNCATE | _IOCTL
"""What can be granted on a file that is no folder."""

_TCP = 0b11  # bind, connect
_SCOPES = 0b11  # abstract sockets, signals
_NO_NEW_PRIVS, _DROP = 38, 24


def version() -> int:
    """The kernel's Landlock version; 0 where there is none."""
    return max(0, int(_libc().syscall(_CREATE, None, ctypes.c_size_t(0), 1)))


def supported() -> bool:
    """Whether files can be held whole: from Landlock 3 on, which knows of truncating."""
    return version() >= 3


def confine(reads: Iterable[str], writes: Iterable[str], *, network: bool) -> None:
    """Hold this process and all it starts: nothing else can be read or written from here on.

    Ports are closed without `network`. Paths that are not there are left out. Raises OSError; then
    nothing may be run.
    """
    abi = version()
    handled = _ALL_V1 | _REFER | _TRUNCATE | (_IOCTL if abi >= 5 else 0)
    ports = 0 if network or abi < 4 else _TCP
    scopes = _SCOPES if abi >= 6 else 0
    fields = (handled, ports, scopes)[: 1 if abi < 4 else 2 if abi < 6 else 3]
    ruleset = _call(_CREATE, struct.pack(f"{len(fields)}Q", *fields), len(fields) * 8, 0)
    try:
        for path in reads:
            _grant(ruleset, path, _READ & handled)
        for path in writes:
            _grant(ruleset, path, handled)
        _give_up_rights()
        _call(_RESTRICT, None, ruleset, 0, first=False)
    finally:
        os.close(ruleset)


def _give_up_rights() -> None:
    for capability in range(64):  # of use to root alone; others may not, and need not
        _libc().prctl(_DROP, capability, 0, 0, 0)
    zero = ctypes.c_ulong(0)
    if _libc().prctl(_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero):
        raise OSError(ctypes.get_errno(), "the kernel refused to hold the program")


def _grant(ruleset: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            rights &= _FILE
        rule = struct.pack("=Qi", rights, handle)
        if _libc().syscall(_ADD, ruleset, 1, rule, 0):
            raise OSError(ctypes.get_errno(), "Landlock refused a rule")
    finally:
        os.close(handle)


def _call(number: int, data: bytes | None, size: int, flags: int, *, first: bool = True) -> int:
    given = (data, ctypes.c_size_t(size)) if first else (size,)
    result = int(_libc().syscall(number, *given, flags))
    if result < 0:
        raise OSError(ctypes.get_errno(), "Landlock is not to be had")
    return result


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
