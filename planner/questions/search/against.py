"""Rows in which one column is more or less than another: late returns, stock below its minimum. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise, permutations

from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import MEASURES
from planner.questions.spec import Combined, Compare, Op
from planner.questions.words.lexicon import word_set

_LATE = word_set("late later lateness overdue delayed after past behind missed exceeded overran")
_EARLY = word_set("early earlier before ahead")
_PROMISED = word_set(
    "due required req requested request requisition wanted promised promise planned plan expected deadline target until by scheduled "
    "schedule eta sla agreed booked"
)
"""Words of a day on which something should happen."""
_LIMIT = word_set(
    "min minimum max maximum limit target budget capacity goal quota allowance required needed reorder threshold "
    "lvl level planned expected cap norm standard"
)
"""Words of a number that another is held against."""
_BELOW = word_set("below under short less lower fewer low missed")
_ABOVE = word_set(
    "over above exceed exceeds exceeded exceeding beyond more higher reached met hit bigger"
)
_ON_TIME = re.compile(r"\b[oi]n[ -]time\b", re.IGNORECASE)
_REACHED = frozenset({"reached", "met", "hit"})


def against(said: Saying) -> Iterator[Piece[Held]]:
    """Each pair of dates, or of numbers, that the words may hold against each other."""
    yield from _days(said)
    yield from _numbers(said)


def _days(said: Saying) -> Iterator[Piece[Held]]:
    dates = said.reading.vocabulary.dates(said.reading.base.path)
    for promised, done in permutations(dates, 2):
        if not {*promised.words} & _PROMISED or {*done.words} & _PROMISED:
            continue
        of = {**said.of(promised), **said.of(done)}
        days = Combined(kind="days", first=promised.field, second=done.field)
        for op, cue in _signs(said):
            held = Compare(of=days, op=op, value=0)
            sign = {">": "after", "<": "before", "<=": "by", "=": "on"}[op]
            yield Piece(
                (held, f"{done.name} {sign} {promised.name}"), f"day {sign}", {**of, **cue},
                {
                    "against named": float(bool(said.of(promised))) + float(bool(said.of(done))),
                    "against dates": float(len(dates)),
                },
            )  # fmt: skip


def _signs(said: Saying) -> Iterator[tuple[Op, dict[int, float]]]:
    """What the words say of a day beside the day it should have been."""
    words = [mark.words.lower() for mark in said.marks]
    late = {p: 1.0 for p, word in enumerate(words) if set(word.split()) & _LATE}
    early = {p: 1.0 for p, word in enumerate(words) if set(word.split()) & _EARLY}
    timely = {
        p: 1.0
        for p, word in enumerate(words)
        if word in {"on-time", "timely", "punctual", "punctually"}
    }
    for place, (first, second) in enumerate(pairwise(words)):
        if first == "same" and second == "day":
            yield "=", {place: 1.0, place + 1: 1.0}
    if _ON_TIME.search(said.words):
        timely |= {p: 1.0 for p, word in enumerate(words) if word == "time"}
    negated = said.negated(late)
    if late and not negated:
        yield ">", late
    if late and negated:
        yield "<=", {**late, **negated}
    if early:
        yield "<", early
    if timely:
        negated = said.negated(timely)
        yield (">", {**timely, **negated}) if negated else ("<=", timely)


def _numbers(said: Saying) -> Iterator[Piece[Held]]:
    signs = [*_comparisons(said)]
    if not signs:
        return
    refs = [r for r in said.reading.vocabulary.refs if r.column.numeric and r.role in MEASURES]
    for own, other in permutations(refs, 2):
        of, beside = said.of(own), said.of(other)
        limit = bool({*other.words} & _LIMIT) and not {*own.words} & _LIMIT
        apart = bool(set(beside) - set(of))
        if not beside or not apart or not (set(of) - set(beside) or limit):
            continue
        for op, place in signs:
            told = min(of, default=-1) < place < max(beside)
            if of and not told:
                continue
            held = Compare(
                of=Combined(kind="minus", first=own.field, second=other.field), op=op, value=0
            )
            yield Piece(
                (held, f"{own.name} {op} {other.name}"), "number against", {**beside, **of, place: 1.0},
                {
                    "against named": float(bool(of)) + 1.0, "against limit": float(limit),
                    "against near": float(min(abs(at - place) for at in beside) <= 2),
                    "against alike": float(own.role == other.role),
                    "against of two files": float(own.file.path != other.file.path),
                    "against of other file": float(own.file.path != said.reading.base.path),
                    "against link": max(beside.values()),
                },
            )  # fmt: skip


def _comparisons(said: Saying) -> Iterator[tuple[Op, int]]:
    """Signs of a comparison with no number beside them."""
    for place, mark in enumerate(said.marks):
        beside = [m for m in said.marks[max(0, place - 1) : place + 2] if m.letter == "N"]
        if beside and mark.letter == "O":
            continue
        words = set(mark.words.lower().split())
        if mark.letter == "O" and mark.carries in {"<", ">", "<=", ">="}:
            yield mark.carries, place  # type: ignore[misc]  # "O" marks carry comparisons
        elif words & _REACHED:
            yield ">=", place
        elif words & _BELOW:
            yield "<", place
        elif words & _ABOVE:
            yield ">", place
