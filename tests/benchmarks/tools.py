"""How long it takes to know 4,000 tools and 3,000 past plans again, and to plan with them."""

import statistics
import tempfile
import time
from pathlib import Path

from planner.evaluation.cases import Case
from planner.evaluation.plans import opened
from planner.experience.past import PastPlan
from planner.experience.tools import ToolCard
from tests.benchmarks.figures import Figure

THINGS, DEEDS, SITES = 100, ("get", "create", "update", "delete", "search"), 8
PLANS, ASKED = 3_000, 40
LOADED = 100.0
"""Times a million multiplications (45 ms on a quiet machine): what 5 s are there."""


def _tools() -> list[ToolCard]:
    return [
        ToolCard(
            id=f"{deed}_{_thing(number)}_{site}",
            desc=f"{deed.title()} a {_thing(number)} in system {site}",
            parameters={"id": "The id", "comment": "Words about it"},
            required=("id",),
        )
        for number in range(THINGS)
        for deed in DEEDS
        for site in range(SITES)
    ]


def _thing(number: int) -> str:
    return f"{'bcdfghklmnprst'[number % 14]}{'aeiou'[number % 5]}{'lmnrst'[number % 6]}o{number}"


def _past() -> list[PastPlan]:
    plans = []
    for number in range(PLANS):
        thing, deed, site = _thing(number % THINGS), DEEDS[number % 5], number % SITES
        nodes = (f"search_{thing}_{site}", f"{deed}_{thing}_{site}")
        asked = f"{deed} the {thing} {number} in system {site}, please"
        plans.append(PastPlan(request=asked, nodes=tuple(dict.fromkeys(nodes))))
    return plans


async def measure() -> tuple[Figure, ...]:
    """The second start with the folder that the first one filled, beside a yardstick of plain work:
    other programs on the machine slow both."""
    tools, past = _tools(), _past()
    with tempfile.TemporaryDirectory() as folder:
        async with opened(tools, past, Path(folder)):
            pass
        async with opened(tools, past, Path(folder)) as planner:
            work = _work_ms()
            loaded, taken = planner.loaded_s * 1000 / work, []
            for number in range(ASKED):
                words = f"update the {_thing(number)} in system {number % SITES}"
                begun = time.process_time()
                await planner.predict(Case(id=str(number), request=words))
                taken.append((time.process_time() - begun) * 1000)
    slow = sorted(taken)[int(ASKED * 0.95)]
    return (
        Figure("tools", "4,000 tools and 3,000 plans from the cache", loaded, "x", most=LOADED),
        Figure("tools", "first plan, processor time", taken[0], "ms", most=3_000),
        Figure("tools", "plan, p95, processor time", slow, "ms", most=150),
    )


def _work_ms() -> float:
    """A million multiplications: what the machine gives at the moment."""
    taken = []
    for _ in range(5):
        begun = time.perf_counter()
        sum(number * number for number in range(1_000_000))
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)
