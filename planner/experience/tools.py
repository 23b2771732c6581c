"""Finding the tools whose descriptions fit a request, among thousands."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from memory.model.base import Model
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
    parameters: dict[str, JsonValue] = {}


class ToolIndex:
    """BM25 over names, descriptions, fields and parameters. Scores are relative, 0 to 1.3."""

    def __init__(self, tools: Sequence[ToolCard]) -> None:
        self.ids = tuple(tool.id for tool in tools)
        documents = [_document(tool) for tool in tools]
        lengths = [sum(document.values()) for document in documents]
        mean = sum(lengths) / max(1, len(lengths))
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, document in enumerate(documents):
            norm = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * lengths[number] / mean)
            for stem, count in document.items():
                postings[stem].append((number, count * (_SATURATION + 1) / (count + norm)))
        self._postings = {
            stem: _weighted(entries, len(documents)) for stem, entries in postings.items()
        }

    def scores(self, request: str) -> NDArray[np.float64]:
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

    def chosen(self, request: str, *, most: int = 4) -> tuple[str, ...]:
        """One tool for each clause, in the order the request mentions them."""
        whole = self._relative(request)
        place: dict[int, int] = {}
        weight: dict[int, float] = {}
        for number, clause in enumerate(clauses(request)):
            raw = self._raw(clause)
            if not raw.any():
                continue
            fit = 0.7 * raw / raw.max() + 0.3 * whole
            tool = int(np.argmax(fit))
            value = float(fit[tool] * raw.max())
            if value > weight.get(tool, 0.0):
                place[tool], weight[tool] = number, value
        kept = sorted(weight, key=lambda tool: -weight[tool])[:most]
        return tuple(self.ids[tool] for tool in sorted(kept, key=place.__getitem__))

    def _relative(self, text: str) -> NDArray[np.float64]:
        raw = self._raw(text)
        top = raw.max(initial=0.0)
        return raw / top if top > 0 else raw

    def _raw(self, text: str) -> NDArray[np.float64]:
        result = np.zeros(len(self.ids))
        for stem, count in Counter(stems(text)).items():
            found = self._postings.get(stem)
            if found is not None:
                numbers, weights = found
                result[numbers] += weights * (1 + np.log(count))
        return result


def _weighted(
    entries: list[tuple[int, float]], documents: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    rarity = np.log(1 + (documents - len(entries) + 0.5) / (len(entries) + 0.5))
    return (
        np.array([number for number, _ in entries]),
        np.array([weight for _, weight in entries]) * rarity,
    )


def _document(tool: ToolCard) -> Counter[str]:
    weights: Counter[str] = Counter()
    for text, weight in ((tool.id, 4), (tool.desc, 4), (tool.field, 2)):
        for stem in stems(text):
            weights[stem] += weight
    for name, meaning in tool.parameters.items():
        for stem in stems(name):
            weights[stem] += 2
        for stem in stems(meaning if isinstance(meaning, str) else ""):
            weights[stem] += 1
    return weights
