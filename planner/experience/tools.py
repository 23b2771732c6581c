"""Finding the tools whose descriptions fit a request, among thousands."""

from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np

from memory.model.base import Model
from planner.experience.postings import Floats, Postings
from planner.experience.words import clauses, stems

_SATURATION = 1.2
_LENGTH_WEIGHT = 0.5
"""Okapi BM25's k1 and b; b is low because descriptions differ in length for no good reason."""
_WHOLE_WEIGHT = 0.3
"""How much the whole request counts beside its best clause (best recall on held-out requests)."""


class ToolCard(Model):
    """A tool as retrieval sees it."""

    id: str
    desc: str = ""
    field: str = ""
    parameters: dict[str, str] = {}
    """Meaning by name."""
    required: tuple[str, ...] | None = None
    """The parameters that need a value; None where all do."""
    results: dict[str, str] = {}
    takes: tuple[str, ...] = ()
    """Types of what goes in, such as image, text; empty where the tools have no types."""
    gives: tuple[str, ...] = ()


class ToolIndex:
    """BM25 over names, descriptions, fields and parameters. Scores are relative, 0 to 1.3."""

    def __init__(self, tools: Sequence[ToolCard]) -> None:
        self.ids = tuple(tool.id for tool in tools)
        self._postings = Postings(
            [_document(tool) for tool in tools],
            saturation=_SATURATION,
            length_weight=_LENGTH_WEIGHT,
        )

    def scores(self, request: str) -> Floats:
        """One score per tool: how well it fits the clause it fits best."""
        whole = self._relative(request)
        best = whole * _WHOLE_WEIGHT
        for clause in clauses(request):
            best = np.maximum(best, self._relative(clause))
        return best

    def best(self, request: str, limit: int) -> tuple[str, ...]:
        """The ids of the tools that fit best, best first."""
        ranked = np.argsort(-self.scores(request), kind="stable")[:limit]
        return tuple(self.ids[place] for place in ranked)

    def _relative(self, text: str) -> Floats:
        counts = Counter(stems(text))
        raw = self._postings.match({word: 1 + log(count) for word, count in counts.items()})
        top = raw.max(initial=0.0)
        return raw / top if top > 0 else raw


def _document(tool: ToolCard) -> Counter[str]:
    weights: Counter[str] = Counter()
    texts = [(tool.id, 4), (tool.desc, 4), (tool.field, 2)]
    texts += [(name, 2) for name in tool.parameters]
    texts += [(meaning, 1) for meaning in tool.parameters.values()]
    for text, weight in texts:
        for stem in stems(text):
            weights[stem] += weight
    return weights
