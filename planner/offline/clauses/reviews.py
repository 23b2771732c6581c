"""Peer review in words: "have Claude review it for tone, at most two rounds", "until Claude is happy"."""

import re

from memory.model.agents.spec import INSTRUCTED, Catalogue, EffectClass
from planner.draft import DraftReview
from planner.offline.grammar.words import NUMBERS
from planner.offline.sketch import Sketch

MOST_ROUNDS = 3
WRITING = frozenset({"research", "draft", "summarise", "translate", "analyse", "general"})

_N = rf"(?P<n>\d+|once|twice|{'|'.join(NUMBERS)})"
_WHO = r"(?P<who>[A-Za-z][\w .-]{0,30}?)"
_FOR = r"(?: for (?P<for>[\w ,-]{1,60}?))?"
_ROUNDS = rf"(?:at most|up to|no more than|in|with|for) (?:at most |up to )?{_N} (?:more )?rounds?(?: of review)?"
_EDGE = r"(?:^|[,;.\n]|\band\b|\bthen\b)\s*(?:and |then |please )*"
_SAID = (
    re.compile(
        rf"{_EDGE}(?:have|let|get|ask) {_WHO} (?:to )?review it{_FOR},? {_ROUNDS}(?=[\s.,;!]|$)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_EDGE}(?:(?:have|let) {_WHO} review it{_FOR}|revise it|rework it|improve it),? until "
        r"(?P<until>[A-Za-z][\w-]{0,30}) is (?:happy|satisfied|content)(?: with it)?(?=[\s.,;!]|$)",
        re.IGNORECASE,
    ),
)


def taken(sketch: Sketch, text: str) -> str:
    """Keep a review that has rounds for the text it is of; gives back the text without it."""
    for pattern in _SAID:
        found = pattern.search(text)
        if found is None:
            continue
        said = found.groupdict()
        agent = _agent(sketch.request.catalogue, said.get("until") or said.get("who") or "")
        if agent is None:
            continue
        rounds = _number(said["n"]) if said.get("n") else MOST_ROUNDS
        if rounds > MOST_ROUNDS:
            sketch.assume(f"A review has {MOST_ROUNDS} rounds at most.")
        sketch.review = DraftReview(
            agent=agent, rounds=max(1, min(MOST_ROUNDS, rounds)), criteria=said.get("for") or ""
        )
        text = f"{text[: found.start()]} {text[found.end() :]}".strip(" ,;")
    return text


def settled(sketch: Sketch) -> None:
    """Give the review to the last text that is written; told where there is none."""
    if sketch.review is None:
        return
    writers = [step for step in sketch.steps if step.type in WRITING]
    if not writers:
        sketch.unread.append("the review, as nothing is written")
        return
    writers[-1].review = sketch.review


def _agent(catalogue: Catalogue, name: str) -> str | None:
    spec = catalogue.find(name.strip()) if name else None
    able = spec is not None and spec.kind in INSTRUCTED and spec.effect is EffectClass.READ
    return spec.name if spec is not None and able else None


def _number(said: str) -> int:
    known = {"once": 1, "twice": 2, **NUMBERS}
    low = said.lower()
    return known[low] if low in known else int(low)
