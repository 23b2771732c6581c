"""python -m tests.fitting SET…: fit the weights on these sets of questions and write them.

A set is a folder with `q.jsonl` and `files`; its parent is its writer. The chance that a reading is right is
fitted on scores by weights that never saw the same writer, so that it holds for people who are new.
"""

import argparse
import json
import math
import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from planner.questions.search.judging import MOST, trust_features
from planner.questions.search.ranking import chances
from planner.questions.search.trying import told_apart
from planner.questions.search.weighing import FILE, dot
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
    parser.add_argument("--kept", type=Path, help="a file that keeps the readings for the next fit")
    chosen = parser.parse_args(arguments)
    every = _every(chosen)
    written = {"tried": fitted(every), "untried": fitted([*map(untried, every)])}
    FILE.write_text(json.dumps(written, indent=0) + "\n", encoding="utf-8")


def fitted(every: Sequence[Case]) -> dict[str, Weights]:
    """The weights for these cases, and what they are worth for people who are new."""
    tried = [
        entry for writer in sorted({c.writer for c in every}) for entry in _tried(every, writer)
    ]
    _tell(every, tried)
    sure, among_four = _chances(tried, first=True), _chances(tried, first=False)
    _tell_points(tried, sure, among_four)
    written = {
        "reading": _fit(every),
        "trust": whether([t.features for t in tried], [t.first for t in tried]),
        "offer": whether([t.features for t in tried], [t.four for t in tried]),
    }
    return {
        part: {n: round(v, 4) for n, v in sorted(w.items()) if abs(v) > 0.01}
        for part, w in written.items()
    }


def untried(case: Case) -> Case:
    """The question where nothing could be tried on its files."""
    features = tuple(
        {name: value for name, value in each.items() if not name.startswith("ran ")}
        for each in case.features
    )
    return replace(case, features=features, ran=(None,) * len(case.ran))


def _every(chosen: argparse.Namespace) -> list[Case]:
    if chosen.kept and chosen.kept.exists():
        return readings_kept(chosen.kept)
    with Pool(chosen.processes) as pool:
        parts = pool.map(partial(_cases, most=chosen.readings), chosen.sets, chunksize=1)
    every = [case for part in parts for case in part]
    if chosen.kept:
        chosen.kept.write_bytes(pickle.dumps(every))
    return every


def readings_kept(path: Path) -> list[Case]:
    """The readings that an earlier fit kept."""
    found: list[Case] = pickle.loads(path.read_bytes())  # noqa: S301 - written above, by the same person
    return found


def _cases(folder: Path, most: int) -> list[Case]:
    return [*cases(folder, most)]


def _fit(every: Sequence[Case]) -> Weights:
    return among([(c.features, c.right) for c in every if any(c.right)], RIDGE)


def _tried(every: Sequence[Case], writer: str) -> list[Tried]:
    weights = _fit([case for case in every if case.writer != writer])
    found = []
    for case in (case for case in every if case.writer == writer and case.features):
        ranked = told_apart(chances(case.features, weights), case.ran, case.features, case.kin)
        right = [case.right[place] for place, _ in ranked]
        features = trust_features(
            [case.features[place] for place, _ in ranked], [c for _, c in ranked]
        )
        found.append(Tried(case, features, right[0], any(right[:MOST])))
    return found


def _chances(tried: Sequence[Tried], *, first: bool) -> list[float]:
    """The chance that each is right, by weights that never saw its writer."""
    found = []
    for writer in dict.fromkeys(entry.case.writer for entry in tried):
        others = [entry for entry in tried if entry.case.writer != writer]
        labels = [entry.first if first else entry.four for entry in others]
        weights = whether([entry.features for entry in others], labels)
        own = [entry for entry in tried if entry.case.writer == writer]
        found += [1 / (1 + math.exp(-dot(entry.features, weights))) for entry in own]
    return found


def _tell_points(
    tried: Sequence[Tried], sure: Sequence[float], among_four: Sequence[float]
) -> None:
    """What comes of each bound from which a reading is taken, and from which readings are offered."""
    whole = len(tried)
    for bound in (0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9):
        taken = [entry for entry, chance in zip(tried, sure, strict=True) if chance >= bound]
        right = sum(entry.first for entry in taken)
        print(
            f"taken from {bound}: right {100 * right / whole:.1f} %, wrong {100 * (len(taken) - right) / whole:.1f} %"
        )
    for bound in (0.1, 0.2, 0.3, 0.4, 0.5):
        rest = [
            (entry, chance)
            for entry, chance, first in zip(tried, among_four, sure, strict=True)
            if first < 0.75 and entry.case.answerable
        ]
        offered = [entry for entry, chance in rest if chance >= bound]
        right = sum(entry.four for entry in offered)
        print(
            f"offered from {bound}: right among {100 * right / whole:.1f} %, none {100 * (len(offered) - right) / whole:.1f} %, refused {100 * (len(rest) - len(offered)) / whole:.1f} %"
        )


def _tell(every: Sequence[Case], tried: Sequence[Tried]) -> None:
    asked = [case for case in every if case.answerable]
    mine = [entry for entry in tried if entry.case.answerable]
    print(f"{len(every)} questions, {len(asked)} with an answer")
    print(f"a right reading is found for {sum(any(c.right) for c in asked)}, it is first for")
    print(f"{sum(t.first for t in mine)}, among four for {sum(t.four for t in mine)}")


if __name__ == "__main__":
    main(sys.argv[1:])
