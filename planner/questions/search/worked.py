"""Figures that no column holds: two columns of a row worked into one. Pure."""

from collections.abc import Iterator
from itertools import combinations, permutations, product

from planner.questions.search.pieces import Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import MEASURES, Role
from planner.questions.spec import Combined, Function, Measure
from planner.questions.words.lexicon import concept, word_set
from planner.questions.words.terms import Ref

Figures = tuple[Measure, ...]
_FUNCTIONS: tuple[Function, ...] = ("sum", "avg", "max", "min")
_MONEY = frozenset({Role.AMOUNT, Role.PRICE, Role.PAY})
_COUNTED = frozenset({Role.QUANTITY, Role.DURATION, Role.NUMBER})
_BETWEEN = word_set("profit margin left gain markup earned earn difference net surplus loss")
"""Words for what is left of one amount less another."""
_TIMES, _WORTH = word_set("x times multiplied *"), word_set("value worth")
_HELD = word_set("hand stock hours hrs units pieces pcs count")
MOST = 24
"""How many such figures of a file are tried."""


def worked_out(said: Saying) -> Iterator[Piece[Figures]]:
    """Products, differences, sums and ratios, each total, average, highest and lowest."""
    refs = [r for r in said.reading.vocabulary.refs if r.column.numeric and r.role in MEASURES]
    own = [ref for ref in refs if ref.file.path == said.reading.base.path]
    near = sorted(refs, key=lambda ref: (not said.of(ref), ref not in own))[:MOST]
    every = (
        *_products(said, own, near), *_differences(said, near), *_sums(said, own),
        *_ratios(said, own),
    )  # fmt: skip
    for worked in every:
        for function in _FUNCTIONS:
            yield from _figure(said, function, worked)


Worked = tuple[Combined, dict[int, float], dict[str, float]]


def _figure(said: Saying, function: Function, worked: "Worked") -> Iterator[Piece[Figures]]:
    made, words, features = worked
    places = said.places("F", function)
    superlative = said.places({"max": "T", "min": "L"}.get(function, "-"))
    unasked = function in {"max", "min"} and not (places or superlative)
    if unasked or (made.kind == "per" and function == "sum"):
        return
    told = {"function said": 1.0} if places else {}
    of = {**words, **(places or superlative)}
    made_of = said.reading.measure(function, made)
    yield Piece((made_of,), f"{function} {made.kind}", of, {**features, **told})


def _made(kind: str, first: Ref, second: Ref) -> Combined:
    return Combined.model_validate(
        {
            "kind": kind, "first": first.field, "second": second.field,
            "label": f"{first.name} {kind} {second.name}",
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
    money = {**said.money, **dict.fromkeys(_places(said, _WORTH), 0.8)}
    times = _places(said, _TIMES)
    for many, price in product(filter(_is_counted, own), near):
        priced = price.role in _MONEY
        words, features = _told(said, many, price)
        both = features["worked apart"] == 1.0
        meant = priced and _fits(many, price) and bool(money or said.of(price))
        if many == price or (not both and not meant):
            continue
        words = {**(money if priced else {}), **words, **times}
        yield _made("times", many, price), words, {
            **features, "product priced": float(priced), "product unsaid": float(not both),
            f"product {many.role.value} {price.role.value}": 1.0,
            "product said": float(bool(times)),
        }  # fmt: skip


def _is_counted(ref: Ref) -> bool:
    return ref.role in _COUNTED | {Role.RATE}


def _fits(many: Ref, price: Ref) -> bool:
    """Whether nobody needs to name both: so many pieces at a price each, hours at a wage."""
    kinds = {concept(word) for word in price.words}
    if price.role is Role.AMOUNT and not kinds & {"cost", "price"}:
        return False
    return many.role in {Role.QUANTITY, Role.DURATION} or bool({*many.words} & _HELD)


def _differences(said: Saying, near: list[Ref]) -> Iterator[Worked]:
    """One amount less another of its kind: the price less the cost, the new less the old."""
    cue = _places(said, _BETWEEN)
    for more, less in permutations(near, 2):
        words, features = _told(said, more, less)
        opposed, money = _opposed(more, less), {more.role, less.role} <= _MONEY
        costs = money and _is_cost(less) and not _is_cost(more)
        named = money and features["worked apart"] == 1.0
        if not opposed and not (cue and (costs or named)):
            continue
        yield _made("minus", more, less), {**words, **cue}, {
            **features, "difference opposed": float(opposed), "difference cued": float(bool(cue)),
            "difference costs": float(costs),
        }  # fmt: skip


def _is_cost(ref: Ref) -> bool:
    return "cost" in {concept(word) for word in ref.words}


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
