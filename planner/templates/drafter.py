"""Drafting from templates: what a request says goes in, the rest is asked or stated. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from memory.model.agents.spec import AgentKind
from memory.model.work.value import Column
from planner.draft import Draft, DraftTask, Gap
from planner.names import listed
from planner.offline.data.columns import is_id
from planner.offline.grammar.verbs import MODEL_TYPES
from planner.port import PlanRequest
from planner.template import Library, Parameter, Template
from planner.templates.fill import filled, resolved, written
from planner.templates.matching import Match, NoSuch, match
from planner.templates.values import Wrong, checked, file_of, suitable, values_in
from planner.templates.wishes import Wishes, wishes

KEYS = "set OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or XAI_API_KEY, or start Ollama"
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
        return f"From the template “{self.template.title}”."


def from_template(request: PlanRequest, library: Library) -> FromTemplate | NoSuch | None:
    """The draft of the template the request means; None where it means none."""
    if len(request.text) > LONGEST:
        return None
    found = match(request.text, library, _names(request))
    if not isinstance(found, Match):
        return found
    template = found.template
    try:
        said = values_in(found.words, template, request.files)
        known = {**_before(request, template), **said}
        gaps, known = _open(request, template, known, said)
    except Wrong as error:
        return FromTemplate(Draft(title="", declined=str(error)), template, found.named)
    wanted = wishes(found.words, template, request.catalogue)
    draft = filled(template, known, gaps=gaps, skipped=frozenset(wanted.skipped))
    draft = draft.model_copy(
        update={"tasks": tuple(_as_wished(task, wanted) for task in draft.tasks)}
    )
    missing = _missing(draft, request, template)
    if missing:
        draft = Draft(title="", declined=missing)
    elif wanted.unread and found.named:
        draft = Draft(title="", declined=_no_place(wanted, template))
    return FromTemplate(draft, template, found.named, tuple(wanted.unread))


def slot_of(template: Template, name: str) -> str:
    """Under which an answer is remembered."""
    return f"{template.name}:{name}"


def needs_model(title: str, types: tuple[str, ...]) -> str:
    """The sentence for a plan nobody here can carry out."""
    return (
        f"The template “{title}” needs a language model to {listed(types, word='and')}, and none is "
        f"connected: {KEYS}."
    )


def _names(request: PlanRequest) -> frozenset[str]:
    return frozenset(
        name.lower()
        for one in request.catalogue.agents
        if one.kind is AgentKind.MODEL
        for name in (one.name, one.title, *one.aliases)
    )


def _before(request: PlanRequest, template: Template) -> dict[str, str]:
    """Answers to this request's questions, else those given before."""
    given = {**request.preferences, **{one.slot: one.value for one in request.answers}}
    return {
        name: checked(name, one, given[slot_of(template, name)])
        for name, one in template.properties.items()
        if given.get(slot_of(template, name))
    }


def _open(
    request: PlanRequest, template: Template, known: dict[str, str], said: Mapping[str, str]
) -> tuple[tuple[Gap, ...], dict[str, str]]:
    """Gaps for what was not said, and the values the draft is made with. Raises Wrong."""
    known = dict(known)
    offers: dict[str, tuple[str, ...]] = {}
    for name, one in template.properties.items():
        offers[name] = one.choices or _offer(request, template, one, known)
        if name not in known and not written(one) and offers[name] and _is_asked(template, name):
            known[name] = offers[name][0]
        if name not in known and not written(one) and name in template.parameters.required:
            raise Wrong(_lacks(template, one))
    full = resolved(template, known)
    gaps = []
    for name, one in template.properties.items():
        if name in said or not full.get(name):
            continue
        only = len(offers[name]) == 1 and not one.choices
        gaps.append(
            Gap(
                slot=slot_of(template, name),
                question=(one.asked if one.ask != "wording" else one.description or name)[:300],
                options=offers[name][:12],
                default=full[name][:500],
                matters="wording" if only else one.ask,
            )
        )
    return tuple(gaps), known


def _is_asked(template: Template, name: str) -> bool:
    return name in template.parameters.required


def _offer(
    request: PlanRequest, template: Template, one: Parameter, known: Mapping[str, str]
) -> tuple[str, ...]:
    names = suitable(one, request.files, file_of(template, one, known, request.files))
    if one.holds == "number":
        amounts = tuple(name for name in names if not is_id(name)) or names
        order = {name: place for place, name in enumerate(LIKELY)}
        return tuple(sorted(amounts, key=lambda name: order.get(name.casefold(), len(LIKELY))))
    if one.format == "path" and one.reads:
        others = template.properties.values()
        tables = [info for info in request.readable if info.columns]
        if any(other.holds == "number" for other in others):  # where there is something to add up
            tables.sort(key=lambda info: not any(_is_amount(column) for column in info.columns))
        data = tuple(info.path for info in tables)
        return data if any(other.of for other in others) else names
    return names


def _is_amount(column: Column) -> bool:
    return column.numeric and not is_id(column.name)


def _lacks(template: Template, one: Parameter) -> str:
    if one.format == "path" and one.reads:
        return f"The template “{template.title}” works on a file, and there is none that fits; name it or attach it."
    if one.format == "column":
        return f"The template “{template.title}” finds no column for “{one.description.rstrip('?.')}” in that file."
    cue = f"{one.after[0]} …" if one.after else "…"
    question = (one.question or one.description).rstrip("?.")
    return (
        f"The template “{template.title}” needs to know one thing: {question}? Say it, for example "
        f"“use the {template.title.lower()} template {cue}”."
    )


def _as_wished(task: DraftTask, wanted: Wishes) -> DraftTask:
    update: dict[str, object] = {}
    if task.key in wanted.agents:
        update["agent"] = wanted.agents[task.key]
    if task.key in wanted.more:
        update["instruction"] = "\n\n".join([task.instruction, *wanted.more[task.key]])
    return task.model_copy(update=update)


def _missing(draft: Draft, request: PlanRequest, template: Template) -> str:
    """Which agent is missing for the draft, in a sentence; "" if none is."""
    trades = set(MODEL_TYPES.values())
    there = {
        word
        for one in request.catalogue.agents
        if one.kind is AgentKind.MODEL
        for word in one.task_types
    }
    lacking = dict.fromkeys(
        task.type for task in draft.tasks if task.type in trades and task.type not in there
    )
    return needs_model(template.title, tuple(lacking)) if lacking else ""


def _no_place(wanted: Wishes, template: Template) -> str:
    names = listed(template.properties, word="and")
    return (
        f"The template “{template.title}” has no place for “{'”, “'.join(wanted.unread)[:300]}”; "
        f"it takes {names}. Leave that out, or ask without the template."
    )
