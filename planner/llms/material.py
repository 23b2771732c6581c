"""What of all there is goes into a prompt: the tools that fit, templates, one past plan. Pure."""

import json

from memory.model.agents.spec import AgentKind, AgentSpec
from planner.experience.tools import ToolCard, ToolIndex
from planner.names import is_named
from planner.port import PlanRequest
from planner.revising.redraft import draft_of
from planner.templates.matching import likely
from planner.templates.writing import written_template

TOOLS = 40
"""How many tools a prompt shows, besides those that are named or that a template or plan uses."""

ALWAYS = 60
"""So many tools are shown whatever is asked for: choosing among few saves nothing."""

TEMPLATES = 2
TEMPLATE_CHARS = 6_000
PLAN_CHARS = 8_000
TEXT_CHARS = 600
ALIKE = 0.4
"""From here on a past request counts as similar: requests for the same kind of work score from 0.54
on with few exceptions, others at most 0.31 (keyword scores of recall)."""


def tools_shown(request: PlanRequest) -> tuple[AgentSpec, ...]:
    """Models, people and named agents, and of the tools those that fit, in the catalogue's order."""
    agents = request.catalogue.agents
    tools = [one for one in agents if one.kind not in {AgentKind.MODEL, AgentKind.HUMAN}]
    if len(tools) <= ALWAYS:
        return agents
    wanted = _needed(request)
    index = ToolIndex([_card(one) for one in tools])
    for text in (request.text, *(_words(request))):
        wanted.update(index.best(text, TOOLS))
    return tuple(
        one
        for one in agents
        if one not in tools or one.name in wanted or is_named(request.text, one)
    )


def left_out(request: PlanRequest, shown: tuple[AgentSpec, ...]) -> str:
    """A line about tools that are not shown; "" where all are."""
    rest = len(request.catalogue.agents) - len(shown)
    return f"({rest} more tools fit the request less and are not listed.)" if rest else ""


def templates_shown(request: PlanRequest) -> str:
    """The templates nearest to the request, as YAML."""
    if request.base is not None:
        return ""
    found = likely(request.text, request.library, limit=TEMPLATES)
    return "\n---\n".join(written_template(one)[:TEMPLATE_CHARS] for one in found)


def past_shown(request: PlanRequest) -> str:
    """The approved plan for the request most like this one, if any is like it."""
    past = next((one for one in request.past if one.likeness >= ALIKE), None)
    if past is None or request.base is not None:
        return ""
    day = past.plan.created_at[:10]
    body = draft_of(past.plan).model_dump_json(exclude_defaults=True)
    if len(body) > PLAN_CHARS:
        return ""  # half a plan would mislead
    asked = json.dumps(past.text[:TEXT_CHARS], ensure_ascii=False)
    return f"Of {day}, “{past.plan.title}”, asked for as {asked}:\n{body}"


def _needed(request: PlanRequest) -> set[str]:
    """Tools that a template, a past plan or the plan to be changed already uses."""
    types = {
        task.type
        for template in likely(request.text, request.library, limit=TEMPLATES)
        for task in template.tasks
    }
    plans = [one.plan for one in request.past[:1]] + ([request.base] if request.base else [])
    types |= {task.agent for plan in plans for task in plan.graph.tasks}
    return {str(one.name) for one in request.catalogue.agents if one.name in types}


def _words(request: PlanRequest) -> list[str]:
    """The request again with its answers, which may name what it did not."""
    said = " ".join(one.value for one in request.answers)
    return [f"{request.text} {said}"] if said else []


def _card(one: AgentSpec) -> ToolCard:
    return ToolCard(
        id=one.name,
        desc=f"{one.title} {one.description}",
        parameters={each.name: each.description for each in one.parameters},
    )
