"""What is believed of an agent at one task: a Beta distribution over the quality of its result.

It begins with what is expected of it there from how it does at other work and how others do at this;
a stranger is believed to be worth its price, so that on the balanced dial two strangers are equals.
Its own record at this type of task, and at tasks like this one, decides. Pure.
"""

from collections.abc import Mapping, Sequence
from math import exp, sqrt
from typing import NamedTuple

from memory.model.agents.profile import AgentProfile, SimilarTask
from memory.model.base import name_key
from memory.profiles.additive import STRANGER, STRANGER_WEIGHT, counted

ELSEWHERE_SHARE, ELSEWHERE_AT_MOST = 0.5, 12.0
"""How much an attempt at other work adds to what is expected, and the most that all of them do."""

SIMILAR_AT_MOST = 5.0
"""Similar tasks weigh no more than this many attempts, however many there are."""

HARDNESS = 0.5
"""A similar task this much harder or easier tells about a third as much."""


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
        """How far off that may be: the most that a standard deviation is on so much evidence.

        It depends on nothing else, so that strangers are equals whatever is expected of them.
        """
        return 0.5 / sqrt(self.good + self.bad + 1)


def belief(
    task_type: str,
    own: Mapping[str, AgentProfile],
    similar: Sequence[SimilarTask],
    *,
    mean: float = STRANGER,
    difficulty: float | None = None,
) -> Belief:
    """The belief about one agent.

    `own` are its profiles by type of task; `similar` its attempts at tasks like this one; `mean`
    is what is expected of it before its record at this type of task is looked at.
    """
    wanted = name_key(task_type)
    elsewhere = sum(counted(profile)[1] for name, profile in own.items() if name != wanted)
    total = STRANGER_WEIGHT + min(ELSEWHERE_AT_MOST, ELSEWHERE_SHARE * elsewhere)
    good = total * min(0.97, max(0.03, mean))
    if wanted in own:
        quality, weight = counted(own[wanted])
        good, total = good + weight * quality, total + weight
    alike, weight = _alike(similar, difficulty)
    good, total = good + weight * alike, total + weight
    return Belief(good, max(total - good, 1e-6))


def _alike(similar: Sequence[SimilarTask], difficulty: float | None) -> tuple[float, float]:
    """Quality and weight of similar tasks, the more alike the heavier."""
    good = total = 0.0
    for task in similar:
        # Squared, because a task half alike tells much less than half.
        weight = max(0.0, task.similarity) ** 2 * task.strength
        if difficulty is not None and task.difficulty is not None:
            weight *= exp(-abs(task.difficulty - difficulty) / HARDNESS)
        good += weight * (float(task.succeeded) if task.quality is None else task.quality)
        total += weight
    if not total:
        return 0.0, 0.0
    return good / total, min(total, SIMILAR_AT_MOST)
