"""How fast the command line starts, beside a bare interpreter on the same machine."""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from tests.benchmarks.figures import Figure

RUNS = 10
LIMIT_MS = 300.0


def measure() -> tuple[Figure, ...]:
    """Median of ten cold starts of each, after one that fills the disk's cache."""
    bare = _median_ms([sys.executable, "-c", "pass"])
    figures = [Figure("start", "python -c pass", bare, "ms")]
    for argument in ("--version", "--help"):
        command = [sys.executable, "-c", "from bot.cli import main; main()", argument]
        taken = _median_ms(command)
        figures.append(
            Figure("start", f"orchestra {argument}", taken, "ms", most=LIMIT_MS, against=bare)
        )
    return tuple(figures)


def _median_ms(command: Sequence[str]) -> float:
    taken = []
    for _ in range(RUNS + 1):
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken[1:])
