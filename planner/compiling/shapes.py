"""The shape of a draft, before anybody looks inside: keys, references, circles. Pure."""

import re
from collections.abc import Container, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from memory.model.errors import BadInput
from memory.model.limits import SENTENCES, TASKS_PER_PLAN
from memory.model.text import text
from memory.model.work.graph import PLAN_KEY
from planner.draft import Draft, DraftInput, DraftTask, SubPlan
from planner.names import repeated, slug

MAX_DEPTH = 5
"""How deep sub-plans may lie in each other."""

_HOLE = re.compile(r"\{([\w -]{1,64})\}")


def sources_of(task: DraftTask) -> Iterator[str]:
    """The tasks whose values it uses: as inputs, as its list, in its conditions."""
    yield from (given.from_task for given in task.inputs if given.from_task)
    yield from (condition.task for condition in task.when)
    if task.each is not None and task.each.from_task:
        yield task.each.from_task


def with_plain_keys(draft: Draft) -> Draft:
    """Keys as the graph wants them; references follow, so that "Step 1" is no reason to fail."""
    plain = {
        task.key: task.key if PLAN_KEY.match(task.key) else slug(task.key, limit=48)
        for task in draft.tasks
    }
    tasks = tuple(
        renamed(task, plain).model_copy(update={"key": plain[task.key]}) for task in draft.tasks
    )
    return draft.model_copy(update={"tasks": tasks})


def renamed(task: DraftTask, names: Mapping[str, str]) -> DraftTask:
    """The task with its references to other tasks renamed."""

    def new(key: str | None) -> str | None:
        return names.get(key, key) if key else key

    each = task.each and task.each.model_copy(update={"from_task": new(task.each.from_task)})
    return task.model_copy(
        update={
            "after": tuple(names.get(key, key) for key in task.after),
            "inputs": tuple(
                given.model_copy(update={"from_task": new(given.from_task)})
                for given in task.inputs
            ),
            "when": tuple(
                condition.model_copy(update={"task": new(condition.task)})
                for condition in task.when
            ),
            "each": each,
        }
    )


def shape_problems(draft: Draft) -> tuple[str, ...]:
    """What is wrong with the number of tasks, their keys and their order, a sentence each."""
    if not draft.tasks:
        return (text("The plan has no tasks."),)
    if len(draft.tasks) > TASKS_PER_PLAN:
        return (SENTENCES["tasks_per_plan"],)
    keys = [task.key for task in draft.tasks]
    if repeated(keys):
        return tuple(
            text("Two tasks are called {key}; use each key once.", key=key)
            for key in sorted(repeated(keys))
        )
    waits = [(task.key, need) for task in draft.tasks for need in task.after]
    problems = [_wait_problem(key, need, keys) for key, need in waits]
    return tuple(filter(None, problems)) or _cycle(draft)


def _wait_problem(key: str, need: str, keys: Container[str]) -> str:
    if need == key:
        return text("Task {task} waits for itself.", task=key)
    if need not in keys:
        return text("Task {task} waits for {need}, which isn't in the plan.", task=key, need=need)
    return ""


def _cycle(draft: Draft) -> tuple[str, ...]:
    keys = {task.key for task in draft.tasks}
    needs = {
        task.key: {
            need for need in (*task.after, *sources_of(task)) if need in keys and need != task.key
        }
        for task in draft.tasks
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        return (text("These tasks wait for each other in a circle: {circle}.", circle=circle),)
    return ()


def inlined(draft: Draft) -> Draft:
    """Every use of a sub-plan replaced by its tasks, `use-task`, as a named group.

    Raises BadInput for one that is not there, is empty or holds itself.
    """
    named = {subplan.name: subplan for subplan in draft.subplans}
    for _ in range(MAX_DEPTH):
        if not any(task.subplan for task in draft.tasks):
            return draft
        draft = _once(draft, named)
        if len(draft.tasks) > TASKS_PER_PLAN:
            raise BadInput(SENTENCES["tasks_per_plan"])
    if any(task.subplan for task in draft.tasks):
        raise BadInput(
            "Sub-plans lie more than {depth} deep in each other, or in a circle.", depth=MAX_DEPTH
        )
    return draft


def _once(draft: Draft, named: Mapping[str, SubPlan]) -> Draft:
    tasks: list[DraftTask] = []
    results: dict[str, str] = {}
    for task in draft.tasks:
        if not task.subplan:
            tasks.append(task)
            continue
        subplan = named.get(task.subplan)
        if subplan is None or not subplan.tasks:
            raise BadInput(
                "Task {task}: there's no sub-plan {name}.", task=task.key, name=task.subplan
            )
        if task.each is not None:
            raise BadInput("Task {task}: a sub-plan can't be done item by item.", task=task.key)
        inner = _expanded(task, subplan)
        results[task.key] = inner[-1].key
        tasks += inner
    return draft.model_copy(update={"tasks": tuple(renamed(task, results) for task in tasks)})


def _expanded(use: DraftTask, subplan: SubPlan) -> list[DraftTask]:
    """The sub-plan's tasks where it is used: what they wait for and when they are done."""
    names = {task.key: f"{use.key}-{task.key}"[:64] for task in subplan.tasks}
    given = {drafted.name: drafted for drafted in use.inputs}
    values = _values(given)
    group = f"{use.group} / {use.title}" if use.group else use.title or use.key
    expanded = []
    for task in subplan.tasks:
        inner = renamed(task, names)
        first = names.keys().isdisjoint((*task.after, *sources_of(task)))
        update = {
            "key": names[task.key],
            "inputs": tuple(_fed(drafted, given, values) for drafted in inner.inputs),
            "instruction": _filled(task.instruction, values),
            "after": (*inner.after, *use.after) if first else inner.after,
            # Skipping the first tasks alone would leave what only comes after them.
            "when": (*use.when, *inner.when),
            "group": group[:200],
            "priority": task.priority if task.priority != "normal" else use.priority,
        }
        expanded.append(inner.model_copy(update=update))
    return expanded


def _values(given: Mapping[str, DraftInput]) -> dict[str, str]:
    return {name: drafted.value for name, drafted in given.items() if drafted.value is not None}


def _fed(
    drafted: DraftInput, given: Mapping[str, DraftInput], values: Mapping[str, str]
) -> DraftInput:
    """The input with its holes filled, or fed by the task that feeds the one it names."""
    hole = _HOLE.fullmatch(drafted.value or "")
    source = given[hole[1]].from_task if hole and hole[1] in given else None
    if source:
        return drafted.model_copy(update={"value": None, "from_task": source})
    value = drafted.value and _filled(drafted.value, values)
    return drafted.model_copy(update={"value": value})


def _filled(words: str, values: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), words)
