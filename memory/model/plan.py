"""The plan: the exact bytes a person approves (law 3)."""

from typing import Literal

from pydantic import Field

from memory.model.agent import EffectClass
from memory.model.base import (
    Model,
    PlanHash,
    ProjectId,
    RequestId,
    canonical_json,
    sha256,
)
from memory.model.graph import TaskGraph


class Estimate(Model):
    """What it will cost and take, as a p10–p90 range. `basis` says where the figures are from."""

    cost_low_micro_usd: int = Field(ge=0)
    cost_high_micro_usd: int = Field(ge=0)
    seconds_low: int = Field(ge=0)
    seconds_high: int = Field(ge=0)
    unpriced: tuple[str, ...] = ()
    """Agents whose price is not known; their cost is not in the range."""
    basis: str = ""


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

    def gravest_effect(self) -> EffectClass:
        """The effect class that decides who may approve."""
        order = list(EffectClass)
        classes = [effect.effect for effect in self.graph.effects()]
        return max(classes, key=order.index, default=EffectClass.READ)
