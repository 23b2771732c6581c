"""Starts one program, held to its limits, and leaves nobody behind. Run as a file of its own.

It stays above what it starts: whoever is left without a parent becomes its child, so that when the
program ends, or this is told to end (SIGTERM, or the bot dies), all of them can be killed.
The standard library alone, and no import of the program's: 20 ms count here.
"""

import contextlib
import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

_DEATH_SIGNAL, _SUBREAPER = 1, 36
PARTS = ("bridge", "landlock", "namespaces", "seccomp")
FILTER = 9
"""The handle by which bubblewrap finds the filter of system calls."""

NICE = 10
"""The bot, and who watches, go before what is watched."""

LOOK_S = 0.25
SPARE = 50
"""So many more processes may be there for the moment until somebody looks."""

ITS_OWN = 50_000_000
"""So many bytes gone since it began may be anybody's."""

NOT_HELD = 126
"""The exit code where the program could not be held and so was not started."""

NOT_STARTED = 127


def main(order: dict[str, Any], argv: list[str]) -> int:
    """Run it to its end and give its exit code (128 + signal where a signal ended it)."""
    group = _group(order["most"]["processes"])
    signal.signal(signal.SIGTERM, lambda *_: _end(group))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_DEATH_SIGNAL, signal.SIGTERM)
    libc.prctl(_SUBREAPER, 1)
    if os.getppid() != order["parent"]:
        _leave(group)
        return NOT_HELD  # the bot died while this started
    child = os.fork()
    if not child:
        _become(order, argv, group)
    _watch(group, **order["most"])
    _, status = os.waitpid(child, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _kill_all()
    _leave(group)
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


def _watch(
    group: Path | None,
    processes: int,
    bytes: int,  # noqa: A002 - as ordered
    disks: dict[str, int],
) -> None:
    """End all of them when together they are too many or take too much: limits of the kernel hold
    for each process alone, and not at all for the number of root's. `disks`: what has to stay free
    where they write.
    """
    begun = {path: _free(path) for path in disks}

    def look(_signal: int, _frame: FrameType | None) -> None:
        many = group is not None and int((group / "pids.current").read_bytes()) > processes
        family = {} if many else _family()
        full = any(_free(path) < min(most, begun[path] - ITS_OWN) for path, most in disks.items())
        if not many and not full and len(family) <= processes and sum(family.values()) <= bytes:
            return
        why = "too much memory" if 0 < len(family) <= processes else "too many processes"
        why = "too little disk space left" if full else why
        members = (group / "cgroup.procs").read_text("ascii").split() if group else family
        for pid in map(int, members):  # none of them may start another while they are killed
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        _kill_all()
        _leave(group)
        os.write(2, f"\n{why}\n".encode())
        os._exit(128 + signal.SIGKILL)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOK_S, LOOK_S)


def _free(path: str) -> int:
    """The bytes that are free where this lies; what is gone has as many as anybody wants."""
    try:
        found = os.statvfs(path)
    except OSError:
        return sys.maxsize
    return found.f_bavail * found.f_frsize


def _leave(group: Path | None) -> None:
    if group is not None:
        with contextlib.suppress(OSError):
            group.rmdir()


def _family() -> dict[int, int]:
    """All that was started, with the bytes each has for itself alone."""
    parents: dict[int, list[tuple[int, int]]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_bytes().rpartition(b")")[2].split()[1])
            pages = (entry / "statm").read_bytes().split()
        except (OSError, IndexError):
            continue
        own = (int(pages[1]) - int(pages[2])) * resource.getpagesize()
        parents.setdefault(parent, []).append((int(entry.name), own))
    found, left = dict[int, int](), [os.getpid()]
    while left:
        for pid, own in parents.get(left.pop(), []):
            found[pid] = own
            left.append(pid)
    return found


def _group(processes: int) -> Path | None:
    """A control group of our own that holds so many processes; None where we may not make one."""
    for line in Path("/proc/self/cgroup").read_text("ascii").splitlines():
        number, kinds, place = line.split(":", 2)
        if number != "0" and kinds != "pids":
            continue
        base = Path("/sys/fs/cgroup") / kinds / place.lstrip("/")
        made = base / f"orchestra-{os.getpid()}"
        try:
            made.mkdir()
            (made / "pids.max").write_text(str(processes + SPARE), "ascii")
        except OSError:
            with contextlib.suppress(OSError):
                made.rmdir()
            continue
        return made
    return None


def _become(order: dict[str, Any], argv: list[str], group: Path | None) -> None:
    try:
        os.nice(NICE)
        if group is not None:
            (group / "cgroup.procs").write_text("0", "ascii")
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
        for limit, most in order["limits"].items():
            _limit(getattr(resource, limit), most)
        _hold(order)
    except (OSError, ValueError, KeyError) as error:
        os.write(2, f"not held: {error}\n".encode())
        os._exit(NOT_HELD)
    try:
        os.execvpe(argv[0], argv, os.environ)  # noqa: S606, TID251 - what it was given, passed on
    except OSError as error:
        os.write(2, f"{argv[0]}: {error.strerror}\n".encode())
        os._exit(NOT_STARTED)


def _hold(order: dict[str, Any]) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    # By their files, without the packages around them.
    bridge, landlock, namespaces, seccomp = map(importlib.import_module, PARTS)
    if order["proxy"]:
        namespaces.own(namespaces.NETWORK)
        bridge.enter(order["proxy"])
    confine, modes = order["confine"], True
    if confine is not None:
        try:
            namespaces.own(namespaces.MOUNTS)
            namespaces.look_only(confine["own"], confine["kept"])
        except OSError:  # not to be had in many containers
            modes = False
        landlock.confine(confine["reads"], confine["writes"], network=confine["network"])
    sockets = "all" if confine is None else "internet" if confine["network"] else "none"
    code = seccomp.program(sockets=sockets, modes=modes)
    if confine is not None:
        seccomp.hold(code)
        return
    file = os.memfd_create("filter", 0)  # bubblewrap lays it on when it has done its own calls
    os.write(file, code)
    os.lseek(file, 0, os.SEEK_SET)
    os.dup2(file, FILTER)


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(kind, (most, most))


def _end(group: Path | None) -> None:
    _kill_all()
    _leave(group)
    os._exit(128 + signal.SIGTERM)


def _kill_all() -> None:
    """Kill the children; theirs become ours and are killed next, until there are none."""
    while True:
        for pid in _children():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list[int]:
    children = []
    for entry in Path("/proc").iterdir():
        try:
            # The name before the last bracket may hold anything; the parent comes after it.
            parent = (entry / "stat").read_bytes().rpartition(b")")[2].split()[1]
        except (OSError, IndexError):
            continue
        if entry.name.isdigit() and int(parent) == os.getpid():
            children.append(int(entry.name))
    return children


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.argv[2:]))
