"""A plan back into a draft, so that it can be changed and checked anew. Pure."""

import json
from collections.abc import Iterator
from typing import assert_never

from pydantic import JsonValue

from memory.model.money import USD
from memory.model.work.graph import (
    Condition,
    Const,
    FromItem,
    FromTask,
    Input,
    Item,
    Many,
    PerItem,
    Task,
)
from memory.model.work.plan import Plan
from planner.compiling.assign import ASKED_FOR
from planner.compiling.checking import drafts_of
from planner.draft import Draft, DraftCondition, DraftEach, DraftInput, DraftReview, DraftTask


def draft_of(plan: Plan) -> Draft:
    """The draft this plan could have come from."""
    return Draft(
        title=plan.title,
        tasks=tuple(_task(task) for task in plan.graph.tasks),
        assumptions=plan.assumptions,
        on_failure=plan.on_failure,
    )


def _task(task: Task) -> DraftTask:
    # A model that was chosen by rank is chosen again; one that was asked for, by name or as the
    # cheapest, stays.
    chosen = bool(task.instruction) and task.reason not in {"", ASKED_FOR}
    return DraftTask(
        key=task.key,
        title=task.title,
        type=task.type,
        agent=None if chosen else task.agent,
        instruction=task.instruction,
        inputs=tuple(
            given for name, value in task.inputs.items() for given in _inputs(name, value)
        ),
        after=task.after,
        when=tuple(map(_condition, task.when)),
        each=_each(task),
        group=task.group,
        priority=task.priority,
        attempts=task.retry.attempts if task.retry else None,
        review=task.review and DraftReview.model_validate(task.review.model_dump()),
        checks=drafts_of(task),
        max_cost_usd=None if task.cost_cap_micro_usd is None else task.cost_cap_micro_usd / USD,
    )


def _inputs(name: str, value: Input) -> Iterator[DraftInput]:
    match value:
        case Const(value=list() as items):
            yield from (DraftInput(name=name, value=_text(item)) for item in items)
        case Const(value=constant):
            yield DraftInput(name=name, value=_text(constant))
        case FromTask(task=key) | FromItem(task=key):
            yield DraftInput(name=name, from_task=key)
        case Item(field=field):
            yield DraftInput(name=name, item=field)
        case PerItem(values=values, template=template):
            yield DraftInput(name=name, value=template or _text(values[0]))
        case Many(items=parts):
            for part in parts:
                yield from _inputs(name, part)
        case _:
            assert_never(value)


def _each(task: Task) -> DraftEach | None:
    match task.each:
        case None:
            return None
        case FromTask(task=key):
            return DraftEach(from_task=key, at_most=task.at_most)
        case Const():
            return DraftEach(items=tuple(_text(item) for item in task.listed or ()))
        case _:
            assert_never(task.each)


def _condition(condition: Condition) -> DraftCondition:
    value = None if condition.value is None else _text(condition.value)
    return DraftCondition(task=condition.task, path=condition.path, op=condition.op, value=value)


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
