"""Runs, their tasks and attempts, and how those end."""

from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from pydantic import Field

from memory.model.base import AgentName, Model, PlanHash, ProjectId, RunId, TaskKey
from memory.model.work.value import Value


class RunState(StrEnum):
    """The state a run is in."""

    RUNNING = "running"
    PAUSED = "paused"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self in {RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED}


class TaskState(StrEnum):
    """The state a task is in."""

    WAITING = "waiting"
    """For the tasks it needs."""
    READY = "ready"
    RUNNING = "running"
    ASKING = "asking"
    """A person was asked and has not answered."""
    SUCCEEDED = "succeeded"
    SKIPPED = "skipped"
    """What it was to be done for did not hold; no failure."""
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self in {
            TaskState.SUCCEEDED, TaskState.SKIPPED, TaskState.FAILED, TaskState.CANCELLED,
        }  # fmt: skip


MOST_USED: Final = 10**15
"""A billion dollars, or as many tokens."""


class Usage(Model):
    """What a call used. `cost_micro_usd` is None where the price is unknown (which is not 0).

    Nobody gives money back by telling less than nothing, or more than a row can hold.
    """

    tokens_in: int = Field(default=0, ge=0, le=MOST_USED)
    tokens_out: int = Field(default=0, ge=0, le=MOST_USED)
    requests: int = Field(default=0, ge=0, le=MOST_USED)
    cost_micro_usd: int | None = Field(default=0, ge=0, le=MOST_USED)
    estimated: bool = False
    """Tokens and cost are reckoned from what came: a reply was cut, or didn't tell its tokens."""


class Used(Model):
    """What another agent than the task's own used in an attempt."""

    agent: AgentName
    usage: Usage


class Reviewed(Model):
    """What a reviewer made of a result: whether it approved it, after how many rounds of changes."""

    agent: AgentName
    approved: bool
    rounds: int = 0


class Succeeded(Model):
    """The attempt gave a value."""

    kind: Literal["succeeded"] = "succeeded"
    value: Value
    usage: Usage
    others: tuple[Used, ...] = ()
    note: str = ""
    """What is worth knowing of how it came about."""
    cached: bool = False
    """The agent was not asked: its answer to the same call before was taken."""
    reviewed: Reviewed | None = None


class Failed(Model):
    """The attempt failed. `code` is the error's class; `text` is for people."""

    kind: Literal["failed"] = "failed"
    code: str
    text: str
    retryable: bool
    retry_after_s: float | None = None
    usage: Usage = Usage()
    others: tuple[Used, ...] = ()
    not_its_own: bool = False
    """It says nothing about the agent: an answer from before was of no use, or a reviewer failed."""


class Asking(Model):
    """The task now waits for a person's answer (a row, not a waiting workflow)."""

    kind: Literal["asking"] = "asking"
    wait_id: str


class Held(Model):
    """The attempt did not come to its end: paused, cancelled, or no money left. Nothing was changed."""

    kind: Literal["held"] = "held"
    reason: Literal["paused", "cancelled", "budget"]
    text: str
    usage: Usage = Usage(cost_micro_usd=None)
    others: tuple[Used, ...] = ()


Outcome = Succeeded | Failed | Asking | Held


class TaskView(Model):
    """A task of a run, for showing."""

    key: TaskKey
    title: str
    agent: AgentName
    state: TaskState
    attempts: int = 0
    cost_micro_usd: int = 0
    note: str = ""
    """What is worth knowing: "moved to Gemini: Claude timed out"."""
    said: str = ""
    """What its agent said last, while it runs. Untrusted."""
    value: Value | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    items: tuple["TaskView", ...] = ()
    """Of a map: what is done for each item, in order; they are not among the run's tasks."""


class RunView(Model):
    """A run, for showing."""

    id: RunId
    project: ProjectId
    plan_hash: PlanHash
    title: str
    state: RunState
    simulated: bool
    tasks: tuple[TaskView, ...]
    cost_micro_usd: int
    unpriced: bool = False
    """Some cost could not be told."""
    started_at: datetime
    finished_at: datetime | None = None
    problem: str = ""

    @property
    def pieces(self) -> tuple[TaskView, ...]:
        """The tasks, with each map replaced by its items."""
        return tuple(piece for task in self.tasks for piece in task.items or (task,))
