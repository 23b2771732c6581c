"""Who does a task: the one the person named, else the best ranked; and who may take over. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import AgentName, name_key
from memory.model.errors import BadInput
from memory.model.text import text
from memory.profiles.ranking import Ranked
from planner.draft import DraftTask
from planner.names import is_named, listed, nearest
from planner.port import PlanRequest
from planner.preferences import AGENT_FOR

Rank = Callable[[str, Sequence[AgentSpec]], Sequence[Ranked]]
"""The agents for a type of task, best first."""

Price = Callable[[AgentSpec, int, int], int | None]

FALLBACKS = 2
USUAL_TOKENS = (2000, 1000)
"""In and out: what two agents' prices are compared on."""

ASKED_FOR = text("you asked for it")
PREFERRED = text("it's your preference; say “forget that” to change it")


@dataclass(frozen=True)
class Assigned:
    """The choice, its reason for people, and who may take over without a new approval."""

    spec: AgentSpec
    reason: str = ""
    fallbacks: tuple[AgentName, ...] = ()


def assign(task: DraftTask, request: PlanRequest, rank: Rank, price: Price) -> Assigned:
    """Choose. Raises BadInput when nobody can do the task."""
    able = request.catalogue.able(task.type)
    spec, reason = _wanted(task, request, able)
    if spec is not None:
        others = rank(task.type, [agent for agent in able if agent != spec])
        return Assigned(spec, reason, _fallbacks(spec, others, request, price))
    if not able:
        raise _nobody(task, request)
    models = [agent for agent in able if agent.kind is AgentKind.MODEL]
    if not models:
        return Assigned(able[0])
    # "review" is a trade of people too, but nobody is asked who was not named.
    best, *others = rank(task.type, models)
    spec = next(model for model in models if model.name == best.agent)
    return Assigned(spec, best.reason, _fallbacks(spec, others, request, price))


def _wanted(
    task: DraftTask, request: PlanRequest, able: Sequence[AgentSpec]
) -> tuple[AgentSpec | None, str]:
    """The agent that was named or is preferred, and the reason."""
    named = _named(task, request, able)
    if named is None:
        return _preferred(task, request, able), PREFERRED
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


def _preferred(
    task: DraftTask, request: PlanRequest, able: Sequence[AgentSpec]
) -> AgentSpec | None:
    """The model that the person, or the project, wants for this kind of work."""
    name = request.preferences.get(f"{AGENT_FOR}{name_key(task.type)}", "")
    spec = next((agent for agent in able if name and agent.answers_to(name)), None)
    return spec if spec is not None and spec.kind is AgentKind.MODEL else None


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
