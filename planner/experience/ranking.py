"""How likely a request needs each tool, from numbers that speak for it.

Two steps of logistic regression: what speaks for the tool itself, then how it stands among the
others. The weights hold no words and no tools, so they serve any. `python -m
planner.evaluation.fitting` makes them.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from memory.model.base import Model
from planner.experience.features import among
from planner.experience.postings import Floats

LEAST = 0.3
"""A tool of an action is passed over below this."""
MOST = 8


class Weights(Model):
    """Of both steps; the last of each is added to all."""

    alone: tuple[float, ...]
    among: tuple[float, ...]


class Shipped(Model):
    """Weights for tools of which nothing but name and description is known, and for others; each
    with and without likeness of meaning."""

    about: str
    bare: Weights
    bare_by_words: Weights
    told: Weights
    told_by_words: Weights

    def of(self, *, told: bool, meant: bool) -> Weights:
        """Those for tools of this kind."""
        if told:
            return self.told if meant else self.told_by_words
        return self.bare if meant else self.bare_by_words


@cache
def shipped() -> Shipped:
    """The weights of this package. Cached: they never change."""
    text = (files("planner.experience") / "ranking.json").read_text("utf-8")
    return Shipped.model_validate_json(text)


def chances(rows: Floats, actions: Sequence[int], weights: Weights) -> Floats:
    """0 to 1 for each tool."""
    alone = chance(rows, weights.alone)
    return chance(np.hstack([rows, among(alone, actions)]), weights.among)


def chance(rows: Floats, weights: Sequence[float]) -> Floats:
    """The logistic function of weighted numbers, never quite 0 or 1."""
    total = np.einsum("ij,j->i", rows, np.array(weights[:-1])) + weights[-1]
    found: Floats = 1 / (1 + np.exp(-np.clip(total, -30, 30)))
    return found


def expected(likely: Floats) -> list[int]:
    """The set whose F1 is expected to be best: the likeliest, as many as pay."""
    order = [int(tool) for tool in np.argsort(-likely, kind="stable")[:MOST]]
    total = max(1.0, float(likely.sum()))
    worth = [2 * likely[order[:many]].sum() / (many + total) for many in range(1, len(order) + 1)]
    return order[: int(np.argmax(worth)) + 1]


def one_each(likely: Floats, actions: Sequence[int], least: float = LEAST) -> list[int]:
    """The likeliest of each action, without what is unlikely; the likeliest of all at least."""
    best: dict[int, int] = {}
    for tool in np.argsort(-likely, kind="stable").tolist():
        if likely[tool] >= least or not best:
            best.setdefault(actions[tool], tool)
    return list(best.values())[:MOST]
