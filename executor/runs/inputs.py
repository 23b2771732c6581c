"""What a task is given: constants of the plan and values of the tasks before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from pydantic import JsonValue, TypeAdapter

from executor.policy import lists
from executor.port import Argument
from executor.value_cache import ValueCache
from memory.model.base import Digest, ProjectId, RunId, TaskKey, canonical_json
from memory.model.errors import BadInput
from memory.model.work.graph import (
    Const,
    FromItem,
    FromTask,
    Input,
    Item,
    Many,
    PerItem,
    Single,
    Task,
    TaskGraph,
    item_key,
)
from memory.model.work.value import Json, Value
from memory.store.engine.database import Connection
from memory.store.running import artifacts, runs
from memory.store.running.attempts import Attempt

Inputs = dict[str, Argument | Sequence[Argument]]

VALUE: TypeAdapter[Value] = TypeAdapter(Value)
VALUE_TYPE = "application/x-orchestra-value+json"


@dataclass(frozen=True)
class _Given:
    """What was looked up: values by task, those of a map's items by map, and the item itself."""

    values: Mapping[TaskKey, Value]
    spread: Mapping[TaskKey, Sequence[Value]] = field(default_factory=dict)
    item: JsonValue = None
    number: int = 0
    approved: bool = False
    """Whether the item is a constant of the plan."""


async def resolved(
    connection: Connection, cache: ValueCache, attempt: Attempt, task: Task, graph: TaskGraph
) -> Inputs:
    """The task's inputs. Everything it needs is over; skipped values are left out."""
    project, run = attempt.project, attempt.run
    sources = _sources(task)
    kept = await _places(connection, cache, run, sources)
    values = {key: await value(connection, project, place, cache) for key, place in kept.items()}
    spread = {
        key: await _spread(connection, project, run, key)
        for key in _listed(task)
        if key in values and graph.task(key).is_map
    }
    given = _Given(values, spread)
    if task.number and task.each is not None:
        item = _nth(task, values)
        given = _Given(values, spread, item, task.number, approved=task.listed is not None)
    return {
        name: argument
        for name, wanted in task.inputs.items()
        for argument in _resolved(wanted, given)
    }


async def value(
    connection: Connection, project: ProjectId, digest: str, cache: ValueCache | None = None
) -> Value:
    """A value that a task gave back. Raises NotFound."""
    known = cache.find(project, digest) if cache is not None else None
    if known is not None:
        return known
    data = await artifacts.get(connection, project, digest)
    stored = VALUE.validate_json(data)
    if cache is not None:
        cache.put(project, digest, stored, len(data))
    return stored


async def keep(
    tx: Connection,
    project: ProjectId,
    value: Value,
    *,
    at: datetime,
    cache: ValueCache | None = None,
) -> Digest:
    """Store a task's value; returns its digest."""
    data = canonical_json(value.model_dump(mode="json"))
    digest = await artifacts.put(tx, project, data, VALUE_TYPE, at=at)
    if cache is not None:
        cache.put(project, digest, value, len(data))
    return digest


async def _places(
    connection: Connection, cache: ValueCache, run: RunId, keys: Sequence[TaskKey]
) -> dict[TaskKey, str]:
    """Where the values of these tasks are; without those that have none."""
    known = {key: cache.place(run, key) for key in keys}
    missing = [key for key, digest in known.items() if digest is None]
    stored = await runs.digests(connection, run, missing) if missing else {}
    return {key: digest for key in keys if (digest := known[key] or stored.get(key))}


async def _spread(
    connection: Connection, project: ProjectId, run: RunId, key: TaskKey
) -> tuple[Value, ...]:
    """What a map gave for each item that succeeded, in order."""
    rows = await runs.items_of(connection, run, key)
    return tuple([await value(connection, project, r.value_digest) for r in rows if r.value_digest])


def _nth(task: Task, values: Mapping[TaskKey, Value]) -> JsonValue:
    """The item this task is for; None in a dry run, whose lists are made up."""
    try:
        items = lists.of_task(task, values)
    except BadInput:
        return None
    return items[task.number - 1] if task.number <= len(items) else None


def _sources(task: Task) -> tuple[TaskKey, ...]:
    keys = [task.each.task] if isinstance(task.each, FromTask) else []
    for given in task.singles():
        if isinstance(given, FromTask):
            keys.append(given.task)
        elif isinstance(given, FromItem):
            keys.append(item_key(given.task, task.number))
    return tuple(dict.fromkeys(keys))


def _listed(task: Task) -> tuple[TaskKey, ...]:
    items = (
        item for given in task.inputs.values() if isinstance(given, Many) for item in given.items
    )
    return tuple(item.task for item in items if isinstance(item, FromTask))


def _resolved(wanted: Input, given: _Given) -> Sequence[Argument | Sequence[Argument]]:
    """The argument, or nothing where it was skipped."""
    match wanted:
        case Many(items=items):
            return [[argument for item in items for argument in _several(item, given)]]
        case Const() | FromTask() | Item() | FromItem() | PerItem():
            return _single(wanted, given)
        case _:
            assert_never(wanted)


def _several(wanted: Const | FromTask | Item | FromItem, given: _Given) -> Sequence[Argument]:
    if isinstance(wanted, FromTask) and wanted.task in given.spread:
        return given.spread[wanted.task]
    return _single(wanted, given)


def _single(wanted: Single, given: _Given) -> Sequence[Argument]:
    match wanted:
        case Const(value=constant):
            return [constant]
        case FromTask(task=key):
            return [given.values[key]] if key in given.values else []
        case FromItem(task=key):
            own = item_key(key, given.number)
            return [given.values[own]] if own in given.values else []
        case Item(field=name):
            return [_item(given, name)]
        case PerItem(values=values):
            return [values[given.number - 1]]
        case _:
            assert_never(wanted)


def _item(given: _Given, name: str) -> Argument:
    """The item or one of its fields; as data, unless a person approved it with the plan."""
    item = given.item
    if name:
        item = item.get(name) if isinstance(item, dict) else None
    if given.approved:
        return item
    return lists.as_value(item) if item is not None else Json(value=None)
