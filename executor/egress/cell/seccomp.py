"""Which system calls a program may not make, held by the kernel: a filter in its own small language.

Standard library alone: the launcher uses it before it becomes the program. Source: the kernel's
userspace-api/seccomp_filter.rst; the numbers are those of its unistd.h.
"""

import ctypes
import platform
import struct
from collections.abc import Iterable, Iterator

_NO_NEW_PRIVS, _SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _REFUSE, _MISSING, _KILL = 0x7FFF0000, 0x0005000D, 0x00050026, 0x80000000
"""The two in the middle are answered with EACCES and ENOSYS."""

_LOAD, _EQUALS, _AT_LEAST, _ANY_OF, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16
_X32 = 0x40000000
"""From here on calls have other numbers for the same."""

_INTERNET = (2, 10, 16)  # IPv4, IPv6, netlink (which addresses there are)
_SET_ID = 0o6000
_MAKES = 0o100 | 0o20000000
"""Flags of open(2) with which its mode counts: O_CREAT and O_TMPFILE."""

_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CALLS: dict[str, dict[str, int]] = {
    "x86_64": {
        "open": 2, "shmget": 29, "socket": 41, "semget": 64, "msgget": 68, "creat": 85, "chmod": 90, "fchmod": 91, "chown": 92, "lchown": 94,
        "utime": 132, "mknod": 133, "setxattr": 188, "lsetxattr": 189, "removexattr": 197,
        "lremovexattr": 198, "utimes": 235, "openat": 257, "mknodat": 259, "fchownat": 260,
        "mq_open": 240, "futimesat": 261, "fchmodat": 268, "utimensat": 280,
    },
    "aarch64": {
        "setxattr": 5, "lsetxattr": 6, "removexattr": 14, "lremovexattr": 15, "mknodat": 33,
        "fchmod": 52, "fchmodat": 53, "fchownat": 54, "openat": 56, "utimensat": 88, "mq_open": 180,
        "msgget": 186, "semget": 190, "shmget": 194, "socket": 198,
    },
}  # fmt: skip
_EVERYWHERE = {
    "io_uring_setup": 425, "openat2": 437, "fchmodat2": 452, "setxattrat": 463,
    "removexattrat": 466, "file_setattr": 469,
}  # fmt: skip

_MODE_OF = {
    "chmod": 1,
    "fchmod": 1,
    "fchmodat": 2,
    "fchmodat2": 2,
    "mknod": 1,
    "mknodat": 2,
    "creat": 1,
}
"""Which of its arguments is the mode of a file."""

_OPENS = {"open": 1, "openat": 2}
"""Which of its arguments are the flags; the mode comes next."""

_BY_NAME = (
    "chmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchownat", "utime", "utimes", "futimesat",
    "setxattr", "lsetxattr", "setxattrat", "removexattr", "lremovexattr", "removexattrat", "file_setattr",
)  # fmt: skip
"""What changes modes, owners, times and attributes of a file by its name, wherever that lies."""

_OUTLIVES = {"shmget", "semget", "msgget", "mq_open"}
"""Memory and queues that stay when whoever made them has ended."""

_Line = tuple[int, int, int, int]


def known() -> bool:
    """Whether the calls of this machine are known here."""
    return platform.machine() in _MACHINES


def hold(code: bytes) -> None:
    """Hold this process and all it starts to the filter. Raises OSError."""
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    for option, value, pointer in ((_NO_NEW_PRIVS, 1, None), (_SECCOMP, _FILTER, header)):
        if libc.prctl(option, ctypes.c_ulong(value), pointer, zero, zero):
            raise OSError(ctypes.get_errno(), "the kernel refused to hold the program")


def program(*, sockets: str, modes: bool) -> bytes:
    """The filter: nobody sets a file's owner id, and io_uring, which does things unseen, is missing.

    `sockets`: "all", those to the "internet", or "none"; but for "all", which is for a place of
    one's own, nothing is shared that outlives its maker. Without `modes`, what is said of files
    (mode, owner, times, attributes) can't be changed by name, as that would reach every file.
    """
    machine = platform.machine()
    calls = {**_CALLS[machine], **_EVERYWHERE}
    lines: list[_Line] = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUALS, 1, 0, _MACHINES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _REFUSE),
    ]
    for name, number in calls.items():
        body = list(_body(name, sockets, modes=modes))
        if body:
            lines += [(_EQUALS, 0, len(body) + 1, number), *body, (_RETURN, 0, 0, _ALLOW)]
    lines.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _body(name: str, sockets: str, *, modes: bool) -> Iterator[_Line]:
    """What is looked at in a call of this name; () for nothing. It's allowed where nothing refuses."""
    if name in {"io_uring_setup", "openat2"}:  # what they open is in memory, where no filter looks
        yield (_RETURN, 0, 0, _MISSING)
    elif sockets != "all" and name in {"socket", *_OUTLIVES}:
        yield from _one_of(0, _INTERNET if (name, sockets) == ("socket", "internet") else ())
    elif not modes and name in {"utimensat", *_BY_NAME}:
        yield from _nothing_in(1) if name == "utimensat" else [(_RETURN, 0, 0, _REFUSE)]
    elif name in _MODE_OF:
        yield from _none_of(_MODE_OF[name], _SET_ID)
    elif name in _OPENS:
        refuse = list(_none_of(_OPENS[name] + 1, _SET_ID))
        yield from (_load(_OPENS[name]), (_ANY_OF, 0, len(refuse), _MAKES), *refuse)


def _load(argument: int, half: int = 0) -> _Line:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * argument + 4 * half)


def _none_of(argument: int, bits: int) -> Iterator[_Line]:
    yield from (_load(argument), (_ANY_OF, 0, 1, bits), (_RETURN, 0, 0, _REFUSE))


def _one_of(argument: int, allowed: Iterable[int]) -> Iterator[_Line]:
    yield _load(argument)
    for value in allowed:
        yield from ((_EQUALS, 0, 1, value), (_RETURN, 0, 0, _ALLOW))
    yield (_RETURN, 0, 0, _REFUSE)


def _nothing_in(argument: int) -> Iterator[_Line]:
    """For utimensat, which without a name is about an open file."""
    for half in (0, 1):
        yield from (_load(argument, half), (_EQUALS, 1, 0, 0), (_RETURN, 0, 0, _REFUSE))
