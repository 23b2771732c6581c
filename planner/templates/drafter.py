"""Drafting from templates: what a request says goes in, the rest is asked or stated. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from memory.model.agents.spec import AgentKind
from memory.model.errors import BadInput
from memory.model.text import text
from memory.model.work.value import Column
from planner.draft import Draft, DraftTask, Gap
from planner.lexicon.verbs import MODEL_TYPES
from planner.names import listed
from planner.port import PlanRequest
from planner.questions.semantics import is_naming
from planner.template import Library, Parameter, Template
from planner.templates.fill import filled, resolved, written
from planner.templates.matching import Match, NoSuch, match
from planner.templates.values import checked, file_of, suitable, values_in
from planner.templates.wishes import Wishes, wishes

KEYS = text("set OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or XAI_API_KEY, or start Ollama")
LONGEST = 6_000
"""Longer requests bring their material with them; no template has a place for that. In characters."""

LIKELY = ("revenue", "turnover", "amount", "sales", "total", "value", "cost", "quantity", "units")
"""Columns that are added up more often than others, in order."""


@dataclass(frozen=True)
class FromTemplate:
    """What came of it. `unread` are words the template has no place for."""

    draft: Draft
    template: Template
    named: bool
    unread: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """What is said beside the plan."""
        return text("From the template “{title}”.", title=self.template.title)


def from_template(request: PlanRequest, library: Library) -> FromTemplate | NoSuch | None:
    """The draft of the template the request means; None where it means none."""
    if len(request.text) > LONGEST:
        return None
    choice = match(request.text, library, _names(request))
    if not isinstance(choice, Match):
        return choice
    template = choice.template
    try:
        given = values_in(choice.words, template, request.files)
        known = {**_before(request, template), **given}
        gaps, known = _open(request, template, known, given)
    except BadInput as error:
        return FromTemplate(Draft(title="", declined=str(error)), template, choice.named)
    wanted = wishes(choice.words, template, request.catalogue)
    draft = filled(template, known, gaps=gaps, skipped=frozenset(wanted.skipped))
    draft = draft.model_copy(
        update={"tasks": tuple(_as_wished(task, wanted) for task in draft.tasks)}
    )
    declined = _missing(draft, request, template)
    if not declined and wanted.unread and choice.named:
        declined = _no_place(wanted, template)
    if declined:
        draft = Draft(title="", declined=declined)
    return FromTemplate(draft, template, choice.named, tuple(wanted.unread))


def slot_of(template: Template, name: str) -> str:
    """Under which an answer is remembered."""
    return f"{template.name}:{name}"


def _names(request: PlanRequest) -> frozenset[str]:
    return frozenset(
        name.lower()
        for agent in request.catalogue.agents
        if agent.kind is AgentKind.MODEL
        for name in (agent.name, agent.title, *agent.aliases)
    )


def _before(request: PlanRequest, template: Template) -> dict[str, str]:
    """Answers to this request's questions, else those given before. Raises BadInput."""
    given = {**request.preferences, **{answer.slot: answer.value for answer in request.answers}}
    return {
        name: checked(name, parameter, given[slot_of(template, name)])
        for name, parameter in template.properties.items()
        if given.get(slot_of(template, name))
    }


def _open(
    request: PlanRequest, template: Template, known: Mapping[str, str], given: Collection[str]
) -> tuple[tuple[Gap, ...], dict[str, str]]:
    """Gaps for what was not `given`, and the values the draft is made with. Raises BadInput."""
    known = dict(known)
    offers: dict[str, tuple[str, ...]] = {}
    for name, parameter in template.properties.items():
        offer = parameter.choices or _offer(request, template, parameter, known)
        offers[name] = offer
        if name in template.parameters.required and name not in known and not written(parameter):
            if not offer:
                raise _lacking(template, parameter)
            known[name] = offer[0]
    full = resolved(template, known)
    gaps = tuple(
        _gap(slot_of(template, name), name, parameter, offers[name], full[name])
        for name, parameter in template.properties.items()
        if name not in given and full.get(name)
    )
    return gaps, known


def _gap(slot: str, name: str, parameter: Parameter, offer: Sequence[str], default: str) -> Gap:
    label = parameter.asked if parameter.ask != "wording" else parameter.description or name
    only = len(offer) == 1 and not parameter.choices
    return Gap(
        slot=slot,
        question=label[:300],
        options=tuple(offer[:12]),
        default=default[:500],
        matters="wording" if only else parameter.ask,
    )


def _offer(
    request: PlanRequest, template: Template, parameter: Parameter, known: Mapping[str, str]
) -> tuple[str, ...]:
    names = suitable(parameter, request.files, file_of(template, parameter, known, request.files))
    if parameter.holds == "number":
        amounts = tuple(name for name in names if not is_naming(name)) or names
        order = {name: place for place, name in enumerate(LIKELY)}
        return tuple(sorted(amounts, key=lambda name: order.get(name.casefold(), len(LIKELY))))
    reads_table = any(other.of for other in template.properties.values())
    if parameter.format == "path" and parameter.reads and reads_table:
        return _tables(request, template)
    return names


def _tables(request: PlanRequest, template: Template) -> tuple[str, ...]:
    """Files with columns; where amounts are wanted, files with amounts first."""
    tables = [info for info in request.readable if info.columns]
    if any(parameter.holds == "number" for parameter in template.properties.values()):
        tables.sort(key=lambda info: not any(_is_amount(column) for column in info.columns))
    return tuple(info.path for info in tables)


def _is_amount(column: Column) -> bool:
    return column.numeric and not is_naming(column.name)


def _lacking(template: Template, parameter: Parameter) -> BadInput:
    if parameter.format == "path" and parameter.reads:
        return BadInput(
            "The template “{title}” works on a file, and none here fits. Name one or attach it.",
            title=template.title,
        )
    if parameter.format == "column":
        return BadInput(
            "The template “{title}” can't find a column for “{name}” in that file.",
            title=template.title,
            name=parameter.description.rstrip("?."),
        )
    return BadInput(
        "The template “{title}” needs to know one thing: {question}? Say it, for example “use the "
        "{name} template {cue}”.",
        title=template.title,
        question=(parameter.question or parameter.description).rstrip("?."),
        name=template.title.lower(),
        cue=f"{parameter.after[0]} …" if parameter.after else "…",
    )


def _as_wished(task: DraftTask, wanted: Wishes) -> DraftTask:
    agent = wanted.agents.get(task.key, task.agent)
    instruction = "\n\n".join([task.instruction, *wanted.more.get(task.key, ())])
    return task.model_copy(update={"agent": agent, "instruction": instruction})


def _missing(draft: Draft, request: PlanRequest, template: Template) -> str:
    """Which agent is missing for the draft, in a sentence; "" if none is."""
    there = {
        word
        for agent in request.catalogue.agents
        if agent.kind is AgentKind.MODEL
        for word in agent.task_types
    }
    lacking = set(MODEL_TYPES.values()) - there
    types = dict.fromkeys(task.type for task in draft.tasks if task.type in lacking)
    if not types:
        return ""
    return text(
        "The template “{title}” needs a language model to {work}, and none is connected: {remedy}.",
        title=template.title,
        work=listed(types, word="and"),
        remedy=KEYS,
    )


def _no_place(wanted: Wishes, template: Template) -> str:
    return text(
        "The template “{title}” has no place for “{words}”; it takes {parameters}. Leave that out, "
        "or ask without the template.",
        title=template.title,
        words="”, “".join(wanted.unread)[:300],
        parameters=listed(template.properties, word="and"),
    )
