"""`orchestra eval plan`: predict tools and links for requests, and score them."""

import time
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from memory.model.base import Model
from planner.evaluation.cases import Case, PlanGold, matched
from planner.evaluation.scores import PlanScores, f1
from planner.experience.choosing import Chooser
from planner.experience.linking import Link
from planner.experience.past import Experience, PastPlan
from planner.experience.tools import ToolCard, ToolIndex

SHOWN = 10
"""How far down the list of found tools recall looks."""


class Predicted(Model):
    """The tools a request needs, in order, and what passes from one to another."""

    nodes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    took_ms: float = 0.0


class Predictor:
    """Chooses tools by descriptions, and by past plans where there are any."""

    def __init__(self, tools: Sequence[ToolCard], history: Sequence[PastPlan] = ()) -> None:
        self._index = ToolIndex(tools)
        self._planner = Experience(tools, history) if history else Chooser(tools)

    def predict(self, request: str) -> tuple[tuple[str, ...], tuple[Link, ...]]:
        """The tools in order, and the links between them."""
        return self._planner.plan(request)

    def nearest(self, request: str, *, limit: int = SHOWN) -> tuple[str, ...]:
        """The tools that retrieval finds first, as a model would be shown them."""
        return self._index.best(request, limit)


def predictions(predictor: Predictor, cases: Sequence[Case]) -> Iterator[tuple[str, Predicted]]:
    """A prediction per case, with its id."""
    for case in cases:
        started = time.perf_counter()
        nodes, links = predictor.predict(case.request)
        took = (time.perf_counter() - started) * 1000
        yield case.id, Predicted(nodes=nodes, links=links, took_ms=took)


def prediction_rows(found: Mapping[str, Predicted]) -> list[dict[str, JsonValue]]:
    """A row per case: `{"id", "nodes", "links"}`."""
    return [
        {"id": name, "nodes": list(plan.nodes), "links": [list(link) for link in plan.links]}
        for name, plan in found.items()
    ]


def score_plans(found: Mapping[str, Predicted], gold: Sequence[PlanGold]) -> PlanScores:
    """Mean F1 over the gold cases. Raises BadInput where a case was not predicted."""
    pairs = matched(found, gold)
    return PlanScores(
        cases=len(pairs),
        node_f1=100 * sum(f1(mine.nodes, theirs.nodes) for mine, theirs in pairs) / len(pairs),
        edge_f1=100 * sum(f1(mine.links, theirs.links) for mine, theirs in pairs) / len(pairs),
    )


def recall_of(predictor: Predictor, cases: Sequence[Case], gold: Sequence[PlanGold]) -> float:
    """How many of the right tools, in per cent, are among the first ten that are found."""
    requests = {case.id: case.request for case in cases}
    pairs = matched(requests, gold)
    right = sum(len(set(row.nodes)) for _, row in pairs)
    found = sum(len(set(row.nodes) & set(predictor.nearest(text))) for text, row in pairs)
    return 100 * found / right if right else 100.0
