"""`orchestra doctor`: what works, what doesn't, and what to do about it."""

import asyncio
import os
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from bot.checkup.audit_chain import audit_chain
from bot.checkup.channels import channels_without_owner
from bot.checkup.external_agents import external_agents
from bot.checkup.probes import Probe, discord_token, model_endpoint, slack_tokens
from bot.config.local_models import find_local
from bot.config.projects import groups_named
from bot.config.settings import Settings
from bot.render.pictures.fonts import covers_east_asia, font_files
from memory.model.errors import Misconfigured, OrchestraError
from memory.model.text import text
from memory.store.engine.ownership import holder

LOW_DISK_BYTES: Final = 500_000_000
MARKS: Final = {"ok": "✓", "broken": "✗", "absent": "–"}


@dataclass(frozen=True)
class Finding:
    """One line of the report; `remedy` says what to do, "" if nothing needs doing."""

    what: str
    state: Literal["ok", "broken", "absent"]
    text: str
    remedy: str = ""

    def line(self) -> str:
        """`✓ database   SQLite 3.45, write-ahead log`."""
        tail = f"\n{'':<16}→ {self.remedy}" if self.remedy else ""
        return f"{MARKS[self.state]} {self.what:<13} {self.text}{tail}"


async def examine(settings: Settings) -> tuple[Finding, ...]:
    """Every check, side by side; none waits longer than its own limit. Nothing is changed."""
    async with asyncio.TaskGroup() as group:
        database = group.create_task(_database(settings))
        models = group.create_task(_models(settings))
        slack = group.create_task(_slack(settings))
        discord = group.create_task(_discord(settings))
        external = group.create_task(external_agents(settings))
    # Asked of a database that is fit to be asked.
    fit = database.result().state == "ok"
    audit = await audit_chain(settings) if fit else ()
    ownerless = await channels_without_owner(settings) if fit else ()
    return (
        _python(),
        _config(settings),
        _workspace(settings.workspace),
        _data(settings.data),
        _disk(settings.data),
        database.result(),
        *(Finding(*line) for line in (*audit, *ownerless)),
        _index(),
        _fonts(),
        *models.result(),
        *(Finding(*line) for line in external.result()),
        slack.result(),
        discord.result(),
    )


def _python() -> Finding:
    return Finding("python", "ok", ".".join(map(str, sys.version_info[:3])))


def _config(settings: Settings) -> Finding:
    if settings.config is None:
        return Finding(
            "settings",
            "absent",
            text("no orchestra.toml, so the defaults and the environment apply"),
        )
    return Finding("settings", "ok", str(settings.config))


def _workspace(folder: Path) -> Finding:
    if os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding("workspace", "ok", str(folder))
    problem = text("can't write to {folder}", folder=folder)
    return Finding("workspace", "broken", problem, text("Choose another with --workspace DIR."))


def _data(data: Path) -> Finding:
    standing = _standing(data)
    if not os.access(standing, os.W_OK | os.X_OK):
        problem = text("can't write to {folder}", folder=standing)
        return Finding("data folder", "broken", problem, text("Choose another with --data DIR."))
    if not data.is_dir():
        return Finding(
            "data folder", "absent", text("{folder}, created by the first chat", folder=data)
        )
    process = holder(data)
    if process:
        use = text("{folder}, in use by process {process}", folder=data, process=process)
        return Finding("data folder", "ok", use)
    return Finding("data folder", "ok", text("{folder}, free", folder=data))


def _disk(data: Path) -> Finding:
    free = shutil.disk_usage(_standing(data)).free
    room = text("{n} GB free", n=f"{free / 1_000_000_000:.1f}")
    if free < LOW_DISK_BYTES:
        remedy = text("Free up some space; I need at least 0.5 GB.")
        return Finding("disk", "broken", room, remedy)
    return Finding("disk", "ok", room)


def _standing(path: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


async def _database(settings: Settings) -> Finding:
    from memory.store.engine.health import health  # noqa: PLC0415 - SQLAlchemy takes 0.6 s

    url = settings.database_url.get_secret_value()
    if not url and not (settings.data / "orchestra.db").is_file():
        return Finding("database", "absent", text("SQLite, created by the first chat"))
    try:
        async with asyncio.timeout(5):
            return Finding("database", "ok", await health(settings.data, url))
    except TimeoutError:
        return Finding(
            "database",
            "broken",
            text("no answer in 5 s"),
            text("Check that the server is running."),
        )
    except Misconfigured as error:
        return Finding("database", "broken", text("can't be used"), error.user_text)
    except OrchestraError as error:
        return Finding("database", "broken", text("doesn't answer"), error.user_text)


def _index() -> Finding:
    if find_spec("chromadb") is None:
        return Finding(
            "memory index",
            "absent",
            text("off: searching past work needs chromadb"),
            text("Run `make chat`."),
        )
    return Finding("memory index", "ok", text("chromadb is installed"))


def _fonts() -> Finding:
    if not font_files():
        return Finding(
            "fonts",
            "broken",
            text("pictures would have no text"),
            text("Reinstall matplotlib (`make chat`)."),
        )
    if not covers_east_asia():
        return Finding(
            "fonts",
            "ok",
            "DejaVu Sans (Latin, Greek, Cyrillic, Arabic)",
            text("For Chinese, Japanese or Korean in pictures, install fonts-noto-cjk."),
        )
    return Finding("fonts", "ok", text("DejaVu Sans and the system's fonts"))


async def _models(settings: Settings) -> tuple[Finding, ...]:
    local = await find_local(settings.ollama_url)
    found = [
        Finding("model", "ok", text("{model} on this machine", model=model.title))
        for model in local
    ]
    async with asyncio.TaskGroup() as group:
        asked = [(model, group.create_task(model_endpoint(model))) for model in settings.endpoints]
    found += [_finding("model", model.title, task.result()) for model, task in asked]
    if found:
        return tuple(found)
    return (
        Finding(
            "model",
            "absent",
            text("none, so I plan offline with the built-in tools"),
            text(
                "Set OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or XAI_API_KEY, or start Ollama."
            ),
        ),
    )


async def _slack(settings: Settings) -> Finding:
    if settings.slack is None:
        return Finding("Slack", "absent", text("not set up (SLACK_BOT_TOKEN, SLACK_APP_TOKEN)"))
    groups = sorted(groups_named(settings, "slack"))
    return _finding("Slack", "", await slack_tokens(settings.slack, groups))


async def _discord(settings: Settings) -> Finding:
    if settings.discord is None:
        return Finding("Discord", "absent", text("not set up (DISCORD_TOKEN)"))
    return _finding("Discord", "", await discord_token(settings.discord))


def _finding(what: str, name: str, probe: Probe) -> Finding:
    words = f"{name}: {probe.text}" if name else probe.text
    return Finding(what, "ok" if probe.good else "broken", words, probe.remedy)
