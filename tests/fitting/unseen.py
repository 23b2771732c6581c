"""python -m tests.fitting.unseen SET… --kept FILE: what people who are new get, asked through the planner.

The questions of each writer are planned and run with weights that never saw that writer; `--kept` is the file of
readings that `python -m tests.fitting` keeps. What became of each goes to `.orchestra/acceptance/unseen.jsonl`.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stdout
from functools import partial
from io import StringIO
from multiprocessing import Pool
from pathlib import Path

from planner.questions.search import weighing
from planner.service import Planner
from tests.acceptance.cases import Verdict, keep, share
from tests.acceptance.questions import NOW, Asked
from tests.conftest import SetClock
from tests.fitting.__main__ import fitted, readings_kept, untried

CLASSES = ("right", "right default", "right option", "asked", "refused", "wrong", "broken")


def main(arguments: Sequence[str]) -> None:
    """Ask all, and say how many of each kind there are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        weights = _weights(chosen.kept, Path(folder))
        ask = partial(_of_set, weights=weights, every=chosen.every)
        with Pool(2, maxtasksperchild=1) as pool:
            verdicts = [each for found in pool.imap(ask, chosen.sets) for each in found]
    keep("unseen", verdicts)
    for name in CLASSES:
        print(f"{name}: {share(verdicts, name):.1f} % of {len(verdicts)}")


def _weights(kept: Path, folder: Path) -> dict[str, Path]:
    """For each writer a file with the weights of the others."""
    every = readings_kept(kept)
    found = {}
    for writer in sorted({case.writer for case in every}):
        others = [case for case in every if case.writer != writer]
        with redirect_stdout(StringIO()):
            made = {"tried": fitted(others), "untried": fitted([*map(untried, others)])}
        found[writer] = folder / f"{writer}.json"
        found[writer].write_text(json.dumps(made), encoding="utf-8")
    return found


def _of_set(folder: Path, weights: dict[str, Path], every: int) -> list[Verdict]:
    weighing.FILE = weights[folder.parent.name]  # type: ignore[misc]  # a process of its own for each set
    weighing.fitted.cache_clear()
    return asyncio.run(_asked(folder, every))


async def _asked(folder: Path, every: int) -> list[Verdict]:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / f"{folder.parent.name}-{folder.name}"
        shutil.copytree(folder / "files", root)
        async with Planner(Path(place) / "plans.db", (), None, None, SetClock(NOW)) as planner:
            asked = Asked(planner, root)
            lines = (folder / "q.jsonl").read_text(encoding="utf-8").splitlines()
            return [await asked.verdict(json.loads(line)) for line in lines[::every]]


if __name__ == "__main__":
    main(sys.argv[1:])
