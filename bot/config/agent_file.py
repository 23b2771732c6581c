"""[agents.NAME] and [mcp.NAME] of orchestra.toml: their shape."""

from typing import Literal

from pydantic import Field

from memory.model.agents.spec import AgentLimits, AgentRecovery
from memory.model.base import Model

Effect = Literal["read", "write", "publish", "exec"]
Names = tuple[str, ...]


class Limited(Model):
    """How much it is given at a time, over all projects; 0 is no limit.

    And what is done when it fails, as in AgentRecovery; 0 is the usual.
    """

    concurrency: int = Field(default=0, ge=0, le=10_000)
    requests_per_minute: int = Field(default=0, ge=0, le=10_000_000)
    tokens_per_minute: int = Field(default=0, ge=0, le=10_000_000_000)
    attempts: int = Field(default=0, ge=0, le=10)
    backoff_s: float = Field(default=0.0, ge=0, le=3600)
    backoff_cap_s: float = Field(default=0.0, ge=0, le=24 * 3600)
    breaker_failures: int = Field(default=0, ge=0, le=1000)
    breaker_rest_s: float = Field(default=0.0, ge=0, le=24 * 3600)


def limits_of(table: Limited) -> AgentLimits:
    """The limits a table sets."""
    return AgentLimits(
        concurrency=table.concurrency,
        requests_per_minute=table.requests_per_minute,
        tokens_per_minute=table.tokens_per_minute,
    )


def recovery_of(table: Limited) -> AgentRecovery:
    """What a table says of failures."""
    return AgentRecovery(
        attempts=table.attempts,
        backoff_s=table.backoff_s,
        backoff_cap_s=table.backoff_cap_s,
        breaker_failures=table.breaker_failures,
        breaker_rest_s=table.breaker_rest_s,
    )


class AgentTable(Limited):
    """A program (`command`, or a name that is known) or a webhook (`url`).

    `secrets` and the other `_env` settings name variables of the environment; what is secret
    stands there, not here. In `env` and `headers`, `secret:NAME` stands for a project's secret,
    and in `inject` `env:NAME` for a variable, too. `network` may be a list of hosts.
    """

    command: Names = ()
    url: str = Field(default="", pattern=r"^(https?://.+)?$")
    title: str = ""
    description: str = ""
    aliases: Names = ()
    types: Names = ()
    secrets: Names = ()
    env: dict[str, str] = {}
    reads: Names = ()
    writes: Names = ()
    write: bool = True
    network: bool | Names = True
    inject: dict[str, dict[str, str]] = {}
    folder: str = "."
    timeout_s: float = Field(default=1800.0, gt=0, le=24 * 3600)
    memory_mb: int = Field(default=4000, ge=50, le=1_000_000)
    disk_mb: int = Field(default=10_000, ge=1, le=100_000_000)
    free: bool = False
    usd_per_task: float = Field(default=0, ge=0, le=10_000)
    effect: Effect = "exec"
    output: Literal["text", "json"] = "text"
    signing_env: str = ""
    bearer_env: str = ""
    headers: dict[str, str] = {}


class CheckTable(Model):
    """[checks.NAME]: a program that is given what tasks of these types gave; 0 means it is good."""

    command: Names = Field(min_length=1)
    types: Names = Field(min_length=1)
    timeout_s: float = Field(default=60.0, gt=0, le=3600)


class McpTable(Model):
    """A server of tools, started by `command` or reached at `url`."""

    command: Names = ()
    url: str = Field(default="", pattern=r"^(https?://.+)?$")
    title: str = ""
    secrets: Names = ()
    env: dict[str, str] = {}
    bearer_env: str = ""
    headers_env: dict[str, str] = {}
    reads: Names = ()
    writes: Names = ()
    network: bool | Names = True
    inject: dict[str, dict[str, str]] = {}
    effects: dict[str, Effect] = {}
    content: Names = ()
    timeout_s: float = Field(default=120.0, gt=0, le=24 * 3600)
    memory_mb: int = Field(default=2000, ge=50, le=1_000_000)
    disk_mb: int = Field(default=10_000, ge=1, le=100_000_000)
