"""orchestra.toml: its shape, and every mistake in it as one sentence."""

import difflib
import ipaddress
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError

from bot.config.agent_file import (
    AgentTable,
    CheckTable,
    Limited,
    McpTable,
)
from bot.config.providers import PROVIDERS
from memory.model.base import Model, name_key
from memory.model.errors import Misconfigured

CONFIG_BYTES = 1_000_000


class ModelTable(Limited):
    """[models.NAME]: a model on an OpenAI-compatible server, or changes to a known provider."""

    base_url: str = Field(default="", pattern=r"^(https?://.+)?$")
    model: str = ""
    api_key_env: str = ""
    title: str = ""
    aliases: tuple[str, ...] = ()
    price_model: str = ""
    timeout_s: float = Field(default=60.0, gt=0, le=3600)


class SlackTable(Model):
    """[slack]: tokens may stand here, though the environment is the better place."""

    bot_token: str = ""
    app_token: str = ""
    api_url: str = "https://slack.com/api/"


class DiscordTable(Model):
    """[discord]: likewise."""

    token: str = ""
    api_url: str = "https://discord.com/api/v10"
    gateway_url: str = ""


class ProjectTable(Model):
    """[projects.NAME]: folder, channels, people and rules."""

    root: str = ""
    channels: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    quorum: int = Field(default=1, ge=1, le=20)
    requester_may_approve: bool | None = None
    budget_usd: float | None = Field(default=None, ge=0, le=10_000_000)
    zone: str = "UTC"


class ConfigFile(Model):
    """The whole file; everything has a default."""

    data: str = ""
    workspace: str = ""
    database_url: str = ""
    ollama: str = "http://127.0.0.1:11434"
    pace_s: float = Field(default=1.0, ge=0, le=60)
    patience_s: float = Field(default=7200.0, ge=0, le=7 * 24 * 3600)
    retention_days: int = Field(default=90, ge=0, le=36_500)
    cache_s: float = Field(default=0.0, ge=0, le=30 * 24 * 3600)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    models: dict[str, ModelTable] = {}
    slack: SlackTable = SlackTable()
    discord: DiscordTable = DiscordTable()
    projects: dict[str, ProjectTable] = {}
    agents: dict[str, AgentTable] = {}
    mcp: dict[str, McpTable] = {}
    checks: dict[str, CheckTable] = {}


TABLES: Mapping[str, type[BaseModel]] = {
    "models": ModelTable,
    "projects": ProjectTable,
    "slack": SlackTable,
    "discord": DiscordTable,
    "agents": AgentTable,
    "mcp": McpTable,
    "checks": CheckTable,
}


def read(path: Path) -> ConfigFile:
    """The file's settings. Raises Misconfigured, naming the line or the key that is wrong."""
    try:
        if path.stat().st_size > CONFIG_BYTES:
            raise Misconfigured("{path} is too large for a settings file.", path=path)
        text = path.read_bytes().decode("utf-8-sig")
        return ConfigFile.model_validate(tomllib.loads(text))
    except OSError as error:
        raise Misconfigured(
            "{path} cannot be read: {strerror}.", path=path, strerror=error.strerror
        ) from error
    except UnicodeDecodeError as error:
        raise Misconfigured("{path} is not UTF-8 text; save it as UTF-8.", path=path) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Misconfigured("{path} is not valid TOML: {error}.", path=path, error=error) from error
    except ValidationError as error:
        raise Misconfigured("{path}: {error}", path=path, error=_sentence(error)) from error


def refuse_foreign(file: ConfigFile, path: Path) -> None:
    """Keep a file that came with a folder from running programs and sending keys to its hosts.

    Raises Misconfigured, naming the host and how to say that it is meant.
    """
    for kind, name in [
        *(("agents", one) for one in file.agents),
        *(("mcp", one) for one in file.mcp),
        *(("checks", one) for one in file.checks),
    ]:
        raise Misconfigured(
            "{path} lies in a folder of files and would run or call [{kind}.{name}]; if you "
            "mean that, start with --config {path}.",
            path=path,
            kind=kind,
            name=name,
        )
    for name, table in file.models.items():
        has_key = table.api_key_env or any(name_key(name) == known.name for known in PROVIDERS)
        if table.base_url and has_key and not is_loopback(table.base_url):
            raise Misconfigured(_foreign(path, "an API key", table.base_url))
    usual = (SlackTable().api_url, DiscordTable().api_url, "")
    for url in (file.slack.api_url, file.discord.api_url, file.discord.gateway_url):
        if url not in usual and not is_loopback(url):
            raise Misconfigured(_foreign(path, "a chat token", url))


def is_loopback(url: str) -> bool:
    """Whether the address stays on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _foreign(path: Path, what: str, url: str) -> str:
    return (
        f"{path} lies in a folder of files and would send {what} to {url}; if you mean that, "
        f"start with --config {path}."
    )


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    place = [str(part) for part in first["loc"]]
    if first["type"] == "extra_forbidden":
        return _unknown(place)
    message = first["msg"][:1].lower() + first["msg"][1:]
    return f"{'.'.join(place)}: {message}."


def _unknown(place: list[str]) -> str:
    known = sorted(_table(place[:-1]).model_fields)
    near = difflib.get_close_matches(place[-1], known, n=1, cutoff=0.5)
    where = f" in [{'.'.join(place[:-1])}]" if place[:-1] else ""
    hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}."
    return f"there is no setting `{place[-1]}`{where}; {hint}"


def _table(place: list[str]) -> type[BaseModel]:
    return TABLES.get(place[0], ConfigFile) if place else ConfigFile
