"""What passes from one chosen tool to another, as far as their descriptions tell."""

from collections.abc import Sequence
from itertools import pairwise

from planner.experience.tools import ToolCard
from planner.experience.words import stems

Link = tuple[str, str]

_SHARED = 2
"""A result and a parameter are one thing where two stems agree, or all that they have."""


class Linker:
    """Links tools by what the set tells of them: types, else results and parameters, else order.

    With types (`takes`, `gives`) each input is fed by the nearest earlier tool that gives its
    type, or by a later one if no earlier does. With results and parameters a tool feeds those that
    take what it gives. Where parameters are told and results are not, nothing is assumed to pass.
    Where neither is told, the tools are a chain: order is all there is.
    """

    def __init__(self, tools: Sequence[ToolCard]) -> None:
        self._tools = {tool.id: tool for tool in tools}
        self._typed = any(tool.takes and tool.gives for tool in tools)
        self._with_results = any(tool.results for tool in tools)
        self._documented = any(tool.parameters for tool in tools)

    def links(self, nodes: Sequence[str]) -> tuple[Link, ...]:
        """The links between tools given in the order of use."""
        nodes = tuple(dict.fromkeys(nodes))
        if self._typed:
            return self._by_type(nodes)
        if self._with_results:
            return self._by_name(nodes)
        return () if self._documented else tuple(pairwise(nodes))

    def _by_type(self, nodes: Sequence[str]) -> tuple[Link, ...]:
        found: list[Link] = []
        free = {node: list(self._tools[node].takes) for node in nodes}
        earlier = [(node, reversed(nodes[:place])) for place, node in enumerate(nodes)]
        later = [(node, iter(nodes[place + 1 :])) for place, node in enumerate(nodes)]
        for node, sources in (*earlier, *later):
            for source in sources:
                given = next((one for one in self._tools[source].gives if one in free[node]), None)
                if given is not None and not _leads(found, node, source):
                    free[node].remove(given)
                    found.append((source, node))
        order = {node: place for place, node in enumerate(nodes)}
        return tuple(sorted(found, key=lambda link: (order[link[0]], order[link[1]])))

    def _by_name(self, nodes: Sequence[str]) -> tuple[Link, ...]:
        return tuple(
            (source, node)
            for place, node in enumerate(nodes)
            for source in nodes[:place]
            if self._feeds(self._tools[source], self._tools[node])
        )

    def _feeds(self, source: ToolCard, tool: ToolCard) -> bool:
        given = [_thing(source, name) for name in source.results]
        taken = [_thing(tool, name) for name in tool.parameters]
        return any(_same(one, other) for one in given for other in taken)


def _thing(tool: ToolCard, name: str) -> frozenset[str]:
    """What a field holds. A bare `id` is the id of what the tool is about."""
    own = frozenset(stems(name))
    return own | frozenset(stems(tool.id)) if own <= {"id"} else own


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return bool(shared) and shared >= min(_SHARED, len(one), len(other))


def _leads(links: Sequence[Link], first: str, last: str) -> bool:
    """Whether a way leads from one tool to another, so that a link back would close a circle."""
    reached = {first}
    grown = True
    while grown:
        more = {after for before, after in links if before in reached} - reached
        reached |= more
        grown = bool(more)
    return last in reached
