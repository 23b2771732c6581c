"""`orchestra eval estimate`: whether forecasts keep their promise. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from memory.model.base import Model
from memory.store.knowledge.forecasts import RunOutcome, TaskOutcome


class Coverage(Model):
    """How a forecast range did over `cases`. Shares in per cent; a good p10–p90 holds 80.

    `below` and `above` say on which side it failed; `median_error` is the middle distance from
    the middle of the range, as per cent of that middle.
    """

    cases: int
    inside: float
    below: float
    above: float
    median_error: float


class KindOutcome(Model):
    """How tasks of one type did with one agent. `within` is the share at or under the ceiling."""

    task_type: str
    agent: str
    tasks: int
    within: float
    median_cost_micro_usd: int
    median_seconds: float


class Calibration(Model):
    """All runs of a project that succeeded. A coverage is None where nothing can be said."""

    runs: int
    cost: Coverage | None
    duration: Coverage | None
    kinds: tuple[KindOutcome, ...]


def calibrate(found: Sequence[RunOutcome]) -> Calibration:
    """Compare. Costs are compared where all prices are known and something was to be paid."""
    priced = [
        (run.estimate.cost_low_micro_usd, run.estimate.cost_high_micro_usd, run.cost_micro_usd)
        for run in found
        if not run.unpriced and (run.cost_micro_usd or run.estimate.cost_high_micro_usd)
    ]
    # Forecasts are whole seconds, rounded outwards above and down below.
    timed = [(run.estimate.seconds_low, run.estimate.seconds_high, run.seconds) for run in found]
    return Calibration(
        runs=len(found),
        cost=_coverage(priced),
        duration=_coverage(timed),
        kinds=_kinds(task for run in found for task in run.tasks),
    )


def _coverage(cases: Sequence[tuple[float, float, float]]) -> Coverage | None:
    if not cases:
        return None
    below = sum(actual < low for low, _, actual in cases)
    above = sum(actual > high for _, high, actual in cases)
    return Coverage(
        cases=len(cases),
        inside=100 * (len(cases) - below - above) / len(cases),
        below=100 * below / len(cases),
        above=100 * above / len(cases),
        median_error=100 * median(_error(*case) for case in cases),
    )


def _error(low: float, high: float, actual: float) -> float:
    middle = (low + high) / 2
    if middle:
        return abs(actual - middle) / middle
    return 1.0 if actual else 0.0


def _kinds(tasks: Iterable[TaskOutcome]) -> tuple[KindOutcome, ...]:
    groups: dict[tuple[str, str], list[TaskOutcome]] = defaultdict(list)
    for task in tasks:
        groups[task.task_type, task.agent].append(task)
    return tuple(
        KindOutcome(
            task_type=kind,
            agent=agent,
            tasks=len(group),
            within=100 * sum(t.cost_micro_usd <= t.ceiling_micro_usd for t in group) / len(group),
            median_cost_micro_usd=int(median(task.cost_micro_usd for task in group)),
            median_seconds=median(task.seconds for task in group),
        )
        for (kind, agent), group in sorted(groups.items())
    )
