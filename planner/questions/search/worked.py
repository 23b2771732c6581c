"""Figures that no column holds: two columns of a row worked into one. Pure."""

from collections.abc import Iterator, Mapping
from itertools import combinations, permutations

from planner.questions.search.pieces import Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import MEASURES, Role
from planner.questions.spec import Combined, Function, Measure
from planner.questions.words.lexicon import concept, families, senses, word_set
from planner.questions.words.terms import Ref

Figures = tuple[Measure, ...]
_FUNCTIONS: tuple[Function, ...] = ("sum", "avg", "max", "min")
_MONEY = frozenset({Role.AMOUNT, Role.PRICE, Role.PAY})
_COUNTED = frozenset({Role.QUANTITY, Role.DURATION, Role.NUMBER})
_BETWEEN = word_set("profit margin left gain markup earned earn difference net surplus loss")
"""Words for what is left of one amount less another."""
_TIMES = word_set("x times multiplied *")
_HELD = word_set("hand stock hours hrs units pieces pcs count")
MOST = 24
"""How many such figures of a file are tried."""


def worked_out(said: Saying) -> Iterator[Piece[Figures]]:
    """Products, differences, sums and ratios, each total, average, highest and lowest."""
    refs = [r for r in said.reading.vocabulary.refs if r.column.numeric and r.role in MEASURES]
    own = [ref for ref in refs if ref.file.path == said.reading.base.path]
    near = sorted(refs, key=lambda ref: (not said.of(ref), ref not in own))[:MOST]
    for made, words, features in (
        *_products(said, own, near),
        *_differences(said, near),
        *_sums(said, own),
        *_ratios(said, own),
    ):
        for function in _FUNCTIONS:
            places = said.places("F", function)
            superlative = said.places({"max": "T", "min": "L"}.get(function, "-"))
            if made.kind == "per" and function == "sum":
                continue
            if function in {"max", "min"} and not (places or superlative):
                continue
            measure = said.reading.measure(function, made)
            told = {"function said": 1.0} if places else {}
            of = {**words, **(places or superlative)}
            yield Piece((measure,), f"{function} {made.kind}", of, {**features, **told})


Worked = tuple[Combined, dict[int, float], dict[str, float]]


def _made(kind: str, first: Ref, second: Ref) -> Combined:
    label = {"times": "times", "minus": "minus", "plus": "plus", "per": "per"}[kind]
    return Combined.model_validate(
        {
            "kind": kind, "first": first.field, "second": second.field,
            "label": f"{first.name} {label} {second.name}",
        }
    )  # fmt: skip


def _told(said: Saying, first: Ref, second: Ref) -> tuple[dict[int, float], dict[str, float]]:
    """Where the two are named, each by words of its own, and how surely."""
    a, b = said.of(first), said.of(second)
    apart = bool(set(a) - set(b) and set(b) - set(a))
    words = {**a, **b} if apart or not (a and b) else a
    return words, {
        "worked named": float(bool(a)) + float(bool(b)),
        "worked apart": float(apart),
        "worked link": min(max(a.values(), default=0.0), max(b.values(), default=0.0)),
        "worked of two files": float(first.file.path != second.file.path),
        "worked of other file": float(said.reading.base.path not in {first.file.path, second.file.path}),
    }  # fmt: skip


def _products(said: Saying, own: list[Ref], near: list[Ref]) -> Iterator[Worked]:
    """So many at a price: also where the price stands in another file."""
    money = _money(said)
    for many in (ref for ref in own if ref.role in _COUNTED | {Role.RATE}):
        for price in (ref for ref in near if ref != many):
            priced = price.role in {Role.PRICE, Role.PAY, Role.AMOUNT}
            words, features = _told(said, many, price)
            both = features["worked apart"] == 1.0
            if not both and not (priced and (money or said.of(price)) and _fits(many, price)):
                continue
            times = _places(said, _TIMES)
            words = {**dict.fromkeys(money, 0.8 if priced else 0.0), **words, **times}
            yield _made("times", many, price), words, {
                **features, "product priced": float(priced), "product unsaid": float(not both),
                f"product {many.role.value} {price.role.value}": 1.0,
                "product said": float(bool(times)),
            }  # fmt: skip


def _fits(many: Ref, price: Ref) -> bool:
    """Whether nobody needs to name both: so many pieces at a price each, hours at a wage."""
    if price.role is Role.AMOUNT and not {concept(word) for word in price.words} & {
        "cost",
        "price",
    }:
        return False
    return many.role in {Role.QUANTITY, Role.DURATION} or bool({*many.words} & _HELD)


def _differences(said: Saying, near: list[Ref]) -> Iterator[Worked]:
    """One amount less another of its kind: the price less the cost, the new less the old."""
    cue = _places(said, _BETWEEN)
    for more, less in permutations(near, 2):
        words, features = _told(said, more, less)
        kinds = {concept(word) for word in less.words}
        costs = more.role in _MONEY and less.role in _MONEY and "cost" in kinds
        costs = costs and "cost" not in {concept(word) for word in more.words}
        opposed = _opposed(more, less)
        named = features["worked apart"] == 1.0 and more.role in _MONEY and less.role in _MONEY
        if not ((costs and cue) or opposed or (named and cue)):
            continue
        yield _made("minus", more, less), {**words, **cue}, {
            **features, "difference opposed": float(opposed), "difference cued": float(bool(cue)),
            "difference costs": float(costs),
        }  # fmt: skip


def _sums(said: Saying, own: list[Ref]) -> Iterator[Worked]:
    """Two amounts of a row together: "labour and parts"."""
    for first, second in combinations(own, 2):
        words, features = _told(said, first, second)
        alike = {first.role, second.role} <= _MONEY or first.role == second.role
        if alike and features["worked apart"]:
            joined = _joined(said, first, second)
            yield _made("plus", first, second), {**words, **joined}, {
                **features, "sum joined": float(bool(joined)),
            }  # fmt: skip


def _joined(said: Saying, first: Ref, second: Ref) -> dict[int, float]:
    """The "and" or "+" between the names of both."""
    ends = sorted((min(said.of(first)), min(said.of(second))))
    between = range(ends[0] + 1, ends[1])
    return {p: 1.0 for p in between if said.marks[p].words.lower() in {"and", "+", "&", "plus"}}


def _ratios(said: Saying, own: list[Ref]) -> Iterator[Worked]:
    """One column for each of another, of each row: "rent per sqm"."""
    for above, below in permutations(own, 2):
        words, features = _told(said, above, below)
        if not features["worked apart"]:
            continue
        per = {p: 1.0 for p in said.places("B") if min(said.of(above)) < p < max(said.of(below))}
        if per:
            yield _made("per", above, below), {**words, **per}, features


def _opposed(more: Ref, less: Ref) -> bool:
    last, first = {more.words[-1], less.words[-1]}, {more.words[0], less.words[0]}
    ahead = more.words[-1] in _AFTER or more.words[0] in _AFTER
    return ahead and (last in _OPPOSED or first in _OPPOSED)


_OPPOSED = [
    {"in", "out"}, {"new", "old"}, {"start", "end"}, {"begin", "end"}, {"before", "after"},
    {"first", "last"}, {"planned", "actual"}, {"budget", "actual"}, {"income", "expense"},
    {"revenue", "cost"}, {"opening", "closing"},
]  # fmt: skip
_AFTER = frozenset({"out", "new", "end", "after", "last", "actual", "closing", "income", "revenue"})


def _places(said: Saying, words: frozenset[str]) -> dict[int, float]:
    return {p: 1.0 for p, mark in enumerate(said.marks) if mark.words.lower() in words}


def _money(said: Saying) -> Mapping[int, float]:
    """Where the words speak of money, or of what something is worth."""
    return {
        place: 0.8
        for place, mark in enumerate(said.marks)
        if mark.letter == "A"
        or (mark.letter == "K" and mark.carries in {"spend", "earn", "buy", "sell"})
        or (mark.letter in "~KC" and families(senses(mark.words)) & {"income", "outlay", "pay"})
        or mark.words.lower() in {"value", "worth"}
    }
