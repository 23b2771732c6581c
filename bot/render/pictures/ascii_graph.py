"""The plan's graph in characters: boxes and arrows where they fit, rails where they do not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.language.catalogue import Locale
from bot.render.pictures.canvas import (
    NORTH,
    SOUTH,
    WEST,
    Canvas,
)
from bot.render.pictures.layout import (
    Layering,
    Node,
    layered,
    places,
)
from bot.render.plans.details import mark
from bot.render.words import count, fit, listed, untrusted, width, wrapped
from memory.model.agents.spec import EffectClass
from memory.model.base import TaskKey
from memory.model.work.graph import Task, TaskGraph
from memory.model.work.run import TaskState

COLUMNS = 96
BOX_LEAST, BOX_MOST = 20, 34
BOXES_MOST = 14
RAIL_TASKS, RAIL_LANES = 60, 16
MARKS: Mapping[TaskState, str] = {
    TaskState.RUNNING: "▶",
    TaskState.ASKING: "?",
    TaskState.SUCCEEDED: "✓",
    TaskState.SKIPPED: "↷",
    TaskState.FAILED: "✗",
    TaskState.CANCELLED: "–",
}

States = Mapping[TaskKey, TaskState]


def plan_drawing(
    _: Locale, graph: TaskGraph, states: States | None = None, *, columns: int = COLUMNS
) -> str:
    """The graph for a fixed-width font, at most `columns` wide; ⚠ marks a task with effects."""
    told = states or {}
    if len(graph.tasks) <= BOXES_MOST:
        drawn = _boxes(_, graph, told, columns)
        if drawn is not None:
            return drawn
    rails = _rails(_, graph, told, columns)
    return rails if rails is not None else _steps(_, graph, columns)


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
    titles = [width(_title(task, number)) + 4 for number, task in enumerate(graph.tasks, start=1)]
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
    for end in {end for ends in links.values() for end in ends}:
        passing = rows.get(_port(end, tops))
        if passing is not None and end not in links[passing]:
            return None
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
    title = wrapped(untrusted(task.title), inner - len(indent), page.high - 3)
    lines = [f"{number} {title[0]}", *(indent + line for line in [*title[1:], _who(_, task)])]
    for row in range(page.high - 2):
        canvas.write(left + 1, top + 1 + row, " " * (page.wide - 2))
        if row < len(lines):
            canvas.write(left + 2, top + 1 + row, fit(lines[row], inner))
    marks = "".join(
        [" ⚠ " if _changes(task) else "", f" {MARKS[state]} " if state and state in MARKS else ""]
    )
    if marks:
        canvas.write(left + page.wide - 2 - width(marks), top, marks)


def _who(_: Locale, task: Task) -> str:
    return " · ".join(one for one in (untrusted(task.agent), mark(_, task)) if one)


def _title(task: Task, number: int) -> str:
    return f"{number} {untrusted(task.title)}"


# --- rails -------------------------------------------------------------------------------------


def _rails(_: Locale, graph: TaskGraph, states: States, columns: int) -> str | None:
    """One line a task, as `git log --graph` draws commits."""
    numbers = {task.key: number for number, task in enumerate(graph.tasks, start=1)}
    order = sorted(
        (task for layer in graph.layers() for task in layer), key=lambda t: numbers[t.key]
    )
    if any(numbers[need] > numbers[task.key] for task in order for need in task.needs()):
        order = [task for layer in graph.layers() for task in layer]
    open_uses = Counter(need for task in graph.tasks for need in task.needs())
    canvas, lanes, row = Canvas(), list[TaskKey | None](), 0
    labels: list[tuple[int, str]] = []
    for task in order[:RAIL_TASKS]:
        lane = _lane(task, lanes, open_uses)
        if lane >= RAIL_LANES:
            return None
        row = _join(canvas, lanes, task, lane, open_uses, row)
        for other, key in enumerate(lanes):
            if key is not None and other != lane:
                canvas.join(2 * other, row, NORTH | SOUTH)
        canvas.write(2 * lane, row, MARKS.get(states.get(task.key, TaskState.READY), "●"))
        labels.append(
            (row, " " * (numbers[task.key] < 10 <= len(order)) + _label(_, task, numbers[task.key]))
        )
        lanes[lane] = task.key if open_uses[task.key] else None
        row += 1
    left = 2 * len(lanes)
    for at, label in labels:  # numbers end in one column
        canvas.write(left, at, fit(label, columns - left).rstrip())
    if len(order) > RAIL_TASKS:
        canvas.write(left, row, f"… and {len(order) - RAIL_TASKS} more")
    return canvas.text()


def _lane(task: Task, lanes: list[TaskKey | None], open_uses: Counter[TaskKey]) -> int:
    for lane, key in enumerate(lanes):
        if key is not None and key in task.needs() and open_uses[key] == 1:
            return lane
    for lane, key in enumerate(lanes):
        if key is None:
            return lane
    lanes.append(None)
    return len(lanes) - 1


def _join(
    canvas: Canvas,
    lanes: list[TaskKey | None],
    task: Task,
    lane: int,
    open_uses: Counter[TaskKey],
    row: int,
) -> int:
    """Draw the lines into the task's lane, where they do not simply come from above."""
    sources = [i for i, key in enumerate(lanes) if key is not None and key in task.needs()]
    for source in sources:
        open_uses[TaskKey(lanes[source] or "")] -= 1
    bends = [source for source in sources if source != lane]
    if bends:
        for other, key in enumerate(lanes):
            ended = other in bends and open_uses[TaskKey(key or "")] == 0
            if key is not None:
                canvas.join(2 * other, row, NORTH if ended else NORTH | SOUTH)
        for source in bends:
            canvas.across(row, 2 * source, 2 * lane)
        canvas.join(2 * lane, row, SOUTH)
        row += 1
    for source in bends:
        if open_uses[TaskKey(lanes[source] or "")] == 0:
            lanes[source] = None
    return row


def _label(_: Locale, task: Task, number: int) -> str:
    warn = " ⚠" if _changes(task) else ""
    return f"{_title(task, number)} · {_who(_, task)}{warn}"


# --- steps -------------------------------------------------------------------------------------


def _steps(_: Locale, graph: TaskGraph, columns: int) -> str:
    """A line for each layer, for graphs too wide to draw."""
    numbers = {task.key: number for number, task in enumerate(graph.tasks, start=1)}
    lines = []
    for layer in graph.layers():
        titles = listed(_, (_title(task, numbers[task.key]) for task in layer), most=3)
        lead = (
            "● "
            if len(layer) == 1
            else f"● {count(_, len(layer), '{n} task', '{n} tasks')} side by side: "
        )
        lines.append(fit(lead + titles, columns).rstrip())
    return "\n│\n".join(lines)


def _changes(task: Task) -> bool:
    return any(effect.effect is not EffectClass.READ for effect in task.effects)
