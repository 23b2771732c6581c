"""What is known about how well agents do: what was counted, and what was seen of their results."""

from collections.abc import Sequence

from memory.model.base import AgentName, Model, ProjectId


class AgentProfile(Model):
    """One agent's record on one type of task in one project.

    `cost_micro_usd` is the sum over all finished attempts, `latency_ms` over the successful ones.
    """

    project: ProjectId
    agent: AgentName
    task_type: str
    successes: int = 0
    """Attempts of which something arrived. Whether it was any good is `quality`."""
    failures: int = 0
    likes: int = 0
    dislikes: int = 0
    cost_micro_usd: int = 0
    latency_ms: int = 0
    unpriced: int = 0
    """Attempts whose cost is not known; they aren't in the sum."""
    explored: int = 0
    """Attempts that tried the agent out, though another was expected to do better."""
    explored_micro_usd: int = 0
    """What of the cost those were."""
    quality: float | None = None
    """The mean quality of its newest attempts, 0..1, the newer and surer the heavier; None before any."""
    evidence: float = 0.0
    """How many attempts, seen as clearly as can be, that mean is worth."""
    costs_micro_usd: tuple[int, ...] = ()
    """What its newest attempts cost, newest first, as far as known."""
    latencies_ms: tuple[int, ...] = ()
    """How long its newest successes took, newest first."""

    @property
    def samples(self) -> int:
        """How many attempts finished."""
        return self.successes + self.failures

    @property
    def mean_cost_micro_usd(self) -> int | None:
        """What an attempt costs lately; None before the first, and where no price is known."""
        priced = self.samples - self.unpriced
        return _mean(self.costs_micro_usd, self.cost_micro_usd, priced)

    @property
    def mean_latency_ms(self) -> int | None:
        """How long a success takes lately; None before the first."""
        return _mean(self.latencies_ms, self.latency_ms, self.successes)


class SimilarTask(Model):
    """How an earlier task like the one at hand ended. `similarity` is 0 (unlike) to 1 (same)."""

    agent: AgentName
    succeeded: bool
    similarity: float
    quality: float | None = None
    """How good its result was, 0..1; None where only its ending is known."""
    strength: float = 1.0
    """How much that is to be believed, 0..1."""
    difficulty: float | None = None
    """How hard it looked, 0..1."""


def _mean(newest: Sequence[int], total: int, count: int) -> int | None:
    if newest:
        return sum(newest) // len(newest)
    return total // count if count > 0 else None
