"""Budgets: how much may be spent by whom and in what time (laws 10, 11)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from memory.model.base import Model, ProjectId, name_key, sha256
from memory.model.money import show_money
from memory.model.text import text

OWN: Final = "project"
"""The name of a project's own budget."""

THRESHOLDS: tuple[int, ...] = (50, 75, 90, 100)
"""Percentages at which the channel is told."""


class Period(StrEnum):
    """How often a budget starts anew, in its zone's calendar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TOTAL = "total"


class Mode(StrEnum):
    """What a budget does: count in silence, tell of its thresholds, or also let nothing past them."""

    OBSERVE = "observe"
    WARN = "warn"
    ENFORCE = "enforce"


Unit = Literal["usd", "tokens", "runs", "minutes"]
"""What is limited: money, tokens of models (in and out together), how many runs are started, or how
long agents work, that of several side by side added up.
"""

MINUTE_MS: Final = 60_000

CALL_TOKENS: Final = 10_000
"""What a call of an agent is reckoned with until it's known: a few pages in, a few out."""

RUN_SCOPES: Final[frozenset["Scope"]] = frozenset(
    {"installation", "project", "person", "template", "schedule"}
)
"""Whose runs can be counted; agents and tasks have parts of runs."""

Scope = Literal["installation", "project", "agent", "person", "template", "schedule", "run", "task"]
"""Whose spending is limited. Budgets nest: whatever is begun has to fit into all that count."""

EVERYWHERE: Final = ProjectId("")
"""Where limits of the whole installation are kept."""

NAMED: Final[frozenset[Scope]] = frozenset({"installation", "project", "agent", "person", "run"})
"""Scopes whose budgets are found by their names; the others by what they limit."""


class Budget(Model):
    """A limit on one scope of a project.

    `subject` names the agent, person (identity key), template, schedule (id), run, or task of a
    run (`task_subject`); "" for the whole project, or the installation. A zero `limit_micro_usd` means that no money
    may be spent at all. One subject may have a limit for each period and unit, and all of them
    hold. Amounts of the budget and of its state are in its `unit`: micro-USD, tokens, runs, or
    milliseconds for `minutes`.
    """

    id: str
    project: ProjectId
    name: str
    scope: Scope = "project"
    subject: str = ""
    period: Period = Period.MONTH
    limit_micro_usd: int = Field(ge=0)
    unit: Unit = "usd"
    zone: str = "UTC"
    mode: Mode = Mode.ENFORCE

    @model_validator(mode="before")
    @classmethod
    def _as_once_stored(cls, given: Any) -> Any:
        """Rows of before there were modes said only whether runs pause, and had a place for tokens."""
        if isinstance(given, dict) and "auto_pause" in given:
            gone = {"auto_pause", "limit_tokens"}
            kept = {name: value for name, value in given.items() if name not in gone}
            return {"mode": Mode.ENFORCE if given["auto_pause"] else Mode.WARN} | kept
        return given

    def as_stored(self) -> dict[str, Any]:
        """The row's body, as the version before modes can still read it where it knows the mode."""
        body = self.model_dump(mode="json")
        if self.mode is not Mode.OBSERVE:
            del body["mode"]
        if self.unit == "usd":
            del body["unit"]
        return body | {"auto_pause": self.enforced}

    def limits_same(self, other: "Budget") -> bool:
        """Whether both are for the same, be it for other periods."""
        mine = (self.unit, self.scope, name_key(self.subject))
        if mine != (other.unit, other.scope, name_key(other.subject)):
            return False
        return self.scope != "project" or name_key(self.name) == name_key(other.name)

    @property
    def enforced(self) -> bool:
        """Whether nothing may begin that doesn't fit."""
        return self.mode is Mode.ENFORCE


class Allowance(Model):
    """So much may be spent on top of a budget's limit until then, within the period it's given in."""

    amount_micro_usd: int = Field(gt=0)
    until: datetime


class BudgetState(Model):
    """A budget with what was spent and promised in its present period.

    Its limit is the one in force: what is `allowed` for a while is part of it.
    """

    budget: Budget
    period_start: datetime
    allowed: tuple[Allowance, ...] = ()
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

    @property
    def left_micro_usd(self) -> int:
        """What may still be promised; below zero where it cost more than it may."""
        return self.budget.limit_micro_usd - self.spent_micro_usd - self.reserved_micro_usd

    @property
    def reached(self) -> int:
        """The highest threshold that was passed, 0 for none. What spent nothing passed none."""
        if not self.spent_micro_usd and not self.tokens:
            return 0
        return max((step for step in THRESHOLDS if step <= self.percent), default=0)


def show_amount(unit: Unit, amount: int) -> str:
    """`$0.13`, `1,200 tokens`, `1 run`, `2.5 minutes`."""
    match unit:
        case "usd":
            return show_money(amount)
        case "tokens":
            return text("1 token") if amount == 1 else text("{n:,} tokens", n=amount)
        case "runs":
            return text("1 run") if amount == 1 else text("{n:,} runs", n=amount)
        case "minutes":
            shown = show_minutes(amount)
            return text("1 minute") if shown == "1" else text("{n} minutes", n=shown)


def show_minutes(amount_ms: int) -> str:
    """`90`, `2.5`, `0.02`: to a tenth, or to a hundredth below one."""
    minutes = amount_ms / MINUTE_MS
    shown = f"{minutes:,.{1 if minutes >= 1 else 2}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def task_subject(run: str, task: str) -> str:
    """The subject of a budget for one task of a run."""
    return f"{run}:{task}"


def placed(budget: Budget, known: Sequence[Budget]) -> Budget:
    """The budget with an id of its own where it isn't one of those that are `known`.

    The first of a name keeps the id that budgets had before there could be several of it.
    """
    usual = budget_id(budget.project, budget.name)
    if budget.unit == "usd" and budget.scope in NAMED and all(other.id != usual for other in known):
        return budget.model_copy(update={"id": usual})
    whose = budget.subject if budget.scope != "project" else budget.name
    unit = "" if budget.unit == "usd" else f":{budget.unit}"
    mark = f"{budget.scope}:{whose}:{budget.period}{unit}"
    return budget.model_copy(update={"id": budget_id(budget.project, mark)})


def budget_id(project: ProjectId, name: str) -> str:
    """The id under which a project's budget of this name is kept, however it was set."""
    return f"bud_{sha256(f'{project}:{name_key(name)}'.encode())[:16]}"
