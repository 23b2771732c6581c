"""Workers as processes: `python -m tests.restart.worker_child` forks one for each line it reads.

A line is {"root", "url", "lease_s"}; the answer is the pid. A fork starts in 0.3 s, a fresh process
in 4 s. A worker runs until SIGTERM, and then drains.
"""

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path

from executor.egress import process
from executor.engine.dbos import DbosEngine
from executor.port import Call, Reply
from executor.service import Executor
from memory.model.agents.spec import AgentKind
from memory.model.timing.clock import SystemClock
from memory.model.work.run import Usage
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from tests.unit.executor.world import Unhurried, says, scripted

COST = 300
RESERVED = 1_000
DRAIN_S = 20


def noted(root: Path, book: str, *words: object) -> None:
    """One line, whole, also when several processes write."""
    line = " ".join(str(word) for word in words) + "\n"
    handle = os.open(root / book, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(handle, line.encode())
    os.close(handle)


def agents(root: Path):  # type: ignore[no-untyped-def]
    """Those that the workers have: each writes into a book outside of the database."""

    async def echo(call: Call) -> Reply:
        noted(root, "echoes.txt", os.getpid(), call.effect_key, time.monotonic())
        return says("done")

    async def write(call: Call) -> Reply:
        """An outside service that honours idempotency keys, and takes a while."""
        noted(root, "calls.txt", os.getpid(), call.effect_key, time.monotonic())
        await _until_open(root)
        done = root / "keys" / call.effect_key
        try:
            done.touch(exist_ok=False)
        except FileExistsError:
            return says("written before")
        noted(root, "effects.txt", os.getpid(), call.effect_key)
        return says("written")

    async def think(call: Call) -> Reply:
        await _until_open(root)
        return says("thought", Usage(tokens_in=10, tokens_out=5, requests=1, cost_micro_usd=COST))

    async def keep(call: Call) -> Reply:
        """Writes a file of the project, after a while without a look at the clock."""
        noted(root, "calls.txt", os.getpid(), call.effect_key)
        await _until_open(root)
        await asyncio.to_thread(call.files.write, "kept.txt", str(os.getpid()).encode())
        noted(root, "effects.txt", os.getpid(), call.effect_key)
        return says("kept")

    async def command(call: Call) -> Reply:
        """A program of its own that would run for an hour."""
        script = f"echo $$ > {root}/program.pid; exec sleep 3600"
        await process.run(
            ["/bin/sh", "-c", script], cwd=root, env={"PATH": "/usr/bin:/bin"}, timeout_s=3600
        )
        return says("over")

    async def poison(call: Call) -> Reply:
        """Takes its worker with it."""
        noted(root, "calls.txt", os.getpid(), call.effect_key)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    return [
        scripted("poison", poison),
        scripted("echo", echo),
        scripted("writer", write),
        scripted("model", think, kind=AgentKind.MODEL),
        scripted("keeper", keep),
        scripted("program", command),
    ]


async def _until_open(root: Path) -> None:
    while (root / "gate").exists():
        await asyncio.sleep(0.01)


async def live(root: Path, url: str, lease_s: float) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    database = Database(database_url(root, url))
    await schema.upgrade(database)
    engine = DbosEngine(database, lease_s=lease_s)
    made = Executor(database, agents(root), engine=engine, clock=SystemClock(), random=Unhurried())
    async with made as executor:
        await executor.ready()
        await stop.wait()
        noted(root, "left.txt", await executor.drain(DRAIN_S))
    await database.close()


def main() -> None:
    import dbos
    import psycopg

    assert dbos
    assert psycopg
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _life(request)
        print(json.dumps({"pid": pid}), flush=True)


def _life(request: dict[str, str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    root = Path(request["root"])
    log = os.open(root / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    null = os.open(os.devnull, os.O_RDONLY)
    for stream, handle in ((0, null), (1, log), (2, log)):
        os.dup2(handle, stream)
    code = 1
    try:
        asyncio.run(live(root, request["url"], float(request["lease_s"])))
        code = 0
    except BaseException:  # noqa: BLE001 - the log is read by a person
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
