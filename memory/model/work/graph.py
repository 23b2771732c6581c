"""The task graph: what will be done, by whom, from what, changing what."""

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Literal, Self, assert_never

from pydantic import Field, JsonValue, model_validator

from memory.model.agents.routing import Choice, WorkType
from memory.model.agents.spec import EffectClass
from memory.model.base import AgentName, Model, TaskKey
from memory.model.limits import ATTEMPTS_CAP, MAP_ITEMS, TASKS_PER_PLAN
from memory.model.work.check import Check, Review

PLAN_KEY = re.compile(r"^[a-z0-9][a-z0-9_-]{0,47}$")
"""The keys a plan may use. The dot is kept for the items of a map: `letter.3`."""


def _unset(value: object) -> bool:
    """Fields that came later are left out of the bytes where they say nothing: old hashes hold."""
    return value in (None, (), "", False)


class Const(Model):
    """A value written into the plan. A control slot takes this or `PerItem`, nothing else."""

    kind: Literal["const"] = "const"
    value: JsonValue


class FromTask(Model):
    """The value an earlier task gave back. `optional`: done without it where that was skipped."""

    kind: Literal["task"] = "task"
    task: TaskKey
    optional: bool = Field(default=False, exclude_if=_unset)


class Item(Model):
    """In a map: the item of the list that is worked on, or the `field` of it."""

    kind: Literal["item"] = "item"
    field: str = ""


class FromItem(Model):
    """In a map: what an earlier map over the same list gave for the same item."""

    kind: Literal["from_item"] = "from_item"
    task: TaskKey


class PerItem(Model):
    """In a map: constants of the plan, the n-th for the n-th item; made from `template`."""

    kind: Literal["per_item"] = "per_item"
    values: tuple[JsonValue, ...]
    template: str = Field(default="", exclude_if=_unset)


class Many(Model):
    """Several values in order, for a `list` parameter. What was skipped is left out."""

    kind: Literal["many"] = "many"
    items: tuple[Annotated[Const | FromTask | Item | FromItem, Field(discriminator="kind")], ...]
    optional: bool = Field(default=False, exclude_if=_unset)


Single = Const | FromTask | Item | FromItem | PerItem
Input = Annotated[Single | Many, Field(discriminator="kind")]


class Effect(Model):
    """One change outside the bot: its class and its target (a path, a host, a recipient)."""

    effect: EffectClass
    target: str


Op = Literal["eq", "ne", "lt", "le", "gt", "ge", "contains", "empty", "not_empty"]


class Condition(Model):
    """Something about an earlier value that must hold. Told by code from what is stored.

    `path` is a column of a table, a field of JSON ("total.net"), or one of "rows",
    "total_rows" and "text"; "" is the value itself. `value` is a constant of the plan.
    """

    task: TaskKey
    path: str = Field(default="", max_length=200)
    op: Op
    value: JsonValue = None


class Retry(Model):
    """How often a task is tried in all, and after how long for the second time (it doubles)."""

    attempts: int = Field(ge=1, le=ATTEMPTS_CAP)
    base_s: float = Field(default=1.0, ge=0, le=600)


Priority = Literal["low", "normal", "high", "urgent"]


class Task(Model):
    """One piece of work.

    `key` is unique in the graph; `type` is the word for what is done, which its agent has to be good for; `agent` is a
    name of the catalogue; `fallbacks` may take over without a new approval; `reason` says why
    this agent; `after` orders tasks that pass no data.

    `when`: it is done only where all of these hold, and skipped otherwise. `each`: it is done
    once for every item of that list, `at_most` times; its value is the list of what came out.
    `group` names the sub-plan it came from. `cost_cap_micro_usd` ends its attempts (at
    one item, where there is a list).
    """

    key: TaskKey = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,47}(\.[1-9][0-9]{0,3})?$")
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
    """What one attempt at one item costs at most by the forecast."""
    when: tuple[Condition, ...] = Field(default=(), exclude_if=_unset)
    each: Annotated[FromTask | Const, Field(discriminator="kind")] | None = Field(
        default=None, exclude_if=_unset
    )
    at_most: int = Field(
        default=MAP_ITEMS, ge=1, le=MAP_ITEMS, exclude_if=lambda bound: bound == MAP_ITEMS
    )
    group: str = Field(default="", max_length=200, exclude_if=_unset)
    priority: Priority = Field(default="normal", exclude_if=lambda found: found == "normal")
    retry: Retry | None = Field(default=None, exclude_if=_unset)
    cost_cap_micro_usd: int | None = Field(default=None, ge=0, exclude_if=lambda cap: cap is None)
    checks: tuple[Check, ...] = Field(default=(), max_length=20, exclude_if=_unset)
    """What its value must be like; of a map, the value of every item."""
    review: Review | None = Field(default=None, exclude_if=_unset)
    choice: Choice | None = Field(default=None, exclude_if=_unset)
    """The numbers behind `reason`, where the agent was chosen by what is known of it."""

    work: WorkType | None = Field(default=None, exclude_if=_unset)
    """What type of work it is, where the project's history tells that better than `type`."""

    @property
    def counted_as(self) -> str:
        """The type of work under which agents are ranked for it, and learned about by it."""
        return self.work.name if self.work else self.type

    @property
    def number(self) -> int:
        """Which item of a map this is, from 1; 0 for a task of the plan itself."""
        _, dot, number = self.key.partition(".")
        return int(number) if dot else 0

    @property
    def is_map(self) -> bool:
        """Whether it is done once for every item of a list."""
        return self.each is not None and not self.number

    @property
    def listed(self) -> tuple[JsonValue, ...] | None:
        """The items of a map over a list of the plan; None where it is known only when it runs."""
        if isinstance(self.each, Const) and isinstance(self.each.value, list):
            return tuple(self.each.value)
        return None

    @property
    def times(self) -> int:
        """How often it is done at most."""
        if not self.is_map:
            return 1
        return self.at_most if self.listed is None else len(self.listed)

    def item(self, number: int) -> "Task":
        """The map for its n-th item (from 1), with that item's own constants and effects."""
        share = len(self.effects) // self.times
        inputs = {name: _for_item(given, number) for name, given in self.inputs.items()}
        mark, instruction = f" ({number})", self.instruction
        if self.listed is not None:
            text = item_text(self.listed[number - 1])
            mark, instruction = f": {text[:60]}", instruction.replace("{item}", text)
        return self.model_copy(
            update={
                "key": item_key(self.key, number),
                "title": f"{self.title[: 200 - len(mark)]}{mark}",
                "instruction": instruction,
                "inputs": inputs,
                "effects": self.effects[share * (number - 1) : share * number],
                "when": (),
            }
        )

    def needs(self) -> tuple[TaskKey, ...]:
        """The tasks this one waits for, each once, in order of mention."""
        conditions = (condition.task for condition in self.when)
        return tuple(dict.fromkeys((*self.sources(), *conditions, *self.after)))

    def sources(self) -> Iterator[TaskKey]:
        """The tasks whose values it takes, in order of mention."""
        if isinstance(self.each, FromTask):
            yield self.each.task
        yield from (
            given.task for given in self.singles() if isinstance(given, FromTask | FromItem)
        )

    def singles(self) -> Iterator[Single]:
        """Its inputs one by one, those of lists too."""
        for value in self.inputs.values():
            yield from value.items if isinstance(value, Many) else (value,)


def item_key(key: TaskKey, number: int) -> TaskKey:
    """The key of a map's n-th item, from 1."""
    return TaskKey(f"{key}.{number}")


def map_key(key: TaskKey) -> TaskKey:
    """The key of the task in the plan: the map's for an item, else its own."""
    return TaskKey(key.partition(".")[0])


def item_text(item: JsonValue) -> str:
    """An item in words: itself, or the values of its fields."""
    if isinstance(item, dict):
        return ", ".join(str(value) for value in item.values() if value is not None)
    return str(item)


def _for_item(given: Single | Many, number: int) -> Single | Many:
    match given:
        case PerItem(values=values):
            return Const(value=values[number - 1])
        case Const() | FromTask() | Item() | FromItem() | Many():
            return given
        case _:
            assert_never(given)


class TaskGraph(Model):
    """A non-empty, acyclic set of tasks in an order that runs. Holding one means it was checked."""

    tasks: tuple[Task, ...] = Field(min_length=1, max_length=TASKS_PER_PLAN)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _check_keys(self.tasks)
        try:
            TopologicalSorter({task.key: task.needs() for task in self.tasks}).prepare()
        except CycleError as error:
            raise ValueError("tasks wait for each other in a circle") from error
        for task in self.tasks:
            if task.each is None:
                _check_single(task)
            else:
                _check_map(task, self)
        return self

    @property
    def plain(self) -> bool:
        """Whether no task has conditions or items: what is done is known before it begins."""
        return not any(task.when or task.each for task in self.tasks)

    def task(self, key: TaskKey) -> Task:
        """The task with this key, or the item of a map. Raises KeyError."""
        plain, dot, number = key.partition(".")
        for task in self.tasks:
            if task.key == plain:
                return task.item(int(number)) if dot else task
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


def _check_keys(tasks: tuple[Task, ...]) -> None:
    keys = {task.key for task in tasks}
    if len(keys) != len(tasks):
        raise ValueError("two tasks have the same key")
    if not all(map(PLAN_KEY.match, keys)):
        raise ValueError("the dot in a key is kept for the items of a map")
    unknown = {need for task in tasks for need in task.needs()} - keys
    if unknown:
        raise ValueError(f"no such task: {', '.join(sorted(unknown))}")


def _check_single(task: Task) -> None:
    if any(isinstance(given, Item | FromItem | PerItem) for given in task.singles()):
        raise ValueError(f"{task.key} uses an item, but is done once only")


def _check_map(task: Task, graph: TaskGraph) -> None:
    """Every item must have its own constants and effects, and a match in an earlier map it uses."""
    if isinstance(task.each, Const) and not (task.listed and len(task.listed) <= MAP_ITEMS):
        raise ValueError(f"{task.key} needs a list of 1 to {MAP_ITEMS} items")
    if len(task.effects) % task.times:
        raise ValueError(f"the effects of {task.key} do not fit its items")
    for given in task.singles():
        match given:
            case PerItem(values=values) if len(values) != task.times:
                raise ValueError(f"the constants of {task.key} do not fit its items")
            case FromItem(task=earlier) if graph.task(earlier).each != task.each:
                raise ValueError(f"{task.key} and {earlier} do not go through the same list")


def constants(given: Input) -> list[str]:
    """The constants of an input, as text."""
    singles = given.items if isinstance(given, Many) else (given,)
    return [
        str(value)
        for single in singles
        if isinstance(single, Const)
        for value in (single.value if isinstance(single.value, list) else [single.value])
    ]
