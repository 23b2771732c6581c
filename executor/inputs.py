"""What a task is given: constants of the plan and values of the tasks before it."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from pydantic import TypeAdapter

from executor.agents.port import Argument
from memory.model.base import ProjectId, RunId, TaskKey
from memory.model.graph import Const, FromTask, Many, Task
from memory.model.value import Value
from memory.store import artifacts, runs
from memory.store.database import Connection

Inputs = dict[str, Argument | Sequence[Argument]]

VALUE: TypeAdapter[Value] = TypeAdapter(Value)


async def resolved(connection: Connection, project: ProjectId, run: RunId, task: Task) -> Inputs:
    """The task's inputs. Everything it needs has succeeded."""
    sources = _sources(task)
    kept = await runs.digests(connection, run, sources) if sources else {}
    values = {key: await value(connection, project, kept[key]) for key in sources}
    return {name: _resolved(given, values) for name, given in task.inputs.items()}


async def value(connection: Connection, project: ProjectId, digest: str) -> Value:
    """A value that a task gave back. Raises NotFound."""
    return VALUE.validate_json(await artifacts.get(connection, project, digest))


def _sources(task: Task) -> tuple[TaskKey, ...]:
    found = []
    for given in task.inputs.values():
        items = given.items if isinstance(given, Many) else (given,)
        found += [item.task for item in items if isinstance(item, FromTask)]
    return tuple(dict.fromkeys(found))


def _resolved(
    given: Const | FromTask | Many, values: Mapping[TaskKey, Value]
) -> Argument | Sequence[Argument]:
    match given:
        case Const(value=constant):
            return constant
        case FromTask(task=key):
            return values[key]
        case Many(items=items):
            return [item.value if isinstance(item, Const) else values[item.task] for item in items]
        case _:
            assert_never(given)
