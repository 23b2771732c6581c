"""Learning from past plans which tools a request needs, and in what order.

Kernel ridge regression from past requests (their words, and their meaning where a language model is
there) to the tools and links of their plans: one linear solve and no randomness. How much the past
counts beside the tools' descriptions is settled on the past itself: each plan of a sample is
predicted without its own request, so that history never makes plans worse than none.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations

import numpy as np

from memory.model.base import Model
from planner.experience.alike import Alike
from planner.experience.backing import Backing, Example, choose, settle
from planner.experience.choosing import Chooser
from planner.experience.linking import Link
from planner.experience.similar import Floats, Requests
from planner.experience.tools import ToolCard, ToolIndex

_RIDGE = 0.2
_MEANING = 0.5
"""What likeness of meaning counts beside shared words; squared, for it is never near 0."""
_DESCRIPTION_WEIGHT = 0.05
_DOUBT = 20
"""How many empty plans the averages are drawn towards, so that five plans do not rule."""
_LONGEST = 5
_ORDER_WEIGHT = 0.05
_MOST_PLANS = 5000
"""The newest count; the solve grows with the third power of their number."""
_CHAINS = 0.9
_LOOKED_AT, _GROUPS = 12, 20
"""How many tools, and sets of tools, are weighed for a request."""
_SAMPLE = 300
"""So many past plans, the newest, settle how much the past counts."""


class PastPlan(Model):
    """A request and the plan that was made for it: tools, and links from one to the next."""

    request: str
    nodes: tuple[str, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Fit:
    """What was worked out of past plans: weights by plan and target, the targets' means, and how
    much it all counts. It belongs to those plans and tools in their order."""

    weights: Floats
    mean: Floats
    backing: Backing


class Experience:
    """What past plans teach about a set of tools. Fitting 3,000 plans takes about 4 s.

    `vectors` are of length 1, one per plan of `history`; without them only words count. `fit` is
    what was worked out of the same before: with it, it takes a second.
    """

    def __init__(
        self,
        tools: Sequence[ToolCard],
        history: Sequence[PastPlan],
        vectors: Floats | None = None,
        *,
        chooser: Chooser | None = None,
        index: ToolIndex | None = None,
        fit: Fit | None = None,
    ) -> None:
        history = history[-_MOST_PLANS:]
        self._vectors = None if vectors is None else vectors[-_MOST_PLANS:]
        self._index = index or ToolIndex(tools)
        self._chooser = chooser or Chooser(tools)
        self._places = {tool: place for place, tool in enumerate(self._index.ids)}
        self._requests = Requests([plan.request for plan in history])
        used = {tool for plan in history for tool in plan.nodes}
        self._used = sorted(used & self._places.keys())
        self._link_counts = Counter(link for plan in history for link in plan.links)
        self._link_place = {link: place for place, link in enumerate(sorted(self._link_counts))}
        sets = Counter(frozenset(plan.nodes) for plan in history)
        self._groups = [group for group in sets if group <= self._places.keys()]
        self._together = _together(history)
        self._before = Counter(pair for plan in history for pair in combinations(plan.nodes, 2))
        self._chains = _are_chains(history)
        self.fit = fit if fit and self._suits(fit, history) else self._fitted(history)

    @property
    def by_meaning(self) -> bool:
        """Whether requests are compared by meaning too."""
        return self._vectors is not None

    def likely(
        self, request: str, vector: Floats | None = None, alike: Alike | None = None
    ) -> dict[str, float]:
        """The tools of `plan` in the order of use, each with how likely the past makes it, 0 to 1."""
        described = self._chooser.chosen(request, alike)
        tools, links, groups = self._scores(request, described, vector)
        nodes = self._ordered(self._chosen(tools, groups, described), links, described)
        scores = {node: float(tools[self._places[node]]) for node in nodes}
        past = self.fit.backing.learned
        return {node: min(1.0, max(0.0, score)) * past for node, score in scores.items()}

    def links(self, nodes: Sequence[str]) -> tuple[Link, ...]:
        """What passes between these tools in the order of use, as far as the past says."""
        return self._linked(nodes)

    def plan(
        self, request: str, vector: Floats | None = None
    ) -> tuple[tuple[str, ...], tuple[Link, ...]]:
        """The tools the request needs in the order of use, and what passes from one to another."""
        nodes = tuple(self.likely(request, vector))
        return nodes, self._linked(nodes)

    def _chosen(self, tools: Floats, groups: Floats, described: Sequence[str]) -> list[str]:
        ranked = np.argsort(-tools, kind="stable")[: max(_LOOKED_AT, len(described))]
        scores = {self._index.ids[place]: float(tools[place]) for place in ranked}
        return choose(scores, self._likely_groups(groups), described, self.fit.backing)

    def _likely_groups(self, groups: Floats) -> dict[frozenset[str], float]:
        best = np.argsort(-groups, kind="stable")[:_GROUPS]
        return {self._groups[place]: float(groups[place]) for place in best}

    def _suits(self, fit: Fit, history: Sequence[PastPlan]) -> bool:
        """Whether a fit has the shape that these plans have."""
        width = len(self._used) + len(self._link_place) + len(self._groups)
        return fit.weights.shape == (len(history), width) and fit.mean.shape == (width,)

    def _fitted(self, history: Sequence[PastPlan]) -> Fit:
        """Solve for the weights, and settle how much they count."""
        targets = self._targets(history)
        mean = targets.sum(axis=0) / (len(history) + _DOUBT)
        kernel = self._requests.kernel()
        if self._vectors is not None:
            alike = np.maximum(self._vectors @ self._vectors.T, 0) ** 2
            kernel = (1 - _MEANING) * kernel + _MEANING * alike
        sample = np.arange(len(history))[-_SAMPLE:]
        own = np.zeros((len(history), len(sample)), np.float32)
        own[sample, np.arange(len(sample))] = 1
        nearest = kernel[sample]
        nearest[np.arange(len(sample)), sample] = 0
        kernel[np.diag_indices_from(kernel)] += _RIDGE
        centred = targets - mean
        solved = np.linalg.solve(kernel, np.hstack([centred, own]).astype(np.float32))
        weights: Floats = solved[:, : targets.shape[1]].astype(np.float32)
        # Leave-one-out of ridge regression in closed form (Rasmussen & Williams, 5.10).
        leverage = solved[sample, targets.shape[1] + np.arange(len(sample))]
        alone = targets[sample] - weights[sample] / leverage[:, None]
        backing = settle(
            self._example(history[place], alone[row], float(nearest[row].max(initial=0.0)))
            for row, place in enumerate(sample.tolist())
        )
        return Fit(weights, mean, backing)

    def _example(self, plan: PastPlan, alone: Floats, nearest: float) -> Example:
        described = self._chooser.chosen(plan.request)
        width = len(self._used)
        scores = dict(zip(self._used, alone[:width].tolist(), strict=True))
        best = sorted(scores, key=scores.__getitem__, reverse=True)[:_LOOKED_AT]
        return Example(
            right=frozenset(plan.nodes),
            described=described,
            learned={tool: scores.get(tool, 0.0) for tool in (*best, *described)},
            groups=self._likely_groups(alone[width + len(self._link_place) :]),
            strange=1.0 - nearest,
        )

    def _targets(self, history: Sequence[PastPlan]) -> Floats:
        places = {tool: place for place, tool in enumerate(self._used)}
        width, links = len(places), len(self._link_place)
        groups = {group: width + links + place for place, group in enumerate(self._groups)}
        targets = np.zeros((len(history), width + links + len(groups)), np.float32)
        for row, plan in enumerate(history):
            for tool in plan.nodes:
                if tool in places:
                    targets[row, places[tool]] = 1
            for link in plan.links:
                targets[row, width + self._link_place[link]] = 1
            if frozenset(plan.nodes) in groups:
                targets[row, groups[frozenset(plan.nodes)]] = 1
        return targets

    def _scores(
        self, request: str, described: Sequence[str], vector: Floats | None
    ) -> tuple[Floats, Floats, Floats]:
        likeness, known = self._requests.likeness(request)
        nearest = float(likeness.max(initial=0.0)) * known
        if self._vectors is not None and vector is not None:
            alike = np.maximum(self._vectors @ vector, 0) ** 2
            both = (1 - _MEANING) * known * likeness + _MEANING * alike
            likeness = (1 - _MEANING) * likeness + _MEANING * alike
            nearest = float(both.max(initial=0.0))
        # Not "@": threads of BLAS that wait for each other cost 40 ms on a busy machine, this 3.
        learned = np.einsum("i,ij->j", likeness, self.fit.weights) + self.fit.mean
        tools = _DESCRIPTION_WEIGHT * self._index.scores(request).astype(np.float32)
        width = len(self._used)
        used = [self._places[tool] for tool in self._used]
        tools[used] += self.fit.backing.learned * learned[:width]
        tools[[self._places[tool] for tool in described]] += self.fit.backing.described(1 - nearest)
        links = width + len(self._link_place)
        return tools, learned[width:links], self.fit.backing.learned * learned[links:]

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

        if len(names) > _LONGEST:  # too many orders to try
            return tuple(sorted(names, key=lambda name: ranks.get(name, len(ranks))))
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
