"""Which reading of a question is taken, and which are offered: by how likely each is right. Pure but for the language model."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planner.questions.context import Context
from planner.questions.search.ranking import Composed, Ranked, are_tried, ranked
from planner.questions.search.trying import told_apart
from planner.questions.search.weighing import fitted

MOST = 4
"""How many readings are offered."""
LEAST, SPOKEN, NAMED = 0.04, 0.5, 0.6
"""A reading less likely than this beside the others, that speaks for no more than so much of the words, or
whose surest link is weaker, is no option."""
TRUSTED, LITTLE, WEAK = 0.3, 0.2, 0.4
"""Where it is so likely that one of them is right, each is an option that speaks for something by its name."""
PLAIN = 0.2
"""A reading of the words by their very names that is at least so likely is offered first."""
BARELY, UNKNOWN = 0.3, 2.0
"""A reading that speaks for more than this is one as well, where no more than so many words are unknown."""


@dataclass(frozen=True)
class Judged:
    """The readings, the likeliest first. `sure`: the chance that the first is what is meant; `among`:
    that one of them is; `every`: also those that give the same rows as another.
    """

    readings: tuple[Ranked, ...]
    sure: float
    among: float
    every: tuple[Ranked, ...] = ()

    def likely(self, *, alone: bool) -> tuple[Ranked, ...]:
        """Those worth offering; `alone`: nothing besides is asked for, so that no words may be lost with it."""
        near = [r for n, r in enumerate(self.readings[:MOST]) if n < 2 or r.chance >= LEAST]
        trusted = alone and self.among >= TRUSTED
        found = [r for r in near if _is_spoken(r) or (trusted and _names_something(r))]
        return tuple(sorted(found, key=lambda r: not _is_plain(r)))


def _is_plain(reading: Ranked) -> bool:
    """Whether it is likely, and says no more and no less than the words by their very names."""
    return reading.chance >= PLAIN and reading.features.get("composed exact only", 0.0) > 0


def _is_spoken(reading: Ranked) -> bool:
    """Whether enough of the words speak for it: half of them, or less where a name is sure and little unknown."""
    features = reading.features
    if reading.explained > SPOKEN:
        return "composed" in features or _link(features, *_ROWS, "whole rows") >= NAMED
    few = features.get("lost unknown", 0.0) <= UNKNOWN and not features.get("binding lost")
    return reading.explained > BARELY and few and _link(features) >= NAMED


def _names_something(reading: Ranked) -> bool:
    """Whether some of the words are near to a name, and few are unknown."""
    few = reading.features.get("lost unknown", 0.0) <= UNKNOWN
    return few and reading.explained > LITTLE and _link(reading.features, *_ROWS) >= WEAK


_ROWS = ("base named", "count rows", "value names rows")
"""How well words name the rows of a file."""


def _link(features: Mapping[str, float], *more: str) -> float:
    """The surest link between a word and what it stands for."""
    links = (v for name, v in features.items() if name.endswith(" link") or name in more)
    return max(links, default=0.0)


def judged(words: str, context: Context, composed: Composed | None) -> Judged:
    """All readings worth a thought, and how far they may be trusted."""
    found = ranked(words, context, composed)
    if not found:
        return Judged((), 0.0, 0.0)
    every = [r.features for r in found]
    apart = told_apart(
        [(n, r.chance) for n, r in enumerate(found)],
        [r.ran for r in found],
        every,
        [r.kin for r in found],
    )
    best = tuple(replace(found[place], chance=chance) for place, chance in apart)
    features = trust_features([r.features for r in best], [r.chance for r in best])
    weights = fitted(tried=are_tried(found))
    sure, among = _chance(features, weights.trust), _chance(features, weights.offer)
    return Judged(best, sure, among, found)


def trust_features(
    features: Sequence[Mapping[str, float]], chances: Sequence[float]
) -> dict[str, float]:
    """What is known of the likeliest reading beside the others; they come in order of their chances."""
    top, asks = features[0], features[0].get
    second = chances[1] if len(chances) > 1 else 0.0
    lost = {name: value for name, value in top.items() if name.startswith("lost ")}
    composed = any("composed" in each for each in features)
    return {
        "always": 1.0,
        "log chance": math.log(chances[0] + 1e-4),
        "log chance of four": math.log(sum(chances[:MOST]) + 1e-4),
        "margin": min(math.log(chances[0] + 1e-6) - math.log(second + 1e-6), 5.0),
        "lost unknown": lost.get("lost unknown", 0.0),
        "lost linked": lost.get("lost linked", 0.0),
        "lost light": lost.get("lost light", 0.0),
        "lost marks": sum(value for name, value in lost.items() if name.startswith("lost mark")),
        "binding lost": asks("binding lost", 0.0),
        "twice": asks("twice", 0.0),
        "unsaid": asks("figure unsaid", 0.0),
        "untold": asks("untold", 0.0),
        "untold any": asks("untold any", 0.0),
        "unfit": asks("unfit", 0.0),
        "weak": float(sum(0 < v < 0.6 for name, v in top.items() if name.endswith("link"))),
        "likeness": asks("likeness", 0.0),
        "ran empty": asks("ran empty", 0.0),
        "ran blank": asks("ran blank", 0.0),
        "ran zero": asks("ran zero", 0.0),
        "ran alike": asks("ran alike", 0.0),
        "composed": asks("composed", 0.0),
        "composed asks": asks("composed asks", 0.0),
        "composed exact": asks("composed exact", 0.0),
        "composed exact only": asks("composed exact only", 0.0),
        "composed assumes": asks("composed assumes", 0.0),
        "only composed": asks("only composed", 0.0),
        "another composed": float("composed" not in top and composed),
        "none composed": float(not composed),
        "composed deep": asks("composed deep", 0.0),
        "nearly composed": asks("nearly composed", 0.0),
        "composed unread": asks("composed unread", 0.0),
    }


def _chance(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    score = sum(value * weights.get(name, 0.0) for name, value in features.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
