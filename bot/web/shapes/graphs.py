"""Where the boxes and lines of a task graph go, left to right."""

from typing import Final

from pydantic import Field

from bot.render.pictures.layout import Layering, Node, layered, places
from memory.model.base import Model, TaskKey
from memory.model.work.graph import TaskGraph

WIDTH: Final = 200.0
HEIGHT: Final = 64.0
ACROSS: Final = 72.0
BETWEEN: Final = 28.0
_POINT: Final = 12.0
"""The height of a way-point, where a line passes a column."""

Point = tuple[float, float]


class Box(Model):
    """A task; `x` and `y` are its top left corner."""

    key: str
    x: float
    y: float
    width: float = WIDTH
    height: float = HEIGHT


class Line(Model):
    """What one task gives another, or that it has to be over; `points` from box to box."""

    source: str = Field(serialization_alias="from")
    target: str = Field(serialization_alias="to")
    points: tuple[Point, ...]


class Layout(Model):
    """The whole picture in units of the screen."""

    width: float
    height: float
    nodes: tuple[Box, ...]
    edges: tuple[Line, ...]


def laid_out(graph: TaskGraph) -> Layout:
    """The same picture for the same graph. Some 0.4 ms a task: call it off the loop for many."""
    layering = layered(graph)
    middle = places(layering, lambda node: HEIGHT if node.task else _POINT, BETWEEN)
    top = min(middle[node] - _half(node) for layer in layering.layers for node in layer)
    at = {node: (node.layer * (WIDTH + ACROSS), middle[node] - top) for node in middle}
    boxes = tuple(
        Box(key=node.task, x=x, y=round(y - HEIGHT / 2, 1))
        for node, (x, y) in at.items()
        if node.task
    )
    lines = tuple(
        Line(source=need, target=task.key, points=_path(layering, at, need, task.key))
        for task in graph.tasks
        for need in task.needs()
    )
    return Layout(
        width=len(layering.layers) * (WIDTH + ACROSS) - ACROSS,
        height=round(max(y + _half(node) for node, (_, y) in at.items()), 1),
        nodes=boxes,
        edges=lines,
    )


def _half(node: Node) -> float:
    return (HEIGHT if node.task else _POINT) / 2


def _path(
    layering: Layering, at: dict[Node, Point], source: TaskKey, target: TaskKey
) -> tuple[Point, ...]:
    start, end = layering.node(source), layering.node(target)
    through = [
        at[node]
        for layer in layering.layers[start.layer + 1 : end.layer]
        for node in layer
        if not node.task and node.source == source
    ]
    (x, y), (to_x, to_y) = at[start], at[end]
    between = [(px + WIDTH / 2, round(py, 1)) for px, py in through]
    return ((x + WIDTH, round(y, 1)), *between, (to_x, round(to_y, 1)))
