"""The plan: the exact bytes a person approves (law 3)."""

from typing import Final, Literal

from pydantic import Field

from memory.model.agents.spec import EffectClass
from memory.model.base import (
    Model,
    PlanHash,
    ProjectId,
    RequestId,
    RunId,
    TaskKey,
    canonical_json,
    sha256,
)
from memory.model.timing.schedule import Schedule
from memory.model.work.graph import Effect, TaskGraph

OnFailure = Literal["stop", "continue", "ask"]
"""When a task fails: begin nothing more, go on with what does not need it, or ask a person."""


FROM_TEMPLATE: Final = "template "
"""What stands in a plan's `author` before the name of its template."""


class Estimate(Model):
    """What it will cost and take, as a p10–p90 range. `basis` says where the figures are from."""

    cost_low_micro_usd: int = Field(ge=0)
    cost_high_micro_usd: int = Field(ge=0)
    seconds_low: int = Field(ge=0)
    seconds_high: int = Field(ge=0)
    unpriced: tuple[str, ...] = ()
    """Agents whose price is not known; their cost is not in the range."""
    basis: str = ""
    chain: tuple[TaskKey, ...] = Field(default=(), exclude_if=lambda chain: not chain)
    """The tasks that decide how long it takes, first to last."""
    bottleneck: TaskKey = Field(default=TaskKey(""), exclude_if=lambda key: not key)
    """The one of them that takes longest."""


class Continues(Model):
    """An earlier run whose results a plan goes on from, and the tasks whose results it keeps."""

    run: RunId
    kept: tuple[TaskKey, ...] = Field(min_length=1)


class Plan(Model):
    """A checked graph with its forecast and assumptions, bound to one request.

    `hash` covers every field, so any change is another plan and needs another approval.
    Times are ISO 8601 in UTC.
    """

    version: Literal[1] = 1
    project: ProjectId
    request: RequestId
    title: str = Field(min_length=1, max_length=140)
    graph: TaskGraph
    estimate: Estimate
    assumptions: tuple[str, ...] = ()
    unasked: tuple[str, ...] = Field(default=(), exclude_if=lambda targets: not targets)
    """Targets of effects that nobody named in words."""
    on_failure: OnFailure = Field(
        default="continue", exclude_if=lambda policy: policy == "continue"
    )
    continues: Continues | None = Field(default=None, exclude_if=lambda earlier: earlier is None)
    schedule: Schedule | None = Field(default=None, exclude_if=lambda when: when is None)
    """When it runs again, by itself; None for once, as soon as it is approved."""
    author: str
    """Who drew it up: a model's name, or "offline planner"."""
    created_at: str
    expires_at: str

    def canonical(self) -> bytes:
        """The bytes that are hashed, stored and drawn."""
        return canonical_json(self.model_dump(mode="json"))

    @property
    def hash(self) -> PlanHash:
        """The SHA-256 of the canonical bytes, in hex."""
        return PlanHash(sha256(self.canonical()))

    @property
    def short(self) -> str:
        """The first eight digits of the hash, as shown to people."""
        return self.hash[:8]

    @property
    def template(self) -> str:
        """The name of the template it was drawn up from, "" for none."""
        return self.author.partition(FROM_TEMPLATE)[2]

    def effects(self) -> tuple[Effect, ...]:
        """Everything it will change, in task order; what an earlier run did is not done again."""
        keeps = self.continues.kept if self.continues else ()
        return tuple(
            effect for task in self.graph.tasks if task.key not in keeps for effect in task.effects
        )

    def highest_effect(self) -> EffectClass:
        """The effect class that decides who may approve."""
        order = list(EffectClass)
        classes = [effect.effect for effect in self.effects()]
        return max(classes, key=order.index, default=EffectClass.READ)
