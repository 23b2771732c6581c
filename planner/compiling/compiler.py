"""Draft + catalogue → a checked TaskGraph, or precisely what is wrong. Pure.

Effects come from the catalogue and the control slots; what the draft says of them is not read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from memory.model.agents.spec import AgentKind, AgentSpec, EffectClass
from memory.model.base import AgentName, TaskKey, name_key
from memory.model.errors import BadInput
from memory.model.limits import PIECES_PER_RUN, SENTENCES
from memory.model.text import text
from memory.model.work.check import Review
from memory.model.work.graph import Input, Task, TaskGraph
from planner.compiling import kinds
from planner.compiling.assign import Assigned, Price, Rank, assign
from planner.compiling.binding import bind, effects_of
from planner.compiling.checking import checks_of, review_of
from planner.compiling.constants import Surroundings, project_path
from planner.compiling.shapes import inlined, shape_problems, sources_of, with_plain_keys
from planner.draft import Draft, DraftInput, DraftTask
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
    except BadInput as error:
        return Problems((str(error),))
    early = shape_problems(draft)
    return Problems(early) if early else _compiled(draft, request, rank, price)


def _compiled(draft: Draft, request: PlanRequest, rank: Rank, price: Price) -> Compiled | Problems:
    built = _Built()
    assigned = _assigned(draft, request, rank, price, built)
    specs = {key: choice.spec for key, choice in assigned.items()}
    writers = _writers(draft, specs)
    by_key = {task.key: task for task in draft.tasks}
    around = Surroundings(request, draft.title, specs, frozenset(writers), by_key)
    for task in draft.tasks:
        if task.key in assigned:
            built.add(task, assigned[task.key], around)
    if sum(task.times for task in built.tasks) > PIECES_PER_RUN:
        built.problems.append(SENTENCES["pieces"])
    problems = (
        *built.problems,
        *_same_target(built.tasks),
        *_unordered_files(draft, specs, writers),
    )
    if problems:
        return Problems(problems)
    try:
        return Compiled(TaskGraph(tasks=_in_order(built.tasks)), tuple(built.assumptions))
    except ValidationError as error:
        return Problems(tuple(f"{problem['msg']}." for problem in error.errors()))


@dataclass
class _Built:
    """The tasks that could be made, and what was wrong with the others."""

    tasks: list[Task] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)

    def add(self, task: DraftTask, choice: Assigned, around: Surroundings) -> None:
        """Make one more task."""
        bound = bind(task, choice.spec, around)
        self.problems += bound.problems
        self.assumptions += bound.assumptions
        if bound.problems:
            return
        try:
            self.tasks.append(_task(task, choice, bound.inputs, around))
        except (BadInput, ValueError) as error:
            self.problems.append(text("Task {task}: {problem}", task=task.key, problem=error))


def _assigned(
    draft: Draft, request: PlanRequest, rank: Rank, price: Price, built: _Built
) -> dict[str, Assigned]:
    assigned = {}
    for task in draft.tasks:
        try:
            assigned[task.key] = choice = assign(task, request, rank, price)
            built.assumptions += filter(None, [choice.warning])
        except BadInput as error:
            built.problems.append(text("Task {task}: {problem}", task=task.key, problem=error))
    return assigned


def _task(
    task: DraftTask, choice: Assigned, inputs: Mapping[str, Input], around: Surroundings
) -> Task:
    """The task as the graph holds it. Raises BadInput, or ValueError where it can't be one."""
    spec, catalogue = choice.spec, around.request.catalogue
    over = kinds.each(task, around.outputs)
    review = review_of(task, spec, catalogue)
    effects = effects_of(spec, inputs, times=kinds.times(task, over))
    asked = any(given.open for given in task.inputs)
    if spec.effect is not EffectClass.READ and not effects and not asked:
        raise BadInput("{agent} changes something, but the plan doesn't say what.", agent=spec.name)
    return Task.model_validate(
        {
            "key": task.key,
            "title": (task.title or task.key)[:200],
            "type": name_key(task.type) if spec.kind is AgentKind.MODEL else task.type,
            "agent": spec.name,
            "instruction": task.instruction,
            "inputs": inputs,
            "after": tuple(dict.fromkeys(TaskKey(key) for key in task.after)),
            "effects": effects,
            "reason": choice.reason,
            "fallbacks": _but_reviewer(choice.fallbacks, review),
            "timeout_s": TIMEOUT_S[spec.kind],
            "when": kinds.conditions(task, around.outputs),
            "each": over,
            "at_most": kinds.bound(task),
            "group": task.group,
            "priority": task.priority,
            "retry": kinds.retry(task),
            "cost_cap_micro_usd": kinds.cost_cap(task),
            "checks": checks_of(task, spec, catalogue),
            "review": review,
            "choice": choice.choice,
            "work": choice.work if spec.kind is AgentKind.MODEL else None,
        }
    )


def _but_reviewer(fallbacks: Sequence[AgentName], review: Review | None) -> tuple[AgentName, ...]:
    return tuple(name for name in fallbacks if review is None or name != review.agent)


def _writers(draft: Draft, specs: Mapping[str, AgentSpec]) -> dict[str, str]:
    """The task that writes each path of the plan."""
    return {
        path: task.key
        for task in draft.tasks
        if task.key in specs
        for path in _writes(task, specs[task.key])
    }


def _writes(task: DraftTask, spec: AgentSpec) -> list[str]:
    if spec.effect is EffectClass.READ:
        return []
    slots = {name_key(parameter.name) for parameter in spec.parameters if parameter.type == "path"}
    values = [given.value for given in task.inputs if name_key(given.name) in slots and given.value]
    return [path for value in values if (path := project_path(value))]


def _writer_of(given: DraftInput, writers: Mapping[str, str]) -> str | None:
    return writers.get(project_path(given.value or "") or "")


def _unordered_files(
    draft: Draft, specs: Mapping[str, AgentSpec], writers: Mapping[str, str]
) -> Iterator[str]:
    """A task that reads what another writes has to come after it, unless it feeds that other."""
    feeds = {task.key: {*task.after, *sources_of(task)} for task in draft.tasks}
    for task in draft.tasks:
        if task.key not in specs or specs[task.key].effect is not EffectClass.READ:
            continue
        needs = {*task.after, *sources_of(task)}
        for given in task.inputs:
            source = _writer_of(given, writers)
            if source and source not in needs and task.key not in feeds.get(source, ()):
                yield text(
                    "Task {task} reads {path}, which {source} writes; it has to come after {source}.",
                    task=task.key,
                    path=given.value,
                    source=source,
                )


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
                problems.append(
                    text(
                        "Tasks {tasks} both write {path}; give each its own file.",
                        tasks=both,
                        path=effect.target,
                    )
                )
    return problems


def _in_order(tasks: list[Task]) -> tuple[Task, ...]:
    return tuple(task for layer in TaskGraph(tasks=tuple(tasks)).layers() for task in layer)
