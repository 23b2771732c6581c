"""Templates as documents of the builder."""

from typing import Literal

from pydantic import JsonValue

from bot.queries.web.documents import Drawn, as_yaml
from bot.web.shapes.graphs import Layout
from bot.web.shapes.plans import PlanTask, plan_tasks
from bot.web.shapes.runs import EffectLine, Forecast, effect_lines, forecast
from bot.web.tags import tag_of
from memory.model.base import AgentName, Model
from planner.template import Template


class ParameterLine(Model):
    """What a template has to be told."""

    name: str
    title: str
    question: str
    type: str
    required: bool
    default: JsonValue
    choices: tuple[str, ...]


class TemplateLine(Model):
    """A template in a list."""

    name: str
    title: str
    description: str
    source: Literal["shipped", "project"]
    parameters: tuple[ParameterLine, ...]
    tasks: int


class Document(Model):
    """A template as its file has it, and as JSON. `etag`: to send as If-Match with a change."""

    name: str
    source: Literal["shipped", "project"]
    yaml: str
    document: dict[str, JsonValue]
    etag: str


class Fault(Model):
    """What is wrong, with which task; "" for the document as a whole."""

    task: str
    text: str


class Checked(Model):
    """What a document would come to. `graph_hash` doesn't depend on where boxes are drawn."""

    ok: bool
    problems: tuple[Fault, ...]
    graph_hash: str | None
    effects: tuple[EffectLine, ...]
    tasks: tuple[PlanTask, ...]
    assumptions: tuple[str, ...]
    estimate: Forecast | None
    layout: Layout | None


def template_line(template: Template) -> TemplateLine:
    """A template in a list."""
    return TemplateLine(
        name=template.name,
        title=template.title,
        description=template.description,
        source=_source(template),
        parameters=tuple(
            ParameterLine(
                name=name, title=parameter.title or name, question=parameter.asked,
                type=parameter.type, required=name in template.parameters.required,
                default=parameter.default, choices=parameter.choices,
            )
            for name, parameter in template.properties.items()
        ),
        tasks=len(template.tasks),
    )  # fmt: skip


def document(template: Template) -> Document:
    """The whole template."""
    text = as_yaml(template)
    return Document(
        name=template.name,
        source=_source(template),
        yaml=text,
        document=template.model_dump(mode="json", by_alias=True, exclude={"source"}),
        etag=tag_of(text),
    )


def checked(found: Drawn, layout: Layout | None, names: dict[AgentName, str]) -> Checked:
    """What a document comes to."""
    graph, estimate = found.graph, found.estimate
    chain = estimate.chain if estimate else ()
    return Checked(
        ok=not found.faults,
        problems=tuple(Fault(task=fault.task, text=fault.text) for fault in found.faults),
        graph_hash=found.mark or None,
        effects=tuple(line for task in graph.tasks for line in effect_lines(task.key, task.effects))
        if graph
        else (),
        tasks=plan_tasks(graph.tasks, chain, names) if graph else (),
        assumptions=found.assumptions,
        estimate=forecast(estimate) if estimate else None,
        layout=layout,
    )


def _source(template: Template) -> Literal["shipped", "project"]:
    return "project" if template.source == "project" else "shipped"
