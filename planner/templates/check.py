"""Whether a template becomes a plan: filled with samples, compiled against a catalogue. Pure."""

from datetime import UTC, datetime

from memory.model.agents.spec import Catalogue
from memory.model.base import ProjectId, RequestId
from memory.model.identity import Identity
from memory.model.work.graph import TaskGraph
from memory.model.work.value import Column, FileInfo
from memory.profiles.ranking import rank
from planner.compiling.compiler import Compiled, compile_draft
from planner.compiling.sql_check import sql_problems
from planner.estimate import list_price
from planner.port import PlanRequest
from planner.template import Parameter, Template
from planner.templates.fill import filled

SAMPLE = "sample.csv"
_COLUMNS = {"number": "amount", "date": "day", "text": "place", "": "amount"}
_FILE = FileInfo(
    path=SAMPLE,
    media_type="text/csv",
    size=100,
    columns=(
        Column(name="day", type="DATE"),
        Column(name="place", type="VARCHAR"),
        Column(name="amount", type="DOUBLE"),
    ),
    rows=3,
)


def problems_of(template: Template, catalogue: Catalogue) -> tuple[str, ...]:
    """Why it is no plan, once with the fewest and once with all parameters; empty when it is one."""
    problems: list[str] = []
    for every in (False, True):
        made = sample_graph(template, catalogue, every=every)
        problems += sql_problems(made, (_FILE,)) if isinstance(made, TaskGraph) else made
    return tuple(dict.fromkeys(problems))


def sample_graph(
    template: Template, catalogue: Catalogue, *, every: bool
) -> TaskGraph | tuple[str, ...]:
    """The graph it becomes with sample values, or what is wrong. `every`: optional ones too."""
    required = template.parameters.required
    values = {
        name: _sample(parameter)
        for name, parameter in template.properties.items()
        if name in required or every
    }
    request = PlanRequest(
        project=ProjectId("check"),
        request=RequestId("check"),
        text="check",
        author=Identity(platform="console", workspace="local", user_id="check"),
        files=(_FILE,),
        catalogue=catalogue,
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )
    made = compile_draft(
        filled(template, values),
        request,
        rank=lambda task, able: rank((), task.type, able),
        price=list_price,
    )
    return made.graph if isinstance(made, Compiled) else made.texts


def _sample(parameter: Parameter) -> str:
    if parameter.format == "path":
        return SAMPLE if parameter.reads else "out/sample.md"
    if parameter.format == "column":
        return _COLUMNS[parameter.holds]
    if parameter.format == "uri":
        return "https://example.org/"
    if parameter.choices:
        return parameter.choices[-1]
    number = parameter.type in {"integer", "number"}
    return str(int(parameter.minimum or 1)) if number else "a sample"
