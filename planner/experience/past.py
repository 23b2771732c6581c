"""Learning from past plans which tools a request needs, and in what order.

Kernel ridge regression from the words of past requests to the tools and links of their plans:
one linear solve, no randomness, and a few hundred plans are enough to be of use.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from memory.model.base import Model
from planner.experience.tools import ToolIndex
from planner.experience.words import ngrams

Link = tuple[str, str]
Floats = NDArray[np.float32]

_RIDGE = 0.3
_DESCRIPTION_WEIGHT = 0.05
_TAKEN_ABOVE = 0.4
"""Chosen on held-out past plans; the F1 is flat between 0.36 and 0.44."""
_LONGEST = 5
_ORDER_WEIGHT = 0.05


class PastPlan(Model):
    """A request and the plan that was made for it: tools, and links from one to the next."""

    request: str
    nodes: tuple[str, ...]
    links: tuple[Link, ...] = ()


class Experience:
    """What past plans teach about a set of tools. Fitting 3,000 plans takes about 2 s."""

    def __init__(self, index: ToolIndex, history: Sequence[PastPlan]) -> None:
        self._index = index
        self._features = _Features([ngrams(plan.request) for plan in history])
        self._links = sorted({link for plan in history for link in plan.links})
        self._link_place = {link: place for place, link in enumerate(self._links)}
        self._link_counts = Counter(link for plan in history for link in plan.links)
        self._before = _precedence(history)
        targets = self._targets(history)
        self._mean = targets.mean(axis=0)
        self._weights = self._fit(history, targets - self._mean)

    def plan(self, request: str) -> tuple[str, ...]:
        """The tools the request needs, in the order they are used."""
        tools, links = self._scores(request)
        ranked = np.argsort(-tools, kind="stable")[:_LONGEST]
        chosen = [int(place) for place in ranked if tools[place] > _TAKEN_ABOVE]
        names = [self._index.ids[place] for place in chosen or [int(ranked[0])]]
        return self._ordered(names, links)

    def _targets(self, history: Sequence[PastPlan]) -> Floats:
        places = {tool: place for place, tool in enumerate(self._index.ids)}
        width = len(places)
        targets = np.zeros((len(history), width + len(self._links)), np.float32)
        for row, plan in enumerate(history):
            for tool in plan.nodes:
                if tool in places:
                    targets[row, places[tool]] = 1
            for link in plan.links:
                targets[row, width + self._link_place[link]] = 1
        return targets

    def _fit(self, history: Sequence[PastPlan], targets: Floats) -> Floats:
        seen = self._features.matrix([ngrams(plan.request) for plan in history])
        kernel = seen @ seen.T
        kernel[np.diag_indices_from(kernel)] += _RIDGE
        weights: Floats = seen.T @ np.linalg.solve(kernel, targets)
        return weights

    def _scores(self, request: str) -> tuple[Floats, Floats]:
        columns, values = self._features.sparse(ngrams(request))
        learned = values @ self._weights[columns] + self._mean
        width = len(self._index.ids)
        described = self._index.scores(request).astype(np.float32)
        return learned[:width] + _DESCRIPTION_WEIGHT * described, learned[width:]

    def _ordered(self, names: Sequence[str], links: Floats) -> tuple[str, ...]:
        def worth(order: tuple[str, ...]) -> float:
            total = 0.0
            for link in pairwise(order):
                place = self._link_place.get(link)
                total += float(links[place]) if place is not None else 0.0
                total += _ORDER_WEIGHT * float(np.log(self._link_counts[link] + 0.1))
            for at, first in enumerate(order):
                for second in order[at + 1 :]:
                    total += _ORDER_WEIGHT * self._leaning(first, second)
            return total

        return max(permutations(names), key=worth)

    def _leaning(self, first: str, second: str) -> float:
        forth = self._before.get((first, second), 0) + 0.3
        back = self._before.get((second, first), 0) + 0.3
        return float(np.log(forth / back))


class _Features:
    """TF-IDF over the n-grams that at least two requests share."""

    def __init__(self, documents: Sequence[Counter[str]]) -> None:
        counts = Counter(feature for document in documents for feature in document)
        kept = [feature for feature, count in counts.items() if count > 1]
        self._place = {feature: place for place, feature in enumerate(kept)}
        total = len(documents)
        self._rarity = np.array(
            [np.log((1 + total) / (1 + counts[feature])) + 1 for feature in kept], np.float32
        )

    def sparse(self, document: Mapping[str, int]) -> tuple[NDArray[np.int64], Floats]:
        """The columns a text has and their values, with unit length."""
        found = [(self._place[name], n) for name, n in document.items() if name in self._place]
        columns = np.array([place for place, _ in found], np.int64)
        counts = np.array([count for _, count in found], np.float32)
        values = (1 + np.log(np.maximum(counts, 1))) * self._rarity[columns]
        length = np.linalg.norm(values)
        return columns, (values / length if length > 0 else values).astype(np.float32)

    def matrix(self, documents: Sequence[Counter[str]]) -> Floats:
        """One row per text."""
        rows = np.zeros((len(documents), len(self._place)), np.float32)
        for number, document in enumerate(documents):
            columns, values = self.sparse(document)
            rows[number, columns] = values
        return rows


def _precedence(history: Sequence[PastPlan]) -> Counter[Link]:
    return Counter(
        (first, second)
        for plan in history
        for at, first in enumerate(plan.nodes)
        for second in plan.nodes[at + 1 :]
    )
