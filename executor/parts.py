"""What every part of the executor needs, in one value."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from executor.company import Company
from executor.engine.port import Engine
from executor.hooks import Hooks
from executor.policy import breaker as breaking
from executor.policy.breaker import BreakerPolicy
from executor.policy.retry import RetryPolicy
from executor.port import Agent
from executor.value_cache import ValueCache
from memory.model.agents.spec import USUAL, AgentRecovery
from memory.model.authority import Rules
from memory.model.base import AgentName, PlanHash, ProjectId, RunId
from memory.model.events import News
from memory.model.timing.clock import Clock, Random
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection, Database
from memory.store.planning import plans
from memory.store.running.attempts import Attempt
from memory.store.traffic import audit, news

KEPT_PLANS = 256

RulesOf = Callable[[Connection, ProjectId], Awaitable[Rules]]
"""What a project asks of an approval at this moment."""


async def no_rules(_connection: Connection, _project: ProjectId) -> Rules:
    """What a project asks for which nothing is set."""
    return Rules()


class PlanCache:
    """Plans read recently. A plan never changes under its hash, so it can be kept."""

    def __init__(self) -> None:
        self._plans: dict[tuple[ProjectId, PlanHash], Plan] = {}

    async def get(self, connection: Connection, project: ProjectId, plan: PlanHash) -> Plan:
        """The plan, its bytes checked against the hash when it was read. Raises as plans.load."""
        known = self._plans.get((project, plan))
        if known is None:
            known = (await plans.load(connection, project, plan)).plan
            if len(self._plans) >= KEPT_PLANS:
                self._plans.pop(next(iter(self._plans)))
            self._plans[project, plan] = known
        return known


class UnderWay:
    """The attempts this process works on, so that they can be stopped at once."""

    def __init__(self) -> None:
        self._tasks: dict[str, tuple[RunId, asyncio.Task[object]]] = {}
        self._stopped: set[str] = set()

    @contextmanager
    def holding(self, attempt: str, run: RunId) -> Iterator[None]:
        """Register the present asyncio task while its agent works."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks[attempt] = (run, task)
        try:
            yield
        finally:
            self._tasks.pop(attempt, None)

    def stop_run(self, run: RunId) -> None:
        """Stop every attempt of the run."""
        self.stop(*[name for name, (of, _) in self._tasks.items() if of == run])

    def stop_all(self) -> None:
        """Stop everything."""
        self.stop(*self._tasks)

    @property
    def count(self) -> int:
        """How many agents are working now."""
        return len(self._tasks)

    def stop(self, *attempts: str) -> None:
        """Stop these attempts; each ends as cancelled."""
        for name in attempts:
            held = self._tasks.get(name)
            if held is not None:
                self._stopped.add(name)
                held[1].cancel()

    def was_stopped(self, attempt: str) -> bool:
        """Whether `stop` ended it, and not the end of the process. True only once."""
        if attempt not in self._stopped:
            return False
        self._stopped.discard(attempt)
        return True


class Voices:
    """What agents said last, by attempt, until it's taken. Call `hear` from any thread."""

    KEPT_CHARS = 4_000
    """How much of what an agent says is kept; a line of it is shown, without secrets."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[Attempt, str]] = {}

    def hear(self, attempt: Attempt, text: str) -> None:
        """Keep these words instead of the previous ones."""
        self._said[attempt.id] = (attempt, text[: self.KEPT_CHARS])

    def take(self) -> list[tuple[Attempt, str]]:
        """What was said since the last call."""
        return [self._said.pop(name) for name in list(self._said)]


@dataclass(frozen=True)
class Parts:
    """Everything an attempt touches."""

    database: Database
    engine: Engine
    agents: Mapping[AgentName, Agent]
    clock: Clock
    random: Random
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)
    plans: PlanCache = field(default_factory=PlanCache)
    values: ValueCache = field(default_factory=ValueCache)
    under_way: UnderWay = field(default_factory=UnderWay)
    company: Company = field(default_factory=Company)
    voices: Voices = field(default_factory=Voices)
    hooks: Hooks = field(default_factory=Hooks)
    rules: RulesOf = no_rules
    cache_s: float = 0.0
    """How long a model's answer may be reused for the same call."""

    async def tell(self, tx: Connection, project: ProjectId, event: News) -> None:
        """Store the event, for whoever listens."""
        await news.tell(tx, project, event, at=self.clock.now())

    async def record(
        self,
        tx: Connection,
        project: ProjectId,
        action: str,
        on: str,
        *,
        by: str = "system",
        ids: dict[str, str] | None = None,
    ) -> None:
        """Put it on record who did what."""
        at = self.clock.now()
        await audit.record(tx, project, actor=by, action=action, on=on, at=at, ids=ids)

    def title_of(self, agent: AgentName) -> str:
        """What people call the agent, also where it's no longer set up."""
        known = self.agents.get(agent)
        return agent if known is None else known.spec.title

    def recovery_of(self, agent: AgentName) -> AgentRecovery:
        """What the settings say of the agent's failures."""
        known = self.agents.get(agent)
        return USUAL if known is None else known.spec.recovery

    def breaker_of(self, agent: AgentName) -> BreakerPolicy:
        """When the agent is paused after failures."""
        return breaking.of(self.recovery_of(agent), self.breaker)
