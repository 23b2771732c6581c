"""Rows in which one column is more or less than another: late returns, stock below its minimum. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, permutations, product

from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import MEASURES
from planner.questions.spec import Combined, Compare, Op
from planner.questions.words.lexicon import word_set
from planner.questions.words.terms import Ref

_LATE = word_set("late later lateness overdue delayed after past behind missed exceeded overran")
_EARLY = word_set("early earlier before ahead")
_TIMELY = word_set("on-time timely punctual punctually")
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
_ABOVE = word_set("over above exceed exceeds exceeded exceeding beyond more higher bigger")
_ON_TIME = re.compile(r"\b[oi]n[ -]time\b", re.IGNORECASE)
_REACHED = frozenset({"reached", "met", "hit"})


def against(said: Saying) -> Iterator[Piece[Held]]:
    """Each pair of dates, or of numbers, that the words may hold against each other."""
    yield from _days(said)
    yield from _numbers(said)


def _days(said: Saying) -> Iterator[Piece[Held]]:
    own = said.reading.vocabulary.dates(said.reading.base.path)
    due = [ref for ref in own if {*ref.words} & _PROMISED]
    done_ones = [ref for ref in own if ref not in due]
    for promised, done in product((*due, *_named_elsewhere(said)), done_ones):
        of = {**said.of(promised), **said.of(done)}
        days = Combined(kind="days", first=promised.field, second=done.field)
        for op, cue in _signs(said):
            held = Compare(of=days, op=op, value=0)
            sign = {">": "after", "<": "before", "<=": "by", "=": "on"}[op]
            yield Piece(
                (held, f"{done.name} {sign} {promised.name}"), f"day {sign}", {**of, **cue},
                {
                    "against named": float(bool(said.of(promised))) + float(bool(said.of(done))),
                    "against dates": float(len(own)),
                    "against of two files": float(promised not in due),
                },
            )  # fmt: skip


def _named_elsewhere(said: Saying) -> Iterator[Ref]:
    """Days of the rows that these belong to: the due dates of the invoices paid, the end of the project."""
    reading = said.reading
    singles = {link.single for link in reading.files.owners(reading.base.path, reading.links)}
    for path in sorted(singles):
        yield from (ref for ref in reading.vocabulary.dates(path) if said.of(ref))


def _signs(said: Saying) -> Iterator[tuple[Op, dict[int, float]]]:
    """What the words say of a day beside the day it should have been."""
    words = [mark.words.lower() for mark in said.marks]
    late, early, timely = _any(words, _LATE), _any(words, _EARLY), _any(words, _TIMELY)
    if _ON_TIME.search(said.words):
        timely |= {p: 1.0 for p, word in enumerate(words) if word == "time"}
    for place, (first, second) in enumerate(pairwise(words)):
        if first == "same" and second == "day":
            yield "=", {place: 1.0, place + 1: 1.0}
    if early:
        yield "<", early
    yield from _either_way(said, late, ">", "<=")
    yield from _either_way(said, timely, "<=", ">")


def _either_way(
    said: Saying, words: dict[int, float], op: Op, contrary: Op
) -> Iterator[tuple[Op, dict[int, float]]]:
    if words:
        negated = said.negated(words)
        yield (contrary, {**words, **negated}) if negated else (op, words)


def _any(words: Sequence[str], known: frozenset[str]) -> dict[int, float]:
    return {place: 1.0 for place, word in enumerate(words) if set(word.split()) & known}


def _numbers(said: Saying) -> Iterator[Piece[Held]]:
    signs = [*signs_alone(said)]
    refs = [r for r in said.reading.vocabulary.refs if r.column.numeric and r.role in MEASURES]
    for (own, other), (op, place) in product(permutations(refs, 2), signs):
        of, beside, limit = said.of(own), said.of(other), is_limit(other) and not is_limit(own)
        if _are_told(of, beside, limit=limit) and (not of or min(of) < place < max(beside)):
            yield _number(said, own, other, op, place, limit=limit)


def _are_told(of: Mapping[int, float], beside: Mapping[int, float], *, limit: bool) -> bool:
    """Whether each has words of its own; what is held against a limit needs none."""
    return bool(set(beside) - set(of) and (limit or set(of) - set(beside)))


def is_limit(ref: Ref) -> bool:
    """Whether numbers are held against it: a minimum, a budget, a target."""
    return bool({*ref.words} & _LIMIT)


def _number(said: Saying, own: Ref, other: Ref, op: Op, place: int, *, limit: bool) -> Piece[Held]:
    of, beside = said.of(own), said.of(other)
    less = Combined(kind="minus", first=own.field, second=other.field)
    features = {
        "against named": float(bool(of)) + 1.0,
        "against limit": float(limit),
        "against near": float(min(abs(at - place) for at in beside) <= 2),
        "against alike": float(own.role == other.role),
        "against of two files": float(own.file.path != other.file.path),
        "against of other file": float(own.file.path != said.reading.base.path),
        "against link": max(beside.values()),
    }
    held = Compare(of=less, op=op, value=0)
    words = {**beside, **of, place: 1.0}
    return Piece((held, f"{own.name} {op} {other.name}"), "number against", words, features)


def signs_alone(said: Saying) -> Iterator[tuple[Op, int]]:
    """Signs of a comparison with no number beside them."""
    for place, mark in enumerate(said.marks):
        if mark.letter == "O":
            near = said.marks[max(0, place - 1) : place + 2]
            if mark.carries in _ORDERED and all(m.letter != "N" for m in near):
                yield mark.carries, place  # type: ignore[misc]  # "O" marks carry comparisons
        else:
            words = set(mark.words.lower().split())
            yield from ((op, place) for op, known in _SAID if words & known)


_ORDERED = frozenset({"<", ">", "<=", ">="})
_SAID: tuple[tuple[Op, frozenset[str]], ...] = ((">=", _REACHED), ("<", _BELOW), (">", _ABOVE))
