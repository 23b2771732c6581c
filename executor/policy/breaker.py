"""The circuit breaker: an agent that keeps failing is paused for a while. Pure."""

from dataclasses import dataclass
from datetime import datetime

from memory.model.agents.breaker import Breaker, BreakerState
from memory.model.agents.spec import AgentRecovery

COUNTED = frozenset({"unavailable", "timeout", "rejected"})
"""Codes of failures that are the agent's fault, not the task's, nor the worker's that died."""


@dataclass(frozen=True)
class BreakerPolicy:
    """Opens after `threshold` failures in a row; one probe after `cool_down_s`."""

    threshold: int = 5
    cool_down_s: float = 30.0


def of(recovery: AgentRecovery, policy: BreakerPolicy) -> BreakerPolicy:
    """The policy, overridden by the agent's settings."""
    return BreakerPolicy(
        threshold=recovery.breaker_failures or policy.threshold,
        cool_down_s=recovery.breaker_rest_s or policy.cool_down_s,
    )


@dataclass(frozen=True)
class Admitted:
    """Go on. `breaker` is its state now: half-open while a probe is under way."""

    breaker: Breaker


@dataclass(frozen=True)
class Resting:
    """Not now; ask again after so many seconds."""

    for_s: float


def admit(breaker: Breaker, now: datetime, policy: BreakerPolicy) -> Admitted | Resting:
    """Whether a call may be made. An unfinished probe is given up after the cool-down.

    Where the clock was set back since, one call is let through: it would rest for hours else.
    """
    if breaker.state is BreakerState.CLOSED:
        return Admitted(breaker)
    since = breaker.opened_at if breaker.state is BreakerState.OPEN else breaker.updated_at
    passed = (now - since).total_seconds() if since else policy.cool_down_s
    if 0 <= passed < policy.cool_down_s:
        return Resting(policy.cool_down_s - passed)
    return Admitted(breaker.model_copy(update={"state": BreakerState.HALF_OPEN, "updated_at": now}))


def eager(breaker: Breaker) -> Breaker:
    """Open, but a probe has found the agent well: the next call is let through at once."""
    return breaker.model_copy(update={"state": BreakerState.OPEN, "opened_at": None})


def after_success(breaker: Breaker) -> Breaker:
    """Closed, with a clean record."""
    return Breaker(agent=breaker.agent, credential=breaker.credential)


def after_failure(breaker: Breaker, code: str, now: datetime, policy: BreakerPolicy) -> Breaker:
    """One failure more, and open if that was one too many or the probe failed."""
    if code not in COUNTED:
        return breaker
    failures = breaker.failures + 1
    if breaker.state is BreakerState.CLOSED and failures < policy.threshold:
        return breaker.model_copy(update={"failures": failures})
    opened = {"state": BreakerState.OPEN, "failures": failures, "opened_at": now}
    return breaker.model_copy(update=opened)
