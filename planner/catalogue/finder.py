"""Which tools of a catalogue a request means, each with the part of the request that means it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from memory.model.agents.spec import AgentSpec, EffectClass
from planner.catalogue.cards import card
from planner.catalogue.entities import Entity, Kind
from planner.catalogue.evidence import LIKELY, PLAIN, SURE, confidence, traits
from planner.catalogue.segments import Segment, segments
from planner.catalogue.slots import fit
from planner.experience.alike import Alike
from planner.experience.choosing import Chooser
from planner.experience.linking import Link
from planner.experience.past import Experience, Fit, PastPlan
from planner.experience.postings import Floats as Numbers
from planner.experience.similar import Floats
from planner.experience.tools import ToolIndex
from planner.experience.words import split_names

_MEANING_CHARS = 200
"""A description says what a tool is for before anything else."""
_LOOKED_AT = 8
"""How many tools are weighed for a part of the request."""
_RIVAL = 0.08
"""A tool this much less sure could be meant as well."""
_BETTER = 0.2
_RIVALS = 4
_ASKED = SURE - 0.01
_CONFIRMED = 0.25
"""Alike so far in meaning, and more than any other tool: that confirms what words say."""
_MEANT, _APART = 0.35, 0.12
"""A tool that is alike so far, and by so much more than the next, is asked for without its words."""
_PUSHING = 0.2
"""What a tool loses whose description demands that it be chosen."""
_UNASKED = 0.15
"""What a tool that changes something loses where no word orders that."""


@dataclass(frozen=True)
class Pick:
    """A tool, how sure it is, the part that means it, and others that part could mean."""

    spec: AgentSpec
    sure: float
    segment: Segment
    rivals: tuple[AgentSpec, ...] = ()
    plain: bool = False
    """Whether no question is needed though it isn't sure: it only reads, or just that is ordered."""


@dataclass(frozen=True)
class Found:
    """The tools in the order of use, and the parts of the request that none of them explains."""

    picks: tuple[Pick, ...]
    rest: tuple[Segment, ...]
    links: tuple[Link, ...] = ()
    """What waits for what."""
    fed: Mapping[Link, tuple[str, ...]] = field(default_factory=dict)
    """The parameters that are filled on the way."""


class Finder:
    """Finds among the tools given. Loading 4,000 tools takes about a second."""

    def __init__(self, tools: Sequence[AgentSpec]) -> None:
        self._cards = cards = [card(tool) for tool in tools]
        self._tools = {str(tool.name): traits(tool) for tool in tools}
        self._index = ToolIndex(cards)
        self._chooser = Chooser(cards)
        self._verbs = self._chooser.verbs.union(*(tool.verbs for tool in self._tools.values()))

    @property
    def texts(self) -> Sequence[str]:
        """What is compared with a request by meaning, a text per tool."""
        return tuple(
            f"{' '.join(split_names(own.id))}: {own.desc[:_MEANING_CHARS]}" for own in self._cards
        )

    @property
    def names(self) -> Collection[str]:
        """The tools there are."""
        return self._tools.keys()

    def experience(
        self, past: Sequence[PastPlan], vectors: Floats | None, kept: Fit | None = None
    ) -> Experience:
        """What past plans teach about these tools. Without a kept fit of the same plans it takes
        seconds for thousands of them."""
        return Experience(
            self._cards, past, vectors, chooser=self._chooser, index=self._index, fit=kept
        )

    def find(
        self,
        request: str,
        entities: Sequence[Entity],
        *,
        learned: Experience | None = None,
        vector: Floats | None = None,
        alike: Alike | None = None,
    ) -> Found:
        """The tools that the request means; none where no word of it fits any."""
        parts = segments(request, self._verbs) or (Segment(request, 0, len(request)),)
        chosen = (
            dict.fromkeys(self._chooser.chosen(request, alike), 0.0)
            if learned is None
            else learned.likely(request, vector, alike)
        )
        picks = tuple(self._picks(request, parts, entities, chosen, alike))
        used = {pick.segment for pick in picks}
        names = [str(pick.spec.name) for pick in picks]
        links = (learned or self._chooser).links(names)
        fed = {link: self._chooser.fed(*link) for link in links}
        return Found(picks, tuple(part for part in parts if part not in used), links, fed)

    def weighed(
        self, request: str, alike: Alike | None
    ) -> tuple[list[str], Numbers, list[int]] | None:
        """The tools worth a look, what speaks for each, and the action it is for."""
        found = self._chooser.weighed(request, alike)
        return found and ([self._cards[tool].id for tool in found[0]], *found[1:])

    def nearest(self, request: str, limit: int, alike: Alike | None = None) -> tuple[str, ...]:
        """The tools that fit best by words and meaning, best first."""
        ranked = (*self._chooser.nearest(request, alike), *self._index.best(request, limit))
        return tuple(dict.fromkeys(ranked))[:limit]

    def _picks(
        self,
        request: str,
        parts: Sequence[Segment],
        entities: Sequence[Entity],
        chosen: Mapping[str, float],
        alike: Alike | None,
    ) -> Iterator[Pick]:
        weighed: dict[Segment, dict[str, float]] = {}
        used, found = set[str](), set[Segment]()
        for name, before in chosen.items():
            part = self._part_for(name, request, parts, entities)
            if part not in weighed:
                weighed[part] = self._weighed(request, part, entities)
            known = weighed[part]
            if name not in known:
                known[name] = self._worth(name, request, part, entities)
            meant = name if before >= SURE else self._better(name, part, known, chosen)
            sure = self._sure(meant, known[meant], before, part)
            if sure >= LIKELY and meant not in used and not self._is_opposed(meant, part):
                used.add(meant)
                sure = max(sure, SURE) if self._confirmed(meant, part, alike) else sure
                rivals = () if before >= SURE else self._rivals(meant, part, known, chosen)
                found.add(part)
                plain = sure >= PLAIN and not self._acts_unasked(meant, part)
                yield Pick(self._tools[meant].spec, sure, part, rivals, plain)
        for part in parts:
            if part in found:
                continue
            said = None if part in weighed else self._ordered(request, part, entities)
            if (pick := said or self._meant(part, alike)) and str(pick.spec.name) not in used:
                used.add(str(pick.spec.name))
                yield pick

    def _part_for(
        self, name: str, request: str, parts: Sequence[Segment], entities: Sequence[Entity]
    ) -> Segment:
        """The part of the request that the tool fits best."""
        worths = [confidence(self._tools[name], part, entities, request) for part in parts]
        return parts[max(range(len(parts)), key=worths.__getitem__)]

    def _better(
        self, name: str, part: Segment, known: Mapping[str, float], chosen: Mapping[str, float]
    ) -> str:
        """The tool that the part means more clearly than the one chosen; else that one."""
        able = [name, *(other for other in known if not self._is_opposed(other, part))]
        best = max(able, key=known.__getitem__)
        weak = self._acts_unasked(name, part) or self._tools[name].pushes
        margin = 0.0 if weak else _BETTER
        better = best not in chosen and known[best] > known[name] + margin
        return best if better and not self._bare(name) else name

    def _ordered(self, request: str, part: Segment, entities: Sequence[Entity]) -> Pick | None:
        """The tool for a part that says little but its verb and to whom: "post it to #travel"."""
        known = self._weighed(request, part, entities)
        addressed = any(
            entity.kind in {Kind.CHANNEL, Kind.EMAIL} and part.start <= entity.start < part.end
            for entity in entities
        )
        best = max(known, key=known.__getitem__, default="")
        if not best or not addressed or not self._tools[best].is_ordered(part):
            return None
        if known[best] < LIKELY:
            return None
        return Pick(self._tools[best].spec, known[best], part, self._rivals(best, part, known, ()))

    def _meant(self, part: Segment, alike: Alike | None) -> Pick | None:
        """The tool whose meaning the part has in other words; it's asked for."""
        likeness = alike.to(part.text) if alike else None
        if likeness is None or len(likeness) < 2:
            return None
        second, best = np.partition(likeness, -2)[-2:].tolist()
        tool = self._tools[str(self._cards[int(likeness.argmax())].id)]
        if best < _MEANT or best - second < _APART or tool.is_opposed(part):
            return None
        return Pick(tool.spec, LIKELY, part)

    def _confirmed(self, name: str, part: Segment, alike: Alike | None) -> bool:
        """Whether a tool that only reads is the most alike in meaning, too."""
        if alike is None or self._tools[name].spec.effect is not EffectClass.READ:
            return False
        likeness = alike.to(part.text)
        if likeness is None or likeness.max() < _CONFIRMED:
            return False
        return self._cards[int(likeness.argmax())].id == name

    def _is_opposed(self, name: str, part: Segment) -> bool:
        """Whether the words order a change and the tool makes none, or the other way round."""
        return not self._bare(name) and self._tools[name].is_opposed(part)

    def _weighed(self, request: str, part: Segment, entities: Sequence[Entity]) -> dict[str, float]:
        return {
            name: self._worth(name, request, part, entities)
            for name in self._index.best(part.text, _LOOKED_AT)
        }

    def _worth(self, name: str, request: str, part: Segment, entities: Sequence[Entity]) -> float:
        """How surely it's meant: by its words, and by whether what is said has a place in it."""
        tool = self._tools[name]
        own = [entity for entity in entities if part.start <= entity.start < part.end]
        worth = confidence(tool, part, entities, request) + fit(tool.spec, request, part, own)
        worth -= _PUSHING if tool.pushes else 0.0
        return worth - _UNASKED if self._acts_unasked(name, part) else worth

    def _bare(self, name: str) -> bool:
        """Whether nothing but a name is known of a tool that only reads: it may be implied."""
        spec = self._tools[name].spec
        return not spec.parameters and spec.effect is EffectClass.READ

    def _acts_unasked(self, name: str, part: Segment) -> bool:
        """Whether the tool changes something, and no verb orders that."""
        tool = self._tools[name]
        return tool.spec.effect is not EffectClass.READ and not tool.is_ordered(part)

    def _sure(self, name: str, worth: float, before: float, part: Segment) -> float:
        """What was approved for other words makes a tool likely; it may not act for it unasked."""
        tool = self._tools[name]
        if self._bare(name):
            return max(worth, before, LIKELY)
        if tool.spec.effect is EffectClass.READ:
            return max(worth, before)
        worth = min(worth, _ASKED) if self._acts_unasked(name, part) else worth
        return max(worth, min(before, _ASKED))

    def _differ(self, name: str, other: str) -> bool:
        """Whether it matters which of the two is used: readers of one service are as good."""
        first, second = self._tools[name].spec, self._tools[other].spec
        reads = {first.effect, second.effect} == {EffectClass.READ}
        return not reads or first.provider != second.provider

    def _rivals(
        self, name: str, part: Segment, known: Mapping[str, float], chosen: Collection[str]
    ) -> tuple[AgentSpec, ...]:
        least = max(LIKELY, known[name] - _RIVAL)
        near = [
            other
            for other, worth in known.items()
            if other != name
            and other not in chosen
            and (worth >= least or (worth >= LIKELY and self._tools[other].lists(part)))
            and not self._is_opposed(other, part)
            and self._differ(name, other)
        ]
        near.sort(key=lambda other: -known[other])
        return tuple(self._tools[other].spec for other in near[:_RIVALS])
