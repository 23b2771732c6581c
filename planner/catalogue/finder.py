"""Which tools of a catalogue a request means, each with the part of the request that means it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from memory.model.agents.spec import AgentSpec
from planner.catalogue.cards import card
from planner.catalogue.entities import Entity
from planner.catalogue.evidence import LIKELY, Traits, confidence, traits
from planner.catalogue.segments import Segment, segments
from planner.experience.choosing import Chooser
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


class Finder:
    """Finds among the tools given. Loading 4,000 tools takes about a second."""

    def __init__(self, tools: Sequence[AgentSpec]) -> None:
        cards = [card(tool) for tool in tools]
        self._tools = {str(tool.name): traits(tool) for tool in tools}
        self._index = ToolIndex(cards)
        self._chooser = Chooser(cards)

    def find(self, request: str, entities: Sequence[Entity]) -> Found:
        """The tools that the request means; none where no word of it fits any."""
        parts = segments(request, self._chooser.verbs) or (Segment(request, 0, len(request)),)
        picks = tuple(self._picks(request, parts, entities))
        used = {pick.segment for pick in picks}
        return Found(picks, tuple(part for part in parts if part not in used))

    def links(self, tools: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """What passes between tools in the order of use, as far as descriptions say."""
        return self._chooser.links(tools)

    def _picks(
        self, request: str, parts: Sequence[Segment], entities: Sequence[Entity]
    ) -> Iterator[Pick]:
        for name in self._chooser.chosen(request):
            worths = [confidence(self._tools[name], part, entities, request) for part in parts]
            place = max(range(len(parts)), key=worths.__getitem__)
            if worths[place] < LIKELY:
                continue
            rivals = self._rivals(name, worths[place], parts[place], entities, request)
            yield Pick(self._tools[name].spec, worths[place], parts[place], rivals)

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
