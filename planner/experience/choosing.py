"""Choosing the tools for a request from their descriptions alone, one for each action it asks for.

Each action is matched with every tool: by the words they share, by their meaning where a language
model is there, by how much of the tool's name is mentioned, and by whether both are of one family (look up, book, change, cancel, …). What is booked or
changed is looked up first where a tool for that is there. The figures were set by hand on cases
apart from those that are reported; the score is flat around each.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.experience.actions import LOOK_UP, Action, Lexicon, shipped_lexicon
from planner.experience.alike import Alike
from planner.experience.linking import Link, Linker
from planner.experience.postings import Floats, Postings
from planner.experience.tools import ToolCard
from planner.experience.words import carries_meaning, split_names, stem

_NAME, _DESCRIPTION, _FIELD, _PARAMETER, _MEANING = 4.0, 2.0, 2.0, 2.0, 1.0
_ACTING, _FAINT, _KIN = 0.5, 0.15, 0.5
_WHOLE, _BEFORE, _FADE = 0.4, 0.5, 0.5
"""What counts beside an action's own words: the whole request, the actions before it."""
_SAID, _SAID_ELSEWHERE = 0.3, 0.5
_MEANT = 1.0
"""What likeness of meaning counts beside the words of the tool they fit best."""
_SAME_FAMILY, _HINTED, _OTHER_FAMILY = 1.6, 1.2, 0.7
_NO_FAMILY = 0.8
_LEAST, _MOST = 0.25, 8
"""An action is passed over where it fits a quarter as well as the best; eight tools at most."""
_LOOKED_UP_FIRST = frozenset(["book", "change", "cancel"])


@dataclass(frozen=True)
class _Traits:
    """What a tool's name and description say of it: its family, and other families they hint at."""

    finds: bool
    things: frozenset[str]
    family: str
    hints: frozenset[str]

    def fit(self, family: str) -> float:
        """How well it fits an action of that family."""
        if self.family == family:
            return _SAME_FAMILY
        if family in self.hints:
            return _HINTED
        return _OTHER_FAMILY if self.family else 1.0


class Chooser:
    """Chooses among tools without past plans. Loading 4,000 tools takes about 0.5 s."""

    def __init__(self, tools: Sequence[ToolCard], lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or shipped_lexicon()
        self._ids = tuple(tool.id for tool in tools)
        self._linker = Linker(tools)
        self._documented = any(tool.parameters or tool.takes for tool in tools)
        self._postings = Postings(
            [self._document(tool) for tool in tools], saturation=3.0, length_weight=0.5
        )
        self._traits = [self._traits_of(tool) for tool in tools]
        self._fit = {
            family: np.array([traits.fit(family) for traits in self._traits])
            for family in self._lexicon.families
        }
        self._name_words = self._by_word(tools)
        self.verbs = frozenset(verb for tool in tools for verb in _verbs(tool))

    def plan(
        self, request: str, alike: Alike | None = None
    ) -> tuple[tuple[str, ...], tuple[Link, ...]]:
        """The tools in the order of use, and what passes from one to another."""
        nodes = self.chosen(request, alike)
        return nodes, self.links(nodes)

    def links(self, nodes: Sequence[str]) -> tuple[Link, ...]:
        """What passes between tools given in the order of use."""
        return self._linker.links(nodes)

    def fed(self, source: str, node: str) -> tuple[str, ...]:
        """The parameters of a tool that the result of another fills."""
        return self._linker.fed(source, node)

    def chosen(self, request: str, alike: Alike | None = None) -> tuple[str, ...]:
        """The tools in the order of use; none where no word of the request fits any."""
        actions = self._lexicon.actions(request, self.verbs)
        whole = self._words(word for action in actions for word in action.words)
        fits = self._fits(actions, whole, alike)
        best = max((worth for _, worth in fits), default=0.0)
        place: dict[int, int] = {}
        ranked = sorted(enumerate(fits), key=lambda entry: -entry[1][1])
        for number, (tool, worth) in ranked[:_MOST]:
            if worth > 0 and worth >= _LEAST * best:
                place.setdefault(tool, number)
        order = sorted(place, key=place.__getitem__)
        if not self._documented:
            order = self._with_lookups(order, self._postings.match(whole))
        return tuple(self._ids[tool] for tool in order)

    def _fits(
        self, actions: Sequence[Action], whole: Mapping[str, float], alike: Alike | None
    ) -> list[tuple[int, float]]:
        """The best tool for each action, and how well it fits."""
        background = _WHOLE * self._postings.match(whole)
        said = _SAID_ELSEWHERE * self._coverage(whole)
        before = np.zeros(len(self._ids))
        fits = []
        for action in actions:
            words = self._words(action.words)
            own = self._postings.match(words)
            if not own.any():
                continue
            covered = np.minimum(1.0, self._coverage(words) + said)
            score = (own + background + _BEFORE * before) * (1 - _SAID + _SAID * covered)
            before = _FADE * before + own
            meant = alike.to(" ".join(action.words)) if alike else None
            if meant is not None:
                score += _MEANT * score.max() * meant
            if action.families:
                score *= np.max([self._fit[family] for family in action.families], axis=0)
            tool = int(np.argmax(score))
            fits.append((tool, float(score[tool]) * (1.0 if action.families else _NO_FAMILY)))
        return fits

    def _with_lookups(self, order: Sequence[int], whole: Floats) -> list[int]:
        traits = self._traits
        looked_up = (traits[tool].things for tool in order if traits[tool].family == LOOK_UP)
        seen = frozenset[str]().union(*looked_up)
        complete: list[int] = []
        for tool in order:
            things = traits[tool].things
            if traits[tool].family in _LOOKED_UP_FIRST and not things & seen:
                first = self._lookup(tool, whole, order)
                complete += [first] if first is not None else []
                seen |= things
            complete.append(tool)
        return list(dict.fromkeys(complete))

    def _lookup(self, tool: int, whole: Floats, chosen: Sequence[int]) -> int | None:
        """What finds the thing a tool works on: an offer to book, or what was booked before."""
        own = self._traits[tool]

        def worth(other: int) -> float:
            offers = self._traits[other].finds is (own.family == "book")
            return float(whole[other]) * (2.0 if offers else 1.0)

        candidates = [
            other
            for other, traits in enumerate(self._traits)
            if traits.family == LOOK_UP and traits.things & own.things and other not in chosen
        ]
        return max(candidates, key=worth, default=None)

    def _words(self, words: Iterable[str]) -> dict[str, float]:
        own = {stem(word): 1.0 for word in words if carries_meaning(word)}
        kin = {other: _KIN for root in own for other in self._lexicon.kin(root)}
        return kin | own

    def _coverage(self, words: Mapping[str, float]) -> Floats:
        result = np.zeros(len(self._ids))
        for word, weight in words.items():
            if word in self._name_words:
                numbers, shares = self._name_words[word]
                result[numbers] += shares * weight
        return result

    def _document(self, tool: ToolCard) -> dict[str, float]:
        weights: dict[str, float] = {}
        texts = [(tool.id, _NAME), (tool.desc, _DESCRIPTION), (tool.field, _FIELD)]
        texts += [(name, _PARAMETER) for name in tool.parameters]
        texts += [(meaning, _MEANING) for meaning in tool.parameters.values()]
        for text, weight in texts:
            for word in split_names(text):
                if len(word) > 1 and carries_meaning(word):
                    root = stem(word)
                    weights[root] = weights.get(root, 0.0) + weight * self._telling(root)
        return weights

    def _telling(self, root: str) -> float:
        if self._lexicon.is_faint(root):
            return _FAINT
        return _ACTING if self._lexicon.is_acting(root) else 1.0

    def _shares(self, name: Sequence[str]) -> dict[str, float]:
        """How much of what a tool's name says each of its words says."""
        roots = {stem(word) for word in name if len(word) > 1 and carries_meaning(word)}
        weights = {root: self._postings.rarity(root) * self._telling(root) for root in roots}
        total = sum(weights.values()) or 1.0
        return {root: weight / total for root, weight in weights.items()}

    def _by_word(self, tools: Sequence[ToolCard]) -> dict[str, tuple[NDArray[np.int64], Floats]]:
        """The tools with each word in their names, and the share of the name it makes up."""
        entries: dict[str, list[tuple[int, float]]] = {}
        for number, tool in enumerate(tools):
            for root, share in self._shares(split_names(tool.id)).items():
                entries.setdefault(root, []).append((number, share))
        return {
            root: (np.array([n for n, _ in having]), np.array([share for _, share in having]))
            for root, having in entries.items()
        }

    def _traits_of(self, tool: ToolCard) -> _Traits:
        name = split_names(tool.id)
        things = frozenset(stem(word) for word in name if self._lexicon.names_thing(word))
        # snake_case names end in what they do as often as they begin with it: hotel_booking.
        telling = [*name[-1:], *name[:-1]] if "_" in tool.id else name
        family, hints = self._lexicon.family_of(telling, split_names(tool.desc)[:8])
        return _Traits(self._lexicon.finds(name), things, family, hints)


def _verbs(tool: ToolCard) -> tuple[str, ...]:
    """Stems of the verb a tool is described with: "Stabilizes a video …", stabilizeVideo."""
    words = split_names(tool.desc)
    third_person = bool(words) and words[0].endswith("s") and not words[0].endswith("ss")
    named = split_names(tool.id)[:1] if re.match(r"[a-z]+[A-Z]", tool.id) else []
    return tuple(stem(word) for word in (*(words[:1] if third_person else ()), *named))
