"""What speaks for a tool in a request, as numbers that mean the same whatever the tools are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.experience.postings import Floats

LOOKED_AT = 40
"""So many tools are weighed for a request, those that fit best."""
CHANGING = frozenset(["book", "change", "cancel"])
SAME_FAMILY, HINTED, OTHER_FAMILY = 1.6, 1.2, 0.7
"""How well a tool fits an action of its own family, of one its words hint at, and of another."""


@dataclass(frozen=True)
class Traits:
    """What a tool's name and description say of it: its family, and other families they hint at.

    `finds`: it finds what is on offer. `things` are what its name is about, `fields` its domains.
    """

    finds: bool
    things: frozenset[str]
    family: str
    hints: frozenset[str]
    fields: frozenset[str]
    looks_up: bool

    def fit(self, family: str) -> float:
        """How well it fits an action of that family."""
        if self.family == family:
            return SAME_FAMILY
        if family in self.hints:
            return HINTED
        return OTHER_FAMILY if self.family else 1.0


@dataclass(frozen=True)
class Fits:
    """How tools fit the actions of a request and the whole of it; arrays by action and tool.

    `score` is by words, meaning, and family together; the others are each for itself.
    """

    score: Floats
    words: Floats
    cover: Floats
    alike: Floats
    family: Floats
    whole_words: Floats
    whole_cover: Floats
    whole_alike: Floats

    def best(self) -> list[int]:
        """The tools that are worth a look, the best first."""
        worth = self.score.max(axis=0) / (self.score.max() or 1.0) + self.alike.max(axis=0) / 2
        worth += (_shares(self.score).max(axis=0) + self.whole_alike + self.whole_words) / 2
        return [int(tool) for tool in np.argsort(-worth, kind="stable")[:LOOKED_AT]]


def features(
    fits: Fits, tools: Sequence[int], traits: Sequence[Traits], said: frozenset[str]
) -> tuple[Floats, list[int]]:
    """A row of numbers per tool, and the action that each fits best. `said`: the request's words."""
    actions = [int(action) for action in fits.score[:, tools].argmax(axis=0)]
    at = (actions, tools)
    score = fits.score[:, tools].max(axis=0) / (fits.score.max() or 1.0)
    share = _shares(fits.score)[:, tools].max(axis=0)
    place = _places(fits.score)[:, tools].max(axis=0)
    words, alike, family = fits.words[at], fits.alike[at], fits.family[at]
    cover, first = fits.cover[at], place == 1.0
    columns = [
        score, share, place, first, words / np.maximum(fits.words.max(axis=1)[actions], 1e-9),
        np.log1p(words), cover, cover - fits.cover.max(axis=1)[actions],
        alike, alike - fits.alike.max(axis=1)[actions], fits.alike[:, tools].max(axis=0),
        _places(fits.alike)[:, tools].max(axis=0),
        fits.whole_words[tools], fits.whole_cover[tools],
        fits.whole_alike[tools], fits.whole_alike[tools] - fits.whole_alike.max(),
        family == SAME_FAMILY, family == HINTED, family == OTHER_FAMILY,
        [own.family in CHANGING for own in traits], [own.looks_up for own in traits],
        np.full(len(tools), 1 / len(fits.score)),
        score * cover, cover * family, share * fits.alike[:, tools].max(axis=0),
        first * score, first * cover, first * fits.whole_alike[tools],
        *_together(score, traits),
        [len(own.things - said) / max(1, len(own.things)) for own in traits],
    ]  # fmt: skip
    return np.array(columns, float).T, actions


def among(chances: Floats, actions: Sequence[int]) -> Floats:
    """What it says of each tool how likely the others are, of its own action and of all."""
    rows = []
    places = np.argsort(np.argsort(-chances, kind="stable"), kind="stable")
    for tool, chance in enumerate(chances.tolist()):
        rivals = chances[[action == actions[tool] for action in actions]]
        better = int((rivals > chance).sum())
        logit = np.log(chance / (1 - chance))
        share = chance / rivals.max()
        rows.append(
            (logit, chance, share, not better, 1 / (1 + better), 1 / (1 + places[tool]),
             chances.max(), chances.sum() / 4, 0 if better else chance)
        )  # fmt: skip
    return np.array(rows, float)


def _together(score: Floats, traits: Sequence[Traits]) -> list[Floats]:
    """The best score of others: of what it looks up for, of what shares its thing, kind, field."""
    others = ~np.eye(len(traits), dtype=bool)
    sharing = _overlap([own.things for own in traits]) & others
    looking = np.array([own.looks_up for own in traits])[:, None]
    changing = np.array([other.family in CHANGING for other in traits])[None, :]
    finds = np.array([own.finds for own in traits])[:, None]
    offers = finds == np.array([other.family == "book" for other in traits])[None, :]
    kinds = np.array([own.family for own in traits])
    looked_up = sharing & looking & changing
    masks = (
        looked_up,
        looked_up & offers,
        sharing,
        sharing & (kinds[:, None] == kinds[None, :]),
        _overlap([own.fields for own in traits]) & others,
    )
    return [(score[None, :] * mask).max(axis=1, initial=0.0) for mask in masks]


def _overlap(words: Sequence[frozenset[str]]) -> NDArray[np.bool_]:
    """Whether each two of the sets share a word."""
    places = {word: place for place, word in enumerate(frozenset().union(*words))}
    having = np.zeros((len(words), len(places) or 1), np.float32)
    for row, own in enumerate(words):
        having[row, [places[word] for word in own]] = 1
    found: NDArray[np.bool_] = np.einsum("ik,jk->ij", having, having) > 0
    return found


def _shares(scores: Floats) -> Floats:
    """Each score as a share of the best of its action."""
    shares: Floats = scores / np.maximum(scores.max(axis=1, keepdims=True), 1e-9)
    return shares


def _places(scores: Floats) -> Floats:
    """1 for the best of an action, then 1/2, 1/3, and so on."""
    order = np.argsort(-scores, axis=1, kind="stable")
    places = np.empty_like(scores)
    np.put_along_axis(places, order, 1 / (1 + np.arange(scores.shape[1]))[None, :], axis=1)
    return places
