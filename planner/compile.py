"""Draft + catalogue → a checked TaskGraph, or precisely what is wrong. Pure.

Effects come from the catalogue and the control slots; what the draft says of them is not read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from memory.model.agent import AgentKind, AgentSpec, EffectClass
from memory.model.base import TaskKey, name_key
from memory.model.graph import Input, Task, TaskGraph
from memory.model.limits import SENTENCES, TASKS_PER_PLAN
from planner.assign import Assigned, Price, Rank, assign
from planner.binding import Surroundings, bind, effects_of, project_path
from planner.draft import Draft, DraftTask
from planner.names import listed, slug
from planner.port import PlanRequest

_KEY = re.compile(r"^[a-z0-9][a-z0-9_-]{0,47}$")
TIMEOUT_S: Mapping[AgentKind, int] = {
    AgentKind.MODEL: 300,
    AgentKind.TOOL: 120,
    AgentKind.SIMULATED: 120,
    AgentKind.HUMAN: 24 * 3600,
}


@dataclass(frozen=True)
class Compiled:
    """A graph that may be shown, with what was assumed on the way."""

    graph: TaskGraph
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problems:
    """Why the draft is not a plan: sentences that help its author to mend it."""

    texts: tuple[str, ...]


def compile_draft(
    draft: Draft, request: PlanRequest, *, rank: Rank, price: Price
) -> Compiled | Problems:
    """Check everything the draft says against what is really there."""
    draft = _with_plain_keys(draft)
    early = _shape_problems(draft)
    if early:
        return Problems(early)
    problems: list[str] = []
    assigned: dict[str, Assigned] = {}
    for task in draft.tasks:
        try:
            assigned[task.key] = assign(task, request, rank, price)
        except ValueError as error:
            problems.append(f"Task {task.key}: {error}")
    specs = {key: one.spec for key, one in assigned.items()}
    around = Surroundings(request, draft.title, specs, _written(draft, specs))
    tasks: list[Task] = []
    assumptions: list[str] = []
    for task in draft.tasks:
        if task.key not in assigned:
            continue
        bound = bind(task, specs[task.key], around)
        problems += bound.problems
        assumptions += bound.assumptions
        if not bound.problems:
            built = _task(task, assigned[task.key], bound.inputs)
            problems += _effect_problems(built, specs[task.key])
            tasks.append(built)
    problems += _same_target(tasks)
    problems += _unordered_files(draft, specs)
    if problems:
        return Problems(tuple(problems))
    return Compiled(TaskGraph(tasks=_in_order(tasks)), tuple(assumptions))


def _task(task: DraftTask, assigned: Assigned, inputs: Mapping[str, Input]) -> Task:
    spec = assigned.spec
    return Task.model_validate(
        {
            "key": task.key,
            "title": (task.title or task.key)[:200],
            "type": name_key(task.type) if spec.kind is AgentKind.MODEL else task.type,
            "agent": spec.name,
            "instruction": task.instruction,
            "inputs": inputs,
            "after": tuple(dict.fromkeys(TaskKey(key) for key in task.after)),
            "effects": effects_of(spec, inputs),
            "reason": assigned.reason,
            "fallbacks": assigned.fallbacks,
            "timeout_s": TIMEOUT_S[spec.kind],
        }
    )


def _with_plain_keys(draft: Draft) -> Draft:
    """Keys as the graph wants them; references follow, so that "Step 1" is no reason to fail."""
    plain = {
        task.key: task.key if _KEY.match(task.key) else slug(task.key, limit=48)
        for task in draft.tasks
    }
    tasks = [
        task.model_copy(
            update={
                "key": plain[task.key],
                "after": tuple(plain.get(key, key) for key in task.after),
                "inputs": tuple(
                    one.model_copy(update={"from_task": plain.get(one.from_task, one.from_task)})
                    if one.from_task
                    else one
                    for one in task.inputs
                ),
            }
        )
        for task in draft.tasks
    ]
    return draft.model_copy(update={"tasks": tuple(tasks)})


def _shape_problems(draft: Draft) -> tuple[str, ...]:
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
            need
            for need in (*task.after, *(one.from_task for one in task.inputs))
            if need in keys and need != task.key
        }
        for task in draft.tasks
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        return (f"These tasks wait for each other in a circle: {circle}.",)
    return ()


def _written(draft: Draft, specs: Mapping[str, AgentSpec]) -> frozenset[str]:
    return frozenset(
        path for task in draft.tasks if task.key in specs for path in _writes(task, specs[task.key])
    )


def _writes(task: DraftTask, spec: AgentSpec) -> list[str]:
    if spec.effect is EffectClass.READ:
        return []
    slots = {name_key(one.name) for one in spec.parameters if one.type == "path"}
    values = [one.value for one in task.inputs if name_key(one.name) in slots and one.value]
    return [path for value in values if (path := project_path(value))]


def _unordered_files(draft: Draft, specs: Mapping[str, AgentSpec]) -> list[str]:
    """A task that reads what another writes has to come after it."""
    writer = {
        path: task.key
        for task in draft.tasks
        if task.key in specs
        for path in _writes(task, specs[task.key])
    }
    problems = []
    for task in draft.tasks:
        spec = specs.get(task.key)
        if spec is None or spec.effect is not EffectClass.READ:
            continue
        needs = {*task.after, *(one.from_task for one in task.inputs)}
        for one in task.inputs:
            source = writer.get(project_path(one.value or "") or "")
            if source and source not in needs and one.value:
                problems.append(
                    f"Task {task.key} reads {one.value}, which {source} writes; "
                    f"it has to come after {source}."
                )
    return problems


def _effect_problems(task: Task, spec: AgentSpec) -> list[str]:
    if spec.effect is EffectClass.READ or task.effects:
        return []
    return [f"Task {task.key}: {spec.name} changes something, but it is not said what."]


def _same_target(tasks: list[Task]) -> list[str]:
    """Two tasks that write one file would race or undo each other."""
    seen: dict[str, str] = {}
    problems = []
    for task in tasks:
        for effect in task.effects:
            other = seen.setdefault(name_key(effect.target), task.key)
            if other != task.key:
                both = listed([other, task.key], word="and")
                problems.append(f"Tasks {both} both write {effect.target}; give each its own file.")
    return problems


def _in_order(tasks: list[Task]) -> tuple[Task, ...]:
    return tuple(task for layer in TaskGraph(tasks=tuple(tasks)).layers() for task in layer)
