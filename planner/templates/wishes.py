"""What a request says beyond the parameters: who does a task, what to mind, what to leave out. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from memory.model.agents.spec import INSTRUCTED, AgentKind, Catalogue
from planner.lexicon.tokens import Clause, Kind, Token, clauses, say
from planner.lexicon.verbs import (
    DELEGATE,
    LEAD,
    MODEL_TYPES,
    VERBS,
    Act,
    order_begins,
)
from planner.template import Template, TemplateTask
from planner.templates.words import SILENT, Words

_LEAVE_OUT = frozenset({"skip", "without", "no", "omit", "leave"})
_HINGES = frozenset({
    "if", "unless", "every", "each", "when", "until", "only", "except", "never", "before", "daily",
    "tomorrow", "tonight", "schedule", "once", "while", "instead",
})  # fmt: skip
"""Words that change when or whether something is done: a template cannot take them in."""

_HARMLESS = frozenset({Act.MODEL, Act.MODIFY, Act.UNKNOWN})
_HEAVY = frozenset({Act.FORBIDDEN, Act.PUBLISH, Act.SAVE})
_LIGHT = frozenset({"store", "call", "book"})
"""Words that are nouns as often as orders."""

_ENDINGS = ("", "s", "es", "ing", "ed", "d")


@dataclass
class Wishes:
    """By key of the task. `unread` is what nobody could make sense of."""

    agents: dict[str, str] = field(default_factory=dict)
    more: dict[str, list[str]] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)


def wishes(words: Words, template: Template, catalogue: Catalogue) -> Wishes:
    """Sort what is left of the words."""
    wanted = Wishes()
    for run in words.unread():
        for clause in clauses(run, order_begins):
            if any(token.low not in SILENT for token in clause):
                _sort(clause, template, catalogue, wanted)
    return wanted


def _sort(clause: Clause, template: Template, catalogue: Catalogue, wanted: Wishes) -> None:
    gone = _left_out(clause, template)
    if gone:
        wanted.skipped |= gone
        return
    agent = next((token for token in clause if _is_worker(token, catalogue)), None)
    by_models = _model_types(catalogue)
    tasks = [task for task in template.tasks if task.type in by_models]
    if not tasks or not _tame(clause, agent):
        wanted.unread.append(say(clause))
        return
    _note(clause, agent, tasks, catalogue, wanted)


def _is_worker(token: Token, catalogue: Catalogue) -> bool:
    spec = catalogue.find(token.text)
    return spec is not None and spec.kind in INSTRUCTED


def _note(
    clause: Clause,
    agent: Token | None,
    tasks: Sequence[TemplateTask],
    catalogue: Catalogue,
    wanted: Wishes,
) -> None:
    """Note who does the tasks the clause names, and what they have to mind."""
    trade = next(filter(None, map(_type_of, clause)), "")
    fitting = [task for task in tasks if task.type == trade]
    spec = catalogue.find(agent.text) if agent is not None else None
    if spec is not None:
        wanted.agents |= {task.key: spec.name for task in fitting or tasks}
    rest = _rest(clause, agent)
    if rest:
        wanted.more.setdefault((fitting[:1] or [_author(tasks)])[0].key, []).append(rest)


def _author(tasks: Sequence[TemplateTask]) -> TemplateTask:
    """Who has to mind a wish: whoever drafts, else whoever comes last."""
    return next((task for task in tasks if task.type == "draft"), tasks[-1])


def _rest(clause: Clause, agent: Token | None) -> str:
    """What is to be minded: the clause without whom it is given to, where anything is left."""
    words = list(clause)
    if agent is not None:
        place = words.index(agent)
        start = place - 1 if place and words[place - 1].low in {"with", "using", "by"} else place
        words = words[:start] + words[place + 1 :]
        while words and words[0].low in DELEGATE | LEAD | {"use", "to", "should"}:
            words = words[1:]
    if all(token.low in SILENT or _type_of(token) for token in words):
        return ""
    order = say(tuple(words))
    return f"{order[:1].upper()}{order[1:]}."


def _keys(template: Template, types: Mapping[str, str]) -> set[str]:
    """The tasks whose key or type is said. `types`: those of the words, "" for none."""
    said = {*types.values()}
    return {task.key for task in template.tasks if task.type in said or task.key in types}


def _left_out(clause: Clause, template: Template) -> set[str]:
    """The tasks that the words behind "skip" name, where they name nothing else."""
    bare = [token for token in clause if token.low not in SILENT]
    if not _LEAVE_OUT & {clause[0].low, bare[0].low}:
        return set()
    types = {token.low: _type_of(token) for token in bare[1:]}
    keys = _keys(template, types)
    trades = {low for low, trade in types.items() if trade}
    return keys if types.keys() <= {"step", "part"} | trades | keys else set()


def _type_of(token: Token) -> str:
    if token.kind is not Kind.WORD or token.low in {"make", "edit"}:
        return ""
    stems = (token.low.removesuffix(ending) for ending in _ENDINGS)
    return next((MODEL_TYPES[stem] for stem in stems if stem in MODEL_TYPES), "")


def _tame(clause: Clause, agent: Token | None) -> bool:
    """Whether the clause orders nothing that a template does not do."""
    first = VERBS.get(clause[0].low, Act.UNKNOWN)
    if agent is None and first not in _HARMLESS:
        return False
    if all(token.kind is Kind.NUMBER for token in clause if token.low not in SILENT):
        return False
    return not any(
        token.kind in {Kind.PATH, Kind.URL, Kind.MENTION}
        or token.low in _HINGES
        or (VERBS.get(token.low) in _HEAVY and token.low not in _LIGHT)
        for token in clause
    )


def _model_types(catalogue: Catalogue) -> set[str]:
    known = {
        word
        for agent in catalogue.agents
        if agent.kind is AgentKind.MODEL
        for word in agent.task_types
    }
    return known or set(MODEL_TYPES.values())
