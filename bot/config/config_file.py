"""orchestra.toml: its shape, and every mistake in it as one sentence."""

import difflib
import ipaddress
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError

from bot.config.agent_file import AgentTable, CheckTable, Limited, McpTable
from bot.config.audit_settings import AuditTable
from bot.config.providers import PROVIDERS
from bot.config.quota_settings import QuotaTable
from bot.config.web_settings import WebTable
from memory.model.agents.routing import EXPLORATION_SHARE, HALF_LIFE_DAYS, Dial
from memory.model.base import Model, name_key
from memory.model.errors import Misconfigured
from memory.model.identity import PersonOrWorkspace, WholeId

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


class SearchTable(Model):
    """[search]: what finds by meaning in a project's knowledge, instead of the model shipped.

    `endpoint` is a provider whose key is set, or the NAME of a [models.NAME].
    """

    endpoint: str = ""
    model: str = ""
    price_model: str = ""
    floor: float = Field(default=0.25, ge=0, lt=1)
    timeout_s: float = Field(default=20.0, gt=0, le=600)


Guests = Literal["look", "refuse"]
"""What guests and people of other organisations may do: look, or not even talk to the bot."""


class ProjectTable(Model):
    """[projects.NAME]: folder, channels, people and rules."""

    root: str = ""
    channels: tuple[str, ...] = ()
    owners: tuple[WholeId, ...] = ()
    approvers: tuple[WholeId, ...] = ()
    owner_groups: tuple[WholeId, ...] = ()
    approver_groups: tuple[WholeId, ...] = ()
    viewer_groups: tuple[WholeId, ...] = ()
    quorum: int = Field(default=1, ge=1, le=20)
    requester_may_approve: bool | None = None
    budget_usd: float | None = Field(default=None, ge=0, le=10_000_000)
    zone: str = "UTC"
    quality: Dial = Dial.BALANCED
    exploration: float = Field(default=EXPLORATION_SHARE, ge=0, le=0.5)
    half_life_days: float = Field(default=HALF_LIFE_DAYS, ge=1, le=3650)


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
    admins: tuple[WholeId, ...] = ()
    people: tuple[PersonOrWorkspace, ...] = ()
    guests: Guests = "look"
    direct_budget_usd: float = Field(default=5.0, ge=0, le=10_000)
    language: str = Field(default="en", pattern=r"^[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8})*$")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    models: dict[str, ModelTable] = {}
    slack: SlackTable = SlackTable()
    discord: DiscordTable = DiscordTable()
    search: SearchTable = SearchTable()
    web: WebTable = WebTable()
    audit: AuditTable = AuditTable()
    quotas: QuotaTable = QuotaTable()
    projects: dict[str, ProjectTable] = {}
    agents: dict[str, AgentTable] = {}
    mcp: dict[str, McpTable] = {}
    checks: dict[str, CheckTable] = {}


TABLES: Mapping[str, type[BaseModel]] = {
    "models": ModelTable,
    "projects": ProjectTable,
    "slack": SlackTable,
    "discord": DiscordTable,
    "search": SearchTable,
    "web": WebTable,
    "audit": AuditTable,
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
        file = ConfigFile.model_validate(tomllib.loads(text))
    except OSError as error:
        raise Misconfigured(
            "{path} can't be read: {reason}.", path=path, reason=error.strerror
        ) from error
    except UnicodeDecodeError as error:
        raise Misconfigured("{path} isn't UTF-8 text. Save it as UTF-8.", path=path) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Misconfigured("{path} isn't valid TOML: {error}.", path=path, error=error) from error
    except ValidationError as error:
        raise _mistake(path, error) from error
    _refuse_one_name_twice(path, file)
    return file


def _refuse_one_name_twice(path: Path, file: ConfigFile) -> None:
    seen: dict[str, str] = {}
    for name in file.projects:
        other = seen.setdefault(name_key(name), name)
        if other != name:
            raise Misconfigured(
                "{path}: [projects.{name}] and [projects.{other}] are one name; call one of them "
                "something else.",
                path=path,
                name=name,
                other=other,
            )


def refuse_foreign(file: ConfigFile, path: Path) -> None:
    """Keep a file that came with a folder from running programs and sending keys to its hosts.

    Raises Misconfigured, naming the host and how to say that it is meant.
    """
    for kind in ("agents", "mcp", "checks"):
        for name in getattr(file, kind):
            raise Misconfigured(
                "{path} came with a folder of files and would run or call [{kind}.{name}]. If "
                "you want that, start with --config {path}.",
                path=path,
                kind=kind,
                name=name,
            )
    _refuse_rules(file, path)
    for name, table in file.models.items():
        if _has_key(name, table) and table.base_url and not is_loopback(table.base_url):
            raise Misconfigured(
                "{path} came with a folder of files and would send an API key to {url}. If you "
                "want that, start with --config {path}.",
                path=path,
                url=table.base_url,
            )
    usual = (SlackTable().api_url, DiscordTable().api_url, "")
    for url in (file.slack.api_url, file.discord.api_url, file.discord.gateway_url):
        if url not in usual and not is_loopback(url):
            raise Misconfigured(
                "{path} came with a folder of files and would send a chat token to {url}. If you "
                "want that, start with --config {path}.",
                path=path,
                url=url,
            )


def _refuse_rules(file: ConfigFile, path: Path) -> None:
    if file.admins:
        raise Misconfigured(
            "{path} came with a folder of files and would name admins of this installation. If you "
            "want that, start with --config {path}.",
            path=path,
        )
    if file.people or file.guests != "look" or any(map(_gives_rights, file.projects.values())):
        raise Misconfigured(
            "{path} came with a folder of files and would say who may talk to me, or who owns or "
            "approves what. If you want that, start with --config {path}.",
            path=path,
        )
    if file.quotas != QuotaTable():
        raise Misconfigured(
            "{path} came with a folder of files and would change the quotas of this installation. "
            "If you want that, start with --config {path}.",
            path=path,
        )
    if file.web != WebTable():
        raise Misconfigured(
            "{path} came with a folder of files and would serve web pages, or say where. If you "
            "want that, start with --config {path}.",
            path=path,
        )
    if file.audit != AuditTable():
        raise Misconfigured(
            "{path} came with a folder of files and would choose the keys that seal approvals, or "
            "where the audit log is noted. If you want that, start with --config {path}.",
            path=path,
        )


def _gives_rights(table: ProjectTable) -> bool:
    named = table.owners or table.approvers or table.owner_groups or table.approver_groups
    return bool(named) or table.requester_may_approve is True


def _has_key(name: str, table: ModelTable) -> bool:
    return bool(table.api_key_env) or name_key(name) in {known.name for known in PROVIDERS}


def is_loopback(url: str) -> bool:
    """Whether the address stays on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _mistake(path: Path, error: ValidationError) -> Misconfigured:
    first = error.errors()[0]
    place = [str(part) for part in first["loc"]]
    if first["type"] == "extra_forbidden":
        return _unknown(path, place)
    said = first["msg"].removeprefix("Value error, ")
    problem = said[:1].lower() + said[1:]
    return Misconfigured(
        "{path}: {setting}: {problem}.", path=path, setting=".".join(place), problem=problem
    )


def _unknown(path: Path, place: list[str]) -> Misconfigured:
    *tables, setting = place
    where = f"[{'.'.join(tables)}]" if tables else path.name
    known = sorted(_table(tables).model_fields)
    near = difflib.get_close_matches(setting, known, n=1, cutoff=0.5)
    if near:
        return Misconfigured(
            "{path}: there's no setting `{setting}` in {where}. Did you mean `{near}`?",
            path=path,
            setting=setting,
            where=where,
            near=near[0],
        )
    return Misconfigured(
        "{path}: there's no setting `{setting}` in {where}. It can have {known}.",
        path=path,
        setting=setting,
        where=where,
        known=", ".join(known),
    )


def _table(place: list[str]) -> type[BaseModel]:
    return TABLES.get(place[0], ConfigFile) if place else ConfigFile
