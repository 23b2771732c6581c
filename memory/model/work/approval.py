"""The state of a plan, and who decided what about it."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from memory.model.base import Model
from memory.model.identity import Role
from memory.model.work.plan import Plan


class PlanState(StrEnum):
    """The state a plan is in."""

    WAITING = "waiting"
    APPROVED = "approved"
    STARTED = "started"
    DROPPED = "dropped"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class StoredPlan(Model):
    """A plan with its standing. The plan's bytes were checked against the hash on reading."""

    plan: Plan
    state: PlanState
    thread_key: str
    message_key: str
    expires_at: datetime


class Approval(Model):
    """One person's decision on a plan.

    `holds`: its seal fits, so that it is as the person gave it; else it counts for nothing.
    """

    person: str
    role: Role
    decision: Literal["approve", "refuse"]
    at: datetime
    holds: bool = True
