"""What is known about how well agents do: counts per project, agent and type of task."""

from memory.model.base import AgentName, Model, ProjectId


class AgentProfile(Model):
    """One agent's record on one type of task in one project.

    `cost_micro_usd` is the sum over all finished attempts, `latency_ms` over the successful ones.
    """

    project: ProjectId
    agent: AgentName
    task_type: str
    successes: int = 0
    failures: int = 0
    likes: int = 0
    dislikes: int = 0
    cost_micro_usd: int = 0
    latency_ms: int = 0

    @property
    def samples(self) -> int:
        """How many attempts finished."""
        return self.successes + self.failures

    @property
    def mean_cost_micro_usd(self) -> int | None:
        """What an attempt costs on average; None before the first."""
        return self.cost_micro_usd // self.samples if self.samples else None

    @property
    def mean_latency_ms(self) -> int | None:
        """How long a success takes on average; None before the first."""
        return self.latency_ms // self.successes if self.successes else None


class SimilarTask(Model):
    """How an earlier task like the one at hand ended. `similarity` is 0 (unlike) to 1 (same)."""

    agent: AgentName
    succeeded: bool
    similarity: float
