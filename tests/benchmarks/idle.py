"""What `orchestra serve` costs while nobody talks: the real command on a Slack on loopback."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.fakes.slack.workspace import APP_TOKEN, BOT_TOKEN, open_workspace

SETTLE_S = 10.0
WATCH_S = 10.0
MOST_MB = 350.0
TICKS = os.sysconf("SC_CLK_TCK")


async def measure() -> tuple[Figure, ...]:
    """Resident memory, and the share of one core, ten seconds after the start."""
    async with open_workspace() as workspace:
        with tempfile.TemporaryDirectory() as folder:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", "from bot.cli import main; main()", "serve",
                "--data", f"{folder}/data", "--workspace", folder,
                env=os.environ | {
                    "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN,
                    "SLACK_API_URL": workspace.url, "ORCHESTRA_OLLAMA_URL": "",
                },
                stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            try:
                await asyncio.sleep(SETTLE_S)
                before = _ticks(process.pid)
                await asyncio.sleep(WATCH_S)
                used = (_ticks(process.pid) - before) / TICKS / WATCH_S
                memory = _resident_mb(process.pid)
            finally:
                process.terminate()
                await process.wait()
    return (
        Figure("idle", "memory of serve", memory, "MB", most=MOST_MB),
        Figure("idle", "processor of serve", used * 100, "% of a core"),
    )


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _resident_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
