"""Forks a worker for each order from a process that has everything loaded. Run as a module.

Standard input is the socket to the bot: five bytes an order, and with R the worker's own socket.
A worker does one order and is gone, so that no project finds anything of another, and a limit on
memory is the limit of one order. One is forked ahead and warmed up while there's nothing to do.
"""

import ctypes
import gc
import importlib
import os
import resource
import selectors
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from executor.workshop import worker
from executor.workshop.wire import COMMAND

NEEDED: Final = ("executor.workshop.tools", "duckdb")
"""Loaded before the first order."""

COMFORTS: Final = ("matplotlib.figure", "matplotlib.backends.backend_agg", "fpdf", "markdown_it",
                   "PIL.Image", "xlsxwriter", "python_calamine", "numpy")  # fmt: skip
"""Loaded one by one while there's nothing to do; who comes earlier loads them itself."""

IDLE_S: Final = 0.2
_DEATH_SIGNAL: Final = 1


def main(scratch: Path) -> None:
    """Serve until the bot is gone, then kill all workers."""
    control = socket.socket(fileno=0)
    for name in NEEDED:
        importlib.import_module(name)
    wake, woken = socket.socketpair()
    wake.setblocking(False)  # noqa: FBT003 - its only parameter
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for the bot
    Zygote(control, woken, scratch).serve()


@dataclass(frozen=True)
class _Worker:
    pid: int
    wire: socket.socket
    scratch: Path


class Zygote:
    """Who is at work on which order, and who waits for one."""

    def __init__(self, control: socket.socket, woken: socket.socket, scratch: Path) -> None:
        self._control = control
        self._woken = woken
        self._scratch = scratch
        self._spare: _Worker | None = None
        self._orders: dict[int, _Worker] = {}
        self._comforts: Iterator[str] = iter(COMFORTS)

    def serve(self) -> None:
        """Until the bot's end of the socket is closed; workers die with us."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            idle: float | None = 0
            while True:
                ready = [key.fileobj for key, _ in selector.select(idle)]
                if self._woken in ready:
                    self._woken.recv(4096)
                    self._reap()
                if self._control in ready and not self._obey():
                    return
                idle = IDLE_S if ready else self._prepare()

    def _prepare(self) -> float | None:
        """Load something, or have a worker wait; how long until there may be more to prepare."""
        name = next(self._comforts, "")
        if name:
            importlib.import_module(name)
            return 0
        if self._spare is None:
            gc.freeze()
            self._spare = self._forked_worker(warm=True)
        return None

    def _obey(self) -> bool:
        data, handles, _, _ = socket.recv_fds(self._control, COMMAND.size, 1)
        if len(data) < COMMAND.size:
            return False
        kind, number = COMMAND.unpack(data)
        if kind == b"K":
            if number in self._orders:
                os.kill(self._orders[number].pid, signal.SIGKILL)
            return True
        taken, self._spare = self._spare or self._forked_worker(warm=False), None
        socket.send_fds(taken.wire, [b"!"], handles)
        os.close(handles[0])
        self._orders[number] = taken
        return True

    def _forked_worker(self, *, warm: bool) -> _Worker:
        scratch = Path(tempfile.mkdtemp(dir=self._scratch))
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if not pid:
            ours.close()
            self._become(theirs, scratch, warm=warm)
        theirs.close()
        return _Worker(pid, ours, scratch)

    def _become(self, wire: socket.socket, scratch: Path, *, warm: bool) -> None:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
            self._control.close()
            self._woken.close()
            for other in self._orders.values():
                other.wire.close()
            if warm:
                worker.warm_up(scratch)
            _, handles, _, _ = socket.recv_fds(wire, 1, 1)
            if handles:
                worker.work(socket.socket(fileno=handles[0]), scratch)
            code = 0
        finally:
            os._exit(code)

    def _reap(self) -> None:
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            if self._spare is not None and self._spare.pid == pid:
                self._bury(self._spare)
                self._spare = None
            for number in [n for n, known in self._orders.items() if known.pid == pid]:
                self._bury(self._orders.pop(number))

    def _bury(self, dead: _Worker) -> None:
        dead.wire.close()
        shutil.rmtree(dead.scratch, ignore_errors=True)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main(Path(sys.argv[1]))
