"""Where the boxes of a task graph go: layers, few crossings, straight lines. Pure.

The method is Sugiyama's: layers by longest path, way-points where an edge passes a layer,
barycentre sweeps, then places by isotonic regression. Units are the caller's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from memory.model.base import TaskKey
from memory.model.work.graph import TaskGraph

SWEEPS = 8


@dataclass(frozen=True)
class Node:
    """A task in its layer, or (task "") a way-point of the edges that leave `source`."""

    layer: int
    task: TaskKey
    source: TaskKey


Edge = tuple[Node, Node]


@dataclass(frozen=True)
class Layering:
    """Nodes by layer, each layer in its order, and the edges between neighbouring layers."""

    layers: tuple[tuple[Node, ...], ...]
    edges: tuple[Edge, ...]

    def node(self, task: TaskKey) -> Node:
        """The task's own node. Raises KeyError."""
        for layer in self.layers:
            for node in layer:
                if node.task == task:
                    return node
        raise KeyError(task)


def layered(graph: TaskGraph) -> Layering:
    """The graph in layers, ordered so that few edges cross. Same graph, same answer."""
    levels = _levels(graph)
    layers: list[list[Node]] = [[] for _ in range(max(levels.values()) + 1)]
    for task in graph.tasks:
        layers[levels[task.key]].append(Node(levels[task.key], task.key, task.key))
    nodes = {node.task: node for layer in layers for node in layer}
    edges: dict[Edge, None] = {}
    for task in graph.tasks:
        for need in task.needs():
            _route(nodes[need], nodes[task.key], layers, edges)
    return Layering(_ordered(layers, list(edges)), tuple(edges))


def places(layering: Layering, extent: Callable[[Node], float], gap: float) -> dict[Node, float]:
    """The centre of every node across its layer; no two in a layer overlap.

    `extent` is a node's size across; `gap` the least space between two.
    """
    at = {node: 0.0 for layer in layering.layers for node in layer}
    for layer in layering.layers:
        _settle(layer, [0.0] * len(layer), extent, gap, at)
    before, after = _neighbours(layering.edges)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        order = layering.layers if forward else layering.layers[::-1]
        near = before if forward else after
        for layer in order:
            wanted = [
                _mean([at[other] for other in near.get(node, ())], default=at[node])
                for node in layer
            ]
            _settle(layer, wanted, extent, gap, at)
    return at


def _levels(graph: TaskGraph) -> dict[TaskKey, int]:
    levels = {task.key: level for level, layer in enumerate(graph.layers()) for task in layer}
    # A task that needs nothing stands just before the first that needs it: shorter lines.
    users: dict[TaskKey, list[int]] = {}
    for task in graph.tasks:
        for need in task.needs():
            users.setdefault(need, []).append(levels[task.key])
    for task in graph.tasks:
        if not task.needs() and task.key in users:
            levels[task.key] = min(users[task.key]) - 1
    return levels


def _route(start: Node, end: Node, layers: list[list[Node]], edges: dict[Edge, None]) -> None:
    last = start
    for level in range(start.layer + 1, end.layer):
        point = Node(level, TaskKey(""), start.source)
        if point not in layers[level]:
            layers[level].append(point)
        edges[last, point] = None
        last = point
    edges[last, end] = None


def _ordered(layers: list[list[Node]], edges: list[Edge]) -> tuple[tuple[Node, ...], ...]:
    before, after = _neighbours(edges)
    best, fewest = [tuple(layer) for layer in layers], _crossings(layers, after)
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        if sweep % 2:
            _sweep(layers[::-1], after)
        else:
            _sweep(layers, before)
        crossed = _crossings(layers, after)
        if crossed < fewest:
            best, fewest = [tuple(layer) for layer in layers], crossed
    return tuple(best)


def _sweep(layers: Sequence[list[Node]], near: dict[Node, list[Node]]) -> None:
    """Sort each layer by where the one before it has its neighbours."""
    for previous, layer in pairwise(layers):
        _sort(layer, {node: index for index, node in enumerate(previous)}, near)


def _sort(layer: list[Node], rank: dict[Node, int], near: dict[Node, list[Node]]) -> None:
    own = {node: float(index) for index, node in enumerate(layer)}
    layer.sort(
        key=lambda node: _mean(
            [float(rank[other]) for other in near.get(node, ())], default=own[node]
        )
    )


def _crossings(layers: Sequence[Sequence[Node]], after: dict[Node, list[Node]]) -> int:
    total = 0
    for upper, lower in pairwise(layers):
        rank = {node: index for index, node in enumerate(lower)}
        ends = [end for node in upper for end in sorted(rank[o] for o in after.get(node, ()))]
        total += sum(ends[i] > ends[j] for i in range(len(ends)) for j in range(i + 1, len(ends)))
    return total


def _neighbours(edges: Sequence[Edge]) -> tuple[dict[Node, list[Node]], dict[Node, list[Node]]]:
    before: dict[Node, list[Node]] = {}
    after: dict[Node, list[Node]] = {}
    for start, end in edges:
        before.setdefault(end, []).append(start)
        after.setdefault(start, []).append(end)
    return before, after


def _settle(
    layer: Sequence[Node],
    wanted: Sequence[float],
    extent: Callable[[Node], float],
    gap: float,
    at: dict[Node, float],
) -> None:
    """Put each node as near to where it is wanted as the others allow (least squares)."""
    offsets = [0.0]
    for left, right in pairwise(layer):
        offsets.append(offsets[-1] + (extent(left) + extent(right)) / 2 + gap)
    blocks: list[tuple[float, int]] = []  # pool adjacent violators: (mean, count)
    for want, offset in zip(wanted, offsets, strict=True):
        mean, size = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, count = blocks.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        blocks.append((mean, size))
    means = [mean for mean, size in blocks for _ in range(size)]
    for node, mean, offset in zip(layer, means, offsets, strict=True):
        at[node] = mean + offset


def _mean(values: Sequence[float], *, default: float) -> float:
    return sum(values) / len(values) if values else default
