"""The whole program as a process that can be killed: `python -m tests.restart.whole.victim PLUGINS`."""

import asyncio
import importlib
import json
import os
import pkgutil
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import SecretStr

from tests.restart.nursery import serve

PLUGIN = """[orchestra.agents]
scribe = tests.restart.scribe:Scribe
"""
PLENTY = 4_294_967_294
ROOMS = ("memory", "planner", "executor", "bot")


def every_module() -> None:
    """Import the whole program, so that every crash point is declared."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if "migrations" not in found.name:
                importlib.import_module(found.name)


def main() -> None:
    install_plugin(Path(sys.argv[1]))
    every_module()
    _warm()
    serve(_live)


def install_plugin(folder: Path) -> None:
    """Make the model of these tests known, as an installed package would."""
    info = folder / "scribe-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: scribe\nVersion: 1\n")
    (info / "entry_points.txt").write_text(PLUGIN)
    sys.path.insert(0, str(folder))


def _warm() -> None:
    """What the first use would load; nothing here may start a thread, for it would not be forked."""
    for name in ("dbos", "chromadb", "duckdb", "matplotlib.font_manager", "slack_bolt.async_app",
                 "alembic.command", "matplotlib.backends.backend_agg", "resvg_py", "psycopg"):  # fmt: skip
        importlib.import_module(name)


async def _live(request: dict[str, Any]) -> None:
    from bot.wiring import build

    counts = _arm(request["point"], request["on_pass"])
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    _fill_on_signal()
    async with build(_settings(request)):
        await stop.wait()
    Path(request["counts"]).write_text(json.dumps(counts))


def _fill_on_signal() -> None:
    """SIGUSR1: SQLite says that the disk is full, as it does then; SIGUSR2: there is space."""
    pages = [PLENTY]
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, lambda: pages.__setitem__(0, 1))
    loop.add_signal_handler(signal.SIGUSR2, lambda: pages.__setitem__(0, PLENTY))

    @sa.event.listens_for(sa.pool.Pool, "checkout")
    def limit(connection: Any, _record: object, _proxy: object) -> None:
        if pages[0] == PLENTY and not filled.get(id(connection)):
            return
        filled[id(connection)] = pages[0] != PLENTY
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count={pages[0]}")
        cursor.close()

    filled: dict[int, bool] = {}


def _arm(point: str, on_pass: int) -> Counter[str]:
    """Die on that passing of that point; count the passings of every other."""
    from memory.model import crash

    counts: Counter[str] = Counter()

    def passed(name: str) -> None:
        counts[name] += 1
        if name == point and counts[name] == on_pass:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in crash.CRASH_POINTS:
        crash.arm(name, lambda name=name: passed(name))  # type: ignore[misc]  # mypy loses the default
    return counts


def _settings(request: dict[str, Any]) -> Any:
    from bot.config.settings import ProjectSettings, Settings, SlackSettings

    return Settings(
        data=Path(request["data"]),
        workspace=Path(request["workspace"]),
        database_url=SecretStr(request["database_url"]),
        ollama_url="",
        slack=SlackSettings(
            bot_token=SecretStr(request["bot_token"]),
            app_token=SecretStr(request["app_token"]),
            api_url=request["api_url"],
        ),
        projects=(
            ProjectSettings(
                name="sales",
                root=Path(request["workspace"]),
                channels=(request["channel"],),
                owners=(request["owner"],),
            ),
        ),
        pace_s=0.0,
    )


if __name__ == "__main__":
    main()
