"""[agents.NAME] and [mcp.NAME] as the agents they mean: presets filled in, secrets fetched."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.config.agent_file import AgentTable, CheckTable, McpTable, limits_of, recovery_of
from memory.model.agents.external import Checker, ExternalAgents, Hook, Program, Server
from memory.model.agents.handles import names_in
from memory.model.agents.spec import EffectClass
from memory.model.base import AgentName, name_key
from memory.model.errors import Misconfigured
from memory.model.money import USD

USUAL_PATH = "/usr/local/bin:/usr/bin:/bin"
_VARIABLE = re.compile(r"\benv:([A-Za-z_]\w*)")
SERVER_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,31}$")


@dataclass(frozen=True)
class Preset:
    """A program that is known by its name.

    `keys` are the variables its key may stand in; where none is set it needs its `login` folders.
    """

    title: str
    command: tuple[str, ...]
    keys: tuple[str, ...]
    login: tuple[str, ...]
    aliases: tuple[str, ...] = ()


PRESETS: Mapping[str, Preset] = {
    "codex": Preset(
        title="Codex",
        # Codex' own sandbox inside ours; `-` takes the task from standard input.
        command=(
            "codex", "exec", "--json", "--skip-git-repo-check", "--sandbox", "workspace-write", "-",
        ),
        keys=("CODEX_API_KEY", "OPENAI_API_KEY"),
        login=("~/.codex",),
    ),
    "claude-code": Preset(
        title="Claude Code",
        command=(
            "claude", "-p", "--output-format", "stream-json", "--verbose",
            "--permission-mode", "acceptEdits",
        ),
        keys=("ANTHROPIC_API_KEY",),
        login=("~/.claude", "~/.claude.json"),
        aliases=("claude code",),
    ),
    "gemini-cli": Preset(
        title="Gemini CLI",
        command=("gemini", "--output-format", "stream-json", "--approval-mode", "auto_edit"),
        keys=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        login=("~/.gemini",),
        aliases=("gemini cli",),
    ),
}  # fmt: skip
TYPES = ("code", "review", "analyse", "general")


@dataclass(frozen=True)
class Place:
    """Where the settings come from: the environment, the file's folder, and what is ours."""

    env: Mapping[str, str]
    base: Path
    kept: tuple[Path, ...] = ()

    def path(self) -> str:
        """Where programs are looked for."""
        return self.env.get("PATH", "").strip() or USUAL_PATH

    def paths(self, names: Iterable[str]) -> tuple[Path, ...]:
        """The paths, from the settings file's folder on; `~` is the user's home."""
        return tuple((self.base / self._home(name)).resolve() for name in names)

    def secret(self, table: str, name: str) -> SecretStr:
        """The variable's value. Raises Misconfigured where it is not set."""
        value = self.env.get(name, "").strip()
        if not value:
            raise Misconfigured(
                "[{table}] takes {name} from the environment, but it isn't set.",
                table=table,
                name=name,
            )
        return SecretStr(value)

    def _home(self, text: str) -> Path:
        home = self.env.get("HOME", "").strip()
        return Path(home + text[1:]) if home and text.startswith("~/") else Path(text).expanduser()

    def login(self, preset: Preset) -> tuple[Path, ...]:
        """The folders in which the program keeps who is logged in, where they are there."""
        return tuple(path for path in self.paths(preset.login) if path.exists())


def external(
    agents: Mapping[str, AgentTable], mcp: Mapping[str, McpTable], place: Place
) -> ExternalAgents:
    """Everything that is set up. Raises Misconfigured with a sentence."""
    programs, hooks = [], []
    for name, table in agents.items():
        if table.url and not table.command:
            hooks.append(_hook(name, table, place))
        else:
            programs.append(_program(name, table, place))
    servers = tuple(_server(name, table, place) for name, table in mcp.items())
    return ExternalAgents(programs=tuple(programs), servers=servers, hooks=tuple(hooks))


def checkers(tables: Mapping[str, CheckTable], place: Place) -> tuple[Checker, ...]:
    """The owner's own checks."""
    return tuple(
        Checker(
            name=name,
            command=_beside(table.command, place),
            task_types=table.types,
            path=place.path(),
            timeout_s=table.timeout_s,
        )
        for name, table in tables.items()
    )


def _beside(command: tuple[str, ...], place: Place) -> tuple[str, ...]:
    """A path in it is one from the settings file's folder on, never from a project's."""
    program, *rest = command
    return (str(place.paths([program])[0]) if "/" in program else program, *rest)


def _program(name: str, table: AgentTable, place: Place) -> Program:
    preset = PRESETS.get(name_key(name), Preset(title=name, command=(), keys=(), login=()))
    command = table.command or preset.command
    if table.url or not command:
        raise Misconfigured(
            "[agents.{name}] needs either a command or a url (not both), unless its name is "
            "one of {presets}.",
            name=name,
            presets=", ".join(PRESETS),
        )
    secrets, login = _access(name, table, preset, place)
    home = {"HOME": place.env.get("HOME", "")} if login else {}
    return Program(
        name=AgentName(name_key(name)),
        title=table.title or preset.title,
        command=command,
        description=table.description,
        task_types=table.types or TYPES,
        aliases=table.aliases or preset.aliases,
        path=place.path(),
        env=home | table.env,
        secrets=secrets,
        reads=place.paths(table.reads),
        writes=(*place.paths(table.writes), *login),
        writable=table.write,
        network=table.network is True and not table.inject,
        hosts=_hosts(table),
        inject=_injected(f"agents.{name}", table, place),
        folder=table.folder,
        timeout_s=table.timeout_s,
        memory_bytes=table.memory_mb * 1_000_000,
        written_bytes=table.disk_mb * 1_000_000,
        free=table.free,
        task_micro_usd=round(table.usd_per_task * USD),
        kept=place.kept,
        limits=limits_of(table),
        recovery=recovery_of(table),
    )


def _access(
    name: str, table: AgentTable, preset: Preset, place: Place
) -> tuple[dict[str, SecretStr], tuple[Path, ...]]:
    """Its secrets, and the folders of its login where it has no key."""
    secrets = {key: place.secret(f"agents.{name}", key) for key in table.secrets}
    if secrets.keys() & set(preset.keys):
        return secrets, ()
    keys = {key: SecretStr(place.env[key]) for key in preset.keys if place.env.get(key)}
    return secrets | keys, () if keys else place.login(preset)


def _hook(name: str, table: AgentTable, place: Place) -> Hook:
    where = f"agents.{name}"
    headers = {}
    if table.bearer_env:
        headers["Authorization"] = _bearer(place.secret(where, table.bearer_env))
    return Hook(
        name=AgentName(name_key(name)),
        title=table.title or name,
        url=table.url,
        description=table.description,
        task_types=table.types or ("general",),
        aliases=table.aliases,
        secret=place.secret(where, table.signing_env) if table.signing_env else SecretStr(""),
        headers=headers,
        given=table.headers,
        output=table.output,
        effect=EffectClass(table.effect),
        timeout_s=table.timeout_s,
        free=table.free,
        task_micro_usd=round(table.usd_per_task * USD),
        limits=limits_of(table),
        recovery=recovery_of(table),
    )


def _server(name: str, table: McpTable, place: Place) -> Server:
    key, where = name_key(name), f"mcp.{name}"
    if not SERVER_NAME.match(key):
        raise Misconfigured(
            "[{where}]: use only letters, digits, - and _ in a server's name.", where=where
        )
    if bool(table.url) == bool(table.command):
        raise Misconfigured("[{where}] needs either a command or a url.", where=where)
    _refuse_handles(where, table)
    headers = {
        header: place.secret(where, variable) for header, variable in table.headers_env.items()
    }
    if table.bearer_env:
        headers["Authorization"] = _bearer(place.secret(where, table.bearer_env))
    return Server(
        name=AgentName(key),
        title=table.title or name,
        command=table.command,
        url=table.url,
        path=place.path(),
        env=table.env,
        secrets={name: place.secret(where, name) for name in table.secrets},
        headers=headers,
        reads=place.paths(table.reads),
        writes=place.paths(table.writes),
        network=table.network is True and not table.inject,
        hosts=_hosts(table),
        inject=_injected(where, table, place),
        effects={tool: EffectClass(effect) for tool, effect in table.effects.items()},
        content=table.content,
        timeout_s=table.timeout_s,
        memory_bytes=table.memory_mb * 1_000_000,
        written_bytes=table.disk_mb * 1_000_000,
    )


def _refuse_handles(where: str, table: McpTable) -> None:
    """Raise Misconfigured where a server, which all projects share, would get a project's secret."""
    injected = [text for headers in table.inject.values() for text in headers.values()]
    for name in names_in(" ".join([*table.env.values(), *injected])):
        raise Misconfigured(
            "[{where}] can't take secret:{name}: all projects share a server, and the secret is one "
            "project's. Set a variable of the environment and name it in secrets.",
            where=where,
            name=name,
        )


def _hosts(table: AgentTable | McpTable) -> tuple[str, ...] | None:
    """The only hosts it may reach; None where no proxy is asked for."""
    if isinstance(table.network, bool):
        return (("*",) if table.network else ()) if table.inject else None
    return table.network


def _injected(
    where: str, table: AgentTable | McpTable, place: Place
) -> dict[str, dict[str, SecretStr]]:
    """The headers by host, with the variables of the environment in them."""

    def value(text: str) -> SecretStr:
        filled = _VARIABLE.sub(lambda found: place.secret(where, found[1]).get_secret_value(), text)
        return SecretStr(filled)

    return {
        host.casefold(): {name: value(text) for name, text in headers.items()}
        for host, headers in table.inject.items()
    }


def _bearer(token: SecretStr) -> SecretStr:
    return SecretStr(f"Bearer {token.get_secret_value()}")
