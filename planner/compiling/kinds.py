"""Conditions, lists to go through and limits of a drafted task, as the graph holds them. Pure."""

import re
from collections.abc import Mapping

from pydantic import JsonValue

from memory.model.agents.spec import AgentSpec
from memory.model.base import TaskKey, name_key
from memory.model.limits import ATTEMPTS_CAP, MAP_ITEMS, SENTENCES
from memory.model.money import USD
from memory.model.work.graph import Condition, Const, FromTask, Retry, item_text
from planner.draft import DraftCondition, DraftTask
from planner.names import listed, nearest, slug

AT_MOST = 20
"""How many items of a list that nobody has counted are paid for."""

LISTS = frozenset({"table", "json", "text"})
HOLE = re.compile(r"\{(item|name|n)\}")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


def conditions(task: DraftTask, outputs: Mapping[str, AgentSpec]) -> tuple[Condition, ...]:
    """What the task is done for. Raises ValueError where it looks at nothing that is there."""
    return tuple(_condition(task, one, outputs) for one in task.when)


def _condition(
    task: DraftTask, said: DraftCondition, outputs: Mapping[str, AgentSpec]
) -> Condition:
    if said.task == task.key:
        raise ValueError("it is done only if something holds of its own outcome.")
    if said.task not in outputs:
        near = nearest(said.task, outputs)
        hint = f"; did you mean {listed(near)}?" if near else "."
        raise ValueError(f"its condition looks at {said.task}, which is not in the plan{hint}")
    bare = said.op in {"empty", "not_empty"}
    if said.value is None and not bare:
        raise ValueError(f"its condition on {said.task} compares with nothing.")
    if said.op in {"lt", "le", "gt", "ge"} and not (
        said.path or outputs[said.task].output != "table"
    ):
        raise ValueError(f"its condition does not say which column of {said.task} it means.")
    return Condition(
        task=TaskKey(said.task),
        path=said.path,
        op=said.op,
        value=None if bare else constant(said.value or ""),
    )


def constant(text: str) -> JsonValue:
    """A number where it is written as one, else the text."""
    plain = text.strip().replace(",", "")
    if not _NUMBER.fullmatch(plain):
        return text
    number = float(plain)
    return int(number) if number.is_integer() else number


def each(task: DraftTask, outputs: Mapping[str, AgentSpec]) -> FromTask | Const | None:
    """The list the task goes through. Raises ValueError for what is none."""
    said = task.each
    if said is None:
        return None
    if said.items:
        if len(said.items) > MAP_ITEMS:
            raise ValueError(SENTENCES["map_items"].format(most=MAP_ITEMS))
        return Const(value=[constant(one) for one in said.items])
    if not said.from_task or said.from_task == task.key or said.from_task not in outputs:
        raise ValueError("it goes through a list that is not in the plan.")
    if outputs[said.from_task].output not in LISTS:
        raise ValueError(f"{said.from_task} gives no list to go through.")
    return FromTask(task=TaskKey(said.from_task))


def bound(task: DraftTask) -> int:
    """How many items it goes through at most."""
    if task.each is None or task.each.items:
        return MAP_ITEMS
    return min(max(task.each.at_most or AT_MOST, 1), MAP_ITEMS)


def retry(task: DraftTask) -> Retry | None:
    """How often it is tried, where that was said. Raises ValueError."""
    if task.attempts is None:
        return None
    if not 1 <= task.attempts <= ATTEMPTS_CAP:
        raise ValueError(f"it is tried 1 to {ATTEMPTS_CAP} times, not {task.attempts}.")
    return Retry(attempts=task.attempts)


def cost_cap(task: DraftTask) -> int | None:
    """What it may cost in all, in micro-USD. Raises ValueError."""
    if task.max_cost_usd is None:
        return None
    if not 0 <= task.max_cost_usd <= 1_000_000:
        raise ValueError(f"{task.max_cost_usd} is no amount of dollars.")
    return int(task.max_cost_usd * USD)


def filled(template: str, items: tuple[JsonValue, ...] | None, times: int) -> list[str]:
    """The template for every item. Raises ValueError where it needs items nobody knows yet."""
    if items is None and {"item", "name"} & set(HOLE.findall(template)):
        raise ValueError(
            "the items become known only when it runs, so they cannot be part of a fixed value; "
            "use {n} for their number."
        )
    known = items if items is not None else ("",) * times
    return [_hole(template, item, number) for number, item in enumerate(known, start=1)]


def _hole(template: str, item: JsonValue, number: int) -> str:
    text = item_text(item)
    values = {"item": text, "name": slug(text), "n": str(number)}
    return HOLE.sub(lambda hole: values[hole[1]], template)


def same_list(one: DraftTask, other: DraftTask) -> bool:
    """Whether both go through the same list."""
    if one.each is None or other.each is None:
        return False
    return (one.each.from_task, tuple(map(name_key, one.each.items))) == (
        other.each.from_task,
        tuple(map(name_key, other.each.items)),
    )
