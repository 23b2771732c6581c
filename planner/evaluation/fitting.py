"""Fits the weights of `ranking`: `python -m planner.evaluation.fitting bare|told TOOLS PLANS …`.

PLANS has lines of {"request", "nodes"}. Run it for each kind after changing what speaks for a tool;
the weights are generic, so the data stays outside.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from memory.recall.minilm import installed
from planner.catalogue.finder import Finder
from planner.catalogue.meanings import Meanings
from planner.evaluation.cases import PastRow, read_rows
from planner.evaluation.plans import specs_of
from planner.evaluation.toolfile import read_tools
from planner.experience import ranking
from planner.experience.alike import Alike
from planner.experience.features import among
from planner.experience.postings import Floats

WEIGHTS = Path(ranking.__file__).with_name("ranking.json")
_PENALTY = 1e-3
_STEPS = 60

Case = tuple[Floats, list[int], Floats]
"""What speaks for each tool, the action of each, and whether it is right."""


def main(kind: str, tools: Path, plans: Path) -> None:
    """Write the weights of one kind of tools, with and without meaning."""
    specs = [spec for spec, _ in specs_of(read_tools(tools))]
    rows = read_rows(plans, PastRow)
    finder = Finder(specs)
    meanings = Meanings(installed, None)
    vectors = meanings.of(finder.texts, wait=True)
    found = json.loads(WEIGHTS.read_text("utf-8"))
    for name, meant in ((f"{kind}_by_words", False), (kind, True)):
        cases = []
        for row in rows:
            alike = Alike(vectors, meanings.one) if meant and vectors is not None else None
            weighed = finder.weighed(row.request, alike)
            if weighed is not None:
                named, numbers, actions = weighed
                right = np.array([tool in row.nodes for tool in named], float)
                cases.append((numbers, actions, right))
        found[name] = _fitted(cases)
    meanings.close()
    WEIGHTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _fitted(cases: Sequence[Case]) -> dict[str, list[float]]:
    alone = _logistic([(numbers, right) for numbers, _, right in cases])

    def second() -> Iterator[tuple[Floats, Floats]]:
        for numbers, actions, right in cases:
            likely = ranking.chance(numbers, alone)
            yield np.hstack([numbers, among(likely, actions)]), right

    return {"alone": alone, "among": _logistic(list(second()))}


def _logistic(cases: Sequence[tuple[Floats, Floats]]) -> list[float]:
    """Newton's method with a ridge, each request of the same weight; as weights of raw numbers."""
    rows = np.vstack([numbers for numbers, _ in cases])
    right = np.concatenate([right for _, right in cases])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = np.hstack([(rows - mean) / spread, np.ones((len(rows), 1))])
    penalty = np.array([_PENALTY] * (scaled.shape[1] - 1) + [0.0])
    weights = np.zeros(scaled.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (likely - right) / len(rows) + penalty * weights
        curve = (scaled * (likely * (1 - likely))[:, None]).T @ scaled / len(rows)
        weights -= np.linalg.solve(curve + np.diag(penalty + 1e-9), slope)
    raw = weights[:-1] / spread
    return [round(float(value), 4) for value in (*raw, weights[-1] - raw @ mean)]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
