"""The shape of a draft, before anybody looks at what is in it: keys, references, circles. Pure."""

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from memory.model.limits import SENTENCES, TASKS_PER_PLAN
from memory.model.work.graph import PLAN_KEY
from planner.draft import Draft, DraftEach, DraftTask, SubPlan
from planner.names import slug

MAX_DEPTH = 5
"""How deep sub-plans may lie in each other."""

_HOLE = re.compile(r"\{([\w -]{1,64})\}")


def sources_of(task: DraftTask) -> Iterator[str]:
    """The tasks whose values it uses: as inputs, as its list, in its conditions."""
    yield from (one.from_task for one in task.inputs if one.from_task)
    yield from (one.task for one in task.when)
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

    each = task.each
    if each is not None:
        each = DraftEach.model_copy(each, update={"from_task": new(each.from_task)})
    return task.model_copy(
        update={
            "after": tuple(names.get(key, key) for key in task.after),
            "inputs": tuple(
                one.model_copy(update={"from_task": new(one.from_task)}) for one in task.inputs
            ),
            "when": tuple(one.model_copy(update={"task": new(one.task)}) for one in task.when),
            "each": each,
        }
    )


def shape_problems(draft: Draft) -> tuple[str, ...]:
    """What is wrong with the number of tasks, their keys and their order, a sentence each."""
    if not draft.tasks:
        return ("The plan has no tasks.",)
    if len(draft.tasks) > TASKS_PER_PLAN:
        return (SENTENCES["tasks_per_plan"],)
    keys = [task.key for task in draft.tasks]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        return tuple(f"Two tasks are called {key}; every key is used once." for key in twice)
    problems = []
    for task in draft.tasks:
        for need in task.after:
            if need == task.key:
                problems.append(f"Task {task.key} waits for itself.")
            elif need not in keys:
                problems.append(f"Task {task.key} waits for {need}, which is not in the plan.")
    return tuple(problems) or _cycle(draft)


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
        return (f"These tasks wait for each other in a circle: {circle}.",)
    return ()


def inlined(draft: Draft) -> Draft:
    """Every use of a sub-plan replaced by its steps, `use-step`, as a named group.

    Raises ValueError, in a sentence, for one that is not there, is empty or holds itself.
    """
    named = {one.name: one for one in draft.subplans}
    for _ in range(MAX_DEPTH):
        if not any(task.subplan for task in draft.tasks):
            return draft
        draft = _once(draft, named)
        if len(draft.tasks) > TASKS_PER_PLAN:
            raise ValueError(SENTENCES["tasks_per_plan"])
    if any(task.subplan for task in draft.tasks):
        raise ValueError(f"Sub-plans lie more than {MAX_DEPTH} deep in each other, or in a circle.")
    return draft


def _once(draft: Draft, named: Mapping[str, SubPlan]) -> Draft:
    tasks: list[DraftTask] = []
    results: dict[str, str] = {}
    for task in draft.tasks:
        if not task.subplan:
            tasks.append(task)
            continue
        found = named.get(task.subplan)
        if found is None or not found.tasks:
            raise ValueError(f"Task {task.key}: there is no sub-plan {task.subplan}.")
        if task.each is not None:
            raise ValueError(f"Task {task.key}: a sub-plan is not gone through item by item.")
        steps = _steps(task, found)
        results[task.key] = steps[-1].key
        tasks += steps
    kept = tuple(renamed(task, results) for task in tasks)
    return draft.model_copy(update={"tasks": kept})


def _steps(use: DraftTask, subplan: SubPlan) -> list[DraftTask]:
    """The sub-plan's steps where it is used: what they wait for and when they are done."""
    names = {step.key: f"{use.key}-{step.key}"[:64] for step in subplan.tasks}
    given = {one.name: one.value for one in use.inputs if one.value is not None}
    fed = {one.name: one.from_task for one in use.inputs if one.from_task}
    group = f"{use.group} / {use.title}" if use.group else use.title or use.key
    steps = []
    for step in subplan.tasks:
        inner = renamed(step, names)
        first = not (set(step.after) | set(sources_of(step))) & set(names)
        inputs = [
            one.model_copy(update={"value": None, "from_task": fed[one.value[1:-1]]})
            if one.value and one.value[1:-1] in fed and _HOLE.fullmatch(one.value)
            else one.model_copy(update={"value": _filled(one.value, given)})
            for one in inner.inputs
        ]
        steps.append(
            inner.model_copy(
                update={
                    "key": names[step.key],
                    "inputs": tuple(inputs),
                    "instruction": _filled(step.instruction, given),
                    "after": (*inner.after, *use.after) if first else inner.after,
                    # Skipping the first steps alone would leave what only comes after them.
                    "when": (*use.when, *inner.when),
                    "group": group[:200],
                    "priority": step.priority if step.priority != "normal" else use.priority,
                }
            )
        )
    return steps


def _filled(text: str | None, given: Mapping[str, str]) -> str | None:
    if text is None:
        return None
    return _HOLE.sub(lambda hole: given.get(hole[1], hole[0]), text)
