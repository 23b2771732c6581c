"""`orchestra serve` as people run it: a second one, a polite stop, a disk that is full."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.slack.workspace import APP_TOKEN, BOT_TOKEN, TEAM, Workspace, open_workspace
from tests.restart.ledgers import all_is_well
from tests.restart.nursery import PATIENCE_S
from tests.restart.whole.program import (
    World,
    forks,
    key,
    living,
    open_database,
    play,
)

FULL = "The disk is full; free some space and I'll go on from there."
ORCHESTRA = str(Path(sys.executable).parent / "orchestra")


@asynccontextmanager
async def serve(workspace: Workspace, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`orchestra serve` in a process of its own; killed at the end where it still runs."""
    environment = {
        "HOME": str(folder / "home"),
        "PATH": os.environ["PATH"],
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": f"{workspace.url}/api/",
        "ORCHESTRA_OLLAMA_URL": "",
    }
    (folder / "files").mkdir(exist_ok=True, parents=True)
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "orchestra.toml").write_text(
        f'[projects.test]\nchannels = ["{workspace.general.id}"]\nroot = "{folder / "files"}"\n'
        f'owners = ["slack:{TEAM}:{workspace.user("ana").id}"]\n'
    )
    command = ["serve", "--data", str(folder / "data"), "--workspace", str(folder / "files")]
    process = await asyncio.create_subprocess_exec(
        ORCHESTRA, *command, env=environment, cwd=folder, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def connected(workspace: Workspace) -> None:
    await workspace.wait_for(lambda: workspace.sockets.connected)


async def stopped(process: asyncio.subprocess.Process) -> int:
    """Its exit code after SIGTERM. Raises TimeoutError when it takes too long."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE_S):
        code = await process.wait()
    if code:
        assert process.stderr is not None
        print((await process.stderr.read()).decode())
    return code


async def test_serve_stops_when_told_and_goes_on_where_it_was(tmp_path: Path) -> None:
    async with open_workspace(redeliver_after_s=5.0, patient=True) as workspace:
        ana = workspace.user("ana")
        async with serve(workspace, tmp_path) as first:
            await connected(workspace)
            async with serve(workspace, tmp_path) as second:
                _, said = await asyncio.wait_for(second.communicate(), PATIENCE_S)
            assert second.returncode == 2
            lines = said.decode().splitlines()
            assert len(lines) == 1
            assert lines[0].startswith(f"orchestra: Another Orchestra (process {first.pid}) is")
            workspace.say(ana, "budget $5 a month")
            workspace.say(ana, "Ask @ana to look at the sky, and write a report to reports/sky.md")
            plan = await workspace.wait_for(lambda: _with(workspace, "plan:"))
            assert await stopped(first) == 0
        workspace.react(ana, plan, "white_check_mark")  # nobody is there to hear it
        async with serve(workspace, tmp_path) as again:
            asked = await workspace.wait_for(lambda: _with(workspace, "person:"))
            assert await stopped(again) == 0
        async with serve(workspace, tmp_path) as last:
            await connected(workspace)
            workspace.say(ana, "It is blue.", thread_ts=asked.thread_ts, mention=False)
            await workspace.wait_for(lambda: _with(workspace, "done:"))
            assert await stopped(last) == 0
        keys = [key(message) for message in workspace.from_bot() if key(message)]
        assert len(keys) == len(set(keys))


async def test_a_full_disk_is_said_in_a_sentence_and_waited_out(tmp_path: Path) -> None:
    async with (
        forks(tmp_path) as forked,
        open_workspace(redeliver_after_s=5.0, patient=True) as workspace,
    ):
        world = World(forked, workspace, tmp_path / "full")
        database = open_database(world)

        async def full_for_a_while() -> None:
            assert world.victim is not None
            await workspace.settled()
            os.kill(world.victim.pid, signal.SIGUSR1)
            await workspace.wait_for(lambda: FULL in world.log())
            os.kill(world.victim.pid, signal.SIGUSR2)

        try:
            async with living(world):
                await play(world, shown=full_for_a_while)
                await world.settled(database)
            assert world.deaths == 0
            await all_is_well(world, database)
        finally:
            await database.close()


def _with(workspace: Workspace, prefix: str):  # type: ignore[no-untyped-def]
    return next(
        (message for message in workspace.from_bot() if key(message).startswith(prefix)), None
    )
