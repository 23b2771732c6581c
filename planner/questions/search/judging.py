"""Which reading of a question is taken, and which are offered: by how likely each is right. Pure but for the language model."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.questions.context import Context
from planner.questions.search.ranking import Composed, Ranked, ranked
from planner.questions.search.weights import known
from planner.questions.spec import QuerySpec

MOST = 4
"""How many readings are offered."""
LEAST = 0.04
"""A reading less likely than this beside the others is no option."""


@dataclass(frozen=True)
class Judged:
    """The readings, the likeliest first. `sure`: the chance that the first is what is meant; `among`:
    that one of them is.
    """

    readings: tuple[Ranked, ...]
    sure: float
    among: float

    @property
    def likely(self) -> tuple[Ranked, ...]:
        """Those worth offering."""
        return tuple(r for n, r in enumerate(self.readings[:MOST]) if n < 2 or r.chance >= LEAST)


def judged(words: str, context: Context, composed: Composed | None) -> Judged:
    """All readings worth a thought, and how far they may be trusted."""
    found = ranked(words, context, composed)
    if not found:
        return Judged((), 0.0, 0.0)
    features = trust_features(found)
    return Judged(found, _chance(features, known().trust), _chance(features, known().offer))


def trust_features(found: Sequence[Ranked]) -> dict[str, float]:
    """What is known of the likeliest reading beside the others."""
    top = found[0]
    second = found[1].score if len(found) > 1 else top.score - 3.0
    lost = {name: value for name, value in top.features.items() if name.startswith("lost ")}
    composed = top.features.get("composed", 0.0)
    return {
        "always": 1.0,
        "log chance": math.log(top.chance + 1e-4),
        "log chance of four": math.log(sum(r.chance for r in found[:MOST]) + 1e-4),
        "margin": min(top.score - second, 5.0),
        "lost unknown": lost.get("lost unknown", 0.0),
        "lost linked": lost.get("lost linked", 0.0),
        "lost light": lost.get("lost light", 0.0),
        "lost marks": sum(value for name, value in lost.items() if name.startswith("lost mark")),
        "binding lost": top.features.get("binding lost", 0.0),
        "twice": top.features.get("twice", 0.0),
        "unsaid": top.features.get("figure unsaid", 0.0),
        "weak": float(sum(0 < v < 0.6 for n, v in top.features.items() if n.endswith("link"))),
        "likeness": top.features.get("likeness", 0.0),
        "composed": composed,
        "composed asks": top.features.get("composed asks", 0.0),
        "composed assumes": top.features.get("composed assumes", 0.0),
        "only composed": top.features.get("only composed", 0.0),
        "another composed": float(not composed and any("composed" in r.features for r in found)),
        "none composed": float(not any("composed" in r.features for r in found)),
    }


def _chance(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    score = sum(value * weights.get(name, 0.0) for name, value in features.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def spec_of(reading: Ranked) -> QuerySpec:
    """What it asks."""
    return reading.spec
