"""`make bench`: every benchmark in this folder, in a table. Ends with 1 if a promise was broken.

A benchmark is a module with `measure() -> tuple[Figure, ...]`, or an async one.
`python -m tests.benchmarks start engine.noop` measures only those named.
"""

import asyncio
import importlib
import inspect
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.figures import Figure

HERE = Path(__file__).parent
NOT_MEASURED = {"__init__", "__main__", "figures"}
TABLE = Path(".orchestra/benchmarks.md")


def main(wanted: Sequence[str]) -> int:
    """Measure, print and write the table."""
    names = sorted(
        ".".join(path.relative_to(HERE).with_suffix("").parts)
        for path in HERE.rglob("*.py")
        if path.stem not in NOT_MEASURED
    )
    unknown = set(wanted) - set(names)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names)}.")
        return 2
    figures: list[Figure] = []
    for name in names:
        module = importlib.import_module(f"tests.benchmarks.{name}")
        if (wanted and name not in wanted) or not hasattr(module, "measure"):
            continue
        print(f"measuring {name} …", file=sys.stderr)
        found = module.measure()
        figures += asyncio.run(found) if inspect.iscoroutine(found) else found
    table = "\n".join(_table(figures))
    print(table)
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(f"{table}\n", encoding="utf-8")
    return 1 if any(figure.kept is False for figure in figures) else 0


def _table(figures: Sequence[Figure]) -> list[str]:
    lines = [
        f"Measured on {platform.machine()}, Python {platform.python_version()}.",
        "",
        "| area | figure | measured | promise | ratio | kept |",
        "|---|---|---:|---:|---:|---|",
    ]
    for one in figures:
        promise = (
            f"< {one.most:g}" if one.most is not None else f"≥ {one.least:g}" if one.least else ""
        )
        ratio = f"{one.ratio:.2f}" if one.ratio is not None else ""
        kept = {True: "yes", False: "NO", None: ""}[one.kept]
        measured = f"{one.value:,.1f} {one.unit}"
        lines.append(f"| {one.area} | {one.name} | {measured} | {promise} | {ratio} | {kept} |")
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
