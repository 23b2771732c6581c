"""A schedule's row, and the approvals it runs under."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from memory.model.base import PlanHash, ProjectId
from memory.model.identity import Identity, Role, ThreadRef
from memory.model.timing.schedule import Schedule


class ScheduleState(StrEnum):
    """The state a schedule is in."""

    ACTIVE = "active"
    PAUSED = "paused"
    ASKING = "asking"
    """Its plan or price changed; it does nothing before the new plan is approved."""
    DONE = "done"
    DELETED = "deleted"

    @property
    def over(self) -> bool:
        """Whether it will never be due again."""
        return self in {ScheduleState.DONE, ScheduleState.DELETED}


@dataclass(frozen=True)
class StoredSchedule:
    """A schedule's row. `number` is what people call it in the project."""

    id: str
    project: ProjectId
    number: int
    plan: PlanHash
    thread: ThreadRef
    title: str
    schedule: Schedule
    state: ScheduleState
    created_by: Identity
    created_at: datetime
    next_due: datetime | None


@dataclass(frozen=True)
class Standing:
    """One person's word that this plan may run whenever its schedule is due, up to that price.

    `holds`: its seal fits, so that it is as it was given; else it counts for nothing.
    """

    schedule: str
    plan: PlanHash
    person: str
    role: Role
    cost_cap_micro_usd: int
    effects: tuple[str, ...]
    at: datetime
    holds: bool = True
