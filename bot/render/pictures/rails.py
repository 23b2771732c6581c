"""The plan's graph with a line per task, as `git log --graph` draws commits."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.language.catalogue import Locale
from bot.language.words import fit, untrusted
from bot.render.pictures.canvas import NORTH, SOUTH, Canvas
from bot.render.plans.details import mark
from bot.render.plans.effects import changing
from memory.model.base import TaskKey
from memory.model.work.graph import Task, TaskGraph
from memory.model.work.run import TaskState

TASKS, LANES = 60, 16
MARKS: Mapping[TaskState | None, str] = {
    TaskState.RUNNING: "▶",
    TaskState.ASKING: "?",
    TaskState.SUCCEEDED: "✓",
    TaskState.SKIPPED: "↷",
    TaskState.FAILED: "✗",
    TaskState.CANCELLED: "–",
}
FREE = TaskKey("")

States = Mapping[TaskKey, TaskState]


def rails(_: Locale, graph: TaskGraph, states: States, columns: int) -> str | None:
    """The drawing, None where it would take too many lanes."""
    numbers = {task.key: number for number, task in enumerate(graph.tasks, start=1)}
    order = _order(graph, numbers)
    drawing, labels = _Rails(graph), dict[int, str]()
    for task in order[:TASKS]:
        row = drawing.add(task, MARKS.get(states.get(task.key), "●"))
        pad = " " * (numbers[task.key] < 10 <= len(order))  # numbers end in one column
        labels[row] = pad + _label(_, task, numbers[task.key])
    if len(drawing.lanes) > LANES:
        return None
    left = 2 * len(drawing.lanes)
    for row, label in labels.items():
        drawing.canvas.write(left, row, fit(label, columns - left).rstrip())
    if len(order) > TASKS:
        more = _("… and {n} more").format(n=len(order) - TASKS)
        drawing.canvas.write(left, drawing.row, more)
    return drawing.canvas.text()


def title(task: Task, number: int) -> str:
    """`2 Write the report`."""
    return f"{number} {untrusted(task.title)}"


def who(_: Locale, task: Task) -> str:
    """`chatgpt · × 3`."""
    return " · ".join(part for part in (untrusted(task.agent), mark(_, task)) if part)


def _label(_: Locale, task: Task, number: int) -> str:
    warning = " ⚠" if changing(task.effects) else ""
    return f"{title(task, number)} · {who(_, task)}{warning}"


def _order(graph: TaskGraph, numbers: Mapping[TaskKey, int]) -> Sequence[Task]:
    """By number where no task needs a later one, else layer by layer."""
    if all(numbers[need] < numbers[task.key] for task in graph.tasks for need in task.needs()):
        return graph.tasks
    return [task for layer in graph.layers() for task in layer]


class _Rails:
    """Draws from top to bottom. A lane holds the task whose line runs down in it, or FREE."""

    def __init__(self, graph: TaskGraph) -> None:
        self.canvas = Canvas()
        self.lanes: list[TaskKey] = []
        self.row = 0
        self._uses = Counter(need for task in graph.tasks for need in task.needs())

    def add(self, task: Task, sign: str) -> int:
        """Draw the task under those before it; the row it stands in."""
        lane = self._lane(task)
        sources = [index for index, key in enumerate(self.lanes) if key in task.needs()]
        self._uses.subtract(self.lanes[source] for source in sources)
        self._bend([source for source in sources if source != lane], lane)
        for other, key in enumerate(self.lanes):
            if key != FREE and other != lane:
                self.canvas.join(2 * other, self.row, NORTH | SOUTH)
        self.canvas.write(2 * lane, self.row, sign)
        self.lanes[lane] = task.key if self._uses[task.key] else FREE
        self.row += 1
        return self.row - 1

    def _lane(self, task: Task) -> int:
        """That of a line which ends here, or a free one."""
        for lane, key in enumerate(self.lanes):
            if key in task.needs() and self._uses[key] == 1:
                return lane
        if FREE not in self.lanes:
            self.lanes.append(FREE)
        return self.lanes.index(FREE)

    def _bend(self, sources: Sequence[int], lane: int) -> None:
        """A row of lines into the task's lane, where they do not simply come from above."""
        if not sources:
            return
        ended = [source for source in sources if not self._uses[self.lanes[source]]]
        for other, key in enumerate(self.lanes):
            if key != FREE:
                self.canvas.join(2 * other, self.row, NORTH if other in ended else NORTH | SOUTH)
        for source in sources:
            self.canvas.across(self.row, 2 * source, 2 * lane)
        self.canvas.join(2 * lane, self.row, SOUTH)
        for source in ended:
            self.lanes[source] = FREE
        self.row += 1
