"""What a change of a plan changes: tasks added, removed and changed, order, cost, time. Pure."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping

from pydantic import JsonValue

from memory.model.agents.spec import EffectClass
from memory.model.base import AgentName, Model, TaskKey, name_key
from memory.model.text import text
from memory.model.work.graph import Const, Effect, FromItem, FromTask, Input, Many, Task
from memory.model.work.plan import Plan
from planner.tools import ABOUT, ASKING


class Numbered(Model):
    """A task with its place in its plan, from 1."""

    number: int
    task: Task


class Changed(Model):
    """A task of both plans that differs; pairs are (before, after), None where they're the same.

    `inputs` are (name, before, after); `needs` says that it waits for other tasks than before.
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
    old = {place.task.key: place for place in _numbered(before)}
    new = _numbered(after)
    kept = [(old[pairs[place.task.key]], place) for place in new if place.task.key in pairs]
    changes = (_changed(was.task, now, pairs) for was, now in kept)
    places = [was.number for was, _ in kept]
    return Differences(
        added=tuple(place for place in new if place.task.key not in pairs),
        removed=tuple(place for key, place in old.items() if key not in pairs.values()),
        changed=tuple(filter(None, changes)),
        reordered=places != sorted(places),
        cost_micro_usd=(_costs(before), _costs(after)),
        seconds=(_seconds(before), _seconds(after)),
        unpriced=(before.estimate.unpriced, after.estimate.unpriced),
        title=_pair(before.title, after.title),
        on_failure=_pair(before.on_failure, after.on_failure),
    )


def _numbered(plan: Plan) -> list[Numbered]:
    return [Numbered(number=number, task=task) for number, task in enumerate(plan.graph.tasks, 1)]


def _costs(plan: Plan) -> tuple[int, int]:
    return plan.estimate.cost_low_micro_usd, plan.estimate.cost_high_micro_usd


def _seconds(plan: Plan) -> tuple[int, int]:
    return plan.estimate.seconds_low, plan.estimate.seconds_high


def only_takes_away(before: Plan, after: Plan) -> bool:
    """Whether everything that is left was in the plan before, unchanged, and costs no more.

    Then whoever approves the old plan without some tasks has seen all of the new one. That doesn't
    hold where a task now gets its data from elsewhere (a text without its review), or no longer
    waits for a person who was to be asked.
    """
    pairs = _pairs(before, after)
    if len(pairs) != len(after.graph.tasks) or not _costs_no_more(before, after):
        return False
    if before.on_failure != after.on_failure or before.project != after.project:
        return False
    old = {task.key: task for task in before.graph.tasks}
    asked = {key for key, task in old.items() if task.type in ASKING} - set(pairs.values())
    return all(_is_less(old[pairs[task.key]], task, pairs, asked) for task in after.graph.tasks)


def _costs_no_more(before: Plan, after: Plan) -> bool:
    return (
        after.estimate.cost_high_micro_usd <= before.estimate.cost_high_micro_usd
        and set(after.estimate.unpriced) <= set(before.estimate.unpriced)
        and before.continues == after.continues
    )


def _is_less(
    old: Task, new: Task, pairs: Mapping[TaskKey, TaskKey], asked: Container[TaskKey]
) -> bool:
    """Whether it does no more than before. `asked`: tasks that are gone in which a person was."""
    needed = set(old.needs())
    before = {name: _plain(value, {}) for name, value in old.inputs.items()}
    return (
        _fixed(old) == _fixed(new)
        and set(new.fallbacks) <= set(old.fallbacks)
        and not any(key in asked for key in needed)
        and {pairs[key] for key in new.needs()} <= needed
        and new.cost_high_micro_usd <= old.cost_high_micro_usd
        and all(
            name in before and _within(_plain(value, pairs), before[name])
            for name, value in new.inputs.items()
        )
    )


_LOOSE = ("key", "inputs", "after", "reason", "fallbacks", "cost_high_micro_usd", "choice")


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
    return all(part in rest for part in some)


def _pairs(before: Plan, after: Plan) -> dict[TaskKey, TaskKey]:
    """Keys of the plan after to those of the plan before, for tasks that are the same work."""
    old = {task.key: task.type for task in before.graph.tasks}
    pairs = {task.key: task.key for task in after.graph.tasks if old.get(task.key) == task.type}
    left = defaultdict[tuple[str, str], list[TaskKey]](list)
    for task in before.graph.tasks:
        if task.key not in pairs:
            left[_like(task)].append(task.key)
    for task in after.graph.tasks:
        if task.key not in pairs and left[_like(task)]:
            pairs[task.key] = left[_like(task)].pop(0)
    return pairs


def _like(task: Task) -> tuple[str, str]:
    return task.type, name_key(task.title)


def _changed(old: Task, now: Numbered, pairs: Mapping[TaskKey, TaskKey]) -> Changed | None:
    new = now.task
    change = Changed(
        number=now.number,
        title=new.title,
        key=new.key,
        agent=(old.agent, new.agent) if old.agent != new.agent else None,
        retitled=_pair(old.title, new.title),
        instruction=_pair(old.instruction, new.instruction),
        inputs=tuple(_inputs(old, new, pairs)),
        gained=tuple(effect for effect in new.effects if effect not in old.effects),
        lost=tuple(effect for effect in old.effects if effect not in new.effects),
        needs={pairs.get(key, key) for key in new.needs()} != set(old.needs()),
        settings=tuple(_settings(old, new)),
    )
    nothing = Changed(number=now.number, title=new.title, key=new.key)
    return None if change == nothing else change


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
        if name == ABOUT:
            continue  # what its SQL says, in other words
        was, now = old.inputs.get(name), new.inputs.get(name)
        if was is None or now is None or _plain(was, {}) != _plain(now, pairs):
            yield name, _words(was), _words(now)


def _plain(value: Input, pairs: Mapping[TaskKey, TaskKey]) -> JsonValue:
    """The input with the keys of the plan before."""
    match value:
        case FromTask() | FromItem():
            return value.model_copy(update={"task": pairs.get(value.task, value.task)}).model_dump(
                mode="json"
            )
        case Many(items=items):
            return {"items": [_plain(item, pairs) for item in items], "optional": value.optional}
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
            return text("from {task}", task=key)
        case Many(items=items):
            return ", ".join(map(_words, items))
        case _:
            return text("for each item")


def _pair(before: str, after: str) -> tuple[str, str] | None:
    return (before, after) if before != after else None


def highest_effect(found: Differences) -> EffectClass:
    """The riskiest effect that is new."""
    order = list(EffectClass)
    new = [effect for change in found.changed for effect in change.gained]
    new += [effect for added in found.added for effect in added.task.effects]
    return max((effect.effect for effect in new), key=order.index, default=EffectClass.READ)
