"""A plan back into a draft, so that it can be changed and checked anew. Pure."""

import json
from collections.abc import Iterator

from pydantic import JsonValue

from memory.model.graph import Const, FromTask, Input, Many, Task
from memory.model.plan import Plan
from planner.assign import ASKED_FOR
from planner.draft import Draft, DraftInput, DraftTask


def draft_of(plan: Plan) -> Draft:
    """The draft this plan could have come from."""
    return Draft(
        title=plan.title,
        tasks=tuple(_task(task) for task in plan.graph.tasks),
        assumptions=plan.assumptions,
    )


def _task(task: Task) -> DraftTask:
    # A model that was chosen by rank is chosen again; one that was asked for stays.
    chosen = bool(task.instruction) and task.reason != ASKED_FOR
    return DraftTask(
        key=task.key,
        title=task.title,
        type=task.type,
        agent=None if chosen else task.agent,
        instruction=task.instruction,
        inputs=tuple(one for name, value in task.inputs.items() for one in _inputs(name, value)),
        after=task.after,
    )


def _inputs(name: str, value: Input) -> Iterator[DraftInput]:
    match value:
        case Const(value=list() as items):
            yield from (DraftInput(name=name, value=_text(item)) for item in items)
        case Const(value=constant):
            yield DraftInput(name=name, value=_text(constant))
        case FromTask(task=key):
            yield DraftInput(name=name, from_task=key)
        case Many(items=parts):
            for part in parts:
                yield from _inputs(name, part)


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
