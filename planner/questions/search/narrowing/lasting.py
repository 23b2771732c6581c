"""How long something took, as a figure and as a condition: "days from order to shipping", "took over 2 weeks". Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from planner.questions.composition.durations import UNITS
from planner.questions.conditions.intervals import begins, ends
from planner.questions.search.narrowing.comparisons import sign_of
from planner.questions.search.pieces import Held, Piece, surely
from planner.questions.search.saying import Saying
from planner.questions.semantics import has_time
from planner.questions.spec import Combined, Compare, Function, Measure, Op
from planner.questions.words.lexicon import concept
from planner.questions.words.marks import Mark
from planner.questions.words.terms import Ref

_FUNCTIONS: tuple[Function, ...] = ("avg", "max", "min", "sum", "median")
_EXTREMES = {"max": "T", "min": "L"}
_LENGTHS = {
    "minute": ("minute", 1), "hour": ("minute", 60), "day": ("day", 1), "week": ("day", 7),
    "month": ("day", 30), "year": ("day", 365),
}  # fmt: skip
"""In what each is compared, and how many of it that is."""
_WITHIN = re.compile(r"\bwithin\b", re.IGNORECASE)
_SAME_DAY = re.compile(r"\bsame (?:day|date)\b", re.IGNORECASE)


def durations(said: Saying) -> Iterator[Piece[tuple[Measure, ...]]]:
    """The time between two dates of a row, in days, or of moments in hours or minutes."""
    dates = said.reading.vocabulary.dates(said.reading.base.path)
    places = (
        said.places("tu")
        | said.places("W", "long")
        | said.places("G", "day")
        | said.places("TL", "length")
        | {p: 1.0 for p, mark in enumerate(said.marks) if mark.words.lower() in UNITS}
    )
    for first, second in combinations(dates, 2):
        if not places and not _are_both_named(said, first, second):
            continue
        of = {**said.of(first), **said.of(second)}
        features = {
            "span": 1.0, "span adjacent": _is_next(dates, first, second),
            "span said": float(bool(places)), "span named": float(len(of)), **_of_pair(first, second),
        }  # fmt: skip
        for unit, told in _units(said, first, second):
            made = {"kind": "days", "first": first.field, "second": second.field, "unit": unit}
            between = Combined.model_validate(made)
            for function in _FUNCTIONS:
                at = said.places("F", function) | said.places(_EXTREMES.get(function, "-"))
                if function != "median" or at:
                    words = {**of, **places, **at}
                    measure = said.reading.measure(function, between)
                    yield Piece((measure,), f"{function} days", words, {**features, **told})


def _units(said: Saying, first: Ref, second: Ref) -> Iterator[tuple[str, dict[str, float]]]:
    """In what the time may be told: between moments in the unit that is said, else in any."""
    if not (has_time(first.column) and has_time(second.column)):
        yield "day", {}
        return
    told = {m.carries for m in said.marks if m.letter in "uG"} & {"hour", "minute", "day"}
    for unit in ("day", "hour", "minute"):
        if not told or unit in told:
            yield unit, {f"span of moments in {unit}": 1.0, "span unit said": float(bool(told))}


def _of_pair(first: Ref, second: Ref) -> dict[str, float]:
    """Whether the two are from when to when a row holds, or the first is when somebody was born."""
    born = any(concept(word) == "born" for ref in (first, second) for word in ref.words)
    return {
        "span of stay": float(begins(first) and ends(second)),
        "span from birth": float(born),
    }


def _are_both_named(said: Saying, first: Ref, second: Ref) -> bool:
    """Whether each of the dates has a word of its own, for sure."""
    a, b = surely(said.of(first)), surely(said.of(second))
    return bool(a - b and b - a)


def _is_next(dates: Sequence[Ref], first: Ref, second: Ref) -> float:
    return float(dates.index(second) - dates.index(first) == 1)


def lasting(said: Saying) -> Iterator[Piece[Held]]:
    """The time between two dates of a row, held against so many days, hours or minutes, or none."""
    dates = said.reading.vocabulary.dates(said.reading.base.path)
    asked = [*_asked(said)] if len(dates) > 1 else []
    for (first, second), (op, number, unit, words) in (
        (pair, each) for pair in combinations(dates, 2) for each in asked
    ):
        if unit == "minute" and not (has_time(first.column) and has_time(second.column)):
            continue
        of = {**said.of(first), **said.of(second)}
        features = {
            "lasting named": float(len(of)), "lasting adjacent": _is_next(dates, first, second),
            "lasting moments": float(unit == "minute"),
            **{f"lasting {name}": value for name, value in _of_pair(first, second).items()},
        }  # fmt: skip
        made = {"kind": "days", "first": first.field, "second": second.field, "unit": unit}
        held = Compare(of=Combined.model_validate(made), op=op, value=number)
        told = f"{unit}s from {first.name} to {second.name} {op} {number:g}"
        yield Piece((held, told), "lasting", {**of, **words}, features)


def _asked(said: Saying) -> Iterator[tuple[Op, float, str, dict[int, float]]]:
    """The comparison, the number, of days or minutes, and where all are said."""
    for place, mark in enumerate(said.marks[:-1]):
        unit = said.marks[place + 1]
        if mark.letter == "N" and mark.number is not None and _unit(unit) in _LENGTHS:
            sign = sign_of(said.marks, place)
            least: Op = "<=" if _WITHIN.search(said.words) else ">"
            op: Op = said.marks[sign].carries if sign is not None else least  # type: ignore[assignment]  # "O" marks carry comparisons
            words = {place: 1.0, place + 1: 1.0} | ({sign: 1.0} if sign is not None else {})
            shown, length = _LENGTHS[_unit(unit)]
            yield op, mark.number * length, shown, words
    if _SAME_DAY.search(said.words):
        yield "=", 0.0, "day", said.places("G", "day")


def _unit(mark: Mark) -> str:
    """The unit of time that is said: nights and minutes are parts of no date, and yet they are counted."""
    return UNITS.get(mark.words.lower(), mark.carries)
