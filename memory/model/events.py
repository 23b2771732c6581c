"""News: what happened, as stored values (the only way parts hear of each other)."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from memory.model.base import AgentName, Model, RunId, TaskKey


class RunStarted(Model):
    """An approved plan started to run."""

    kind: Literal["run_started"] = "run_started"
    run: RunId
    simulated: bool = False


class TaskStarted(Model):
    """An agent started a task."""

    kind: Literal["task_started"] = "task_started"
    run: RunId
    task: TaskKey
    agent: AgentName
    attempt: int


class TaskSaid(Model):
    """An agent told what it is doing. Untrusted; of each task only the last words are kept."""

    kind: Literal["task_said"] = "task_said"
    run: RunId
    task: TaskKey
    attempt: int
    text: str


class TaskSucceeded(Model):
    """A task gave its value."""

    kind: Literal["task_succeeded"] = "task_succeeded"
    run: RunId
    task: TaskKey
    agent: AgentName


class TaskRetrying(Model):
    """An attempt failed and another follows, perhaps with another agent."""

    kind: Literal["task_retrying"] = "task_retrying"
    run: RunId
    task: TaskKey
    agent: AgentName
    next_agent: AgentName
    delay_s: float
    reason: str


class TaskWaits(Model):
    """Nobody who could do the task can be reached; it goes on by itself."""

    kind: Literal["task_waits"] = "task_waits"
    run: RunId
    task: TaskKey
    agent: AgentName
    reason: str


class TaskFailed(Model):
    """A task has no attempt left."""

    kind: Literal["task_failed"] = "task_failed"
    run: RunId
    task: TaskKey
    agent: AgentName
    reason: str


class TaskSkipped(Model):
    """A task is not done, because what it was to be done for does not hold."""

    kind: Literal["task_skipped"] = "task_skipped"
    run: RunId
    task: TaskKey
    reason: str


class PersonAsked(Model):
    """A task waits for somebody's answer."""

    kind: Literal["person_asked"] = "person_asked"
    run: RunId
    task: TaskKey
    wait_id: str


class RunPaused(Model):
    """A run stopped starting tasks."""

    kind: Literal["run_paused"] = "run_paused"
    run: RunId
    reason: str


class RunResumed(Model):
    """A paused run goes on."""

    kind: Literal["run_resumed"] = "run_resumed"
    run: RunId


class RunFinished(Model):
    """A run is over; `state` says how."""

    kind: Literal["run_finished"] = "run_finished"
    run: RunId
    state: Literal["succeeded", "failed", "cancelled"]


class BudgetAlert(Model):
    """A budget passed a threshold, or at 100 has no room for the `needed` of the next task."""

    kind: Literal["budget_alert"] = "budget_alert"
    budget: str
    percent: int
    spent_micro_usd: int
    limit_micro_usd: int
    paused: bool
    run: RunId | None = None
    needed_micro_usd: int = 0


News = (
    RunStarted
    | TaskStarted
    | TaskSaid
    | TaskSucceeded
    | TaskRetrying
    | TaskWaits
    | TaskFailed
    | TaskSkipped
    | PersonAsked
    | RunPaused
    | RunResumed
    | RunFinished
    | BudgetAlert
)

NEWS: TypeAdapter[News] = TypeAdapter(Annotated[News, Field(discriminator="kind")])
"""Reads a stored event back."""
