"""One frozen Settings: the only reader of the environment and of orchestra.toml."""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from pydantic import SecretStr

from bot.config.agent_file import limits_of, recovery_of
from bot.config.agent_settings import Place, checkers, external
from bot.config.audit_settings import AuditSettings, audit_of
from bot.config.chat_settings import DiscordSettings as DiscordSettings
from bot.config.chat_settings import SlackSettings as SlackSettings
from bot.config.chat_settings import discord_of, slack_of
from bot.config.config_file import (
    ConfigFile,
    Guests,
    ModelTable,
    ProjectTable,
    SearchTable,
    is_loopback,
    read,
    refuse_foreign,
)
from bot.config.folders import own_data, usual_data, workspace_of
from bot.config.providers import PROVIDERS
from bot.config.quota_settings import quotas_of
from bot.config.secret_files import with_secret_files
from bot.config.web_settings import WebSettings, web_of
from memory.model.agents.endpoint import EmbeddingEndpoint, ModelEndpoint
from memory.model.agents.external import ExternalAgents
from memory.model.agents.routing import Routing
from memory.model.base import AgentName, Model, name_key
from memory.model.errors import Misconfigured
from memory.model.identity import PersonOrWorkspace, WholeId
from memory.model.work.quotas import DEFAULTS, Quotas
from memory.privacy.redaction import Redactor

Source = Literal["environment", "settings file", "default"]
"""Where a setting's value is from."""

OLLAMA_URL = "http://127.0.0.1:11434"
CONFIG_NAME = "orchestra.toml"


class ProjectSettings(Model):
    """What is fixed for a project: its folder, channels, people and rules of approval.

    `owners` and `approvers` are whole keys, the groups those of Slack's user groups and Discord's
    roles; who is in one of `viewer_groups` only looks, unless named as a person.
    `requester_may_approve` None leaves the house rule; `budget_micro_usd` is per month, None for no limit.
    """

    name: str
    root: Path | None = None
    channels: tuple[str, ...] = ()
    owners: tuple[WholeId, ...] = ()
    approvers: tuple[WholeId, ...] = ()
    owner_groups: tuple[WholeId, ...] = ()
    approver_groups: tuple[WholeId, ...] = ()
    viewer_groups: tuple[WholeId, ...] = ()
    quorum: int = 1
    requester_may_approve: bool | None = None
    budget_micro_usd: int | None = None
    zone: str = "UTC"
    routing: Routing = Routing()


class Settings(Model):
    """All that is set from outside. Secrets never show in its text.

    `ollama_url` "" means that no local server is looked for; `pace_s` is the least time between
    two edits of one message.
    """

    data: Path
    workspace: Path
    config: Path | None = None
    database_url: SecretStr = SecretStr("")
    endpoints: tuple[ModelEndpoint, ...] = ()
    search: EmbeddingEndpoint | None = None
    """What embeds a project's knowledge, instead of the model that comes with the program."""
    ollama_url: str = OLLAMA_URL
    slack: SlackSettings | None = None
    discord: DiscordSettings | None = None
    web: WebSettings = WebSettings()
    web_serves: bool = False
    """Whether `orchestra serve` answers browsers and programs, too."""
    projects: tuple[ProjectSettings, ...] = ()
    external: ExternalAgents = ExternalAgents()
    """Programs, tool servers and webhooks that do work as agents."""
    admins: tuple[WholeId, ...] = ()
    """Who may decide for the whole installation, by keys such as `slack:T01:U01ANA`."""
    people: tuple[PersonOrWorkspace, ...] = ()
    guests: Guests = "look"
    audit: AuditSettings = AuditSettings()
    """The keys that seal approvals, and where the audit log's end is noted."""
    quotas: Quotas = DEFAULTS
    """The most that one person, channel, project and everybody together may take up."""
    direct_budget_micro_usd: int = 5_000_000
    """What a person may spend a month by direct messages, in projects of their own."""
    pace_s: float = 1.0
    language: str = "en"
    patience_s: float = 7200.0
    """How long a task waits where nobody who could do it can be reached."""
    retention_days: int = 90
    """How long values, events and messages of finished runs are kept; 0 for ever."""
    cache_s: float = 0.0
    """How long a model's answer is taken again for the same call; 0: never."""
    log_level: str = "info"
    sources: dict[str, Source] = {}
    """Where each value is from that isn't the default, by its name in orchestra.toml."""
    terminal: str = ""
    """What the terminal calls itself, for pictures inside it."""

    def project(self, name: str) -> ProjectSettings | None:
        """What is set for the project of this name."""
        wanted = name_key(name)
        return next((held for held in self.projects if name_key(held.name) == wanted), None)

    @property
    def seal_keys(self) -> Path:
        """The file of the keys that seal approvals and the audit log."""
        return self.audit.keys_in(self.data)

    @cached_property
    def redactor(self) -> Redactor:
        """The one redactor of this process, in front of the store, logs and sends (law 8)."""
        return Redactor(self.secrets())

    def secrets(self) -> tuple[str, ...]:
        """Every secret, for the redactor in front of logs and sends (law 8)."""
        held = [self.database_url, *(endpoint.api_key for endpoint in self.endpoints)]
        if self.slack is not None:
            held += [self.slack.bot_token, self.slack.app_token]
        held += [self.discord.token] if self.discord is not None else []
        values = [secret.get_secret_value() for secret in (*held, *self.external.every_secret())]
        return tuple(value for value in values if value not in {"", "none"})


def load(
    *,
    config: Path | None = None,
    data: Path | None = None,
    workspace: Path | None = None,
    per_workspace: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Read the environment and orchestra.toml; what is given here goes before both.

    `per_workspace` gives every workspace its own sub-folder of the usual data folder, so that
    two chats in two folders do not meet. Raises Misconfigured with a sentence.
    """
    env = with_secret_files(os.environ if environ is None else environ)  # noqa: TID251 - the one reader
    folder = workspace_of(_given(workspace, env, "ORCHESTRA_WORKSPACE") or Path.cwd())
    chosen = _given(data, env, "ORCHESTRA_DATA")
    named = _given(config, env, "ORCHESTRA_CONFIG")
    usual = usual_data(env)
    file, path = _file(named, folder, chosen or usual)
    base, ours = (folder, ()) if path is None else (path.resolve().parent, (path.resolve(),))
    if workspace is None and file.workspace:
        folder = workspace_of(base / Path(file.workspace).expanduser())
    chosen = chosen or (base / Path(file.data).expanduser() if file.data else None)
    kept = (chosen or own_data(usual, folder, per_workspace=per_workspace)).resolve()
    mine = (kept, *ours, *audit_of(file.audit, env, base).kept)
    return _settings(file, path, Place(env, base, mine), folder)


def _file(named: Path | None, workspace: Path, data: Path) -> tuple[ConfigFile, Path | None]:
    """The settings file that was named, or the first that is found; those are not all trusted."""
    path = named or _find(workspace, data)
    if path is None:
        return ConfigFile(), None
    file = read(path)
    if named is None and path.parent != data:
        refuse_foreign(file, path)
    return file, path


def _given(path: Path | None, env: Mapping[str, str], name: str) -> Path | None:
    text = env.get(name, "").strip()
    return path or (Path(text).expanduser() if text else None)


def _settings(file: ConfigFile, path: Path | None, place: Place, workspace: Path) -> Settings:
    env = place.env
    endpoints = _endpoints(env, file.models)
    return Settings(
        data=place.kept[0],
        workspace=workspace,
        config=path,
        database_url=SecretStr(env.get("ORCHESTRA_DATABASE_URL", "") or file.database_url),
        endpoints=endpoints,
        search=_search(file.search, endpoints),
        ollama_url=env.get("ORCHESTRA_OLLAMA_URL", file.ollama).rstrip("/"),
        slack=slack_of(env, file.slack),
        discord=discord_of(env, file.discord),
        web=web_of(file.web),
        web_serves=file.web.serve,
        projects=tuple(_project(name, table, place.base) for name, table in file.projects.items()),
        external=external(file.agents, file.mcp, place).model_copy(
            update={"checkers": checkers(file.checks, place)}
        ),
        pace_s=file.pace_s,
        language=file.language,
        admins=file.admins,
        people=file.people,
        guests=file.guests,
        audit=audit_of(file.audit, env, place.base),
        quotas=quotas_of(file.quotas),
        direct_budget_micro_usd=round(file.direct_budget_usd * 1_000_000),
        patience_s=file.patience_s,
        retention_days=file.retention_days,
        cache_s=file.cache_s,
        sources=_sources(file, env),
        log_level=_log_level(env.get("ORCHESTRA_LOG_LEVEL", "") or file.log_level),
        terminal=env.get("TERM_PROGRAM", "") or env.get("TERM", ""),
    )


_VARIABLES: Final = {
    "data": "ORCHESTRA_DATA",
    "workspace": "ORCHESTRA_WORKSPACE",
    "database_url": "ORCHESTRA_DATABASE_URL",
    "ollama": "ORCHESTRA_OLLAMA_URL",
    "log_level": "ORCHESTRA_LOG_LEVEL",
}


def _sources(file: ConfigFile, env: Mapping[str, str]) -> dict[str, Source]:
    """Where what was set was set; the environment goes before the file."""
    found: dict[str, Source] = dict.fromkeys(file.model_fields_set, "settings file")
    for name, project in file.projects.items():
        found |= dict.fromkeys(
            (f"projects.{name}.{field}" for field in project.model_fields_set), "settings file"
        )
    found |= {f"models.{name_key(name)}": "settings file" for name in file.models}
    found |= {
        name: "environment"
        for name, variable in _VARIABLES.items()
        if env.get(variable, "").strip()
    }
    return found


def _log_level(text: str) -> str:
    if text.lower() not in {"debug", "info", "warning", "error"}:
        raise Misconfigured("Set ORCHESTRA_LOG_LEVEL to debug, info, warning or error.")
    return text.lower()


def _find(workspace: Path, data: Path) -> Path | None:
    places = (Path.cwd(), workspace, data)
    return next((path for place in places if (path := place / CONFIG_NAME).is_file()), None)


def _endpoints(
    env: Mapping[str, str], tables: Mapping[str, ModelTable]
) -> tuple[ModelEndpoint, ...]:
    found = {
        endpoint.name: endpoint
        for provider in PROVIDERS
        if (endpoint := provider.endpoint(env)) is not None
    }
    for name, table in tables.items():
        known = found.get(AgentName(name_key(name)))
        found[AgentName(name_key(name))] = _endpoint(name, table, env, known)
    return tuple(found.values())


def _search(table: SearchTable, endpoints: Sequence[ModelEndpoint]) -> EmbeddingEndpoint | None:
    if not table.endpoint and not table.model:
        return None
    wanted = name_key(table.endpoint)
    named = [known for known in endpoints if wanted in {known.name, known.provider}][:1]
    if not named or not table.model:
        raise Misconfigured(
            "[search] needs a model that embeds, and an endpoint: a provider whose key is set, or "
            "the name of a [models.NAME]."
        )
    (endpoint,) = named
    return EmbeddingEndpoint(
        base_url=endpoint.base_url,
        api_key=endpoint.api_key,
        model=table.model,
        provider=endpoint.provider,
        price_model=table.price_model or table.model,
        local=endpoint.local,
        floor=table.floor,
        timeout_s=table.timeout_s,
    )


def _endpoint(
    name: str, table: ModelTable, env: Mapping[str, str], known: ModelEndpoint | None
) -> ModelEndpoint:
    key = _key(name, table, env)
    base = known or _own_endpoint(name, table)
    base_url, model = table.base_url or base.base_url, table.model or base.model
    local = is_loopback(base_url)
    return ModelEndpoint(
        name=base.name,
        title=table.title or base.title,
        provider=base.provider,
        base_url=base_url,
        model=model,
        api_key=key or base.api_key,
        aliases=table.aliases or base.aliases,
        price_model=table.price_model or model,
        local=local,
        timeout_s=table.timeout_s,
        limits=limits_of(table),
        recovery=recovery_of(table),
    )


def _own_endpoint(name: str, table: ModelTable) -> ModelEndpoint:
    """What is the usual for a server that is no known provider's."""
    if not table.base_url or not table.model:
        raise Misconfigured("[models.{name}] needs a base_url and a model.", name=name)
    provider = "local" if is_loopback(table.base_url) else name_key(name)
    return ModelEndpoint(
        name=AgentName(name_key(name)),
        title=name,
        provider=provider,
        base_url=table.base_url,
        model=table.model,
        api_key=SecretStr("none"),
        price_model=table.model,
    )


def _key(name: str, table: ModelTable, env: Mapping[str, str]) -> SecretStr | None:
    if not table.api_key_env:
        return None
    key = env.get(table.api_key_env, "").strip()
    if not key:
        raise Misconfigured(
            "[models.{name}] takes its key from {variable}, which isn't set. Set it, or remove "
            "api_key_env if the server needs no key.",
            name=name,
            variable=table.api_key_env,
        )
    return SecretStr(key)


def _project(name: str, table: ProjectTable, base: Path) -> ProjectSettings:
    return ProjectSettings(
        name=name,
        root=(base / Path(table.root).expanduser()).resolve() if table.root else None,
        channels=table.channels,
        owners=table.owners,
        approvers=table.approvers,
        owner_groups=table.owner_groups,
        approver_groups=table.approver_groups,
        viewer_groups=table.viewer_groups,
        quorum=table.quorum,
        requester_may_approve=table.requester_may_approve,
        budget_micro_usd=None if table.budget_usd is None else round(table.budget_usd * 1_000_000),
        zone=table.zone,
        routing=Routing(
            dial=table.quality,
            exploration=table.exploration,
            half_life_days=table.half_life_days,
        ),
    )
