"""Draft + catalogue → a checked TaskGraph, or precisely what is wrong. Pure.

Effects come from the catalogue and the control slots; what the draft says of them is not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue, EffectClass
from memory.model.base import TaskKey, name_key
from memory.model.limits import PIECES_PER_RUN, SENTENCES
from memory.model.work.graph import Const, Input, Task, TaskGraph
from planner.compiling import kinds
from planner.compiling.assign import Assigned, Price, Rank, assign
from planner.compiling.binding import bind, effects_of
from planner.compiling.checking import checks_of
from planner.compiling.constants import Surroundings, project_path
from planner.compiling.reviews import review_of
from planner.compiling.shapes import inlined, shape_problems, sources_of, with_plain_keys
from planner.draft import Draft, DraftTask
from planner.names import listed
from planner.port import PlanRequest

TIMEOUT_S: Mapping[AgentKind, int] = {
    AgentKind.MODEL: 300,
    AgentKind.TOOL: 120,
    AgentKind.SIMULATED: 120,
    AgentKind.HUMAN: 24 * 3600,
    AgentKind.COMMAND: 1800,
    AgentKind.WEBHOOK: 300,
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
    try:
        draft = with_plain_keys(inlined(draft))
    except ValueError as error:
        return Problems((str(error),))
    early = shape_problems(draft)
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
    built = _built(draft, request, assigned)
    if sum(task.times for task in built.tasks) > PIECES_PER_RUN:
        problems.append(SENTENCES["pieces"])
    problems += [*built.problems, *_same_target(built.tasks), *_unordered_files(draft, specs)]
    if problems:
        return Problems(tuple(problems))
    try:
        return Compiled(TaskGraph(tasks=_in_order(built.tasks)), tuple(built.assumptions))
    except ValidationError as error:
        return Problems(tuple(f"{one['msg']}." for one in error.errors()))


@dataclass
class _Built:
    """The tasks that could be made, and what was wrong with the others."""

    tasks: list[Task] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)


def _built(draft: Draft, request: PlanRequest, assigned: Mapping[str, Assigned]) -> _Built:
    specs = {key: one.spec for key, one in assigned.items()}
    by_key = {one.key: one for one in draft.tasks}
    around = Surroundings(request, draft.title, specs, _written(draft, specs), by_key)
    built = _Built()
    for task in draft.tasks:
        if task.key not in assigned:
            continue
        bound = bind(task, specs[task.key], around)
        built.problems += bound.problems
        built.assumptions += bound.assumptions
        if bound.problems:
            continue
        try:
            made = _task(task, assigned[task.key], bound.inputs, specs, request.catalogue)
        except ValueError as error:
            built.problems.append(f"Task {task.key}: {error}")
            continue
        built.problems += _effect_problems(made, specs[task.key])
        built.tasks.append(made)
    return built


def _task(
    task: DraftTask,
    assigned: Assigned,
    inputs: Mapping[str, Input],
    outputs: Mapping[str, AgentSpec],
    catalogue: Catalogue,
) -> Task:
    """The task as the graph holds it. Raises ValueError, in words for people."""
    spec, over = assigned.spec, kinds.each(task, outputs)
    review = review_of(task, spec, catalogue)
    times = 1 if over is None else kinds.bound(task)
    if isinstance(over, Const) and isinstance(over.value, list):
        times = len(over.value)
    return Task.model_validate(
        {
            "key": task.key,
            "title": (task.title or task.key)[:200],
            "type": name_key(task.type) if spec.kind is AgentKind.MODEL else task.type,
            "agent": spec.name,
            "instruction": task.instruction,
            "inputs": inputs,
            "after": tuple(dict.fromkeys(TaskKey(key) for key in task.after)),
            "effects": effects_of(spec, inputs, times=times),
            "reason": assigned.reason,
            "fallbacks": tuple(
                one for one in assigned.fallbacks if review is None or one != review.agent
            ),
            "timeout_s": TIMEOUT_S[spec.kind],
            "when": kinds.conditions(task, outputs),
            "each": over,
            "at_most": kinds.bound(task),
            "group": task.group,
            "priority": task.priority,
            "retry": kinds.retry(task),
            "cost_cap_micro_usd": kinds.cost_cap(task),
            "checks": checks_of(task, spec, catalogue),
            "review": review,
        }
    )


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
        needs = {*task.after, *sources_of(task)}
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
            if effect.effect is EffectClass.EXEC:
                continue  # a program or server is used twice as a matter of course
            other = seen.setdefault(name_key(effect.target), task.key)
            if other != task.key:
                both = listed([other, task.key], word="and")
                problems.append(f"Tasks {both} both write {effect.target}; give each its own file.")
    return problems


def _in_order(tasks: list[Task]) -> tuple[Task, ...]:
    return tuple(task for layer in TaskGraph(tasks=tuple(tasks)).layers() for task in layer)
