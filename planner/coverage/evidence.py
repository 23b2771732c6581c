"""What a plan says and does, as words and numbers to hold a request against. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from pydantic import JsonValue

from memory.model.agents.spec import AgentKind
from memory.model.base import name_key
from memory.model.work.graph import Const, PerItem, Task, TaskGraph
from planner.lexicon.words import word_set
from planner.port import PlanRequest

_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\b(?:current_date|interval|today)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_EMPTY = word_set(
    "a an and any are as at be but by do for from if in into is it its me my no not of on only or "
    "our so that the their them then there these they this to unless us was were when with without "
    "you your don t dont never please also should must need avoid case"
)
_NOT = re.compile(
    r"\b(?:not|no|never|without|avoid|left out|except|excluding)\b|n['’]t\b|<>|!=", re.IGNORECASE
)
_HANDS = frozenset({AgentKind.COMMAND, AgentKind.HUMAN})
ENOUGH = 0.6
"""The share of a clause's words that a plan must hold for the clause to be in it."""
YEARS = range(1900, 2101)


@dataclass(frozen=True)
class Evidence:
    """What a plan holds: what agents are `told` in words, what is `fixed` in inputs, effects,
    conditions and assumptions, and the `titles` of its tasks, which bind nobody.
    """

    told: tuple[str, ...]
    fixed: tuple[str, ...]
    titles: tuple[str, ...] = ()
    handed: tuple[str, ...] = ()
    """What agents are told who can read and write files themselves."""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that binds somebody."""
        return (*self.told, *self.fixed)

    @cached_property
    def text(self) -> str:
        """All of it, in one spelling."""
        return name_key(" \n ".join(self.texts))

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words without endings."""
        return frozenset(stems(self.text))

    @property
    def has_dates(self) -> bool:
        """Whether days are in it, other than in what somebody is told."""
        return any(map(_DATE.search, self.fixed))

    def has(self, words: str) -> bool:
        """Whether these very words are in it."""
        return " ".join(name_key(words).split()) in " ".join(self.text.split())

    def says(self, clause: str) -> bool:
        """Whether one of its texts has most of what the clause is about."""
        about = _topic(clause)
        return not about or any(_share(about, text) >= ENOUGH for text in self.texts)

    def forbids(self, clause: str) -> bool:
        """The same, in a text that says not to."""
        about = _topic(clause)
        return any(_NOT.search(text) and _share(about, text) >= ENOUGH for text in self.texts)

    def handles(self, path: str) -> bool:
        """Whether a file is read or written, rather than only spoken of."""
        return name_key(path) in name_key(" \n ".join((*self.fixed, *self.handed)))

    def counts(self, number: Decimal, *, fixed: bool = False) -> bool:
        """Whether the number is in it: itself, as a share of a hundred, or a year's other end.

        `fixed`: not only in what somebody is told.
        """
        near = {number, number / 100}
        if number in YEARS:
            near |= {number - 1, number + 1}
        texts = self.fixed if fixed else self.texts
        return bool(near.intersection(_numbers(" \n ".join(texts))))

    def unheard(self, words: str, *, run: int) -> tuple[str, ...]:
        """Stretches of at least `run` telling words of which the plan has none, not even in titles."""
        known = self.words.union(*(stems(title) for title in self.titles)) | _EMPTY
        found: list[str] = []
        for sentence in re.split(r"[.;!?\n]+(?:\s|$)", words):
            telling = (match for match in _WORD.finditer(sentence) if _is_telling(match[0]))
            for is_known, matches in groupby(telling, lambda match: _stem(match[0]) in known):
                stretch = list(matches)
                if not is_known and len(stretch) >= run:
                    found.append(sentence[stretch[0].start() : stretch[-1].end()])
        return tuple(found)


def _stem(word: str) -> str:
    return next(stems(word), "")


def _is_telling(word: str) -> bool:
    return not (word.isdigit() or _stem(word) in _EMPTY)


def _numbers(text: str) -> set[Decimal]:
    return {Decimal(found.replace(",", "")) for found in _NUMBER.findall(text)}


def _topic(clause: str) -> set[str]:
    return {stem for stem in stems(clause) if stem not in _EMPTY}


def _share(about: set[str], text: str) -> float:
    return len(about.intersection(stems(text))) / len(about) if about else 0.0


def stems(words: str) -> Iterator[str]:
    """The words without their commonest endings."""
    for word in _WORD.findall(name_key(words)):
        yield re.sub(r"(?<=\w{3})(?:ing|ed|es|s|e)$", "", word)


def evidence_of(graph: TaskGraph, request: PlanRequest, stated: Iterable[str]) -> Evidence:
    """What the graph does, what is stated beside it, and what was answered."""
    fixed = [text for task in graph.tasks for text in _of_task(task, request)]
    answered = [text for answer in request.answers for text in (answer.slot, answer.value)]
    return Evidence(
        told=tuple(task.instruction for task in graph.tasks),
        fixed=(*fixed, *stated, *answered),
        titles=tuple(task.title for task in graph.tasks),
        handed=tuple(task.instruction for task in graph.tasks if _has_hands(task, request)),
    )


def _has_hands(task: Task, request: PlanRequest) -> bool:
    agent = request.catalogue.find(task.agent)
    return agent is not None and (agent.kind in _HANDS or "tools" in task.inputs)


def _of_task(task: Task, request: PlanRequest) -> Iterator[str]:
    agent = request.catalogue.find(task.agent)
    yield from (task.agent, task.type, task.priority)
    if agent is not None:
        yield from (agent.title, *agent.words)
    for name, given in task.inputs.items():
        yield name
        yield from _of_value(given.model_dump(mode="json"))
    if isinstance(task.each, Const | PerItem):
        yield from _of_value(task.each.model_dump(mode="json"))
    for part in (*task.when, *task.checks, *task.effects, task.review, task.retry):
        if part is not None:
            yield from _of_value(part.model_dump(mode="json"))
    if task.cost_cap_micro_usd is not None:
        yield str(Decimal(task.cost_cap_micro_usd) / 1_000_000)


def _of_value(value: JsonValue) -> Iterator[str]:
    match value:
        case dict():
            for inner in value.values():
                yield from _of_value(inner)
        case list():
            for inner in value:
                yield from _of_value(inner)
        case None | bool():
            return
        case _:
            yield str(value)
