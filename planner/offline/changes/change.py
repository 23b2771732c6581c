"""A plan on its way to another: the draft so far, and what the change leaves open."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from memory.model.work.plan import Plan
from planner.draft import CannotPlan, Draft, DraftTask
from planner.port import PlanRequest
from planner.questions.asking import Questions
from planner.revising.asking import given
from planner.revising.intended import intended
from planner.revising.redraft import draft_of

Follow = Callable[[DraftTask], Iterable[str]]
"""The tasks that one leads to."""


@dataclass
class Change:
    """The draft as changed so far. Clauses are applied to it one after the other."""

    request: PlanRequest
    base: Plan
    draft: Draft
    questions: Questions
    wanted: dict[str, list[str]] = field(default_factory=dict)
    """Agents asked for, by task: more than one is a contradiction, to be asked."""

    @classmethod
    def of(cls, request: PlanRequest, base: Plan) -> "Change":
        """Nothing changed yet."""
        answers = {answer.slot: answer.value for answer in request.answers}
        return cls(request, base, draft_of(base), Questions(answers))

    @property
    def tasks(self) -> tuple[DraftTask, ...]:
        """The tasks as they are now."""
        return self.draft.tasks

    def of_type(self, *types: str) -> list[DraftTask]:
        """The tasks of these types."""
        return [task for task in self.tasks if task.type in types]

    @property
    def keys(self) -> list[str]:
        """The keys of the tasks as they are now."""
        return [task.key for task in self.tasks]

    @property
    def order(self) -> list[str]:
        """The keys of the tasks as people see them numbered."""
        return [str(task.key) for task in self.base.graph.tasks]

    def task(self, key: str) -> DraftTask:
        """The task with this key. Raises KeyError."""
        return {task.key: task for task in self.tasks}[key]

    def intended(self, words: str) -> list[str]:
        """Keys of the tasks that the words are about, in the draft's order."""
        keys = intended(self.draft, words, self.request.catalogue, order=self.order)
        return [task.key for task in self.tasks if task.key in keys]

    def numbers(self, keys: Iterable[str]) -> list[str]:
        """Their numbers, in order."""
        wanted = set(keys)
        return [str(number) for number, key in enumerate(self.order, 1) if key in wanted]

    def named(self, key: str) -> str:
        """`2 (Chart revenue)`, or the title alone of a task that is new."""
        title, order = self.task(key).title, self.order
        return f"{order.index(key) + 1} ({title})" if key in order else title

    def put(self, task: DraftTask, **update: Any) -> None:
        """Put it, with the update, in the place of the one with its key."""
        task = task.model_copy(update=update)
        self.keep(tuple(task if other.key == task.key else other for other in self.tasks))

    def give(self, task: DraftTask, name: str, value: str) -> None:
        """Give the task this constant."""
        self.put(given(task, name, value))

    def keep(self, tasks: tuple[DraftTask, ...]) -> None:
        """These are the tasks now."""
        self.update(tasks=tasks)

    def update(self, **fields: Any) -> None:
        """Change fields of the draft."""
        self.draft = self.draft.model_copy(update=fields)

    def assume(self, *assumptions: str) -> None:
        """State assumptions, each once."""
        self.update(assumptions=tuple(dict.fromkeys((*self.draft.assumptions, *assumptions))))

    def take(self, draft: Draft | None) -> bool:
        """Go on with the draft, where there is one. Raises CannotPlan where it declines."""
        if draft is not None and draft.declined:
            raise CannotPlan("{reason}", reason=draft.declined)
        self.draft = draft or self.draft
        return draft is not None

    def forget(self, paths: Iterable[str]) -> None:
        """Drop the assumptions that name one of the paths."""
        gone = [path for path in paths if path]
        kept = (
            words for words in self.draft.assumptions if not any(path in words for path in gone)
        )
        self.update(assumptions=tuple(kept))


def sources(task: DraftTask) -> Iterator[str]:
    """Tasks whose data it takes."""
    yield from (given.from_task for given in task.inputs if given.from_task)
    if task.each is not None and task.each.from_task:
        yield task.each.from_task


def needs(task: DraftTask) -> set[str]:
    """Tasks that have to be done before it."""
    return {*task.after, *sources(task), *(holds.task for holds in task.when)}


def reached(tasks: Iterable[DraftTask], keys: Iterable[str], follow: Follow) -> set[str]:
    """These tasks and all that `follow` leads to from them, step by step."""
    by_key = {task.key: task for task in tasks}
    todo, seen = list(keys), set[str]()
    while todo:
        key = todo.pop()
        if key not in seen:
            seen.add(key)
            todo += follow(by_key[key])
    return seen
