"""How long the picture of a plan takes."""

import statistics
import time

from bot.language.catalogue import ENGLISH
from bot.render.pictures.plan_picture import plan_picture
from tests.benchmarks.figures import Figure
from tests.unit.bot.samples import plan, task

TASKS, RUNS = 10, 40


def measure() -> tuple[Figure, ...]:
    """The 95th percentile of forty pictures of a plan of ten tasks."""
    tasks = [
        task(f"t{i}", f"Work on part {i} of it", after=f"t{(i - 1) // 2}" if i else "")
        for i in range(TASKS)
    ]
    drawn = plan(*tasks)
    plan_picture(ENGLISH, drawn)
    taken = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        plan_picture(ENGLISH, drawn)
        taken.append((time.perf_counter() - begin) * 1000)
    p95 = statistics.quantiles(taken, n=20)[-1]
    return (Figure("picture", "plan of 10 tasks, p95", p95, "ms", most=50.0),)
