"""The plan's graph in characters: boxes and arrows where they fit, rails where they do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.language.catalogue import Locale
from bot.language.words import (
    fit,
    listed,
    untrusted,
    width,
    wrapped,
)
from bot.render.pictures.canvas import WEST, Canvas
from bot.render.pictures.layout import Layering, Node, layered, places
from bot.render.pictures.rails import MARKS, States, rails, title, who
from bot.render.plans.effects import changing
from memory.model.work.graph import Task, TaskGraph
from memory.model.work.run import TaskState

COLUMNS = 96
BOX_LEAST, BOX_MOST = 20, 34
BOXES_MOST = 14


def plan_drawing(
    _: Locale, graph: TaskGraph, states: States | None = None, *, columns: int = COLUMNS
) -> str:
    """The graph for a fixed-width font, at most `columns` wide; ⚠ marks a task with effects."""
    drawn = None
    if len(graph.tasks) <= BOXES_MOST:
        drawn = _boxes(_, graph, states or {}, columns)
    return drawn or rails(_, graph, states or {}, columns) or _steps(_, graph, columns)


# --- boxes -------------------------------------------------------------------------------------

Gutter = Sequence[tuple[Node, ...]]
"""The vertical tracks between two layers, from left to right, with the sources that share each."""


@dataclass(frozen=True)
class _Page:
    """Where everything goes: the top row of each node, the left column of each layer."""

    tops: Mapping[Node, int]
    lefts: Sequence[int]
    gutters: Sequence[Gutter]
    wide: int
    high: int

    def port(self, node: Node) -> int:
        """The row on which edges reach and leave the node."""
        return _port(node, self.tops)


def _boxes(_: Locale, graph: TaskGraph, states: States, columns: int) -> str | None:
    layering = layered(graph)
    titles = [width(title(task, number)) + 4 for number, task in enumerate(graph.tasks, start=1)]
    for high in (4, 5):  # titles in one line, then in two
        page = _page(layering, columns, high, longest=max(titles))
        if page is None:
            return None
        if high == 5 or max(titles) <= page.wide:
            return _draw(_, graph, layering, page, states)
    return None


def _page(layering: Layering, columns: int, high: int, *, longest: int) -> _Page | None:
    """The places of all boxes, or None if they would not fit or lines would lie on each other."""
    centres = places(layering, lambda node: high if node.task else 1, gap=0)
    tops = {
        node: round(centre - (high if node.task else 1) / 2) for node, centre in centres.items()
    }
    gutters = []
    for index in range(len(layering.layers) - 1):
        gutter = _gutter(layering, tops, index)
        if gutter is None:
            return None
        gutters.append(gutter)
    free = columns - sum(len(gutter) + 3 for gutter in gutters)
    each = min(free // len(layering.layers), BOX_MOST)
    if each < BOX_LEAST:
        return None
    wide = max(min(each, longest), BOX_LEAST)
    lefts = [0]
    for gutter in gutters:
        lefts.append(lefts[-1] + wide + len(gutter) + 3)
    return _Page(tops=tops, lefts=lefts, gutters=gutters, wide=wide, high=high)


def _port(node: Node, tops: Mapping[Node, int]) -> int:
    return tops[node] + 1 if node.task else tops[node]


def _gutter(layering: Layering, tops: Mapping[Node, int], index: int) -> Gutter | None:
    links: dict[Node, list[Node]] = {}
    for start, end in layering.edges:
        if start.layer == index:
            links.setdefault(start, []).append(end)
    rows = {_port(start, tops): start for start in links}
    for end in dict.fromkeys(end for ends in links.values() for end in ends):
        passing = rows.get(_port(end, tops))
        if passing is not None and end not in links[passing]:
            return None
    return _tracks(links, tops)


def _tracks(links: Mapping[Node, Sequence[Node]], tops: Mapping[Node, int]) -> Gutter:
    """One track for all that have the same ends, none for what goes straight on."""
    shared: dict[frozenset[Node], list[Node]] = {}
    for start, ends in links.items():
        shared.setdefault(frozenset(ends), []).append(start)
    bent = [
        tuple(starts)
        for ends, starts in shared.items()
        if len({_port(node, tops) for node in (*starts, *ends)}) > 1
    ]
    return sorted(bent, key=lambda starts: _turn(starts[0], links[starts[0]], tops))


def _turn(start: Node, ends: Sequence[Node], tops: Mapping[Node, int]) -> tuple[bool, int]:
    row = _port(start, tops)
    rising = sum(_port(end, tops) - row for end in ends) < 0
    return rising, row if rising else -row


def _draw(_: Locale, graph: TaskGraph, layering: Layering, page: _Page, states: States) -> str:
    canvas = Canvas()
    numbers = {task.key: number for number, task in enumerate(graph.tasks, start=1)}
    for start, end in layering.edges:
        _edge(canvas, start, end, page)
    for layer in layering.layers:
        for node in layer:
            if node.task:
                task = graph.task(node.task)
                _box(_, canvas, node, page, task, numbers[task.key], states.get(task.key))
            else:
                left = page.lefts[node.layer]
                canvas.across(page.tops[node], left, left + page.wide - 1)
    return canvas.text()


def _edge(canvas: Canvas, start: Node, end: Node, page: _Page) -> None:
    gutter = page.gutters[start.layer]
    begin, finish = page.lefts[start.layer] + page.wide - 1, page.lefts[end.layer]
    place = next((i for i, starts in enumerate(gutter) if start in starts), -1)
    track = begin + 2 + place
    canvas.across(page.port(start), begin + bool(start.task), track)
    canvas.down(track, page.port(start), page.port(end))
    canvas.across(page.port(end), track, finish - bool(end.task))
    if start.task:
        canvas.join(begin + 1, page.port(start), WEST)
    if end.task:
        canvas.write(finish - 1, page.port(end), "▶")


def _box(
    _: Locale,
    canvas: Canvas,
    node: Node,
    page: _Page,
    task: Task,
    number: int,
    state: TaskState | None,
) -> None:
    left, top, inner = page.lefts[node.layer], page.tops[node], page.wide - 4
    canvas.box(left, top, page.wide, page.high)
    indent = " " * (len(str(number)) + 1)
    head, *rest = wrapped(untrusted(task.title), inner - len(indent), page.high - 3)
    lines = [f"{number} {head}", *(indent + line for line in (*rest, who(_, task)))]
    for row in range(page.high - 2):
        canvas.write(left + 1, top + 1 + row, " " * (page.wide - 2))
        if row < len(lines):
            canvas.write(left + 2, top + 1 + row, fit(lines[row], inner))
    marks = " ⚠ " if changing(task.effects) else ""
    if state in MARKS:
        marks += f" {MARKS[state]} "
    canvas.write(left + page.wide - 2 - width(marks), top, marks)


# --- steps -------------------------------------------------------------------------------------


def _steps(_: Locale, graph: TaskGraph, columns: int) -> str:
    """A line for each layer, for graphs too wide to draw."""
    numbers = {task.key: number for number, task in enumerate(graph.tasks, start=1)}
    lines = []
    for layer in graph.layers():
        line = listed(_, (title(task, numbers[task.key]) for task in layer), most=3)
        if len(layer) > 1:
            together = _("{n} tasks side by side: {tasks}")
            line = together.format(n=len(layer), tasks=line)
        lines.append(fit(f"● {line}", columns).rstrip())
    return "\n│\n".join(lines)
