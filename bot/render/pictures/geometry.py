"""Where the boxes and lines of the plan's picture go, in pixels before magnifying."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from bot.language.words import width
from bot.render.pictures.layout import Layering, Node, layered, places
from memory.model.base import TaskKey
from memory.model.work.graph import Task, TaskGraph

MARGIN = 18.0
VIEW = (720.0, 1000.0)
"""What reads best on a phone. Work goes down the page, unless the other way fills it better."""

CHAIN_LEAST = 7
"""The shortest chain that is written in rows, and how many stand in one."""

CHAIN_ROW = 2
WIDER = 30.0
DOWN = 0.65
"""How much nearer layers come to each other where they lie below each other: arrows need less."""

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
Groups = Mapping[TaskKey, tuple[TaskKey, ...]]
"""Tasks that are drawn as one panel, under the first of them."""


def sheet(graph: TaskGraph) -> Sheet:
    """The layout that is easiest to read: downwards, a wrapped chain, or left to right."""
    size = _size(graph)
    groups = _groups(graph)
    layering = layered(_folded(graph, groups))
    if len(layering.layers) >= CHAIN_LEAST and all(len(layer) == 1 for layer in layering.layers):
        return _chain(layering, size, groups)
    across = _Flow(layering, size, groups, downwards=False).sheet()
    down = _Flow(layering, _downwards(layering, size), groups, downwards=True).sheet()
    return across if _fill(across) > 1.1 * _fill(down) else down


def _size(graph: TaskGraph) -> Size:
    if len(graph.tasks) > 70:
        return TINY
    if len(graph.tasks) > 12:
        return COMPACT
    short = all(width(task.title) <= FULL.columns(1) for task in graph.tasks)
    return LOW if short else FULL


def _downwards(layering: Layering, size: Size) -> Size:
    """The size of boxes below each other: where few stand side by side, there's room for words."""
    few = max(map(len, layering.layers)) <= 2
    wide = size.width + (WIDER if few else 0)
    return replace(size, width=wide, between_layers=size.between_layers * DOWN)


def _fill(page: Sheet) -> float:
    return min(VIEW[0] / page.width, VIEW[1] / page.height, 1.2)


# --- many alike: a panel -----------------------------------------------------------------------


def _groups(graph: TaskGraph) -> Groups:
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


def _folded(graph: TaskGraph, groups: Groups) -> TaskGraph:
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


def _extent(node: Node, size: Size, groups: Groups) -> _Extent:
    keys = groups.get(node.task, (node.task,))
    if len(keys) == 1:
        return _Extent(size.width, size.height, keys, 1)
    columns = 2 if len(keys) <= 12 else 3 if len(keys) <= 36 else 5
    rows = -(-len(keys) // columns)
    return _Extent(columns * (size.width + 10) + 14, rows * (size.height + 10) + 14, keys, columns)


def _fill_in(extent: _Extent, x: float, y: float, size: Size) -> list[Box]:
    if len(extent.keys) == 1:
        return [Box(extent.keys[0], x, y, size)]
    return [
        Box(
            key,
            x + 12 + (place % extent.columns) * (size.width + 10),
            y + 12 + (place // extent.columns) * (size.height + 10),
            size,
        )
        for place, key in enumerate(extent.keys)
    ]


# --- layers ------------------------------------------------------------------------------------


class _Flow:
    """Layers side by side, or one below the other.

    "Along" is the way the work goes, "across" the way in which the nodes of a layer lie.
    """

    def __init__(self, layering: Layering, size: Size, groups: Groups, *, downwards: bool) -> None:
        self._layering, self._size, self._downwards = layering, size, downwards
        nodes = [node for layer in layering.layers for node in layer]
        self._extents = {node: _extent(node, size, groups) for node in nodes if node.task}
        centres = places(layering, self._across, size.gap)
        low = min(centre - self._across(node) / 2 for node, centre in centres.items())
        self._centres = {node: centre - low + MARGIN for node, centre in centres.items()}
        self._depths = [self._depth(layer) for layer in layering.layers]
        steps = (depth + size.between_layers for depth in self._depths[:-1])
        self._starts = list(accumulate(steps, initial=MARGIN))

    def sheet(self) -> Sheet:
        """Everything in its place."""
        boxes, panels = [], []
        for node, extent in self._extents.items():
            along = self._starts[node.layer] + self._slack(node)
            corner = self._turn(along, self._centres[node] - self._across(node) / 2)
            boxes += _fill_in(extent, *corner, self._size)
            if len(extent.keys) > 1:
                panels.append((*corner, extent.width, extent.height))
        high = max(centre + self._across(node) / 2 for node, centre in self._centres.items())
        total = self._turn(self._starts[-1] + self._depths[-1] + MARGIN, high + MARGIN)
        edges = self._layering.edges
        curves = tuple(self._curve(start, end) for start, end in edges)
        arrows = tuple(self._arrow(end) for _, end in edges if end.task)
        return Sheet(*total, tuple(boxes), curves, arrows, tuple(panels))

    def _turn(self, along: float, across: float) -> Point:
        return (across, along) if self._downwards else (along, across)

    def _across(self, node: Node) -> float:
        if not node.task:
            return 8.0
        return self._turn(self._extents[node].height, self._extents[node].width)[0]

    def _along(self, node: Node) -> float:
        return self._turn(self._extents[node].width, self._extents[node].height)[0]

    def _depth(self, layer: Sequence[Node]) -> float:
        return max((self._along(node) for node in layer if node.task), default=0.0)

    def _slack(self, node: Node) -> float:
        """A box smaller than its layer stands in the middle of it."""
        return (self._depths[node.layer] - self._along(node)) / 2 if node.task else 0.0

    def _curve(self, start: Node, end: Node) -> str:
        """A smooth curve, and straight on through a layer that has only a way-point for it."""
        begin = self._starts[start.layer] + self._depths[start.layer] - self._slack(start)
        tip = self._starts[end.layer] + self._slack(end) - (9 if end.task else 0)
        middle, before, after = (begin + tip) / 2, self._centres[start], self._centres[end]
        corners = ((begin, before), (middle, before), (middle, after), (tip, after))
        curve = "M{} C{} {} {}".format(*(_point(self._turn(*corner)) for corner in corners))
        if end.task:
            return curve
        far = self._turn(self._starts[end.layer] + self._depths[end.layer], after)
        return f"{curve} L{_point(far)}"

    def _arrow(self, end: Node) -> str:
        tip = self._starts[end.layer] + self._slack(end)
        return _arrow(self._turn, tip, self._centres[end])


def _point(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _arrow(turn: Callable[[float, float], Point], tip: float, at: float) -> str:
    corners = (turn(tip - 1, at), turn(tip - 10, at - 5), turn(tip - 10, at + 5))
    return "M{} L{} L{} Z".format(*map(_point, corners))


# --- a long chain: rows, as text is written ----------------------------------------------------


def _chain(layering: Layering, size: Size, groups: Groups) -> Sheet:
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
