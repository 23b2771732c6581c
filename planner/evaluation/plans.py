"""`orchestra eval plan`: predict tools and links for requests, and score them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pydantic import JsonValue

from memory.model.errors import BadInput
from planner.evaluation.cases import Case, PlanGold
from planner.evaluation.scores import PlanScores, f1
from planner.experience.past import Experience, Link, PastPlan
from planner.experience.tools import ToolCard, ToolIndex


class Predictor:
    """Chooses tools by descriptions, and by past plans where there are any."""

    def __init__(self, tools: Sequence[ToolCard], history: Sequence[PastPlan] = ()) -> None:
        self._index = ToolIndex(tools)
        self._experience = Experience(self._index, history) if history else None

    def predict(self, request: str) -> tuple[tuple[str, ...], tuple[Link, ...]]:
        """The tools in order, and the links from each to the next."""
        if self._experience is None:
            nodes = self._index.chosen(request)
        else:
            nodes = self._experience.plan(request)
        return nodes, tuple(pairwise(nodes))


def predictions(predictor: Predictor, cases: Sequence[Case]) -> Iterator[dict[str, JsonValue]]:
    """A row per case: `{"id", "nodes", "links"}`."""
    for case in cases:
        nodes, links = predictor.predict(case.request)
        yield {"id": case.id, "nodes": list(nodes), "links": [list(link) for link in links]}


def score_plans(predicted: Sequence[PlanGold], gold: Sequence[PlanGold]) -> PlanScores:
    """Mean F1 over the gold cases. Raises BadInput where a case was not predicted."""
    ours = {row.id: row for row in predicted}
    absent = [row.id for row in gold if row.id not in ours]
    if absent:
        raise BadInput(f"There is no prediction for case {absent[0]}.")
    pairs = [(ours[row.id], row) for row in gold]
    return PlanScores(
        cases=len(pairs),
        node_f1=100 * sum(f1(mine.nodes, theirs.nodes) for mine, theirs in pairs) / len(pairs),
        edge_f1=100 * sum(f1(mine.links, theirs.links) for mine, theirs in pairs) / len(pairs),
    )
