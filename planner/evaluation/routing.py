"""`orchestra eval routing`: a stream of questions through the product's own learning, from nothing.

Each line has what every model would have made of a question, and for how much. One at a time the
agent is chosen as for a plan (profiles from the store, rank, trials within their allowance), and
how good its answer was is put on record as a graded attempt. Compared is the model that is best
over the whole stream, asked every time.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import Field

from memory.model.agents.routing import Routing
from memory.model.agents.signal import Signal, SignalKind
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import AgentName, Model, ProjectId, RunId
from memory.model.errors import BadInput
from memory.profiles.ranking import Terms, rank
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.knowledge.learning import Ended, profiles_of, record
from planner.compiling.ranking import allowance

PAUSE = timedelta(seconds=30)
"""Between two questions."""


class Outcome(Model):
    """What one model would have made of a question: how good, 0..1, and for how much."""

    quality: float = Field(ge=0, le=1)
    cost_micro_usd: int = Field(ge=0)


class Asked(Model):
    """One question, its type of work, and every model's outcome."""

    id: str
    task_type: str
    text: str = ""
    outcomes: dict[str, Outcome] = Field(min_length=2)


class Routed(Model):
    """What routing a stream came to, beside always asking the model that is best over all of it."""

    questions: int
    saved: float
    """Per cent of the best model's cost."""
    lost: float
    """Percentage points of quality; negative where routing did better."""
    best: str
    explored: float
    """Per cent of the money that went to trials."""


async def replayed(
    stream: Sequence[Asked], routing: Routing, seeds: int, *, start: datetime
) -> tuple[Routed, ...]:
    """Route the stream once for each seed, in a store that is thrown away."""
    with TemporaryDirectory() as folder:
        database = Database(database_url(Path(folder)))
        try:
            await schema.upgrade(database)
            return tuple(
                [
                    await routed(database, stream, routing, seed=seed, start=start)
                    for seed in range(seeds)
                ]
            )
        finally:
            await database.close()


async def routed(
    database: Database, stream: Sequence[Asked], routing: Routing, *, seed: int, start: datetime
) -> Routed:
    """Route the stream in an empty project of its own. Raises BadInput for no questions."""
    if not stream:
        raise BadInput("The stream has no questions.")
    project, rng = ProjectId(f"stream-{seed}"), random.Random(seed)
    agents = _agents(stream)
    rng.shuffle(agents)  # nobody is preferred
    prices = _prices(stream)
    good, cost = 0.0, 0
    for number, asked in enumerate(stream):
        now = start + PAUSE * number
        name = await _choose(database, project, asked, agents, prices, routing, rng, now)
        outcome = asked.outcomes[name[0]]
        good, cost = good + outcome.quality, cost + outcome.cost_micro_usd
        await _keep(database, project, f"{seed}:{number}", asked, name, now)
    async with database.reading() as connection:
        spent = allowance(await profiles_of(connection, project), routing.exploration)
    best = max(sorted(prices), key=lambda model: _sum(stream, model)[0])
    best_good, best_cost = _sum(stream, best)
    return Routed(
        questions=len(stream),
        saved=100 * (1 - cost / max(1, best_cost)),
        lost=100 * (best_good - good) / len(stream),
        best=best,
        explored=100 * spent.explored_micro_usd / max(1, spent.spent_micro_usd),
    )


async def _choose(
    database: Database,
    project: ProjectId,
    asked: Asked,
    agents: Sequence[AgentSpec],
    prices: Mapping[AgentName, int],
    routing: Routing,
    rng: random.Random,
    now: datetime,
) -> tuple[AgentName, bool]:
    """The agent, and whether this is a trial of it."""
    async with database.reading() as connection:
        profiles = await profiles_of(
            connection, project, now=now, half_life_days=routing.half_life_days
        )
    terms = Terms(
        dial=routing.dial, prices=prices, allowance=allowance(profiles, routing.exploration)
    )
    able = [agent for agent in agents if agent.name in asked.outcomes]
    best = rank(profiles, asked.task_type, able, random=rng, terms=terms)[0]
    return best.agent, best.explored


async def _keep(
    database: Database,
    project: ProjectId,
    attempt: str,
    asked: Asked,
    chosen: tuple[AgentName, bool],
    now: datetime,
) -> None:
    outcome = asked.outcomes[chosen[0]]
    ended = Ended(
        project=project,
        attempt=attempt,
        run=RunId(attempt),
        agent=chosen[0],
        task_type=asked.task_type,
        text=asked.text,
        succeeded=True,
        cost_micro_usd=outcome.cost_micro_usd,
        latency_ms=0,
        at=now,
        signals=(Signal(kind=SignalKind.GRADED, value=outcome.quality),),
        explored=chosen[1],
    )
    async with database.transaction() as tx:
        await record(tx, ended)


def _agents(stream: Sequence[Asked]) -> list[AgentSpec]:
    types = tuple(sorted({asked.task_type for asked in stream}))
    names = sorted({name for asked in stream for name in asked.outcomes})
    return [
        AgentSpec(
            name=AgentName(name),
            kind=AgentKind.MODEL,
            title=name,
            description="",
            task_types=types,
        )
        for name in names
    ]


def _prices(stream: Sequence[Asked]) -> dict[AgentName, int]:
    """The usual price of a question, as a price list would tell it beforehand."""
    sums: dict[AgentName, list[int]] = {}
    for asked in stream:
        for name, outcome in asked.outcomes.items():
            sums.setdefault(AgentName(name), []).append(outcome.cost_micro_usd)
    return {name: round(sum(costs) / len(costs)) for name, costs in sums.items()}


def _sum(stream: Sequence[Asked], model: str) -> tuple[float, int]:
    """The quality and cost of always asking this model."""
    outcomes = [asked.outcomes[model] for asked in stream if model in asked.outcomes]
    return sum(o.quality for o in outcomes), sum(o.cost_micro_usd for o in outcomes)
