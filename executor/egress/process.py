"""The one way to run a program: an argument list, its own process group, limits, always ended."""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from memory.model.errors import AgentMisbehaved, AgentUnavailable, BadInput
from memory.model.limits import OUTPUT_BYTES
from memory.model.text import text

CHUNK = 65_536
FLOOD_BYTES = 16_000_000
"""A program that writes more than this is stopped."""

POLITE_S = 3.0
"""How long a launcher has to end all it started before it is killed itself."""


@dataclass(frozen=True)
class Finished:
    """How a program ended. `cut` says that it wrote more than was kept."""

    code: int
    out: bytes
    err: bytes
    cut: bool


async def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    timeout_s: float,
    given: bytes = b"",
    limit: int = OUTPUT_BYTES,
    title: str = "",
    heard: Callable[[bytes], None] | None = None,
    launched: bool = False,
) -> Finished:
    """Run it without a shell and wait. `env` is all it sees; `limit` bounds each of its outputs.

    `heard` gets every line of its output as it comes. Past the deadline, or cancelled, the whole
    process group is killed; where it was `launched`, its launcher is first told to end all it
    started. Raises BadInput where the program cannot be started, AgentUnavailable past the
    deadline, AgentMisbehaved when it does not stop writing.
    """
    name = title or argv[0]
    process = await started(argv, cwd=cwd, env=env, title=name, launched=launched)
    try:
        async with asyncio.timeout(timeout_s), asyncio.TaskGroup() as group:
            out = group.create_task(_read(process.stdout, limit, heard))
            err = group.create_task(_read(process.stderr, limit))
            group.create_task(_feed(process.stdin, given))
            group.create_task(process.wait())
    except TimeoutError as error:
        raise AgentUnavailable(
            "{name} took longer than {timeout_s:,.0f} s.", name=name, timeout_s=timeout_s
        ) from error
    except ExceptionGroup as group_error:
        if group_error.subgroup(_Flood) is None:
            raise
        raise AgentMisbehaved(
            "{name} didn't stop writing, so it was stopped.", name=name
        ) from group_error
    finally:
        await end(process, launched=launched)
    (output, cut), (errors, errors_cut) = out.result(), err.result()
    return Finished(process.returncode or 0, output, errors, cut or errors_cut)


async def started(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    title: str,
    launched: bool,
    line_bytes: int = CHUNK,
) -> Process:
    """The program, running in a process group of its own; whoever asks for it has to `end` it.

    Raises BadInput where it cannot be started.
    """
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(  # noqa: TID251 - the one place
            *argv,
            cwd=cwd,
            env=dict(env),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            limit=line_bytes,
        )
    )
    try:
        return await asyncio.shield(starting)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or text("its arguments can't be passed on")
        raise BadInput("{title} can't be started: {reason}.", title=title, reason=reason) from error
    except asyncio.CancelledError:
        # asyncio, cancelled while it starts a program, kills that one and waits for ever for
        # the children that have its pipes; so let it start, and kill all of them.
        with contextlib.suppress(OSError, ValueError):
            await end(await starting, launched=launched)
        raise


class _Flood(Exception):
    """It wrote far more than is kept."""


async def _read(
    stream: asyncio.StreamReader | None, limit: int, heard: Callable[[bytes], None] | None = None
) -> tuple[bytes, bool]:
    """The first `limit` bytes; the rest is read and dropped, so that the program can go on."""
    kept, line = bytearray(), bytearray()
    size = 0
    while stream is not None and (chunk := await stream.read(CHUNK)):
        size += len(chunk)
        if size > max(limit, FLOOD_BYTES):
            raise _Flood
        kept += chunk[: limit - len(kept)]
        if heard is not None:
            line += chunk
            if b"\n" in chunk:
                *lines, rest = bytes(line).split(b"\n")
                line = bytearray(rest)
                for whole in lines:
                    heard(whole)
            del line[limit:]  # of a line without an end the beginning is enough
    return bytes(kept), size > limit


async def _feed(stream: asyncio.StreamWriter | None, given: bytes) -> None:
    if stream is None:
        return
    with contextlib.suppress(ConnectionError):  # it may end without reading all
        stream.write(given)
        await stream.drain()
    stream.close()


async def end(process: Process, *, launched: bool) -> None:
    """Kill what is left of the group, children that outlived the program included."""
    if launched and process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLITE_S):
                await _gone(process)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(POLITE_S):
            await _gone(process)


async def _gone(process: Process) -> None:
    """Wait for its end. What is left in its pipes keeps them open, and so long `wait` waits."""
    for stream in (process.stdout, process.stderr):
        while stream is not None and await stream.read(CHUNK):
            pass
    await process.wait()
