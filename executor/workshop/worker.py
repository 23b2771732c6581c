"""One order in a process of its own: it may read the project's folder, and write to scratch alone.

Files of the project are written by the bot, which alone knows whether that's still allowed.
"""

import asyncio
import math
import resource
import socket
import sys
import tempfile
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from executor.agents.data_query import DataQuery
from executor.egress.cell import landlock, seccomp
from executor.egress.files import ProjectFiles
from executor.egress.sandbox import SYSTEM
from executor.port import Call, Reply
from executor.workshop.inner import INNER
from executor.workshop.tools import burning
from executor.workshop.wire import HEAD, News, Order, packed, read, told
from memory.model.base import AgentName, ProjectId, TaskKey
from memory.model.errors import OrchestraError
from memory.model.work.graph import Task

MEMORY_BYTES: Final = 1_500_000_000
"""What an order may take beside what is loaded; DuckDB itself keeps to 1 GB."""

CORES: Final = 2
WARM_S: Final = 5.0


def work(wire: socket.socket, scratch: Path) -> None:
    """Do the order that comes on the socket, and tell how it ended."""
    order = Order.model_validate_json(_message(wire))
    tempfile.tempdir = str(scratch)
    _limit(order, scratch)
    wire.sendall(packed(_done(order, wire)))


def warm_up(scratch: Path) -> None:
    """Do an order once, so that the real one finds all in place. Leaves no thread behind."""
    files = ProjectFiles(scratch)
    files.write("warm.csv", b"a,b\n1,x\n")
    call = Call(
        project=ProjectId(""),
        task=Task(key=TaskKey("warm"), title="warm", type="data.query", agent=AgentName("")),
        inputs={"sources": ["warm.csv"], "sql": "SELECT b, sum(a) FROM warm GROUP BY b"},
        files=files,
        effect_key="",
        timeout_s=WARM_S,
    )
    with suppress(OrchestraError):
        asyncio.run(DataQuery().run(call))


def _done(order: Order, wire: socket.socket) -> News:
    files = _Reading(wire, Path(order.root))
    call = Call(
        project=ProjectId(order.project),
        task=order.task,
        inputs={name: read(given) for name, given in order.inputs.items()},
        files=files,
        effect_key="",
        timeout_s=order.timeout_s,
        complaint=order.complaint,
        say=lambda words: wire.sendall(packed(News(say=words))),
    )
    run = INNER.get(order.tool) or burning(_Then(order.now))[order.tool].run
    try:
        return News(value=asyncio.run(_reply(run, call)).value)
    except OrchestraError as error:
        return News(error=told(error))
    except MemoryError:
        return News(error={**told(OrchestraError("")), "kind": "MemoryError"})
    except Exception:  # noqa: BLE001 - told to the bot, whose loop logs it
        return News(crash=traceback.format_exc())


async def _reply(run: Callable[[Call], Awaitable[Reply]], call: Call) -> Reply:
    return await run(call)


class _Then:
    """The bot's clock, as it was when it gave the order."""

    def __init__(self, now: str) -> None:
        self._now = datetime.fromisoformat(now)

    def now(self) -> datetime:
        """That moment."""
        return self._now


class _Reading(ProjectFiles):
    """The project's folder, whose files are written by the bot."""

    def __init__(self, wire: socket.socket, root: Path) -> None:
        super().__init__(root)
        self._wire = wire

    def write(self, path: str, data: bytes, *, executable: bool = False) -> Path:
        """Hand it to the bot and wait until it is there. Raises what the bot says."""
        del executable  # no tool here makes programs
        self._wire.sendall(packed(News(write=path, size=len(data))) + data)
        answer = News.model_validate_json(_message(self._wire))
        return self.root / answer.say


def _message(wire: socket.socket) -> bytes:
    return _exactly(wire.recv, HEAD.unpack(_exactly(wire.recv, HEAD.size))[0])


def _exactly(receive: Callable[[int], bytes], size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = receive(min(size - len(data), 1 << 20))
        if not part:
            raise SystemExit(1)  # the bot has no more interest
        data += part
    return bytes(data)


def _used() -> int:
    """Bytes of data that are there already, as RLIMIT_DATA counts them."""
    if sys.platform != "linux":
        return 0
    pages = Path("/proc/self/statm").read_text("ascii").split()[5]
    return int(pages) * resource.getpagesize()


def _limit(order: Order, scratch: Path) -> None:
    seconds = math.ceil(order.timeout_s) * CORES + 1
    for kind, most in (
        (resource.RLIMIT_DATA, _used() + MEMORY_BYTES),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 2_000_000_000),
    ):
        resource.setrlimit(kind, (most, most))
    if sys.platform == "linux" and landlock.supported():
        ours: list[Any] = [sys.prefix, sys.base_prefix, *sys.path, order.root]
        reads = [*SYSTEM, "/proc", "/sys/devices/system/cpu", "/sys/fs/cgroup", *filter(None, ours)]
        landlock.confine(reads, [str(scratch), "/dev/null"], network=False)
    if sys.platform == "linux" and seccomp.known():
        seccomp.hold(seccomp.program(sockets="none", modes=False))
