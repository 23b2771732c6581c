"""Who does a task: the one the person named, else the best ranked; and who may take over. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from memory.model.agents.routing import Choice, WorkType
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import AgentName, name_key
from memory.model.errors import BadInput
from memory.model.text import text
from memory.model.work.graph import Task
from memory.profiles.ranking import Ranked, chosen
from planner.compiling.dial import dial_of
from planner.draft import DraftTask
from planner.names import is_named, listed, nearest
from planner.port import PlanRequest

Rank = Callable[[DraftTask, Sequence[AgentSpec]], Sequence[Ranked]]
"""The agents for a task, best first."""

Price = Callable[[AgentSpec, int, int], int | None]

FALLBACKS = 2
USUAL_TOKENS = (2000, 1000)
"""In and out: what two agents' prices are compared on."""

ASKED_FOR = text("you asked for it")


@dataclass(frozen=True)
class Assigned:
    """The choice, its reason for people, and who may take over without a new approval."""

    spec: AgentSpec
    reason: str = ""
    fallbacks: tuple[AgentName, ...] = ()
    choice: Choice | None = None
    warning: str = ""
    """What people should know of the choice, "" for nothing."""
    work: WorkType | None = None
    """What the task counts as, where the history tells."""


def assign(task: DraftTask, request: PlanRequest, rank: Rank, price: Price) -> Assigned:
    """Choose. Raises BadInput when nobody can do the task."""
    able = _allowed(request, request.catalogue.able(task.type))
    models = [agent for agent in able if agent.kind is AgentKind.MODEL]
    ranked = rank(task, models)
    found = _assigned(task, request, able, ranked, price)
    return replace(found, work=ranked[0].work) if ranked else found


def _assigned(
    task: DraftTask,
    request: PlanRequest,
    able: Sequence[AgentSpec],
    ranked: Sequence[Ranked],
    price: Price,
) -> Assigned:
    models = [agent for agent in able if agent.kind is AgentKind.MODEL]
    spec, reason = _wanted(task, request, able)
    if spec is not None:
        mine, others = _apart(ranked, spec.name)
        fallbacks = _fallbacks(spec, others, request, price)
        return Assigned(spec, reason, fallbacks, warning=_warning(spec, task, mine, others))
    if not able:
        raise _nobody(task, request)
    if not models:
        return Assigned(able[0])
    # "review" is a trade of people too, but nobody is asked who was not named.
    if not ranked:
        raise BadInput("a rule here forbids everybody who can do {type}.", type=task.type)
    return _best(task, request, ranked, models, price)


def _apart(ranked: Sequence[Ranked], agent: AgentName) -> tuple[list[Ranked], list[Ranked]]:
    """The agent's own place, and those of the others."""
    others = [place for place in ranked if place.agent != agent]
    return [place for place in ranked if place.agent == agent], others


def _allowed(request: PlanRequest, able: Sequence[AgentSpec]) -> Sequence[AgentSpec]:
    """Without those the words say are not to do it, where others can."""
    return tuple(agent for agent in able if agent.name not in request.barred) or able


def _best(
    task: DraftTask,
    request: PlanRequest,
    ranked: Sequence[Ranked],
    models: Sequence[AgentSpec],
    price: Price,
) -> Assigned:
    """The first in rank; where a plan is changed, whoever had the task before keeps it."""
    before = _before(task, request, ranked)
    best = before[0] if before else ranked[0]
    _, others = _apart(ranked, best.agent)
    spec = next(model for model in models if model.name == best.agent)
    fallbacks = _fallbacks(spec, others, request, price)
    if before:
        old = before[1]
        return Assigned(spec, old.reason, fallbacks, old.choice)
    reason = text("your rule: {rule}", rule=best.rule) if best.rule else best.reason
    choice = chosen(best, others, dial_of(request))
    return Assigned(spec, reason, fallbacks, choice, _warning(spec, task, [best], others))


def _before(
    task: DraftTask, request: PlanRequest, ranked: Sequence[Ranked]
) -> tuple[Ranked, Task] | None:
    """The task of the plan that is changed, where its agent was chosen and may go on.

    So a change in words changes what it says, and no draw is made a second time.
    """
    old = _same_task(task, request)
    if old is None or old.choice is None or old.choice.dial is not dial_of(request):
        return None
    place = next((place for place in ranked if place.agent == old.agent), None)
    fits = place is not None and not (place.paused or place.poor or ranked[0].rule)
    return (place, old) if place is not None and fits else None


def _same_task(task: DraftTask, request: PlanRequest) -> Task | None:
    """The task of the plan that is changed with the same key and type."""
    tasks = request.base.graph.tasks if request.base else ()
    old = next((old for old in tasks if old.key == task.key), None)
    return old if old and name_key(old.type) == name_key(task.type) else None


def _warning(
    spec: AgentSpec, task: DraftTask, mine: Sequence[Ranked], others: Sequence[Ranked]
) -> str:
    """What is said of an agent that usually fails, or is paused, and does the task nevertheless."""
    if not mine or not (mine[0].poor or mine[0].paused):
        return ""
    share = f"{100 * mine[0].quality:.0f} %"
    better = next((place.agent for place in others if not (place.poor or place.paused)), "")
    if mine[0].paused:
        return text("{agent} is paused after failures; its task waits for it.", agent=spec.title)
    if better:
        return text(
            "{agent} does well on only {share} of {type} tasks here; {better} does better.",
            agent=spec.title, share=share, type=task.type, better=better,
        )  # fmt: skip
    return text(
        "{agent} does well on only {share} of {type} tasks here, and nobody else can do it.",
        agent=spec.title, share=share, type=task.type,
    )  # fmt: skip


def _wanted(
    task: DraftTask, request: PlanRequest, able: Sequence[AgentSpec]
) -> tuple[AgentSpec | None, str]:
    """The agent that was named, and the reason."""
    named = _named(task, request, able)
    if named is None:
        return None, ""
    asked = named.kind is not AgentKind.TOOL and is_named(request.text, named)
    return named, ASKED_FOR if asked else ""


def _named(task: DraftTask, request: PlanRequest, able: Sequence[AgentSpec]) -> AgentSpec | None:
    """The agent the draft names; a tool only for what it does, or where nobody else could."""
    if not task.agent:
        return None
    spec = request.catalogue.find(task.agent)
    if spec is None:
        near = _near(task.agent, [agent.title for agent in request.catalogue.agents])
        raise BadInput("there's no agent {name}; there is {near}.", name=task.agent, near=near)
    # A tool's type says exactly what it does; among models and people the type is only a trade.
    return spec if spec in able or spec.kind is not AgentKind.TOOL or not able else None


def _nobody(task: DraftTask, request: PlanRequest) -> BadInput:
    types = sorted({word for agent in request.catalogue.agents for word in agent.task_types})
    near = _near(task.type, types)
    return BadInput(
        "nobody here can do {type}; what can be done is {near}.", type=task.type, near=near
    )


def _near(name: str, names: Sequence[str]) -> str:
    return listed(nearest(name, names) or names[:4], word="and")


def _fallbacks(
    chosen: AgentSpec, ranked: Iterable[Ranked], request: PlanRequest, price: Price
) -> tuple[AgentName, ...]:
    """Models that cost no more and send no data where the chosen one sends none."""
    if chosen.kind is not AgentKind.MODEL:
        return ()
    limit = price(chosen, *USUAL_TOKENS)

    def fits(spec: AgentSpec) -> bool:
        cost = price(spec, *USUAL_TOKENS)
        cheap = cost == 0 or (cost is not None and limit is not None and cost <= limit)
        return cheap and spec.kind is AgentKind.MODEL and (spec.local or not chosen.local)

    specs = (request.catalogue.find(place.agent) for place in ranked)
    return tuple(spec.name for spec in specs if spec is not None and fits(spec))[:FALLBACKS]
