"""Budgets: how much may be spent by whom and in what time (laws 10, 11)."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from memory.model.base import Model, ProjectId, name_key, sha256

THRESHOLDS: tuple[int, ...] = (50, 75, 90, 100)
"""Percentages at which the channel is told."""


class Period(StrEnum):
    """How often a budget starts anew, in its zone's calendar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TOTAL = "total"


class Budget(Model):
    """A limit on one scope of a project.

    `subject` names the agent, person (identity key) or run; "" for the whole project. A zero
    `limit_micro_usd` means that no money may be spent at all.
    """

    id: str
    project: ProjectId
    name: str
    scope: Literal["project", "agent", "person", "run"] = "project"
    subject: str = ""
    period: Period = Period.MONTH
    limit_micro_usd: int = Field(ge=0)
    limit_tokens: int | None = None
    zone: str = "UTC"
    auto_pause: bool = True


class BudgetState(Model):
    """A budget with what was spent and promised in its present period."""

    budget: Budget
    period_start: datetime
    spent_micro_usd: int = 0
    reserved_micro_usd: int = 0
    tokens: int = 0
    alerted_percent: int = 0

    @property
    def percent(self) -> int:
        """How much of the limit is spent, in whole per cent, rounded down (limit 0: 100)."""
        if self.budget.limit_micro_usd == 0:
            return 100
        return self.spent_micro_usd * 100 // self.budget.limit_micro_usd


def budget_id(project: ProjectId, name: str) -> str:
    """The id under which a project's budget of this name is kept, however it was set."""
    return f"bud_{sha256(f'{project}:{name_key(name)}'.encode())[:16]}"
