"""Documents of the builder: templates as they're drawn, and whether they'd make a plan."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from bot.queries.asking import Asking
from bot.queries.plans.material import profiles_of
from bot.queries.templates import templates_of
from memory.model.agents.profile import AgentProfile
from memory.model.base import RequestId, canonical_json, sha256
from memory.model.errors import BadInput, NotFound, OrchestraError
from memory.model.work.graph import TaskGraph
from memory.model.work.plan import Estimate
from memory.profiles.ranking import rank
from planner.compiling.compiler import Compiled, compile_draft
from planner.estimate import estimate_graph, list_price
from planner.port import PlanRequest
from planner.template import Template as Template
from planner.templates.fill import filled
from planner.templates.reading import read_template
from planner.templates.writing import written_template

_OF_TASK: Final = re.compile(r"^Task ([\w-]+): (.*)$", re.DOTALL)


@dataclass(frozen=True)
class Fault:
    """What is wrong, and with which task; "" for the document as a whole."""

    task: str
    text: str


@dataclass(frozen=True)
class Drawn:
    """What a document comes to: a graph with its forecast, or faults. `mark`: the graph's hash."""

    faults: tuple[Fault, ...] = ()
    graph: TaskGraph | None = None
    estimate: Estimate | None = None
    assumptions: tuple[str, ...] = ()
    mark: str = ""


async def template_called(asking: Asking, name: str) -> Template:
    """The template of this name. Raises NotFound."""
    found = (await templates_of(asking)).find(name)
    if found is None:
        raise NotFound("There's no template {name} in this project.", name=name)
    return found


def as_yaml(template: Template) -> str:
    """The text of the template's file."""
    return written_template(template)


def read_yaml(text: str) -> Template:
    """The template in the text of a file. Raises BadInput."""
    return read_template(text, file="template", own=True)


def read_document(document: Mapping[str, JsonValue]) -> Template:
    """The template a page has drawn, checked as its file would be. Raises BadInput."""
    try:
        template = Template.model_validate({**document, "source": "project"})
    except ValueError as error:
        raise BadInput("That document is no template: {reason}", reason=_first(error)) from error
    return read_template(written_template(template), file=template.name, own=True)


async def drawn(asking: Asking, template: Template, values: Mapping[str, str]) -> Drawn:
    """Fill and compile it against what is here now; changes nothing."""
    asking.must_see()
    request = PlanRequest(
        project=asking.project,
        request=RequestId("drawing"),
        text=template.title,
        author=asking.person,
        files=await asking.desk.executor.list_files(asking.project),
        catalogue=asking.desk.executor.catalogue(),
        now=asking.now,
    )
    profiles = await profiles_of(asking.desk, asking.project)
    return await asyncio.to_thread(_drawn, template, values, request, profiles)


def _drawn(
    template: Template,
    values: Mapping[str, str],
    request: PlanRequest,
    profiles: tuple[AgentProfile, ...],
) -> Drawn:
    missing = [
        name for name in template.parameters.required if not str(values.get(name, "")).strip()
    ]
    if missing:
        return Drawn(
            faults=tuple(Fault("", f"{name}: {_asked(template, name)}") for name in missing)
        )
    try:
        draft = filled(template, dict(values))
        made = compile_draft(
            draft,
            request,
            rank=lambda task, able: rank(profiles, task.type, able),
            price=list_price,
        )
    except OrchestraError as error:
        return Drawn(faults=(Fault("", error.user_text),))
    if not isinstance(made, Compiled):
        return Drawn(faults=tuple(_faults(made.texts, {task.key for task in draft.tasks})))
    graph, estimate = estimate_graph(made.graph, request.catalogue, list_price, profiles)
    mark = sha256(canonical_json(graph.model_dump(mode="json")))
    return Drawn(graph=graph, estimate=estimate, assumptions=made.assumptions, mark=mark)


def _asked(template: Template, name: str) -> str:
    parameter = template.properties.get(name)
    return parameter.asked if parameter else name


def _faults(texts: Iterable[str], keys: set[str]) -> Iterable[Fault]:
    for said in texts:
        found = _OF_TASK.match(said)
        known = found is not None and found.group(1) in keys
        yield Fault(found.group(1), found.group(2)) if found and known else Fault("", said)


def _first(error: ValueError) -> str:
    problems = getattr(error, "errors", None)
    if problems is None:
        return str(error)
    first = problems()[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {str(first['msg']).removeprefix('Value error, ')}" if place else first["msg"]
