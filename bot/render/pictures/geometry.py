"""Where the boxes and lines of the plan's picture go, in pixels before magnifying."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.render.pictures.layout import (
    Layering,
    Node,
    layered,
    places,
)
from bot.render.words import width
from memory.model.base import TaskKey
from memory.model.work.graph import Task, TaskGraph

MARGIN = 18.0
VIEW = (1600.0, 1100.0)
"""The shape that reads best in a chat; of two layouts the one that fills it better is taken."""

CHAIN_ROW = 4
PANEL_LEAST = 6


@dataclass(frozen=True)
class Size:
    """How large a box is and what it has room for."""

    width: float
    height: float
    lines: int
    letter: float
    badge: float
    agent: bool
    between_layers: float
    gap: float

    def columns(self, icons: int) -> int:
        """How many letters of a title's line fit beside the badge and so many icons.

        A bold letter of DejaVu Sans is 0.64 em wide on the average of English text.
        """
        return int((self.width - self.badge - 28 - 21 * icons) / (self.letter * 0.64))


FULL = Size(
    width=222, height=72, lines=2, letter=14, badge=22, agent=True, between_layers=52, gap=20
)
LOW = replace(FULL, height=56, lines=1)
COMPACT = replace(LOW, width=216, height=52, letter=12.5, between_layers=48, gap=14)
TINY = Size(
    width=180, height=34, lines=1, letter=12, badge=24, agent=False, between_layers=44, gap=10
)


@dataclass(frozen=True)
class Box:
    """A task's box by its upper left corner."""

    task: TaskKey
    x: float
    y: float
    size: Size


@dataclass(frozen=True)
class Sheet:
    """Everything to draw. Curves and arrows are SVG paths; panels are (x, y, width, height)."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[str, ...]
    arrows: tuple[str, ...]
    panels: tuple[tuple[float, float, float, float], ...] = ()


Point = tuple[float, float]


def sheet(graph: TaskGraph) -> Sheet:
    """The layout that is easiest to read: a wrapped chain, left to right, or downwards."""
    size = _size(graph)
    groups = _groups(graph)
    layering = layered(_folded(graph, groups))
    if len(layering.layers) > CHAIN_ROW + 1 and all(len(layer) == 1 for layer in layering.layers):
        return _chain(layering, size, groups)
    across = _flow(layering, size, groups, downwards=False)
    down = _flow(layering, size, groups, downwards=True)
    return down if _fill(down) > 1.1 * _fill(across) else across


def _size(graph: TaskGraph) -> Size:
    if len(graph.tasks) > 70:
        return TINY
    if len(graph.tasks) > 12:
        return COMPACT
    short = all(width(task.title) <= FULL.columns(1) for task in graph.tasks)
    return LOW if short else FULL


def _fill(page: Sheet) -> float:
    return min(VIEW[0] / page.width, VIEW[1] / page.height, 1.2)


# --- many alike: a panel -----------------------------------------------------------------------


def _groups(graph: TaskGraph) -> dict[TaskKey, tuple[TaskKey, ...]]:
    """Tasks with the same needs and the same users, under the first of them."""
    users: dict[TaskKey, list[TaskKey]] = {}
    for task in graph.tasks:
        for need in task.needs():
            users.setdefault(need, []).append(task.key)
    alike: dict[tuple[frozenset[TaskKey], frozenset[TaskKey]], list[TaskKey]] = {}
    for task in graph.tasks:
        kind = (frozenset(task.needs()), frozenset(users.get(task.key, ())))
        alike.setdefault(kind, []).append(task.key)
    return {keys[0]: tuple(keys) for keys in alike.values() if len(keys) >= PANEL_LEAST}


def _folded(graph: TaskGraph, groups: Mapping[TaskKey, Sequence[TaskKey]]) -> TaskGraph:
    """The graph with each group as one task."""
    head = {key: first for first, keys in groups.items() for key in keys}
    if not head:
        return graph
    kept = []
    for task in graph.tasks:
        if head.get(task.key, task.key) == task.key:
            needs = tuple(dict.fromkeys(head.get(need, need) for need in task.needs()))
            kept.append(Task(key=task.key, title="-", type="-", agent=task.agent, after=needs))
    return TaskGraph(tasks=tuple(kept))


@dataclass(frozen=True)
class _Extent:
    """The outer size of what stands for a node, and the keys in it."""

    width: float
    height: float
    keys: tuple[TaskKey, ...]
    columns: int


def _extent(node: Node, size: Size, groups: Mapping[TaskKey, tuple[TaskKey, ...]]) -> _Extent:
    keys = groups.get(node.task, (node.task,))
    if len(keys) == 1:
        return _Extent(size.width, size.height, keys, 1)
    columns = 2 if len(keys) <= 12 else 3 if len(keys) <= 36 else 5
    rows = -(-len(keys) // columns)
    return _Extent(columns * (size.width + 10) + 14, rows * (size.height + 10) + 14, keys, columns)


def _fill_in(extent: _Extent, x: float, y: float, size: Size) -> list[Box]:
    if len(extent.keys) == 1:
        return [_box(extent.keys[0], x, y, size)]
    return [
        _box(
            key,
            x + 12 + (place % extent.columns) * (size.width + 10),
            y + 12 + (place // extent.columns) * (size.height + 10),
            size,
        )
        for place, key in enumerate(extent.keys)
    ]


def _box(key: TaskKey, x: float, y: float, size: Size) -> Box:
    return Box(key, x, y, size)


# --- layers ------------------------------------------------------------------------------------


def _flow(
    layering: Layering,
    size: Size,
    groups: Mapping[TaskKey, tuple[TaskKey, ...]],
    *,
    downwards: bool,
) -> Sheet:
    """Layers side by side, or one below the other."""
    extents = {
        node: _extent(node, size, groups)
        for layer in layering.layers
        for node in layer
        if node.task
    }

    def across(node: Node) -> float:
        if not node.task:
            return 8.0
        return extents[node].width if downwards else extents[node].height

    def along(layer: Sequence[Node]) -> float:
        sizes = [e.height if downwards else e.width for n in layer if (e := extents.get(n))]
        return max(sizes, default=0.0)

    centres = places(layering, across, size.gap)
    low = min(centre - across(node) / 2 for node, centre in centres.items())
    starts, at = [], MARGIN
    for layer in layering.layers:
        starts.append(at)
        at += along(layer) + size.between_layers
    turn: Callable[[float, float], Point] = (
        (lambda a, b: (b, a)) if downwards else (lambda a, b: (a, b))
    )
    boxes, panels = [], []
    for node, extent in extents.items():
        deep = extent.height if downwards else extent.width
        slack = (along(layering.layers[node.layer]) - deep) / 2
        corner = turn(starts[node.layer] + slack, centres[node] - across(node) / 2 - low + MARGIN)
        boxes += _fill_in(extent, *corner, size)
        if len(extent.keys) > 1:
            panels.append((*corner, extent.width, extent.height))
    paths = _curves(layering, centres, starts, along, extents, low, turn, downwards=downwards)
    high = max(centre + across(node) / 2 for node, centre in centres.items()) - low + 2 * MARGIN
    total = turn(at - size.between_layers + MARGIN, high)
    return Sheet(
        *total,
        tuple(boxes),
        tuple(c for c, _ in paths),
        tuple(a for _, a in paths if a),
        tuple(panels),
    )


def _curves(
    layering: Layering,
    centres: Mapping[Node, float],
    starts: Sequence[float],
    along: Callable[[Sequence[Node]], float],
    extents: Mapping[Node, _Extent],
    low: float,
    turn: Callable[[float, float], Point],
    *,
    downwards: bool,
) -> list[tuple[str, str]]:
    """A smooth curve for each edge, with an arrow where it ends at a task."""
    drawn = []
    for start, end in layering.edges:
        begin = starts[start.layer] + along(layering.layers[start.layer])
        finish = starts[end.layer]
        if start.task:  # a box smaller than its layer stands in the middle of it
            begin -= _slack(start, layering, along, extents, downwards=downwards)
        if end.task:
            finish += _slack(end, layering, along, extents, downwards=downwards)
        from_at, to_at = centres[start] - low + MARGIN, centres[end] - low + MARGIN
        tip = finish - (9 if end.task else 0)
        middle = (begin + tip) / 2
        points = [
            turn(begin, from_at),
            turn(middle, from_at),
            turn(middle, to_at),
            turn(tip, to_at),
        ]
        curve = "M{} C{} {} {}".format(*(f"{x:.1f} {y:.1f}" for x, y in points))
        if not end.task:
            far = turn(starts[end.layer] + along(layering.layers[end.layer]), to_at)
            curve += f" L{far[0]:.1f} {far[1]:.1f}"
        drawn.append((curve, _arrow(turn, finish, to_at) if end.task else ""))
    return drawn


def _slack(
    node: Node,
    layering: Layering,
    along: Callable[[Sequence[Node]], float],
    extents: Mapping[Node, _Extent],
    *,
    downwards: bool,
) -> float:
    deep = extents[node].height if downwards else extents[node].width
    return (along(layering.layers[node.layer]) - deep) / 2


def _arrow(turn: Callable[[float, float], Point], tip: float, at: float) -> str:
    corners = [turn(tip - 1, at), turn(tip - 10, at - 5), turn(tip - 10, at + 5)]
    return "M{} L{} L{} Z".format(*(f"{x:.1f} {y:.1f}" for x, y in corners))


# --- a long chain: rows, as text is written ----------------------------------------------------


def _chain(layering: Layering, size: Size, groups: Mapping[TaskKey, tuple[TaskKey, ...]]) -> Sheet:
    extents = [_extent(layer[0], size, groups) for layer in layering.layers]
    wide = max(extent.width for extent in extents)
    rows = [extents[i : i + CHAIN_ROW] for i in range(0, len(extents), CHAIN_ROW)]
    boxes, panels, spots, top = [], [], list[tuple[float, float, _Extent]](), MARGIN
    for row in rows:
        high = max(extent.height for extent in row)
        for place, extent in enumerate(row):
            x = MARGIN + place * (wide + size.between_layers) + (wide - extent.width) / 2
            y = top + (high - extent.height) / 2
            boxes += _fill_in(extent, x, y, size)
            spots.append((x, y, extent))
            if len(extent.keys) > 1:
                panels.append((x, y, extent.width, extent.height))
        top += high + size.gap + 26
    curves, arrows = [], []
    for (x, y, extent), (next_x, next_y, following) in pairwise(spots):
        begin, tip = (
            (x + extent.width, y + extent.height / 2),
            (next_x, next_y + following.height / 2),
        )
        if next_x > x:
            curves.append(f"M{begin[0]:.1f} {begin[1]:.1f} L{tip[0] - 9:.1f} {tip[1]:.1f}")
            arrows.append(_arrow(lambda a, b: (a, b), tip[0], tip[1]))
        else:
            between = y + extent.height + (next_y - y - extent.height) / 2
            below, above = x + extent.width / 2, next_x + following.width / 2
            curves.append(_hook(below, y + extent.height, between, above, next_y - 9))
            arrows.append(_arrow(lambda a, b: (b, a), next_y, above))
    total = MARGIN * 2 + min(len(extents), CHAIN_ROW) * (wide + size.between_layers)
    return Sheet(
        total - size.between_layers,
        top - size.gap - 26 + MARGIN,
        tuple(boxes),
        tuple(curves),
        tuple(arrows),
        tuple(panels),
    )


def _hook(x: float, top: float, between: float, to_x: float, bottom: float) -> str:
    """Down, back along the space between two rows, down: corners rounded."""
    bend = min(10.0, between - top, bottom - between)
    return (
        f"M{x:.1f} {top:.1f} L{x:.1f} {between - bend:.1f}"
        f" Q{x:.1f} {between:.1f} {x - bend:.1f} {between:.1f}"
        f" L{to_x + bend:.1f} {between:.1f}"
        f" Q{to_x:.1f} {between:.1f} {to_x:.1f} {between + bend:.1f} L{to_x:.1f} {bottom:.1f}"
    )
