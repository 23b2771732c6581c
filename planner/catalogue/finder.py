"""Which tools of a catalogue a request means, each with the part of the request that means it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from memory.model.agents.spec import AgentSpec, EffectClass
from planner.catalogue.cards import card
from planner.catalogue.entities import Entity
from planner.catalogue.evidence import LIKELY, SURE, Traits, confidence, traits
from planner.catalogue.segments import Segment, segments
from planner.experience.choosing import Chooser
from planner.experience.linking import Link
from planner.experience.past import Experience, PastPlan
from planner.experience.similar import Floats
from planner.experience.tools import ToolIndex

_LOOKED_AT = 8
"""How many tools are weighed for a part of the request."""
_RIVAL = 0.08
"""A tool this much less sure could be meant as well."""
_RIVALS = 4


@dataclass(frozen=True)
class Pick:
    """A tool, how sure it is, the part that means it, and others that part could mean."""

    spec: AgentSpec
    sure: float
    segment: Segment
    rivals: tuple[AgentSpec, ...] = ()


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

    @property
    def names(self) -> Collection[str]:
        """The tools there are."""
        return self._tools.keys()

    def experience(self, past: Sequence[PastPlan], vectors: Floats | None) -> Experience:
        """What past plans teach about these tools. Takes seconds for thousands of them."""
        return Experience(self._cards, past, vectors, chooser=self._chooser, index=self._index)

    def find(
        self,
        request: str,
        entities: Sequence[Entity],
        *,
        learned: Experience | None = None,
        vector: Floats | None = None,
    ) -> Found:
        """The tools that the request means; none where no word of it fits any."""
        parts = segments(request, self._chooser.verbs) or (Segment(request, 0, len(request)),)
        chosen = (
            dict.fromkeys(self._chooser.chosen(request), 0.0)
            if learned is None
            else learned.likely(request, vector)
        )
        picks = tuple(self._picks(request, parts, entities, chosen))
        used = {pick.segment for pick in picks}
        names = [str(pick.spec.name) for pick in picks]
        links = (learned or self._chooser).links(names)
        fed = {link: self._chooser.fed(*link) for link in links}
        return Found(picks, tuple(part for part in parts if part not in used), links, fed)

    def nearest(self, request: str, limit: int) -> tuple[str, ...]:
        """The tools that fit best, best first."""
        return self._index.best(request, limit)

    def _picks(
        self,
        request: str,
        parts: Sequence[Segment],
        entities: Sequence[Entity],
        chosen: Mapping[str, float],
    ) -> Iterator[Pick]:
        for name, before in chosen.items():
            tool = self._tools[name]
            worths = [confidence(tool, part, entities, request) for part in parts]
            place = max(range(len(parts)), key=worths.__getitem__)
            # What was approved for other words makes a tool likely; it may not act for it unasked.
            most = 1.0 if tool.spec.effect is EffectClass.READ else SURE - 0.01
            sure = max(worths[place], min(before, most))
            if sure < LIKELY:
                continue
            rivals = (
                ()
                if before >= SURE
                else self._rivals(name, worths[place], parts[place], entities, request)
            )
            yield Pick(tool.spec, sure, parts[place], rivals)

    def _rivals(
        self, name: str, sure: float, part: Segment, entities: Sequence[Entity], request: str
    ) -> tuple[AgentSpec, ...]:
        others = [
            (confidence(tool, part, entities, request), tool)
            for other in self._index.best(part.text, _LOOKED_AT)
            if other != name
            for tool in [self._tools[other]]
        ]
        near: list[tuple[float, Traits]] = [
            entry for entry in others if entry[0] >= max(LIKELY, sure - _RIVAL)
        ]
        near.sort(key=lambda entry: -entry[0])
        return tuple(tool.spec for _, tool in near[:_RIVALS])
