"""The agents a request names, and who does the work instead. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from memory.model.agents.spec import INSTRUCTED, AgentSpec, Catalogue
from memory.model.base import name_key
from memory.model.text import text
from memory.model.work.graph import TaskGraph
from planner.draft import Draft, Gap
from planner.lexicon.agents import Named, each_once, handed_work
from planner.lexicon.names import AGENTS
from planner.names import listed
from planner.port import PlanRequest


def others_named(request: PlanRequest, words: str) -> frozenset[str]:
    """Names of agents in the words, in small letters, that are people's here or stand in the data."""
    spoken = name_key(words)
    said = frozenset(key for key in map(name_key, AGENTS) if key in spoken)
    if not said:
        return said  # hardly any request names one, and the data's values are many
    people = {name_key(person.display) for person in (*request.people, request.author)}
    values = {
        name_key(value)
        for file in request.readable
        for column in file.columns
        for value in column.values
    }
    return said & (people | values)


def handed(request: PlanRequest, words: str | None = None) -> tuple[Named, ...]:
    """The agents that the request, or these words of it, names for work or forbids it."""
    said = request.text if words is None else words
    return handed_work(said, request.catalogue, others_named(request, said))


def nobody_here(request: PlanRequest) -> str:
    """Who was named for the work, where neither they nor anybody else who is told in words is
    connected; "" otherwise.
    """
    if any(_instructed_to_work(request.catalogue)):
        return ""
    return _without(_missing(handed(request)))


def idle(named: Sequence[Named], graph: TaskGraph, request: PlanRequest) -> tuple[str, str]:
    """Where only tools and people work: why there's no plan without who was named for it, and that
    somebody who is here has nothing to do.
    """
    if any(_instructed(task.agent, request.catalogue) for task in graph.tasks):
        return "", ""
    unused = [agent.name for agent in each_once(named) if agent.spec and not agent.forbidden]
    said = text("{agents} has nothing to do in this plan: tools do it.",
                agents=listed(unused, word="and")) if unused else ""  # fmt: skip
    return _without(_missing(named)), said


def _without(missing: Sequence[str]) -> str:
    """The sentence on those who are not connected."""
    if not missing:
        return ""
    return text(
        "{absent} Who should do it instead? Name a person, for example “ask @kim to …”, or connect "
        "a model.",
        absent=_absent(missing),
    )


def _missing(named: Sequence[Named]) -> list[str]:
    """The names of those who are to work and aren't connected."""
    return [agent.name for agent in each_once(named) if not (agent.spec or agent.forbidden)]


def _absent(names: Sequence[str]) -> str:
    if len(names) == 1:
        return text("{agent} isn't connected here.", agent=names[0])
    return text("{agents} aren't connected here.", agents=listed(names, word="and"))


def agent_gaps(named: Sequence[Named], graph: TaskGraph, request: PlanRequest) -> tuple[Gap, ...]:
    """A question for each agent that was named and does nothing, or must not and does."""
    busy: set[str] = {task.agent for task in graph.tasks}
    busy |= {task.review.agent for task in graph.tasks if task.review is not None}
    worked = [spec for task in graph.tasks if (spec := _instructed(task.agent, request.catalogue))]
    return tuple(
        _gap(name, worked, request)
        for name in each_once(named)
        if worked and _is_off(name, busy) and not _ruled_out(name, graph, request)
    )


def heeded(draft: Draft, request: PlanRequest, named: Sequence[Named]) -> Draft:
    """The draft with the agents that were chosen when the plan gave work to somebody else."""
    chosen = {
        answer.slot.removeprefix(SLOT): answer.value
        for answer in request.answers
        if answer.slot.startswith(SLOT)
    }
    for absent, value in chosen.items():
        wanted = request.catalogue.find(value)
        if wanted is None:
            continue
        tasks = tuple(
            task.model_copy(update={"agent": wanted.name})
            if task.instruction and _is_free(task.agent, absent, request, named)
            else task
            for task in draft.tasks
        )
        draft = draft.model_copy(update={"tasks": tasks})
    return draft


def with_absent(declined: str, named: Sequence[Named]) -> str:
    """Why nothing is planned, after who was named for the work and isn't connected here."""
    said = _QUOTED.sub("", declined)
    names = [name for name in _missing(named) if name not in said]
    return f"{_absent(names)} {declined}" if names else declined


_QUOTED: Final = re.compile(r"“[^“”]*”")
"""What was said, as a sentence repeats it."""
SLOT: Final = "who instead of "
"""How the slots of these questions begin; the name that was said follows."""


def _is_free(agent: str | None, absent: str, request: PlanRequest, named: Sequence[Named]) -> bool:
    """Whether nobody else was named for the task."""
    spec = request.catalogue.find(agent) if agent else None
    others = {
        found.spec.name
        for found in named
        if found.spec is not None
        and not found.forbidden
        and name_key(found.name) != name_key(absent)
    }
    return spec is None or spec.name not in others


def _instructed(agent: str, catalogue: Catalogue) -> AgentSpec | None:
    spec = catalogue.find(agent)
    return spec if spec is not None and spec.kind in INSTRUCTED else None


def _is_off(name: Named, busy: set[str]) -> bool:
    does = name.spec is not None and name.spec.name in busy
    return does if name.forbidden else not does


def _ruled_out(name: Named, graph: TaskGraph, request: PlanRequest) -> bool:
    """Whether a rule that was taught keeps the agent from the work; that is asked about as such."""
    types = {"", *(name_key(task.type) for task in graph.tasks)}
    routes = (rule.routing for rule in request.taught)
    return name.spec is not None and any(
        name.spec.answers_to(route.agent) == (route.effect == "never")
        for route in routes
        if route is not None and route.effect != "prefer" and name_key(route.task_type) in types
    )


def _gap(name: Named, worked: Sequence[AgentSpec], request: PlanRequest) -> Gap:
    options = tuple(dict.fromkeys(_options(name, worked, request)))
    return Gap(
        slot=f"{SLOT}{name_key(name.name)}"[:120],
        question=_question(name, worked),
        options=options,
        default=options[0] if options else "",
        accepts=(),
    )


def _question(name: Named, worked: Sequence[AgentSpec]) -> str:
    other = worked[0].title
    if name.forbidden:
        return text("You said not to use {agent}. Who should do it instead?", agent=name.name)
    if name.spec is None:
        return text("{agent} isn't connected here. Who should do it instead?", agent=name.name)
    return text("You name {agent}, but the plan gives the work to {other}. Who should do it?",
                agent=name.name, other=other)  # fmt: skip


def _instructed_to_work(catalogue: Catalogue) -> Iterator[AgentSpec]:
    return (spec for spec in catalogue.agents if spec.kind in INSTRUCTED and spec.task_types)


def _options(name: Named, worked: Sequence[AgentSpec], request: PlanRequest) -> Iterator[str]:
    others = [*worked, *_instructed_to_work(request.catalogue)]
    never = name.spec.name if name.spec is not None and name.forbidden else ""
    if name.spec is not None and not name.forbidden:
        yield name.spec.title
    yield from (spec.title for spec in others if spec.name != never)
