"""Many agent operations at once, some of which go wrong, by a seed: the same ones each time."""

import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config.settings import Settings
from executor.agents.model import ModelAgent
from executor.engine.dbos import DbosEngine
from executor.policy.retry import RetryPolicy
from executor.service import Executor
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import AgentName, RunId
from memory.model.timing.clock import SystemClock
from memory.store.engine.database import Database
from tests.chaos.accounts import RESERVED, Outside, all_is_well, budgeted, over, until
from tests.chaos.provider import (
    GOOD,
    STREAM,
    Answer,
    Provider,
    fails,
    http,
    resets,
    silent,
    streams,
)
from tests.unit.executor.world import PROJECT, World, plan, task, writes

ERRORS = 0.10
TIMEOUTS = 0.05
SEED = 20_260_302
TIMEOUT_S = 4
AT_ONCE = 100
WITHIN_S = 240.0
RETRY = RetryPolicy(base_s=0.05, patience_s=Settings.model_fields["patience_s"].default)
"""The product's rules as it ships, with shorter pauses: four attempts, two by the same agent, and
where the last of them met an outage, patience.
"""

WRONG: Sequence[Answer] = (
    fails("500 X"),
    fails("503 X"),
    fails("429 X", "Retry-After: 0"),
    resets(),
    resets(http(GOOD[:90], kind=STREAM)),
    streams(GOOD[:90]),
)
WELL = streams(GOOD)


@dataclass(frozen=True)
class Told:
    """How so many runs ended, and what they met on the way."""

    endings: Counter[str]
    asked: int
    errors: int
    timeouts: int
    seconds: float
    reasons: tuple[str, ...] = ()
    """Why those failed that did."""

    @property
    def runs(self) -> int:
        return self.endings.total()

    @property
    def failed_percent(self) -> float:
        return 100 * (self.runs - self.endings["succeeded"]) / self.runs

    def __str__(self) -> str:
        return (
            f"{self.endings['succeeded']} of {self.runs} runs succeeded in {self.seconds:.0f} s; of "
            f"{self.asked} calls {self.errors} met an error and {self.timeouts} no answer"
        )


class Faulty:
    """Says of each call how it goes, by seed, operation and how often that was tried."""

    def __init__(self) -> None:
        self.tries: Counter[str] = Counter()
        self.met: Counter[str] = Counter()

    def __call__(self, _model: str, told: str) -> Answer:
        found = re.search(r"operation (\d+)", told)
        assert found is not None
        which = found[1]
        self.tries[which] += 1
        drawn = random.Random(f"{SEED}:{which}:{self.tries[which]}")
        luck = drawn.random()
        if luck < TIMEOUTS:
            self.met["timeout"] += 1
            return silent
        if luck < TIMEOUTS + ERRORS:
            self.met["error"] += 1
            return drawn.choice(WRONG)
        return WELL


async def operate(database: Database, root: Path, count: int) -> Told:
    """Run so many at once, or in waves of a hundred. Fails where anything is lost or doubled."""
    await budgeted(database)
    outside, faulty = Outside(), Faulty()
    accepted: list[RunId] = []
    async with Provider(faulty) as provider:
        executor = Executor(
            database,
            [outside.agent(), _model(provider, "one"), _model(provider, "two")],
            engine=DbosEngine(database, per_worker=AT_ONCE, per_lane=AT_ONCE),
            clock=SystemClock(),
            random=random.Random(SEED),
            retry=RETRY,
        )
        async with executor:
            await executor.ready()
            here = World(database, executor, root)
            began = time.monotonic()
            for first in range(0, count, AT_ONCE):
                accepted += await _wave(here, range(first, min(count, first + AT_ONCE)))
            seconds = time.monotonic() - began
            await until(lambda: provider.open == 0, "a connection is open still")
            endings = await all_is_well(database, accepted, outside.done)
            assert len(outside.done) == endings["succeeded"]
            views = [await executor.view(PROJECT, run) for run in accepted]
    met = faulty.met
    reasons = tuple(view.problem for view in views if view.problem)
    return Told(endings, faulty.tries.total(), met["error"], met["timeout"], seconds, reasons)


async def _wave(here: World, numbers: range) -> list[RunId]:
    runs = [await here.start(_operation(number)) for number in numbers]
    await over(here.database, WITHIN_S)
    return runs


def _operation(number: int):  # type: ignore[no-untyped-def]  # a plan
    ask = task(
        "ask",
        agent="one",
        instruction=f"Do operation {number} of many.",
        fallbacks=(AgentName("two"),),
        timeout_s=TIMEOUT_S,
        cost_high_micro_usd=RESERVED,
    )
    tell = writes("tell", "ask", agent="writer", target=f"o{number}")
    return plan(ask, tell, title=f"operation {number}")


def _model(provider: Provider, name: str) -> ModelAgent:
    endpoint = ModelEndpoint(
        name=AgentName(name), title=name.title(), provider="anthropic", model=name,
        base_url=provider.base_url, price_model="claude-sonnet-5-5", timeout_s=20.0,
    )  # fmt: skip
    return ModelAgent(endpoint)
