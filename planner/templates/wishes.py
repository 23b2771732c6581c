"""What a request says beyond the parameters: who does a step, what to mind, what to leave out. Pure."""

from dataclasses import dataclass, field

from memory.model.agents.spec import AgentKind, Catalogue
from planner.offline.grammar.lexer import Clause, Kind, Token, clauses
from planner.offline.grammar.verbs import (
    DELEGATE,
    LEAD,
    MODEL_TYPES,
    VERBS,
    Act,
    is_worker,
    order_begins,
)
from planner.template import Template, TemplateTask
from planner.templates.words import SILENT, Words, said

_LEAVE_OUT = frozenset({"skip", "without", "no", "omit", "leave"})
_HINGES = frozenset({
    "if", "unless", "every", "each", "when", "until", "only", "except", "never", "before", "daily",
    "tomorrow", "tonight", "schedule", "once", "while", "instead",
})  # fmt: skip
"""Words that change when or whether something is done: a template cannot take them in."""

_HARMLESS = frozenset({Act.MODEL, Act.MODIFY, Act.UNKNOWN})


@dataclass
class Wishes:
    """By key of the step. `unread` is what nobody could make sense of."""

    agents: dict[str, str] = field(default_factory=dict)
    more: dict[str, list[str]] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)


def wishes(words: Words, template: Template, catalogue: Catalogue) -> Wishes:
    """Sort what is left of the words."""
    found = Wishes()
    for run in words.unread():
        for clause in clauses(run, lambda all_, place: order_begins(all_, place, catalogue)):
            _sort(clause, template, catalogue, found)
    return found


def _sort(clause: Clause, template: Template, catalogue: Catalogue, found: Wishes) -> None:
    bare = [token for token in clause if token.low not in SILENT]
    if not bare:
        return
    agent = next((token for token in clause if is_worker(token, catalogue)), None)
    steps = [task for task in template.tasks if task.type in _model_types(catalogue)]
    meant = _meant(clause, steps)
    if clause[0].low in _LEAVE_OUT or bare[0].low in _LEAVE_OUT:
        gone = _named_steps(bare[1:], template)
        if gone:
            found.skipped.update(gone)
            return
    if not _tame(clause, agent) or not steps or all(one.kind is Kind.NUMBER for one in bare):
        found.unread.append(said(clause))
        return
    if agent is not None:
        spec = catalogue.find(agent.text)
        assert spec is not None  # is_worker found it
        for task in meant or steps:
            found.agents[task.key] = spec.name
    rest = _rest(clause, agent)
    if rest:
        target = meant or [one for one in steps if one.type == "draft"] or steps[-1:]
        found.more.setdefault(target[0].key, []).append(rest)


def _rest(clause: Clause, agent: Token | None) -> str:
    """What is to be minded: the clause without whom it is given to, where anything is left."""
    words = list(clause)
    if agent is not None:
        place = words.index(agent)
        start = place - 1 if place and words[place - 1].low in {"with", "using", "by"} else place
        words = words[:start] + words[place + 1 :]
        while words and words[0].low in DELEGATE | LEAD | {"use", "to", "should"}:
            words = words[1:]
    told = [one for one in words if one.low not in SILENT and not _type_of(one)]
    if not told:
        return ""
    text = said(words)
    return f"{text[:1].upper()}{text[1:]}."


def _meant(clause: Clause, steps: list[TemplateTask]) -> list[TemplateTask]:
    """The steps whose trade the clause names."""
    types = [found for token in clause if (found := _type_of(token))]
    return [task for type_ in types[:1] for task in steps if task.type == type_]


def _named_steps(bare: list[Token], template: Template) -> set[str]:
    wanted = {found for token in bare if (found := _type_of(token))}
    low = {token.low for token in bare}
    steps = {task.key for task in template.tasks if task.type in wanted or task.key in low}
    known = low <= {"step", "part"} | {token.low for token in bare if _type_of(token)} | steps
    return steps if known else set()


def _type_of(token: Token) -> str:
    if token.kind is not Kind.WORD:
        return ""
    for ending in ("", "s", "es", "ing", "ed", "d"):
        stem = token.low.removesuffix(ending)
        if stem in MODEL_TYPES and token.low not in {"make", "edit"}:
            return MODEL_TYPES[stem]
    return ""


def _tame(clause: Clause, agent: Token | None) -> bool:
    """Whether the clause orders nothing that a template does not do."""
    for token in clause:
        if token.kind in {Kind.PATH, Kind.URL, Kind.MENTION} or token.low in _HINGES:
            return False
        act = VERBS.get(token.low, Act.UNKNOWN)
        if token is clause[0] and act not in _HARMLESS and agent is None:
            return False
        if act in {Act.FORBIDDEN, Act.PUBLISH, Act.SAVE} and token.low not in {
            "store",
            "call",
            "book",
        }:
            return False
    return True


def _model_types(catalogue: Catalogue) -> set[str]:
    known = {
        word for one in catalogue.agents if one.kind is AgentKind.MODEL for word in one.task_types
    }
    return known or set(MODEL_TYPES.values())
