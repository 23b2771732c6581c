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

NOT_HELD = 126
"""The exit code where the program could not be held and so was not started."""

NOT_STARTED = 127


def main(order: dict[str, Any], argv: list[str]) -> int:
    """Run it to its end and give its exit code (128 + signal where a signal ended it)."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    # Its neighbours come by their files, without the packages around them.
    watching = importlib.import_module("watching")
    most = order["most"]
    group = _group(most["processes"] + watching.SPARE_PROCESSES, most["bytes"])
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
    _watched(watching.Watch(watching.Most(**most), group))
    _, status = os.waitpid(child, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _kill_all()
    _leave(group)
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


def _watched(watch: Any) -> None:
    """End all of them when together they are too many or take too much: limits of the kernel hold
    for each process alone, and not at all for the number of root's.
    """

    def look(_signal: int, _frame: FrameType | None) -> None:
        why = watch.complaint()
        if not why:
            return
        members = watch.members()
        for word in (signal.SIGSTOP, signal.SIGKILL):  # none may start another meanwhile
            for pid in members:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, word)
        _kill_all()
        _leave(watch.group)
        os.write(2, f"\n{why}\n".encode())
        os._exit(128 + signal.SIGKILL)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOK_S, LOOK_S)


def _leave(group: Path | None) -> None:
    if group is not None:
        with contextlib.suppress(OSError):
            group.rmdir()


def _group(processes: int, memory: int) -> Path | None:
    """A control group of our own for so many processes; None where we may not make one.

    It holds the memory, too, where groups here do.
    """
    for line in Path("/proc/self/cgroup").read_text("ascii").splitlines():
        number, kinds, place = line.split(":", 2)
        if number != "0" and kinds != "pids":
            continue
        base = Path("/sys/fs/cgroup") / kinds / place.lstrip("/")
        made = base / f"orchestra-{os.getpid()}"
        try:
            made.mkdir()
            (made / "pids.max").write_text(str(processes), "ascii")
        except OSError:
            with contextlib.suppress(OSError):
                made.rmdir()
            continue
        with contextlib.suppress(OSError):
            (made / "memory.max").write_text(str(memory), "ascii")
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
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
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
