"""`make accept`: measure the bot on the held-out sets, print a table, keep what happened.

`python -m tests.acceptance routing dialogues` measures only those sets; `--every 5` a sample.
"""

import argparse
import asyncio
import importlib
import os
import sys
import tempfile
from pathlib import Path

from memory.privacy.logs import configure_logging
from tests.acceptance.cases import KEPT, Score

SETS = ("routing", "requests", "dialogues", "coverage", "recall", "vague", "questions")


def main() -> int:
    """Ends with 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", help=f"some of {', '.join(SETS)}")
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    for name in [
        name for name in os.environ if name.startswith("ORCHESTRA_") or name.endswith("_API_KEY")
    ]:
        del os.environ[name]
    configure_logging("critical", json=True)
    scores: list[Score] = []
    for name in given.sets or SETS:
        print(f"measuring {name} …", file=sys.stderr)
        module = importlib.import_module(f"tests.acceptance.{name}")
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            scores += asyncio.run(module.measure(Path(folder), given.every))
    print("| figure | measured | of | promise | kept |\n|---|---:|---:|---:|---|")
    for score in scores:
        promise = f"≥ {score.least:g}" if score.least is not None else ""
        promise = f"≤ {score.most:g}" if score.most is not None else promise
        kept = ("yes" if score.kept else "NO") if promise else ""
        print(f"| {score.name} | {score.value:.1f} | {score.of} | {promise} | {kept} |")
    print(f"\nWhat was said and answered: {KEPT}/", file=sys.stderr)
    return 0 if all(score.kept for score in scores) else 1


if __name__ == "__main__":
    sys.exit(main())
