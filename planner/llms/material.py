"""What goes into a prompt: the tools that fit, templates, one past plan. Pure."""

import json

from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue
from memory.model.work.conversation import Head
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
    tools = tools_in(request.catalogue)
    if len(tools) <= ALWAYS:
        return agents
    wanted = _needed(request) | set(request.fitting)
    if not request.fitting:
        index = ToolIndex([_card(tool) for tool in tools])
        wanted.update(*(index.best(words, TOOLS) for words in asked(request)))
    return tuple(
        agent
        for agent in agents
        if agent not in tools or agent.name in wanted or is_named(request.text, agent)
    )


def tools_in(catalogue: Catalogue) -> tuple[AgentSpec, ...]:
    """All but models and people."""
    kinds = {AgentKind.MODEL, AgentKind.HUMAN}
    return tuple(agent for agent in catalogue.agents if agent.kind not in kinds)


def asked(request: PlanRequest) -> tuple[str, ...]:
    """The words that tools have to fit: the request, and with its answers, which may name more."""
    answers = " ".join(answer.value for answer in request.answers)
    return (request.text, f"{request.text} {answers}") if answers else (request.text,)


def best_tools(request: PlanRequest, words: str, most: int) -> tuple[AgentSpec, ...]:
    """The tools of the whole catalogue that fit the words best, the best first."""
    tools = {str(tool.name): tool for tool in tools_in(request.catalogue)}
    index = ToolIndex([_card(tool) for tool in tools.values()])
    return tuple(tools[name] for name in index.best(words, most) if name in tools)


def left_out(request: PlanRequest, shown: tuple[AgentSpec, ...]) -> str:
    """A line about tools that are not shown; "" where all are."""
    rest = len(request.catalogue.agents) - len(shown)
    return f"({rest} more tools fit the request less and are not listed.)" if rest else ""


def templates_shown(request: PlanRequest) -> str:
    """The templates nearest to the request, as YAML."""
    if request.base is not None:
        return ""
    templates = likely(request.text, request.library, limit=TEMPLATES)
    return "\n---\n".join(written_template(template)[:TEMPLATE_CHARS] for template in templates)


def past_shown(request: PlanRequest) -> str:
    """The approved plan for the request most like this one, if any is like it."""
    past = next((past for past in request.past if past.likeness >= ALIKE), None)
    if past is None or request.base is not None:
        return ""
    day = past.plan.created_at[:10]
    body = draft_of(past.plan).model_dump_json(exclude_defaults=True)
    if len(body) > PLAN_CHARS:
        return ""  # half a plan would mislead
    asked = json.dumps(past.text[:TEXT_CHARS], ensure_ascii=False)
    return f"Of {day}, “{past.plan.title}”, asked for as {asked}:\n{body}"


def conversation_shown(request: PlanRequest) -> str:
    """What was said and done in the thread before: requests, the newest plan, what it gave."""
    before = request.conversation
    if before is None:
        return ""
    lines = [f"Asked before: {_quoted(words)}" for words in before.asked]
    if before.plan is not None and request.base is None:
        body = draft_of(before.plan).model_dump_json(exclude_defaults=True)
        stage = before.stage or "there"
        shown = body if len(body) <= PLAN_CHARS else "too long to show"
        lines.append(f"Newest plan ({stage}), {_quoted(before.plan.title)}: {shown}")
    lines += [f"It gave {_quoted(head.title)}: {_head(head)}" for head in before.results]
    lines += [f"Still asked: {_quoted(question)}" for question in before.questions]
    return "\n".join(lines)


def _head(head: Head) -> str:
    if not head.columns:
        return _quoted(head.text)
    rows = json.dumps([list(row) for row in head.rows], ensure_ascii=False)
    of = f" of {head.total_rows} rows" if head.total_rows > len(head.rows) else ""
    return f"{', '.join(head.columns)}: {rows[:TEXT_CHARS]}{of}"


def _quoted(words: str) -> str:
    return json.dumps(words[:TEXT_CHARS], ensure_ascii=False)


def _needed(request: PlanRequest) -> set[str]:
    """Tools that a template, a past plan or the plan to be changed already uses."""
    types = {
        task.type
        for template in likely(request.text, request.library, limit=TEMPLATES)
        for task in template.tasks
    }
    plans = [past.plan for past in request.past[:1]] + ([request.base] if request.base else [])
    types |= {task.agent for plan in plans for task in plan.graph.tasks}
    return {str(agent.name) for agent in request.catalogue.agents if agent.name in types}


def _card(tool: AgentSpec) -> ToolCard:
    return ToolCard(
        id=tool.name,
        desc=f"{tool.title} {tool.description}",
        parameters={parameter.name: parameter.description for parameter in tool.parameters},
    )
