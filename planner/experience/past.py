"""Learning from past plans which tools a request needs, and in what order.

Kernel ridge regression from the words of past requests to the tools and links of their plans:
one linear solve and no randomness. Where no past request is like the new one, what the tools'
descriptions say counts instead, so that a few plans are never worse than none.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, pairwise, permutations

import numpy as np

from memory.model.base import Model
from planner.experience.choosing import Chooser
from planner.experience.linking import Link
from planner.experience.similar import Floats, Requests
from planner.experience.tools import ToolCard, ToolIndex

_RIDGE = 0.3
_DESCRIPTION_WEIGHT = 0.05
_CHOSEN_WEIGHT, _STRANGENESS_POWER = 1.5, 5
"""What descriptions say counts 1.5 for a request like none before, and nearly nothing soon."""
_DOUBT = 20
"""How many empty plans the averages are drawn towards, so that five plans do not rule."""
_TAKEN_ABOVE = 0.4
"""Chosen on held-out past plans; the F1 is flat between 0.36 and 0.44."""
_LONGEST = 5
_ORDER_WEIGHT = 0.05
_MOST_PLANS = 5000
"""The newest count; the solve grows with the third power of their number."""
_CHAINS = 0.9


class PastPlan(Model):
    """A request and the plan that was made for it: tools, and links from one to the next."""

    request: str
    nodes: tuple[str, ...]
    links: tuple[Link, ...] = ()


class Experience:
    """What past plans teach about a set of tools. Fitting 3,000 plans takes about 3 s."""

    def __init__(self, tools: Sequence[ToolCard], history: Sequence[PastPlan]) -> None:
        history = history[-_MOST_PLANS:]
        self._index = ToolIndex(tools)
        self._chooser = Chooser(tools)
        self._places = {tool: place for place, tool in enumerate(self._index.ids)}
        self._requests = Requests([plan.request for plan in history])
        used = {tool for plan in history for tool in plan.nodes}
        self._used = sorted(used & self._places.keys(), key=self._places.__getitem__)
        self._link_counts = Counter(link for plan in history for link in plan.links)
        self._link_place = {link: place for place, link in enumerate(sorted(self._link_counts))}
        self._together = _together(history)
        self._before = Counter(pair for plan in history for pair in combinations(plan.nodes, 2))
        self._chains = _are_chains(history)
        targets = self._targets(history)
        self._mean = targets.sum(axis=0) / (len(history) + _DOUBT)
        kernel = self._requests.kernel()
        kernel[np.diag_indices_from(kernel)] += _RIDGE
        self._weights: Floats = np.linalg.solve(kernel, targets - self._mean).astype(np.float32)

    def plan(self, request: str) -> tuple[tuple[str, ...], tuple[Link, ...]]:
        """The tools the request needs in the order of use, and what passes from one to another."""
        described = self._chooser.chosen(request)
        tools, links = self._scores(request, described)
        ranked = np.argsort(-tools, kind="stable")[:_LONGEST]
        chosen = [int(place) for place in ranked if tools[place] > _TAKEN_ABOVE]
        names = [self._index.ids[place] for place in chosen or [int(ranked[0])]]
        nodes = self._ordered(names, links, described)
        return nodes, self._linked(nodes)

    def _targets(self, history: Sequence[PastPlan]) -> Floats:
        places = {tool: place for place, tool in enumerate(self._used)}
        width = len(places)
        targets = np.zeros((len(history), width + len(self._link_place)), np.float32)
        for row, plan in enumerate(history):
            for tool in plan.nodes:
                if tool in places:
                    targets[row, places[tool]] = 1
            for link in plan.links:
                targets[row, width + self._link_place[link]] = 1
        return targets

    def _scores(self, request: str, described: Sequence[str]) -> tuple[Floats, Floats]:
        likeness, known = self._requests.likeness(request)
        # Not "@": threads of BLAS that wait for each other cost 40 ms on a busy machine, this 3.
        learned = np.einsum("i,ij->j", likeness, self._weights) + self._mean
        tools = _DESCRIPTION_WEIGHT * self._index.scores(request).astype(np.float32)
        width = len(self._used)
        tools[[self._places[tool] for tool in self._used]] += learned[:width]
        strange = 1.0 - float(likeness.max(initial=0.0)) * known
        tools[[self._places[tool] for tool in described]] += (
            _CHOSEN_WEIGHT * strange**_STRANGENESS_POWER
        )
        return tools, learned[width:]

    def _ordered(
        self, names: Sequence[str], links: Floats, described: Sequence[str]
    ) -> tuple[str, ...]:
        ranks = {tool: place for place, tool in enumerate(described)}

        def worth(order: tuple[str, ...]) -> float:
            total = 0.0
            for link in pairwise(order):
                place = self._link_place.get(link)
                total += float(links[place]) if place is not None else 0.0
                total += _ORDER_WEIGHT * float(np.log(self._link_counts[link] + 0.1))
            for first, second in combinations(order, 2):
                total += _ORDER_WEIGHT * self._leaning(first, second)
                if first in ranks and second in ranks:
                    total += _ORDER_WEIGHT * (1 if ranks[first] < ranks[second] else -1)
            return total

        return max(permutations(names), key=worth)

    def _leaning(self, first: str, second: str) -> float:
        forth = self._before.get((first, second), 0) + 0.3
        back = self._before.get((second, first), 0) + 0.3
        return float(np.log(forth / back))

    def _linked(self, nodes: Sequence[str]) -> tuple[Link, ...]:
        """A chain where past plans are chains; else what was linked in most plans that had both."""
        if self._chains:
            return tuple(pairwise(nodes))
        assumed = frozenset(self._chooser.links(nodes))
        return tuple(link for link in combinations(nodes, 2) if self._was_linked(link, assumed))

    def _was_linked(self, link: Link, assumed: frozenset[Link]) -> bool:
        together = self._together[frozenset(link)]
        return 2 * self._link_counts[link] > together if together else link in assumed


def _together(history: Sequence[PastPlan]) -> Counter[frozenset[str]]:
    return Counter(
        frozenset(pair) for plan in history for pair in combinations(sorted(set(plan.nodes)), 2)
    )


def _are_chains(history: Sequence[PastPlan]) -> bool:
    longer = [plan for plan in history if len(plan.nodes) > 1]
    chains = sum(set(plan.links) == set(pairwise(plan.nodes)) for plan in longer)
    return bool(longer) and chains >= _CHAINS * len(longer)
