"""Processes to be killed, forked from one that has imported everything.

A fork starts in 0.3 s, a fresh process in 4 s. The parent writes one JSON request a line; the
answers are JSON lines, too: the pid of the fork, and later how it ended.
"""

import asyncio
import json
import os
import selectors
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE_S = 180

Request = dict[str, Any]
"""Its `log` is the file that the fork's output goes to."""


Live = Callable[[Request], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Victim:
    """One life."""

    pid: int
    ended: "asyncio.Future[int]"
    log: Path


class Forks:
    """The process that victims are forked from."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._born: asyncio.Queue[int] = asyncio.Queue()
        self._ended: dict[int, asyncio.Future[int]] = {}
        self._one = asyncio.Lock()

    async def fork(self, **request: object) -> Victim:
        """A victim that lives until it ends, is killed or told to stop."""
        assert self._process.stdin is not None
        async with self._one:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            async with asyncio.timeout(PATIENCE_S):
                pid = await self._born.get()
        return Victim(pid, self._ended[pid], Path(str(request["log"])))

    async def read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            if "pid" in told:
                self._ended[told["pid"]] = asyncio.get_running_loop().create_future()
                self._born.put_nowait(told["pid"])
            if "ended" in told:
                self._ended[told["ended"]].set_result(told["code"])


@asynccontextmanager
async def nursery(module: str, *arguments: str) -> AsyncIterator[Forks]:
    """Run the module, which calls `serve`; it dies with its standard input, and all forks too."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdin is not None
    async with asyncio.timeout(PATIENCE_S):
        assert json.loads(await process.stdout.readline()) == {"ready": True}
    made = Forks(process)
    async with asyncio.TaskGroup() as group:
        group.create_task(made.read())
        try:
            yield made
        finally:
            process.stdin.close()
            await process.wait()


def serve(live: Live) -> None:
    """Fork for each line that comes in; until then no thread may have been started."""
    _tell(ready=True)
    alive: dict[int, int] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is sys.stdin:
                    line = sys.stdin.readline()
                    if not line:
                        for pid in alive.values():
                            os.kill(pid, signal.SIGKILL)
                        return
                    pid = _fork(live, json.loads(line))
                    handle = os.pidfd_open(pid)
                    alive[handle] = pid
                    selector.register(handle, selectors.EVENT_READ)
                    _tell(pid=pid)
                else:
                    handle = key.fd
                    selector.unregister(handle)
                    os.close(handle)
                    pid = alive.pop(handle)
                    _, status = os.waitpid(pid, 0)
                    _tell(ended=pid, code=os.waitstatus_to_exitcode(status))


def _fork(live: Live, request: Request) -> int:
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    code = 1
    try:
        asyncio.run(live(request))
        code = 0
    except BaseException:  # noqa: BLE001 - the log is read by a person
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _tell(**fields: object) -> None:
    print(json.dumps(fields), flush=True)
