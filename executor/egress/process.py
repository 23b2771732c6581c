"""The one way to run a program: an argument list, its own process group, bounded, always ended."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from memory.model.errors import AgentUnavailable, BadInput
from memory.model.limits import OUTPUT_BYTES

CHUNK = 65_536


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
) -> Finished:
    """Run it without a shell and wait. `env` is all it sees; `limit` bounds each of its outputs.

    Past the deadline, or cancelled, the whole process group is killed. Raises BadInput where the
    program cannot be started, AgentUnavailable past the deadline.
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
        )
    )
    try:
        process = await asyncio.shield(starting)
    except OSError as error:
        raise BadInput(f"{argv[0]} cannot be started: {error.strerror}.") from error
    except asyncio.CancelledError:
        # asyncio, cancelled while it starts a program, kills that one and waits for ever for
        # the children that have its pipes; so let it start, and kill all of them.
        with contextlib.suppress(OSError):
            await _end(await starting)
        raise
    try:
        async with asyncio.timeout(timeout_s), asyncio.TaskGroup() as group:
            out = group.create_task(_read(process.stdout, limit))
            err = group.create_task(_read(process.stderr, limit))
            group.create_task(_feed(process.stdin, given))
            group.create_task(process.wait())
    except TimeoutError as error:
        raise AgentUnavailable(f"{argv[0]} took longer than {timeout_s:,.0f} s.") from error
    finally:
        await _end(process)
    (text, cut), (errors, errors_cut) = out.result(), err.result()
    return Finished(process.returncode or 0, text, errors, cut or errors_cut)


async def _read(stream: asyncio.StreamReader | None, limit: int) -> tuple[bytes, bool]:
    """The first `limit` bytes; the rest is read and dropped, so that the program can go on."""
    kept = bytearray()
    cut = False
    while stream is not None and (chunk := await stream.read(CHUNK)):
        room = limit - len(kept)
        kept += chunk[:room]
        cut = cut or len(chunk) > room
    return bytes(kept), cut


async def _feed(stream: asyncio.StreamWriter | None, given: bytes) -> None:
    if stream is None:
        return
    with contextlib.suppress(ConnectionError):  # it may end without reading all
        stream.write(given)
        await stream.drain()
    stream.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill what is left of the group, children that outlived the program included."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
