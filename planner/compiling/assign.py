"""Who does a task: the one the person named, else the best ranked; and who may take over. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import AgentName, name_key
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

ASKED_FOR = "you asked for it"
PREFERRED = "you want it so always; say “forget that” to change it"


@dataclass(frozen=True)
class Assigned:
    """The choice, its reason for people, and who may take over without a new approval."""

    spec: AgentSpec
    reason: str = ""
    fallbacks: tuple[AgentName, ...] = ()


def assign(task: DraftTask, request: PlanRequest, rank: Rank, price: Price) -> Assigned:
    """Choose. Raises ValueError, in words for people, when nobody can do the task."""
    able: Sequence[AgentSpec] = request.catalogue.able(task.type)
    named = _named(task, request)
    # A tool's type says exactly what it does; among models and people the type is only a trade.
    if named is not None and (named in able or named.kind is not AgentKind.TOOL or not able):
        ranked = rank(task.type, [one for one in able if one != named])
        asked = is_named(request.text, named) and named.kind is not AgentKind.TOOL
        return Assigned(
            named, ASKED_FOR if asked else "", _fallbacks(named, ranked, request, price)
        )
    if not able:
        raise ValueError(_nobody(task, request))
    preferred = _preferred(task, request, able)
    if preferred is not None:
        ranked = rank(task.type, [one for one in able if one != preferred])
        return Assigned(preferred, PREFERRED, _fallbacks(preferred, ranked, request, price))
    models = [one for one in able if one.kind is AgentKind.MODEL]
    # "review" is a trade of people too, but nobody is asked who was not named.
    able = models or able
    if able[0].kind is not AgentKind.MODEL:
        return Assigned(able[0])
    ranked = rank(task.type, able)
    best = _spec(ranked[0], able)
    return Assigned(best, ranked[0].reason, _fallbacks(best, ranked[1:], request, price))


def _preferred(
    task: DraftTask, request: PlanRequest, able: Sequence[AgentSpec]
) -> AgentSpec | None:
    """The agent that the person, or the project, wants for this kind of work."""
    name = request.preferences.get(f"{AGENT_FOR}{name_key(task.type)}", "")
    found = next((one for one in able if one.answers_to(name)), None) if name else None
    return found if found is not None and found.kind is AgentKind.MODEL else None


def _named(task: DraftTask, request: PlanRequest) -> AgentSpec | None:
    if not task.agent:
        return None
    spec = request.catalogue.find(task.agent)
    if spec is None:
        names = [one.title for one in request.catalogue.agents]
        near = nearest(task.agent, names) or tuple(names[:4])
        raise ValueError(f"there is no agent {task.agent}; there is {listed(near, word='and')}.")
    return spec


def _nobody(task: DraftTask, request: PlanRequest) -> str:
    types = sorted({word for one in request.catalogue.agents for word in one.task_types})
    near = nearest(task.type, types) or tuple(types[:4])
    return f"nobody can do {task.type}; what can be done is {listed(near, word='and')}."


def _spec(ranked: Ranked, able: Sequence[AgentSpec]) -> AgentSpec:
    return next(one for one in able if one.name == ranked.agent)


def _fallbacks(
    chosen: AgentSpec, ranked: Sequence[Ranked], request: PlanRequest, price: Price
) -> tuple[AgentName, ...]:
    """Models that cost no more and send no data where the chosen one sends none."""
    if chosen.kind is not AgentKind.MODEL:
        return ()
    limit = price(chosen, *USUAL_TOKENS)
    found = []
    for one in ranked:
        spec = request.catalogue.find(one.agent)
        if spec is None or spec.kind is not AgentKind.MODEL or (chosen.local and not spec.local):
            continue
        cost = price(spec, *USUAL_TOKENS)
        if cost is not None and (cost == 0 or (limit is not None and cost <= limit)):
            found.append(spec.name)
    return tuple(found[:FALLBACKS])
