"""A program to talk with line by line, such as a server of tools."""

import asyncio
import contextlib
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from executor.egress import process
from memory.model.errors import AgentMisbehaved, AgentUnavailable

LINE_BYTES = 8_000_000
"""The longest line that is read."""

LEAVE_S = 2.0
"""How long it has to end by itself once nobody talks with it any more."""


class Talk:
    """One running program: what it says, and what it is told."""

    def __init__(self, running: Process, title: str) -> None:
        self._process = running
        self._title = title

    async def lines(self) -> AsyncIterator[bytes]:
        """What it says, to its end. Raises AgentMisbehaved for a line of more than 8 MB."""
        stream = self._process.stdout
        while stream is not None:
            try:
                line = await stream.readline()
            except ValueError as error:
                raise AgentMisbehaved(
                    "{title} sent more than 8 MB at once.", title=self._title
                ) from error
            if not line:
                return
            yield line

    async def tell(self, line: bytes) -> None:
        """One line for it. Raises AgentUnavailable when it has ended."""
        stream = self._process.stdin
        assert stream is not None
        try:
            stream.write(line + b"\n")
            await stream.drain()
        except ConnectionError as error:
            raise AgentUnavailable("{title} has stopped.", title=self._title) from error

    async def drop_errors(self) -> None:
        """Keep the pipe of its error output empty."""
        stream = self._process.stderr
        while stream is not None and await stream.read(process.CHUNK):
            pass


@asynccontextmanager
async def talking(
    argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], title: str
) -> AsyncIterator[Talk]:
    """Start it through its launcher, and end it with all it started. Raises BadInput."""
    running = await process.started(
        argv, cwd=cwd, env=env, title=title, launched=True, line_bytes=LINE_BYTES
    )
    talk = Talk(running, title)
    try:
        async with asyncio.TaskGroup() as group:
            errors = group.create_task(talk.drop_errors())
            yield talk
            assert running.stdin is not None
            running.stdin.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LEAVE_S):
                    await running.wait()
            errors.cancel()
    finally:
        await process.end(running, launched=True)
