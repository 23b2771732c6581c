"""What passes from one chosen tool to another, as far as their descriptions say."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from planner.experience.tools import ToolCard
from planner.experience.words import stems

Link = tuple[str, str]

_SHARED = 2
"""A result and a parameter are one thing where two stems agree, or all that they have."""


class Linker:
    """Links tools by what is known of them: types, else results and parameters, else order.

    With types (`takes`, `gives`) each input is fed by the nearest earlier tool that gives its
    type, or by a later one if no earlier does. With results and parameters a tool feeds those that
    take what it gives. With parameters but no results, nothing is assumed to pass. With neither,
    the tools are a chain: order is all there is.
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

    def fed(self, source: str, node: str) -> tuple[str, ...]:
        """The parameters of a tool that the result of another fills."""
        before, tool = self._tools[source], self._tools[node]
        if self._typed:
            return tuple(kind for kind in tool.takes if kind in before.gives)
        given = [_thing(before, name) for name in before.results]
        return tuple(
            name
            for name in tool.parameters
            if any(_same(result, _thing(tool, name)) for result in given)
        )

    def _by_type(self, nodes: Sequence[str]) -> tuple[Link, ...]:
        links: list[Link] = []
        free = {node: list(self._tools[node].takes) for node in nodes}
        for source, node in _nearest_first(nodes):
            fits = [kind for kind in self._tools[source].gives if kind in free[node]]
            if fits and not _leads(links, node, source):
                free[node].remove(fits[0])
                links.append((source, node))
        order = {node: place for place, node in enumerate(nodes)}
        return tuple(sorted(links, key=lambda link: (order[link[0]], order[link[1]])))

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
        return any(_same(result, field) for result in given for field in taken)


def _nearest_first(nodes: Sequence[str]) -> Iterator[Link]:
    """Every source with every node: for each node those before it, then for each those after."""
    for place, node in enumerate(nodes):
        yield from ((source, node) for source in reversed(nodes[:place]))
    for place, node in enumerate(nodes):
        yield from ((source, node) for source in nodes[place + 1 :])


def _thing(tool: ToolCard, name: str) -> frozenset[str]:
    """What a field holds. A bare `id` is the id of what the tool is about."""
    own = frozenset(stems(name))
    return own | frozenset(stems(tool.id)) if own <= {"id"} else own


def _same(result: frozenset[str], field: frozenset[str]) -> bool:
    shared = len(result & field)
    return bool(shared) and shared >= min(_SHARED, len(result), len(field))


def _leads(links: Sequence[Link], first: str, last: str) -> bool:
    """Whether a way leads from one tool to another, so that a link back would close a circle."""
    reached = {first}
    while more := {after for before, after in links if before in reached} - reached:
        reached |= more
    return last in reached
