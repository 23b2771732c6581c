"""python -m tests.fitting SET…: fit the weights on these sets of questions and write them.

A set is a folder with `q.jsonl` and `files`; its parent is its writer. The chance that a reading is right is
fitted on scores by weights that never saw the same writer, so that it holds for people who are new.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from planner.questions.search.judging import MOST, trust_features
from planner.questions.search.ranking import chances
from planner.questions.search.weights import FILE
from tests.fitting.candidates import Case, cases
from tests.fitting.logit import Weights, among, whether

RIDGE = 4.0


@dataclass(frozen=True)
class Tried:
    """A question by weights of other writers."""

    case: Case
    features: dict[str, float]
    first: bool
    four: bool


def main(arguments: Sequence[str]) -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--readings", type=int, default=40)
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args(arguments)
    with Pool(chosen.processes) as pool:
        found = pool.map(partial(_cases, most=chosen.readings), chosen.sets, chunksize=1)
    every = [case for part in found for case in part]
    tried = [
        entry for writer in sorted({c.writer for c in every}) for entry in _tried(every, writer)
    ]
    _tell(every, tried)
    written = {
        "reading": _fit(every),
        "trust": whether([t.features for t in tried], [t.first for t in tried]),
        "offer": whether([t.features for t in tried], [t.four for t in tried]),
    }
    kept = {
        part: {n: round(v, 4) for n, v in sorted(w.items()) if abs(v) > 0.01}
        for part, w in written.items()
    }
    FILE.write_text(json.dumps(kept, indent=0) + "\n", encoding="utf-8")


def _cases(folder: Path, most: int) -> list[Case]:
    return [*cases(folder, most)]


def _fit(every: Sequence[Case]) -> Weights:
    return among([(c.features, c.right) for c in every if any(c.right)], RIDGE)


def _tried(every: Sequence[Case], writer: str) -> list[Tried]:
    weights = _fit([case for case in every if case.writer != writer])
    found = []
    for case in (case for case in every if case.writer == writer and case.features):
        ranked = chances(case.features, weights)
        right = [case.right[place] for place, _ in ranked]
        features = trust_features(
            [case.features[place] for place, _ in ranked], [c for _, c in ranked]
        )
        found.append(Tried(case, features, right[0], any(right[:MOST])))
    return found


def _tell(every: Sequence[Case], tried: Sequence[Tried]) -> None:
    asked = [case for case in every if case.answerable]
    mine = [entry for entry in tried if entry.case.answerable]
    print(f"{len(every)} questions, {len(asked)} with an answer")
    print(f"a right reading is found for {sum(any(c.right) for c in asked)}, it is first for")
    print(f"{sum(t.first for t in mine)}, among four for {sum(t.four for t in mine)}")


if __name__ == "__main__":
    main(sys.argv[1:])
