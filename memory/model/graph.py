"""The task graph: what will be done, by whom, from what, changing what."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from memory.model.agent import EffectClass
from memory.model.base import AgentName, Model, TaskKey
from memory.model.limits import TASKS_PER_PLAN


class Const(Model):
    """A value written into the plan; the only kind a control slot takes."""

    kind: Literal["const"] = "const"
    value: JsonValue


class FromTask(Model):
    """The value an earlier task gave back."""

    kind: Literal["task"] = "task"
    task: TaskKey


class Many(Model):
    """Several values in order, for a `list` parameter."""

    kind: Literal["many"] = "many"
    items: tuple[Annotated[Const | FromTask, Field(discriminator="kind")], ...]


Input = Annotated[Const | FromTask | Many, Field(discriminator="kind")]


class Effect(Model):
    """One change outside the bot: its class and its target (a path, a host, a recipient)."""

    effect: EffectClass
    target: str


class Task(Model):
    """One piece of work.

    `key` is unique in the graph; `type` is the word under which agents are ranked; `agent` is a
    name of the catalogue; `fallbacks` may take over without a new approval; `reason` says why
    this agent; `after` orders tasks that pass no data.
    """

    key: TaskKey = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,47}$")
    title: str = Field(min_length=1, max_length=200)
    type: str = Field(min_length=1, max_length=64)
    agent: AgentName
    instruction: str = ""
    inputs: dict[str, Input] = {}
    after: tuple[TaskKey, ...] = ()
    effects: tuple[Effect, ...] = ()
    reason: str = ""
    fallbacks: tuple[AgentName, ...] = ()
    timeout_s: int = Field(default=120, ge=1, le=24 * 3600)
    cost_high_micro_usd: int = Field(default=0, ge=0)

    def needs(self) -> tuple[TaskKey, ...]:
        """The tasks this one waits for, each once, in order of mention."""
        return tuple(dict.fromkeys((*self._sources(), *self.after)))

    def _sources(self) -> Iterator[TaskKey]:
        for value in self.inputs.values():
            match value:
                case FromTask(task=key):
                    yield key
                case Many(items=items):
                    yield from (item.task for item in items if isinstance(item, FromTask))
                case Const():
                    pass


class TaskGraph(Model):
    """A non-empty, acyclic set of tasks in an order that runs. Holding one means it was checked."""

    tasks: tuple[Task, ...] = Field(min_length=1, max_length=TASKS_PER_PLAN)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        keys = [task.key for task in self.tasks]
        if len(set(keys)) != len(keys):
            raise ValueError("two tasks have the same key")
        needs = {task.key: task.needs() for task in self.tasks}
        unknown = {need for wants in needs.values() for need in wants} - set(keys)
        if unknown:
            raise ValueError(f"no such task: {', '.join(sorted(unknown))}")
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            raise ValueError("tasks wait for each other in a circle") from error
        return self

    def task(self, key: TaskKey) -> Task:
        """The task with this key. Raises KeyError."""
        for task in self.tasks:
            if task.key == key:
                return task
        raise KeyError(key)

    def layers(self) -> tuple[tuple[Task, ...], ...]:
        """The tasks in columns: each column needs only those before it."""
        sorter = TopologicalSorter({task.key: task.needs() for task in self.tasks})
        sorter.prepare()
        by_key = {task.key: task for task in self.tasks}
        position = {task.key: place for place, task in enumerate(self.tasks)}
        columns = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready(), key=position.__getitem__)
            columns.append(tuple(by_key[key] for key in ready))
            sorter.done(*ready)
        return tuple(columns)

    def effects(self) -> tuple[Effect, ...]:
        """Everything the graph will change, in task order."""
        return tuple(effect for task in self.tasks for effect in task.effects)
