"""What a plan says and does, as words and numbers to hold a request against. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pydantic import JsonValue

from memory.model.base import name_key
from memory.model.work.graph import Const, PerItem, Task, TaskGraph
from planner.offline.grammar.words import word_set
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
ENOUGH = 0.6
"""The share of a clause's words that a plan must hold for the clause to be in it."""
YEARS = range(1900, 2101)


@dataclass(frozen=True)
class Evidence:
    """Everything a plan holds that is not merely a title."""

    texts: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """All of it, in one spelling."""
        return name_key(" \n ".join(self.texts))

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words without endings."""
        return frozenset(stems(self.text))

    @cached_property
    def numbers(self) -> frozenset[Decimal]:
        """Its numbers."""
        return frozenset(Decimal(found.replace(",", "")) for found in _NUMBER.findall(self.text))

    @property
    def has_dates(self) -> bool:
        """Whether days are in it."""
        return _DATE.search(self.text) is not None

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

    def counts(self, number: Decimal) -> bool:
        """Whether the number is in it: itself, as a share of a hundred, or a year's other end."""
        near = {number, number / 100}
        if number in YEARS:
            near |= {number - 1, number + 1}
        return bool(near & self.numbers)


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
    texts = [text for task in graph.tasks for text in _of_task(task, request)]
    answered = [text for answer in request.answers for text in (answer.slot, answer.value)]
    return Evidence((*texts, *stated, *answered))


def _of_task(task: Task, request: PlanRequest) -> Iterator[str]:
    agent = request.catalogue.find(task.agent)
    yield from (task.agent, task.instruction, task.type, task.priority)
    yield from filter(None, (agent.title if agent else "",))
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
