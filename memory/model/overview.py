"""Rows of what is going on, for the people and commands that show it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RunRow:
    """A run; `done` of its `tasks` are over. `title` is its plan's."""

    id: str
    project: str
    project_name: str
    title: str
    state: str
    simulated: bool
    done: int
    tasks: int
    cost_micro_usd: int
    unpriced: bool
    problem: str
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class TaskRow:
    """A task of a run; `worker` has its open attempt, "" for none."""

    key: str
    state: str
    agent: str
    attempts: int
    note: str
    cost_micro_usd: int
    worker: str
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class AttemptRow:
    """A try at a task of a run; `reason` says why it failed."""

    id: str
    task_key: str
    number: int
    agent: str
    state: str
    code: str
    reason: str
    cost_micro_usd: int
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class AgentRow:
    """An agent since a moment; `credential` "" where no breaker of it ever had to say anything."""

    agent: str
    breaker: str
    failures: int
    opened_at: datetime | None
    waiting: int
    working: int
    succeeded: int
    failed: int
    cost_micro_usd: int

    @property
    def success_rate(self) -> float | None:
        """Of the attempts that ended; None before the first."""
        ended = self.succeeded + self.failed
        return self.succeeded / ended if ended else None


@dataclass(frozen=True)
class Worker:
    """A process that claims attempts; `beat_at` is when it last said that it lives."""

    id: str
    version: str
    started_at: datetime
    beat_at: datetime
