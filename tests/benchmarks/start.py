"""How fast the command line starts and first answers, beside a bare interpreter and the bare
libraries on the same machine. A ratio says more than a time where others use the cores.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.figures import Figure

RUNS, FEWER = 10, 3
ORCHESTRA = [sys.executable, "-c", "from bot.cli import main; main()"]
LIBRARIES = "import pydantic, sqlalchemy.ext.asyncio, typer, structlog; pydantic.BaseModel"
"""What no answer can do without."""
EXAMPLE = Path("deploy/examples/sales")
SCRIPTS = (
    ("hello", "hello\n", 1_000.0),
    ("first plan", "total the revenue by region of sales.csv\n", 3_000.0),
    ("the demo", (EXAMPLE / "demo.txt").read_text(encoding="utf-8"), 5_000.0),
)
"""What is said, and after how many ms of wall time it's to be answered and the program over."""


class Taken(NamedTuple):
    """Milliseconds of one run."""

    wall: float
    cpu: float


def measure() -> tuple[Figure, ...]:
    """Medians, each after one run that fills the disk's cache."""
    bare = _median([sys.executable, "-c", "pass"], RUNS)
    libraries = _median([sys.executable, "-c", LIBRARIES], RUNS)
    figures = [
        Figure("start", "python -c pass", bare.wall, "ms"),
        Figure("start", "bare libraries", libraries.wall, "ms", against=bare.wall),
        Figure("start", "bare libraries, CPU", libraries.cpu, "ms", against=bare.cpu or None),
    ]
    for argument, most in (("--version", 100.0), ("--help", 300.0)):
        taken = _median([*ORCHESTRA, argument], RUNS).wall
        name = f"orchestra {argument}"
        figures.append(Figure("start", name, taken, "ms", most=most, against=bare.wall))
    with tempfile.TemporaryDirectory() as folder:
        for name, script, most in SCRIPTS:
            taken = _median(_chat(Path(folder) / name, script), FEWER)
            figures += [
                Figure("start", name, taken.wall, "ms", most=most, against=libraries.wall),
                Figure("start", f"{name}, CPU", taken.cpu, "ms", against=libraries.cpu),
            ]
    return tuple(figures)


def _chat(folder: Path, script: str) -> list[str]:
    """The chat over a copy of the example, its database made by the first run."""
    shutil.copytree(EXAMPLE, folder)
    (folder / "said.txt").write_text(script, encoding="utf-8")
    where = ["--workspace", str(folder), "--data", str(folder / ".orchestra")]
    return [*ORCHESTRA, "chat", *where, "--script", str(folder / "said.txt")]


def _median(command: Sequence[str], runs: int) -> Taken:
    taken = [_once(command) for _ in range(runs + 1)][1:]
    return Taken(
        statistics.median(one.wall for one in taken), statistics.median(one.cpu for one in taken)
    )


def _once(command: Sequence[str]) -> Taken:
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        command, check=True, capture_output=True, env=os.environ | {"ORCHESTRA_OLLAMA_URL": ""}
    )
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(wall * 1000, cpu * 1000)
