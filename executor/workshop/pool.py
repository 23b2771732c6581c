"""Orders to worker processes: one process an order, killed when it's given up."""

import asyncio
import os
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from executor.egress.files import ProjectFiles
from executor.port import Agent, Call, Reply
from executor.workshop.turns import Turns
from executor.workshop.wire import COMMAND, HEAD, News, Order, made, packed, written
from memory.model.agents.spec import AgentSpec
from memory.model.errors import AgentUnavailable, BadInput
from memory.model.timing.clock import Clock
from memory.model.work.value import Value

PLACES: Final = 4
LOOKS: Final = 2
"""Places of those who look for a planner, so that work under way doesn't hold up who only asks."""

GRACE_S: Final = 1.0
"""A worker ends by itself at its deadline, with a better sentence; then it's killed."""


class Pool:
    """The process that forks workers is started at the first order, and again should it be gone."""

    def __init__(self, *, places: int = PLACES) -> None:
        self._turns, self._looks = Turns(places), Turns(LOOKS)
        self._starting = asyncio.Lock()
        self._process: Process | None = None
        self._control: socket.socket | None = None
        self._scratch = tempfile.TemporaryDirectory(prefix="orchestra-work-")
        self._number = 0

    async def close(self) -> None:
        """Kill all workers."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        await asyncio.to_thread(self._scratch.cleanup)

    async def value(self, call: Call, tool: str, *, now: str = "", look: bool = False) -> Value:
        """What a worker made of the call. Raises as `do`, and what the tool raised."""
        news = await self.do(call, tool, now, look=look)
        if news.error is not None:
            raise made(news.error)
        if news.value is None:
            raise RuntimeError(news.crash)
        return news.value

    async def do(self, call: Call, tool: str, now: str, *, look: bool = False) -> News:
        """How a worker did the call. Raises what the tool raises, AgentUnavailable past the
        deadline, and BadInput where it took more memory than it may.
        """
        try:
            async with (
                asyncio.timeout(call.timeout_s + GRACE_S),
                (self._looks if look else self._turns).turn(call.project),
                self._worker() as (reader, writer),
            ):
                writer.write(packed(_order(call, tool, now)))
                return await _heard(reader, writer, call)
        except TimeoutError as error:
            raise AgentUnavailable(
                "It took longer than {timeout_s:,.0f} s. Ask for less at once, or allow more time.",
                timeout_s=call.timeout_s,
            ) from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise BadInput(
                "{title} needed more memory or time than it may have, so it was stopped. Ask for "
                "less at once.",
                title=call.task.title,
            ) from error

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        control = await self._ready()
        self._number = number = self._number + 1
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(control, [COMMAND.pack(b"R", number)], [theirs.fileno()])
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(OSError):  # all of them are gone already
                control.send(COMMAND.pack(b"K", number))

    async def _ready(self) -> socket.socket:
        async with self._starting:
            if self._process is not None and self._process.returncode is None:
                assert self._control is not None
                return self._control
            if self._control is not None:
                self._control.close()
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = await asyncio.create_subprocess_exec(  # noqa: TID251 - ourselves
                    *(sys.executable, "-P", "-m", "executor.workshop.zygote", self._scratch.name),
                    stdin=theirs.fileno(),
                    start_new_session=True,
                    env=_environment(),
                )
            self._control = ours
            return ours


@asynccontextmanager
async def working() -> AsyncIterator[Pool]:
    """A pool until the end of the block."""
    pool = Pool()
    try:
        yield pool
    finally:
        await pool.close()


class InWorker:
    """A built-in tool whose work is done in a worker process."""

    def __init__(self, pool: Pool, agent: Agent, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self.spec: AgentSpec = agent.spec

    async def run(self, call: Call) -> Reply:
        """Do the task once; see the port for what it raises. Cancelling it kills the worker."""
        now = self._clock.now().isoformat()
        return Reply(value=await self._pool.value(call, self.spec.name, now=now))


def _environment() -> dict[str, str]:
    """What the process needs to find its modules and the zone; none of the bot's keys."""
    zone = os.environ.get("TZ", "")  # noqa: TID251 - as the bot itself has it
    own = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"}
    return own | ({"TZ": zone} if zone else {})


def _order(call: Call, tool: str, now: str) -> Order:
    return Order(
        tool=tool,
        project=call.project,
        task=call.task,
        inputs={name: written(given) for name, given in call.inputs.items()},
        root=str(call.files.root),
        timeout_s=call.timeout_s,
        complaint=call.complaint,
        now=now,
    )


async def _heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, call: Call) -> News:
    """The last of its news; what it says and writes before that is passed on."""
    while True:
        size = HEAD.unpack(await reader.readexactly(HEAD.size))[0]
        news = News.model_validate_json(await reader.readexactly(size))
        if news.say:
            call.say(news.say)
        elif news.write:
            data = await reader.readexactly(news.size)
            path = await asyncio.to_thread(_put, call.files, news.write, data)
            writer.write(packed(News(say=path)))
        else:
            return news


def _put(files: ProjectFiles, path: str, data: bytes) -> str:
    return files.relative(files.write(path, data))
