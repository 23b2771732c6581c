"""What follows a failed attempt: the same agent later, another agent, or nothing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from memory.model.agents.spec import AgentRecovery
from memory.model.base import AgentName
from memory.model.limits import ATTEMPTS_PER_TASK
from memory.model.timing.clock import Random
from memory.model.work.graph import Task
from memory.model.work.run import Failed

OUTAGE = frozenset({"unavailable", "rate_limited"})
"""Codes that say nothing about the task: it is worth waiting for the agent."""

LATER = OUTAGE | {"timeout", "invalid_output", "storage", "crashed", "internal"}
"""Codes after which the same agent may do better."""

REFUSED = frozenset({"rejected", "policy", "no_agent"})
"""Codes of a call that did nothing."""

ELSEWHERE = LATER | REFUSED
"""Codes after which another agent may do better; the others lie in the task itself."""


@dataclass(frozen=True)
class RetryPolicy:
    """Full-jitter backoff ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).

    An agent gets `same_agent` attempts before the next in line has a go; then it goes round.
    Where nobody can be reached, the task waits up to `patience_s` for an agent to come back.
    """

    attempts: int = ATTEMPTS_PER_TASK
    same_agent: int = 2
    base_s: float = 1.0
    cap_s: float = 60.0
    patience_s: float = 0.0


@dataclass(frozen=True)
class Again:
    """Another attempt by this agent, not before the delay is over."""

    agent: AgentName
    delay_s: float


@dataclass(frozen=True)
class Wait:
    """Nobody who could do it can be reached: try this one after the delay, and so on."""

    agent: AgentName
    delay_s: float


@dataclass(frozen=True)
class GiveUp:
    """No attempt is left, or another wouldn't help."""


def of(task: Task, recovery: AgentRecovery, policy: RetryPolicy) -> RetryPolicy:
    """The policy, overridden by the agent's settings and the task's own."""
    policy = replace(
        policy,
        attempts=recovery.attempts or policy.attempts,
        base_s=recovery.backoff_s or policy.base_s,
        cap_s=recovery.backoff_cap_s or policy.cap_s,
    )
    if task.retry is None:
        return policy
    return replace(policy, attempts=task.retry.attempts, base_s=task.retry.base_s)


def after_failure(
    failed: Failed,
    failures: Sequence[AgentName],
    able: Sequence[AgentName],
    policy: RetryPolicy,
    *,
    safe: bool,
    random: Random,
    waited_s: float = 0.0,
    outages: int = 0,
) -> Again | Wait | GiveUp:
    """What to do next.

    `failures` are the agents that failed so far, including this time; `able` the agent of the
    plan and its fallbacks, best first; `safe` whether repeating the call can do no harm;
    `waited_s` how long ago the first of them failed; `outages` how many of the failures say
    nothing about the task: they use up no attempt within `patience_s`.
    """
    if failed.code not in (ELSEWHERE if safe else REFUSED):
        return GiveUp()
    if len(failures) >= policy.attempts and failed.code in OUTAGE:
        return _wait(failed, failures, able, policy, waited_s)
    forgiven = outages if waited_s < policy.patience_s else 0
    if len(failures) - forgiven >= policy.attempts:
        return GiveUp()
    return _next(failed, failures, able, policy, random)


def _next(
    failed: Failed,
    failures: Sequence[AgentName],
    able: Sequence[AgentName],
    policy: RetryPolicy,
    random: Random,
) -> Again | GiveUp:
    """The same agent later while it may do better, else the next that has not failed yet."""
    current = failures[-1]
    hopeful = failed.code in LATER and failed.retryable
    if not hopeful or failures.count(current) >= policy.same_agent:
        for other in able:
            if other not in failures:
                return Again(other, 0.0)
    if not hopeful:
        return GiveUp()
    return Again(current, delay_s(len(failures), failed.retry_after_s, policy, random))


def _wait(
    failed: Failed,
    failures: Sequence[AgentName],
    able: Sequence[AgentName],
    policy: RetryPolicy,
    waited_s: float,
) -> Wait | GiveUp:
    if waited_s >= policy.patience_s or not able:
        return GiveUp()
    turn = able[len(failures) % len(able)]
    # As long again as it has been out already, within a minute: a short outage ends quickly, and
    # a long one is not asked about every second.
    asked = failed.retry_after_s if turn == failures[-1] else None
    return Wait(turn, max(min(policy.cap_s, max(waited_s, policy.base_s)), asked or 0.0))


def delay_s(
    failures: int, retry_after_s: float | None, policy: RetryPolicy, random: Random
) -> float:
    """Anything up to base × 2^(failures - 1), capped; never less than the agent asked for."""
    ceiling = min(policy.cap_s, policy.base_s * 2.0 ** min(failures - 1, 30))
    return max(random.random() * ceiling, retry_after_s or 0.0)
