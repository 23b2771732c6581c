"""How many runs fail where providers do: 10 % of all calls meet an error, 5 % are never answered."""

from tests.benchmarks.figures import Figure
from tests.benchmarks.flows import fresh
from tests.chaos.operations import Told, operate

RUNS = 1_000
MOST_PERCENT = 0.1


async def measure() -> tuple[Figure, ...]:
    """A thousand runs of two tasks, a hundred at once."""
    async with fresh("sqlite") as (database, folder, _):
        told: Told = await operate(database, folder, RUNS)
    return (
        Figure(
            "faults",
            f"of {told.runs:,} runs that fail, with {told.errors} errors and {told.timeouts} "
            f"time-outs in {told.asked:,} calls",
            told.failed_percent,
            "%",
            most=MOST_PERCENT,
        ),
    )
