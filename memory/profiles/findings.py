"""What the records say clearly enough to be proposed as a rule: who fails at what. Pure."""

from collections.abc import Iterator, Sequence
from math import sqrt

from memory.model.agents.profile import AgentProfile
from memory.model.base import AgentName, Model, name_key
from memory.profiles.evidence import STRANGER, counted

TRIED = 10
"""From so many attempts on."""

POOR = 0.5
"""Only what goes wrong at least every second time."""

SURE = 1.96
"""In standard deviations: 95 of 100 lie within."""


class Finding(Model):
    """An agent that fails at one type of work: `failed` of the `tried` attempts, by their quality.

    `better` does it clearly better; "" where nobody else has a record, and any stranger would.
    """

    agent: AgentName
    task_type: str
    tried: int
    failed: int
    better: AgentName = AgentName("")
    better_tried: int = 0
    better_failed: int = 0


def findings(profiles: Sequence[AgentProfile]) -> tuple[Finding, ...]:
    """The clearest first. What is known of the agent must be clear of what is known of the best."""
    found = [finding for profile in profiles for finding in _found(profile, profiles)]
    return tuple(sorted(found, key=lambda finding: -finding.failed / finding.tried))


def _is_poor(profile: AgentProfile) -> bool:
    return profile.samples >= TRIED and counted(profile)[0] <= POOR


def _is_rival(other: AgentProfile, profile: AgentProfile) -> bool:
    """Whether it is another agent's record of the same work."""
    same_work = name_key(other.task_type) == name_key(profile.task_type)
    return same_work and name_key(other.agent) != name_key(profile.agent)


def _found(profile: AgentProfile, profiles: Sequence[AgentProfile]) -> Iterator[Finding]:
    if not _is_poor(profile):
        return
    others = [other for other in profiles if other.samples >= TRIED and _is_rival(other, profile)]
    best = max(others, key=lambda other: _bounds(other)[0], default=None)
    if _bounds(profile)[1] >= (_bounds(best)[0] if best else STRANGER):
        return
    yield Finding(
        agent=profile.agent,
        task_type=profile.task_type,
        tried=profile.samples,
        failed=_failed(profile),
        better=best.agent if best else AgentName(""),
        better_tried=best.samples if best else 0,
        better_failed=_failed(best) if best else 0,
    )


def _failed(profile: AgentProfile) -> int:
    return round(profile.samples * (1 - counted(profile)[0]))


def _bounds(profile: AgentProfile) -> tuple[float, float]:
    """Between what its quality lies, by what is seen: a flat prior and that evidence."""
    quality, weight = counted(profile)
    good, bad = 1 + weight * quality, 1 + weight * (1 - quality)
    total = good + bad
    reach = SURE * sqrt(good * bad / (total**2 * (total + 1)))
    return good / total - reach, good / total + reach
