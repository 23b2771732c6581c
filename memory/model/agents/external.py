"""Agents that are set up by the owner: programs, tool servers, webhooks. Never stored."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from memory.model.agents.handles import names_in
from memory.model.agents.spec import (
    NO_LIMITS,
    USUAL,
    AgentLimits,
    AgentRecovery,
    EffectClass,
)
from memory.model.base import AgentName, Model


class Program(Model):
    """A command-line agent.

    `command` is its argument list; an item may hold the slots `{instruction}` and `{context}`,
    and what has no slot comes on its standard input. `env` and `secrets` are all it sees of the
    environment, besides a PATH. In `env`, `secret:NAME` stands for a secret of the project.
    """

    name: AgentName
    title: str
    command: tuple[str, ...]
    description: str = ""
    task_types: tuple[str, ...] = ("code", "general")
    aliases: tuple[str, ...] = ()
    path: str
    """The PATH in which programs are looked for."""
    env: dict[str, str] = {}
    secrets: dict[str, SecretStr] = {}
    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()
    writable: bool = True
    """Whether it may change the project's folder; then its tasks run commands and need approval."""
    network: bool = True
    hosts: tuple[str, ...] | None = None
    """The only hosts it may reach, by a proxy; None leaves it to `network`."""
    inject: dict[str, dict[str, SecretStr]] = {}
    """Headers that the proxy puts in, by host, so that the program never holds them; `secret:NAME`
    in them stands for a secret of the project.
    """
    folder: str = "."
    """Where in the project it works."""
    timeout_s: float = 1800.0
    memory_bytes: int = 4_000_000_000
    written_bytes: int = 10_000_000_000
    free: bool = False
    """Whether its work costs nothing; else its price is unknown, which is not 0."""
    task_micro_usd: int = 0
    """What a task of it is said to cost where it doesn't tell itself; 0 where nobody says."""
    kept: tuple[Path, ...] = ()
    """Files of ours it must not change, wherever they lie."""
    limits: AgentLimits = NO_LIMITS
    recovery: AgentRecovery = USUAL


class Server(Model):
    """An MCP server, started by `command` or reached at `url` with these `headers`."""

    name: AgentName
    title: str
    command: tuple[str, ...] = ()
    url: str = ""
    path: str = ""
    env: dict[str, str] = {}
    secrets: dict[str, SecretStr] = {}
    headers: dict[str, SecretStr] = {}
    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()
    network: bool = True
    hosts: tuple[str, ...] | None = None
    inject: dict[str, dict[str, SecretStr]] = {}
    """As a Program's; all projects share a server, so no project's secrets are in it."""
    effects: dict[str, EffectClass] = {}
    """What the owner says of a tool, against what the server says."""
    content: tuple[str, ...] = ()
    """Parameters that an earlier task may fill, though their tool changes something."""
    timeout_s: float = 120.0
    memory_bytes: int = 2_000_000_000
    written_bytes: int = 10_000_000_000


class Hook(Model):
    """A webhook: one POST of JSON, signed with `secret`, whose reply is the result."""

    name: AgentName
    title: str
    url: str
    description: str = ""
    task_types: tuple[str, ...] = ("general",)
    aliases: tuple[str, ...] = ()
    secret: SecretStr = SecretStr("")
    headers: dict[str, SecretStr] = {}
    given: dict[str, str] = {}
    """More headers, in which `secret:NAME` stands for a secret of the project that asks."""
    output: Literal["text", "json"] = "text"
    effect: EffectClass = EffectClass.EXEC
    timeout_s: float = 300.0
    free: bool = False
    task_micro_usd: int = 0
    limits: AgentLimits = NO_LIMITS
    recovery: AgentRecovery = USUAL


class Checker(Model):
    """A program that looks at what tasks of these types gave, and ends with 0 where it is good."""

    name: str
    command: tuple[str, ...]
    task_types: tuple[str, ...]
    path: str
    timeout_s: float = 60.0


class ExternalAgents(Model):
    """Every external agent, tool server, hook and checker of the settings."""

    programs: tuple[Program, ...] = ()
    servers: tuple[Server, ...] = ()
    hooks: tuple[Hook, ...] = ()
    checkers: tuple[Checker, ...] = ()

    def every_secret(self) -> tuple[SecretStr, ...]:
        """Every secret they are given, for the redactor."""
        held: list[Mapping[str, SecretStr]] = []
        for program in self.programs:
            held += [program.secrets, *program.inject.values()]
        for server in self.servers:
            held += [server.secrets, server.headers, *server.inject.values()]
        for hook in self.hooks:
            held += [{"": hook.secret}, hook.headers]
        secrets = itertools.chain.from_iterable(headers.values() for headers in held)
        bare = [secret.get_secret_value().removeprefix("Bearer ") for secret in secrets]
        return tuple(SecretStr(value) for value in bare if not names_in(value))
