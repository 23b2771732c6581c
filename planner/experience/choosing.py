"""Choosing the tools for a request from their descriptions alone.

Each action that is asked for is matched with every tool: by the words they share, by their meaning
where a language model is there, by how much of the tool's name is mentioned, and by whether both are
of one family (look up, book, change, cancel, …). Those figures are weighed by `ranking`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from planner.experience import ranking
from planner.experience.actions import LOOK_UP, Action, Lexicon, shipped_lexicon
from planner.experience.alike import Alike
from planner.experience.features import Fits, Traits, features
from planner.experience.linking import Link, Linker
from planner.experience.postings import Floats, Postings
from planner.experience.tools import ToolCard
from planner.experience.words import carries_meaning, split_names, stem

_NAME, _DESCRIPTION, _FIELD, _PARAMETER, _MEANING = 4.0, 2.0, 2.0, 2.0, 1.0
_ACTING, _FAINT, _KIN = 0.5, 0.15, 0.5
_WHOLE, _BEFORE, _FADE = 0.4, 0.5, 0.5
"""What counts beside an action's own words: the whole request, the actions before it."""
_SAID, _SAID_ELSEWHERE = 0.3, 0.5
_FEW, _LEAST = 100, 0.25
"""Among fewer tools numbers mean other things than where the weights were fitted: there each action
has the tool that fits best, unless it fits less than a quarter as well as the best of all."""
_NO_FAMILY = 0.8
"""What an action counts whose verb is of no family."""


class Chooser:
    """Chooses among tools without past plans. Loading 4,000 tools takes about 0.5 s."""

    def __init__(self, tools: Sequence[ToolCard], lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or shipped_lexicon()
        self._ids = tuple(tool.id for tool in tools)
        self._linker = Linker(tools)
        self.told = any(tool.parameters or tool.takes for tool in tools)
        """Whether more than a name and a description is known of the tools."""
        self._postings = Postings(
            [self._document(tool) for tool in tools], saturation=3.0, length_weight=0.5
        )
        self._traits = [self._traits_of(tool) for tool in tools]
        self._fit = {
            family: np.array([traits.fit(family) for traits in self._traits])
            for family in self._lexicon.families
        }
        self._name_words = self._by_word(tools)
        self.verbs = frozenset(chain.from_iterable(map(_verbs, tools)))

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
        weighed = self.weighed(request, alike)
        if weighed is None:
            return ()
        tools, rows, actions = weighed
        likely = self._chances(rows, actions, alike)
        if len(self._ids) < _FEW:
            best = ranking.one_each(rows[:, 0], actions, _LEAST)
        else:
            best = ranking.one_each(likely, actions) if self.told else ranking.expected(likely)

        def order(place: int) -> tuple[int, bool, float]:
            return actions[place], not self._traits[tools[place]].looks_up, -likely[place]

        return tuple(self._ids[tools[place]] for place in sorted(best, key=order))

    def nearest(self, request: str, alike: Alike | None = None) -> tuple[str, ...]:
        """The tools that are worth a look, the likeliest first."""
        weighed = self.weighed(request, alike)
        if weighed is None:
            return ()
        tools, rows, actions = weighed
        order = np.argsort(-self._chances(rows, actions, alike), kind="stable")
        return tuple(self._ids[tools[place]] for place in order.tolist())

    def _chances(self, rows: Floats, actions: Sequence[int], alike: Alike | None) -> Floats:
        weights = ranking.shipped().of(told=self.told, meant=alike is not None)
        return ranking.chances(rows, actions, weights)

    def weighed(
        self, request: str, alike: Alike | None = None
    ) -> tuple[list[int], Floats, list[int]] | None:
        """The tools worth a look by their numbers, what speaks for each, and its action."""
        actions = self._lexicon.actions(request, self.verbs)
        fits = self._fits(actions, request, alike)
        if fits is None:
            return None
        tools = fits.best()
        said = {stem(word) for action in actions for word in action.words}
        said |= {other for root in said for other in self._lexicon.kin(root)}
        rows, acts = features(fits, tools, [self._traits[tool] for tool in tools], frozenset(said))
        return tools, rows, acts

    def _fits(self, actions: Sequence[Action], request: str, alike: Alike | None) -> Fits | None:
        """How well each tool fits each action; None where no word of any action fits a tool."""
        whole = self._words(word for action in actions for word in action.words)
        whole_words, whole_cover = self._postings.match(whole), self._coverage(whole)
        asked = alike.to(request) if alike else None
        before, none = np.zeros(len(self._ids)), np.zeros(len(self._ids))
        rows = []
        for action in actions:
            words = self._words(action.words)
            own, cover = self._postings.match(words), self._coverage(words)
            if not own.any():
                continue
            said = np.minimum(1.0, cover + _SAID_ELSEWHERE * whole_cover)
            score = (own + _WHOLE * whole_words + _BEFORE * before) * (1 - _SAID + _SAID * said)
            before = _FADE * before + own
            meant = alike.to(" ".join(action.words)) if alike else None
            meant = none if meant is None else meant
            families = [self._fit[family] for family in action.families]
            family = np.max(families, axis=0) if families else none + 1.0
            score = (score + score.max() * meant) * family * (1.0 if families else _NO_FAMILY)
            rows.append((score, own, np.minimum(1.0, cover), meant, family))
        if not rows:
            return None
        score, words_fit, cover_fit, alike_fit, family_fit = np.moveaxis(np.array(rows), 1, 0)
        return Fits(
            score=score,
            words=words_fit,
            cover=cover_fit,
            alike=alike_fit,
            family=family_fit,
            whole_words=whole_words / (whole_words.max() or 1.0),
            whole_cover=np.minimum(1.0, whole_cover),
            whole_alike=none if asked is None else asked,
        )

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

    def _traits_of(self, tool: ToolCard) -> Traits:
        name = split_names(tool.id)
        things = frozenset(stem(word) for word in name if self._lexicon.names_thing(word))
        # snake_case names end in what they do as often as they begin with it: hotel_booking.
        telling = [*name[-1:], *name[:-1]] if "_" in tool.id else name
        family, hints = self._lexicon.family_of(telling, split_names(tool.desc)[:8])
        fields = frozenset(split_names(tool.field))
        finds = self._lexicon.finds(name)
        return Traits(finds, things, family, hints, fields, looks_up=family == LOOK_UP)


def _verbs(tool: ToolCard) -> tuple[str, ...]:
    """Stems of the verb a tool is described with: "Stabilizes a video …", stabilizeVideo."""
    words = split_names(tool.desc)
    third_person = bool(words) and words[0].endswith("s") and not words[0].endswith("ss")
    named = split_names(tool.id)[:1] if re.match(r"[a-z]+[A-Z]", tool.id) else []
    return tuple(stem(word) for word in (*(words[:1] if third_person else ()), *named))
