"""Conditions, lists to go through and limits of a drafted task, as the graph holds them. Pure."""

import re
from collections.abc import Mapping

from pydantic import JsonValue

from memory.model.agents.spec import AgentSpec
from memory.model.base import TaskKey, name_key
from memory.model.errors import BadInput
from memory.model.limits import ATTEMPTS_CAP, MAP_ITEMS, SENTENCES
from memory.model.money import USD
from memory.model.work.graph import Condition, Const, FromTask, Retry, item_text
from planner.draft import DraftCondition, DraftEach, DraftTask
from planner.names import did_you_mean, slug

AT_MOST = 20
"""How many items of a list that nobody has counted are paid for."""

LISTS = frozenset({"table", "json", "text"})
HOLE = re.compile(r"\{(item|name|n)\}")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


def conditions(task: DraftTask, outputs: Mapping[str, AgentSpec]) -> tuple[Condition, ...]:
    """What the task is done for. Raises BadInput where a condition compares nothing real."""
    return tuple(_condition(task, drafted, outputs) for drafted in task.when)


def _condition(
    task: DraftTask, drafted: DraftCondition, outputs: Mapping[str, AgentSpec]
) -> Condition:
    source = drafted.task
    if source == task.key:
        raise BadInput("its condition looks at its own outcome.")
    if source not in outputs:
        raise BadInput(
            "its condition looks at {source}, which isn't in the plan.{hint}",
            source=source,
            hint=did_you_mean(source, outputs),
        )
    ordered = drafted.op in {"lt", "le", "gt", "ge"}
    if ordered and not drafted.path and outputs[source].output == "table":
        raise BadInput(
            "its condition doesn't say which column of {source} it means.", source=source
        )
    value = None if drafted.op in {"empty", "not_empty"} else _compared(drafted)
    return Condition(task=TaskKey(source), path=drafted.path, op=drafted.op, value=value)


def _compared(drafted: DraftCondition) -> JsonValue:
    if drafted.value is None:
        raise BadInput("its condition on {source} compares with nothing.", source=drafted.task)
    return constant(drafted.value)


def constant(words: str) -> JsonValue:
    """A number where it is written as one, else the text."""
    plain = words.strip().replace(",", "")
    if not _NUMBER.fullmatch(plain):
        return words
    number = float(plain)
    return int(number) if number.is_integer() else number


def each(task: DraftTask, outputs: Mapping[str, AgentSpec]) -> FromTask | Const | None:
    """The list the task goes through. Raises BadInput where it isn't one."""
    if task.each is None:
        return None
    if len(task.each.items) > MAP_ITEMS:
        raise BadInput(SENTENCES["map_items"], most=MAP_ITEMS)
    if task.each.items:
        return Const(value=[constant(item) for item in task.each.items])
    source = task.each.from_task
    if not source or source == task.key or source not in outputs:
        raise BadInput("it goes through a list that isn't in the plan.")
    if outputs[source].output not in LISTS:
        raise BadInput("{source} doesn't give a list to go through.", source=source)
    return FromTask(task=TaskKey(source))


def items_of(over: FromTask | Const | None) -> tuple[JsonValue, ...] | None:
    """The items of a list that is written in the plan; None where they become known later."""
    return tuple(over.value) if isinstance(over, Const) and isinstance(over.value, list) else None


def times(task: DraftTask, over: FromTask | Const | None) -> int:
    """How often the task is done at most."""
    items = items_of(over)
    if items is not None:
        return len(items)
    return 1 if over is None else bound(task)


def bound(task: DraftTask) -> int:
    """How many items it goes through at most."""
    if task.each is None or task.each.items:
        return MAP_ITEMS
    return min(max(task.each.at_most or AT_MOST, 1), MAP_ITEMS)


def retry(task: DraftTask) -> Retry | None:
    """How often it is tried, where that was said. Raises BadInput."""
    if task.attempts is None:
        return None
    if not 1 <= task.attempts <= ATTEMPTS_CAP:
        raise BadInput(
            "it can be tried 1 to {most} times, not {n}.", most=ATTEMPTS_CAP, n=task.attempts
        )
    return Retry(attempts=task.attempts)


def cost_cap(task: DraftTask) -> int | None:
    """What it may cost in all, in micro-USD. Raises BadInput."""
    if task.max_cost_usd is None:
        return None
    if not 0 <= task.max_cost_usd <= 1_000_000:
        raise BadInput("{amount} isn't an amount of dollars.", amount=task.max_cost_usd)
    return int(task.max_cost_usd * USD)


def filled(template: str, items: tuple[JsonValue, ...] | None, times: int) -> list[str]:
    """The template for every item. Raises BadInput where it needs items nobody knows yet."""
    if items is None and {"item", "name"} & set(HOLE.findall(template)):
        raise BadInput(
            "its items are only known once it runs, so they can't be part of a fixed value; "
            "use {n} for their number.",
            n="{n}",
        )
    known = items if items is not None else ("",) * times
    return [_hole(template, item, number) for number, item in enumerate(known, start=1)]


def _hole(template: str, item: JsonValue, number: int) -> str:
    words = item_text(item)
    values = {"item": words, "name": slug(words), "n": str(number)}
    return HOLE.sub(lambda hole: values[hole[1]], template)


def same_list(task: DraftTask, other: DraftTask) -> bool:
    """Whether both go through the same list."""
    return (
        task.each is not None and other.each is not None and _list(task.each) == _list(other.each)
    )


def _list(each: DraftEach) -> tuple[object, ...]:
    return each.from_task, *map(name_key, each.items)
