"""What can do work: agents and tools, described so that a planner can choose and a gate check."""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final, Literal, TypeVar

from pydantic import Field, JsonValue

from memory.model.base import AgentName, Model, name_key
from memory.model.work.check import OwnerCheck


class EffectClass(StrEnum):
    """What a task may change, from harmless to high risk."""

    READ = "read"
    WRITE = "write"
    CONFIGURE = "configure"
    """Write a file that decides how other things work; told by its name (`configures`)."""
    PUBLISH = "publish"
    EXEC = "exec"


WRITES: Final = frozenset({EffectClass.WRITE, EffectClass.CONFIGURE, EffectClass.PUBLISH})
"""What puts a file into the project's folder."""


class AgentKind(StrEnum):
    """How an agent is reached."""

    MODEL = "model"
    TOOL = "tool"
    HUMAN = "human"
    SIMULATED = "simulated"
    COMMAND = "command"
    """A program on this machine that is told in words what to do."""
    WEBHOOK = "webhook"
    """A service that is told in words what to do."""


Kind = Literal["text", "table", "file", "json"]
"""The kinds of values that tasks give."""

T = TypeVar("T")
MaybeEmpty = Annotated[T, Field(exclude_if=lambda value: not value)]
"""Left out where it is empty, so that what was stored before reads and hashes as it did."""

INSTRUCTED = frozenset({AgentKind.MODEL, AgentKind.COMMAND, AgentKind.WEBHOOK})
"""Agents that are told in words what to do."""


class Parameter(Model):
    """One named input of an agent or tool.

    A `control` slot decides where an effect goes (path, url, sql, recipient): its value is a
    constant of the approved plan. A `content` slot may be fed by an earlier task (law 4).
    """

    name: str
    description: str
    type: Literal["text", "number", "boolean", "path", "url", "table", "file", "list", "json"]
    slot: Literal["control", "content"] = "content"
    required: bool = True
    default: JsonValue = None
    choices: tuple[str, ...] = ()
    takes: MaybeEmpty[tuple[Kind, ...]] = ()
    """The kinds of values of earlier tasks it can be fed; empty where only its type says so."""
    endings: MaybeEmpty[tuple[str, ...]] = ()
    """The endings its files may have, the usual one first: (".png",)."""
    sample: MaybeEmpty[JsonValue] = None
    """A value that works, for prompts and tests."""


class AgentLimits(Model):
    """How much an agent is given at a time, over all workers and projects; 0 is no limit.

    Minutes are the sixty seconds before now.
    """

    concurrency: int = Field(default=0, ge=0)
    requests_per_minute: int = Field(default=0, ge=0)
    tokens_per_minute: int = Field(default=0, ge=0)

    @property
    def any(self) -> bool:
        """Whether there is a limit at all."""
        return bool(self.concurrency or self.requests_per_minute or self.tokens_per_minute)


NO_LIMITS = AgentLimits()


class AgentRecovery(Model):
    """What is done when an agent fails, where it differs from what is usual; 0 is the usual.

    `attempts` at a task; pauses from `backoff_s` up to `backoff_cap_s`; after `breaker_failures`
    in a row it is left alone for `breaker_rest_s`.
    """

    attempts: int = Field(default=0, ge=0, le=10)
    backoff_s: float = Field(default=0.0, ge=0, le=3600)
    backoff_cap_s: float = Field(default=0.0, ge=0, le=24 * 3600)
    breaker_failures: int = Field(default=0, ge=0, le=1000)
    breaker_rest_s: float = Field(default=0.0, ge=0, le=24 * 3600)


USUAL = AgentRecovery()


class AgentSpec(Model):
    """An entry of the catalogue: all that planners, prompts and gates know of an agent or tool.

    `task_types` are the words it is good for ("draft", "data.query"); `output` is the type its
    reply's value has; `price_model` names a model in the price list ("" costs nothing).
    """

    name: AgentName
    kind: AgentKind
    title: str
    description: str
    task_types: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
    output: Kind = "text"
    gives: MaybeEmpty[tuple[str, ...]] = ()
    """The names of the fields that its result has, where they are known."""
    effect: EffectClass = EffectClass.READ
    idempotent: bool = True
    provider: str = ""
    price_model: str = ""
    task_micro_usd: MaybeEmpty[int] = 0
    """What a task of it is said to cost where it doesn't tell: a share of its subscription."""
    aliases: tuple[str, ...] = ()
    words: MaybeEmpty[tuple[str, ...]] = ()
    """What people call it or what it makes: ("chart", "graph", "plot")."""
    file_rule: MaybeEmpty[str] = ""
    """What kind of file it writes, as the beginning of a sentence: "A chart is a PNG file"."""
    usual_s: MaybeEmpty[tuple[float, float] | None] = None
    """How long it usually takes, fast and slow, in seconds; None where nobody knows."""
    local: bool = True
    """Whether what it is given stays on this machine."""
    target: str = ""
    """What it changes where none of its inputs says it: "codex in the project folder"."""
    limits: AgentLimits = Field(default=NO_LIMITS, exclude_if=lambda limits: not limits.any)
    recovery: AgentRecovery = Field(default=USUAL, exclude_if=lambda recovery: recovery == USUAL)

    def answers_to(self, name: str) -> bool:
        """Whether the name means this agent (names do not depend on case)."""
        wanted = name_key(name)
        return wanted in {name_key(self.name), name_key(self.title)} | {
            name_key(alias) for alias in self.aliases
        }


class Catalogue(Model):
    """All that can do work now, in order of preference, and the owner's programs that check it."""

    agents: tuple[AgentSpec, ...]
    checks: tuple[OwnerCheck, ...] = ()

    @cached_property
    def _held(self) -> "list[_Index]":
        return []

    @property
    def _index(self) -> "_Index":
        """Made once; a copy with other agents has another, though it's copied with this one."""
        held = self._held
        if not held or held[0].agents is not self.agents:
            held[:] = [_Index(self.agents)]
        return held[0]

    @property
    def instructed(self) -> tuple[AgentSpec, ...]:
        """Those that are told in words what to do."""
        return self._index.instructed

    def find(self, name: str) -> AgentSpec | None:
        """The agent that answers to the name."""
        return self._index.by_name.get(name_key(name))

    def able(self, task_type: str) -> tuple[AgentSpec, ...]:
        """Everyone who can do this type of task."""
        return self._index.by_type.get(task_type, ())


class _Index:
    """The agents by what they are looked for by; thousands of them are looked through seldom."""

    def __init__(self, agents: tuple[AgentSpec, ...]) -> None:
        self.agents = agents
        self.by_name: dict[str, AgentSpec] = {}
        self.instructed = tuple(agent for agent in agents if agent.kind in INSTRUCTED)
        by_type: dict[str, list[AgentSpec]] = {}
        for agent in agents:
            for name in (agent.name, agent.title, *agent.aliases):
                self.by_name.setdefault(name_key(name), agent)
            for task_type in dict.fromkeys(agent.task_types):
                by_type.setdefault(task_type, []).append(agent)
        self.by_type = {kind: tuple(able) for kind, able in by_type.items()}
