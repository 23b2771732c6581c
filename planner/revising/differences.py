"""What a change of a plan changes: tasks added, removed and changed, order, cost, time. Pure."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from memory.model.agents.spec import EffectClass
from memory.model.base import AgentName, Model, TaskKey, name_key
from memory.model.work.graph import Const, Effect, FromItem, FromTask, Input, Many, Task
from memory.model.work.plan import Plan

CHECKS = frozenset({"ask", "approve"})
"""Types of tasks in which a person is asked before the work goes on."""


class Numbered(Model):
    """A task with its place in its plan, from 1."""

    number: int
    task: Task


class Changed(Model):
    """A task of both plans that is no longer the same; pairs are (before, after), None the same.

    `inputs` are names of inputs whose values differ; `needs` says that it waits for others.
    """

    number: int
    title: str
    key: TaskKey
    agent: tuple[AgentName, AgentName] | None = None
    retitled: tuple[str, str] | None = None
    instruction: tuple[str, str] | None = None
    inputs: tuple[tuple[str, str, str], ...] = ()
    gained: tuple[Effect, ...] = ()
    lost: tuple[Effect, ...] = ()
    needs: bool = False
    settings: tuple[str, ...] = ()
    """Other fields that differ, by name."""


class Differences(Model):
    """From one plan to another. Costs and times are (low, high), before and after."""

    added: tuple[Numbered, ...] = ()
    removed: tuple[Numbered, ...] = ()
    changed: tuple[Changed, ...] = ()
    reordered: bool = False
    cost_micro_usd: tuple[tuple[int, int], tuple[int, int]]
    seconds: tuple[tuple[int, int], tuple[int, int]]
    unpriced: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    title: tuple[str, str] | None = None
    on_failure: tuple[str, str] | None = None

    @property
    def none(self) -> bool:
        """Whether both plans do the same, for all that people decide on."""
        same = not (self.added or self.removed or self.changed or self.reordered)
        return same and self.title is None and self.on_failure is None


def differences(before: Plan, after: Plan) -> Differences:
    """What was changed. Tasks are the same by key, or failing that by type and title."""
    pairs = _pairs(before, after)
    old = {task.key: Numbered(number=n, task=task) for n, task in enumerate(before.graph.tasks, 1)}
    new = [Numbered(number=n, task=task) for n, task in enumerate(after.graph.tasks, 1)]
    kept = [one for one in new if one.task.key in pairs]
    changed = (_changed(old[pairs[one.task.key]].task, one, pairs) for one in kept)
    places = [old[pairs[one.task.key]].number for one in kept]
    one, other = before.estimate, after.estimate
    return Differences(
        added=tuple(one for one in new if one.task.key not in pairs),
        removed=tuple(one for key, one in old.items() if key not in pairs.values()),
        changed=tuple(found for found in changed if found is not None),
        reordered=places != sorted(places),
        cost_micro_usd=(
            (one.cost_low_micro_usd, one.cost_high_micro_usd),
            (other.cost_low_micro_usd, other.cost_high_micro_usd),
        ),
        seconds=((one.seconds_low, one.seconds_high), (other.seconds_low, other.seconds_high)),
        unpriced=(one.unpriced, other.unpriced),
        title=_pair(before.title, after.title),
        on_failure=_pair(before.on_failure, after.on_failure),
    )


def only_takes_away(before: Plan, after: Plan) -> bool:
    """Whether everything that is left was in the plan before, exactly so, and costs no more.

    Then who approves the old plan without some tasks has seen all of the new one. Not so where a
    task gets its data from elsewhere now (a text without its review), or no longer waits for a
    person who was to be asked.
    """
    pairs = _pairs(before, after)
    if len(pairs) != len(after.graph.tasks) or not _costs_no_more(before, after):
        return False
    if before.on_failure != after.on_failure or before.project != after.project:
        return False
    old = {task.key: task for task in before.graph.tasks}
    gone = set(old) - set(pairs.values())
    return all(_is_less(old[pairs[task.key]], task, pairs, gone, old) for task in after.graph.tasks)


def _costs_no_more(before: Plan, after: Plan) -> bool:
    one, other = before.estimate, after.estimate
    return (
        other.cost_high_micro_usd <= one.cost_high_micro_usd
        and set(other.unpriced) <= set(one.unpriced)
        and before.continues == after.continues
    )


def _is_less(
    old: Task,
    new: Task,
    pairs: Mapping[TaskKey, TaskKey],
    gone: set[TaskKey],
    before: Mapping[TaskKey, Task],
) -> bool:
    if _fixed(old) != _fixed(new) or not set(new.fallbacks) <= set(old.fallbacks):
        return False
    if any(before[key].type in CHECKS for key in set(old.needs()) & gone):
        return False
    if not {pairs[key] for key in new.needs()} <= set(old.needs()):
        return False
    if old.cost_high_micro_usd < new.cost_high_micro_usd:
        return False
    inputs = {name: _plain(value, pairs) for name, value in new.inputs.items()}
    had = {name: _plain(value, {}) for name, value in old.inputs.items()}
    return all(name in had and _within(value, had[name]) for name, value in inputs.items())


_LOOSE = ("key", "inputs", "after", "reason", "fallbacks", "cost_high_micro_usd")


def _fixed(task: Task) -> dict[str, object]:
    return task.model_dump(mode="json", exclude=set(_LOOSE))


def _within(new: JsonValue, old: JsonValue) -> bool:
    """The same, or a list with some of its parts left out."""
    if new == old or not (isinstance(new, dict) and isinstance(old, dict)):
        return new == old
    some, all_ = new.get("items"), old.get("items")
    if not (isinstance(some, list) and isinstance(all_, list)):
        return False
    rest = iter(all_)
    return all(one in rest for one in some)


def _pairs(before: Plan, after: Plan) -> dict[TaskKey, TaskKey]:
    """Keys of the plan after to those of the plan before, for tasks that are the same work."""
    old = {task.key: task for task in before.graph.tasks}
    pairs = {
        task.key: task.key
        for task in after.graph.tasks
        if task.key in old and old[task.key].type == task.type
    }
    left = [task for task in before.graph.tasks if task.key not in pairs.values()]
    for task in after.graph.tasks:
        if task.key in pairs:
            continue
        alike = next((one for one in left if _like(one) == _like(task)), None)
        if alike is not None:
            pairs[task.key] = alike.key
            left.remove(alike)
    return pairs


def _like(task: Task) -> tuple[str, str]:
    return task.type, name_key(task.title)


def _changed(old: Task, now: Numbered, pairs: Mapping[TaskKey, TaskKey]) -> Changed | None:
    new = now.task
    found = Changed(
        number=now.number,
        title=new.title,
        key=new.key,
        agent=(old.agent, new.agent) if old.agent != new.agent else None,
        retitled=_pair(old.title, new.title),
        instruction=_pair(old.instruction, new.instruction),
        inputs=tuple(_inputs(old, new, pairs)),
        gained=tuple(one for one in new.effects if one not in old.effects),
        lost=tuple(one for one in old.effects if one not in new.effects),
        needs={pairs.get(key, key) for key in new.needs()} != set(old.needs()),
        settings=tuple(_settings(old, new)),
    )
    nothing = Changed(number=found.number, title=found.title, key=found.key)
    return None if found == nothing else found


SETTINGS = (
    "fallbacks", "when", "each", "at_most", "priority", "retry", "cost_cap_micro_usd", "checks",
    "review",
)  # fmt: skip


def _settings(old: Task, new: Task) -> Iterator[str]:
    for name in SETTINGS:
        if name == "fallbacks" and old.agent != new.agent:
            continue  # who may take over follows from who does it
        if getattr(old, name) != getattr(new, name):
            yield name


def _inputs(
    old: Task, new: Task, pairs: Mapping[TaskKey, TaskKey]
) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys((*old.inputs, *new.inputs)):
        one, other = old.inputs.get(name), new.inputs.get(name)
        same = one is not None and other is not None and _plain(one, {}) == _plain(other, pairs)
        if not same:
            yield name, _words(one), _words(other)


def _plain(value: Input, pairs: Mapping[TaskKey, TaskKey]) -> JsonValue:
    """The input with the keys of the plan before."""
    match value:
        case FromTask() | FromItem():
            return value.model_copy(update={"task": pairs.get(value.task, value.task)}).model_dump(
                mode="json"
            )
        case Many(items=items):
            return {"items": [_plain(one, pairs) for one in items], "optional": value.optional}
        case _:
            dumped: JsonValue = value.model_dump(mode="json")
            return dumped


def _words(value: Input | None) -> str:
    """A constant as it is; what comes from tasks by their keys."""
    match value:
        case None:
            return ""
        case Const(value=constant):
            return constant if isinstance(constant, str) else str(constant)
        case FromTask(task=key) | FromItem(task=key):
            return f"from {key}"
        case Many(items=items):
            return ", ".join(_words(one) for one in items)
        case _:
            return "for each item"


def _pair(one: str, other: str) -> tuple[str, str] | None:
    return (one, other) if one != other else None


def highest_effect(found: Differences) -> EffectClass:
    """The gravest effect that is new."""
    order = list(EffectClass)
    new = [effect for one in found.changed for effect in one.gained]
    new += [effect for one in found.added for effect in one.task.effects]
    return max((effect.effect for effect in new), key=order.index, default=EffectClass.READ)
