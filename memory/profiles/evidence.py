"""What is seen of an agent at one type of task, and what is believed of it on that alone. Pure."""

from collections.abc import Mapping, Sequence
from math import exp, sqrt
from typing import NamedTuple

from memory.model.agents.profile import AgentProfile, SimilarTask
from memory.model.base import name_key

STRANGER = 2 / 3
"""Two of three results of an agent that nobody knows are good."""

STRANGER_WEIGHT = 3.0
"""In attempts. With `STRANGER` that is Beta(2, 1)."""

SIMILAR_AT_MOST = 5.0
"""Similar tasks weigh no more than this many attempts, however many there are."""

HARDNESS = 0.5
"""A similar task this much harder or easier tells about a third as much."""


class Seen(NamedTuple):
    """The mean quality that was seen, 0..1, and how many attempts it is worth."""

    quality: float
    weight: float

    def and_also(self, other: "Seen") -> "Seen":
        """Both together."""
        weight = self.weight + other.weight
        if not weight:
            return NOTHING
        good = self.quality * self.weight + other.quality * other.weight
        return Seen(good / weight, weight)


NOTHING = Seen(0.0, 0.0)


class Belief(NamedTuple):
    """Beta(good, bad) over an agent's quality."""

    good: float
    bad: float

    @property
    def mean(self) -> float:
        """The quality that is expected."""
        return self.good / (self.good + self.bad)

    @property
    def doubt(self) -> float:
        """How far off that may be: the most that a standard deviation is on so much evidence."""
        return 0.5 / sqrt(self.good + self.bad + 1)


def belief(task_type: str, own: Mapping[str, AgentProfile]) -> Belief:
    """The belief about an agent by its record at this type of task alone, by type in `own`."""
    profile = own.get(name_key(task_type))
    seen = counted(profile) if profile else NOTHING
    good = STRANGER * STRANGER_WEIGHT + seen.weight * seen.quality
    return Belief(good, STRANGER_WEIGHT + seen.weight - good)


def counted(profile: AgentProfile) -> Seen:
    """The quality seen, and on how many attempts' worth; counts alone where nothing else is."""
    if profile.quality is not None:
        return Seen(profile.quality, profile.evidence)
    good, bad = profile.successes + profile.likes, profile.failures + profile.dislikes
    return Seen(good / (good + bad), float(good + bad)) if good + bad else NOTHING


def alike(similar: Sequence[SimilarTask], difficulty: float | None) -> Seen:
    """What similar tasks show, the more alike and the nearer in difficulty the heavier."""
    good = total = 0.0
    for task in similar:
        # Squared, because a task half alike tells much less than half.
        weight = max(0.0, task.similarity) ** 2 * task.strength
        if difficulty is not None and task.difficulty is not None:
            weight *= exp(-abs(task.difficulty - difficulty) / HARDNESS)
        good += weight * (float(task.succeeded) if task.quality is None else task.quality)
        total += weight
    return Seen(good / total, min(total, SIMILAR_AT_MOST)) if total else NOTHING
