"""The agent port: what the executor asks of everyone who does work."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from pydantic import JsonValue, SecretStr

from executor.egress.files import ProjectFiles
from executor.meter import Meter
from memory.model.agents.handles import names_in
from memory.model.agents.spec import AgentSpec
from memory.model.base import Model, ProjectId
from memory.model.errors import AgentRejected
from memory.model.work.graph import Task
from memory.model.work.run import Usage
from memory.model.work.value import File, Json, Table, Text, Value

Argument = JsonValue | Text | Table | File | Json
"""A constant of the plan, or the value of an earlier task."""


async def _no_secrets(text: str) -> SecretStr:
    """The text as it is. Raises AgentRejected where it stands for a secret."""
    for name in names_in(text):
        raise AgentRejected("There's no secret:{name} here.", name=name)
    return SecretStr(text)


@dataclass(frozen=True)
class Call:
    """One task, its inputs resolved. `effect_key` is the same for every attempt of the task."""

    project: ProjectId
    task: Task
    inputs: dict[str, Argument | Sequence[Argument]]
    files: ProjectFiles
    effect_key: str
    timeout_s: float
    complaint: str = ""
    """What was wrong with the reply before, where one was sent back. Untrusted: quote it."""
    say: Callable[[str], None] = lambda _text: None
    """Reports progress in a few words, for the channel."""
    watched: Callable[[Path], AbstractAsyncContextManager[None]] = lambda _folder: nullcontext()
    """Entered by who may change any file of the folder and has it alone: changes are kept."""
    fill: Callable[[str], Awaitable[SecretStr]] = _no_secrets
    """The text with the project's secrets in the place of their handles; for the boundary alone."""
    meter: Meter = field(default_factory=Meter)
    """Says what a call may cost, and counts each, however it ends."""


class Reply(Model):
    """What an agent gives back."""

    value: Value
    usage: Usage = Usage()


class Agent(Protocol):
    """Does one task. Owns no retries, no budget, no storage: the executor has those."""

    @property
    def spec(self) -> AgentSpec:
        """What it can do, for the catalogue."""
        ...

    async def run(self, call: Call) -> Reply:
        """Do the task once.

        Raises AgentUnavailable (try later), AgentRejected (do not), AgentMisbehaved (the reply
        is of no use) or BadInput (the inputs are of no use; the text says why). Cancelling it
        stops all it started.
        """
        ...


@runtime_checkable
class Probed(Protocol):
    """An agent that can be asked whether it is well, at no cost and without any effect."""

    async def healthy(self) -> bool:
        """Whether it can be reached and lets us in. Raises nothing."""
        ...
