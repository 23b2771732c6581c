"""Starts one program, held to its limits, and leaves nobody behind. Run as a file of its own.

It stays above what it starts: whoever is left without a parent becomes its child, so that when the
program ends, or this is told to end (SIGTERM, or the bot dies), all of them can be killed.
The standard library alone, and no import of the program's: 20 ms count here.
"""

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
NOT_HELD = 126
"""The exit code where the program could not be held and so was not started."""

NOT_STARTED = 127


def main(order: dict[str, Any], argv: list[str]) -> int:
    """Run it to its end and give its exit code (128 + signal where a signal ended it)."""
    signal.signal(signal.SIGTERM, _end)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_DEATH_SIGNAL, signal.SIGTERM)
    libc.prctl(_SUBREAPER, 1)
    if os.getppid() != order["parent"]:
        return NOT_HELD  # the bot died while this started
    child = os.fork()
    if not child:
        _become(order, argv)
    _, status = os.waitpid(child, 0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _kill_all()
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


def _become(order: dict[str, Any], argv: list[str]) -> None:
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
        for limit, most in order["limits"].items():
            _limit(getattr(resource, limit), most)
        if order["confine"] is not None:
            sys.path.insert(0, str(Path(__file__).resolve().parent))
            # By its file, without the packages around it.
            importlib.import_module("landlock").confine(**order["confine"])
    except (OSError, ValueError, KeyError) as error:
        os.write(2, f"not held: {error}\n".encode())
        os._exit(NOT_HELD)
    try:
        os.execvpe(argv[0], argv, os.environ)  # noqa: S606, TID251 - what it was given, passed on
    except OSError as error:
        os.write(2, f"{argv[0]}: {error.strerror}\n".encode())
        os._exit(NOT_STARTED)


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(kind, (most, most))


def _end(_signal: int, _frame: FrameType | None) -> None:
    _kill_all()
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
