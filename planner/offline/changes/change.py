"""A plan on its way to another: the draft so far, and what the change leaves open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from memory.model.work.plan import Plan
from planner.draft import Draft, DraftInput, DraftTask, Gap
from planner.offline.changes.intended import meant
from planner.port import PlanRequest
from planner.revising.redraft import draft_of

READERS = frozenset({"review", "translate", "summarise", "analyse"})
"""Work on a text: without one it makes no sense, whatever it is told."""


@dataclass
class Change:
    """The draft as changed so far. Clauses are applied to it one after the other."""

    request: PlanRequest
    base: Plan
    draft: Draft
    gaps: list[Gap] = field(default_factory=list)
    wanted: dict[str, list[str]] = field(default_factory=dict)
    """Agents asked for, by task: more than one is a contradiction, to be asked."""

    @classmethod
    def of(cls, request: PlanRequest, base: Plan) -> "Change":
        """Nothing changed yet."""
        return cls(request, base, draft_of(base))

    @property
    def tasks(self) -> tuple[DraftTask, ...]:
        """The tasks as they are now."""
        return self.draft.tasks

    def task(self, key: str) -> DraftTask:
        """The task with this key. Raises KeyError."""
        for one in self.draft.tasks:
            if one.key == key:
                return one
        raise KeyError(key)

    def meant(self, words: str) -> set[str]:
        """Keys of the tasks that the words are about, numbered as in the plan that people see."""
        order = [str(task.key) for task in self.base.graph.tasks]
        return meant(self.draft, words, self.request.catalogue, order=order)

    def numbers(self, keys: Iterable[str]) -> list[str]:
        """Their numbers, in order."""
        wanted = set(keys)
        return [str(n) for n, task in enumerate(self.base.graph.tasks, 1) if task.key in wanted]

    def named(self, key: str) -> str:
        """`2 (Chart revenue)`, or the title alone of a task that is new."""
        task = self.task(key)
        keys = [str(one.key) for one in self.base.graph.tasks]
        return f"{keys.index(key) + 1} ({task.title})" if key in keys else task.title

    def put(self, task: DraftTask) -> None:
        """Put it in the place of the one with its key."""
        self.keep(tuple(task if one.key == task.key else one for one in self.draft.tasks))

    def keep(self, tasks: tuple[DraftTask, ...]) -> None:
        """These are the tasks now."""
        self.draft = self.draft.model_copy(update={"tasks": tasks})

    def answer(self, slot: str) -> str:
        """What was answered to a question this change opened; "" for nothing yet."""
        return next((one.value for one in self.request.answers if one.slot == slot), "")


def given(task: DraftTask, name: str, value: str) -> DraftTask:
    """The task with this constant."""
    inputs = [one for one in task.inputs if one.name != name]
    return task.model_copy(update={"inputs": (*inputs, DraftInput(name=name, value=value))})


def value_of(task: DraftTask, name: str) -> str:
    """The task's constant of that name; "" for none."""
    return next((one.value or "" for one in task.inputs if one.name == name), "")


def sources(task: DraftTask) -> Iterator[str]:
    """Tasks whose data it takes."""
    yield from (one.from_task for one in task.inputs if one.from_task)
    if task.each is not None and task.each.from_task:
        yield task.each.from_task


def needs(task: DraftTask) -> set[str]:
    """Tasks that have to be done before it."""
    return {*task.after, *sources(task), *(one.task for one in task.when)}
