"""What is to be expected of any agent at any type of work: how good it is, and how hard that is.

Quality is taken as a stranger's, plus the agent's effect, plus that of the type of work, each
shrunk towards nothing while little is known (ridge regression, by backfitting). So an agent is
judged at work that it never did, and nobody is blamed for work at which all fail. Pure.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from memory.model.agents.profile import AgentProfile
from memory.model.base import name_key

STRANGER = 2 / 3
"""Two of three results of an agent that nobody knows are good."""

STRANGER_WEIGHT = 3.0
"""In attempts. With `STRANGER` that is Beta(2, 1)."""

AGENT_SHRUNK, TYPE_SHRUNK = 4.0, 20.0
"""An effect seen on so many attempts is believed by half; what one agent did alone speaks for it."""

ROUNDS = 4


class Expected(NamedTuple):
    """The effects, by agent and by type of work."""

    agents: Mapping[str, float]
    types: Mapping[str, float]

    def of(self, agent: str, task_type: str) -> float:
        """The quality that is expected of the agent at this work, from all but its record there."""
        return (
            STRANGER
            + self.agents.get(name_key(agent), 0.0)
            + self.types.get(name_key(task_type), 0.0)
        )


def expected(profiles: Sequence[AgentProfile]) -> Expected:
    """Fit the effects."""
    cells = [
        (name_key(profile.agent), name_key(profile.task_type), *counted(profile))
        for profile in profiles
    ]
    agents: dict[str, float] = {}
    types: dict[str, float] = {}
    for _ in range(ROUNDS):
        agents = _effects(
            [(agent, q - STRANGER - types.get(kind, 0.0), w) for agent, kind, q, w in cells],
            AGENT_SHRUNK,
        )
        types = _effects(
            [(kind, q - STRANGER - agents.get(agent, 0.0), w) for agent, kind, q, w in cells],
            TYPE_SHRUNK,
        )
    return Expected(agents, types)


def counted(profile: AgentProfile) -> tuple[float, float]:
    """The quality seen, and on how many attempts' worth; counts alone where nothing else is."""
    if profile.quality is not None:
        return profile.quality, profile.evidence
    good, bad = profile.successes + profile.likes, profile.failures + profile.dislikes
    return (good / (good + bad) if good + bad else 0.0), float(good + bad)


def _effects(rests: Sequence[tuple[str, float, float]], shrunk: float) -> dict[str, float]:
    sums: dict[str, tuple[float, float]] = {}
    for name, rest, weight in rests:
        effect, seen = sums.get(name, (0.0, 0.0))
        sums[name] = effect + rest * weight, seen + weight
    return {name: effect / (seen + shrunk) for name, (effect, seen) in sums.items()}
