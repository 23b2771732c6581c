"""How long something took as a condition: "took over 2 weeks", "within 180 days", "on the same day". Pure."""

import re
from collections.abc import Iterator
from itertools import combinations

from planner.questions.search.narrowing.comparisons import sign_of
from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
from planner.questions.spec import Combined, Compare, Op

_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_WITHIN = re.compile(r"\bwithin\b", re.IGNORECASE)
_SAME_DAY = re.compile(r"\bsame (?:day|date)\b", re.IGNORECASE)


def lasting(said: Saying) -> Iterator[Piece[Held]]:
    """The days between two dates of a row, held against a number of days, or none."""
    dates = said.reading.vocabulary.dates(said.reading.base.path)
    asked = [*_asked(said)] if len(dates) > 1 else []
    for (first, second), (op, days, words) in (
        (pair, each) for pair in combinations(dates, 2) for each in asked
    ):
        of = {**said.of(first), **said.of(second)}
        features = {
            "lasting named": float(len(of)),
            "lasting adjacent": float(dates.index(second) - dates.index(first) == 1),
        }
        between = Combined(kind="days", first=first.field, second=second.field)
        held = Compare(of=between, op=op, value=days)
        told = f"days from {first.name} to {second.name} {op} {days:g}"
        yield Piece((held, told), "lasting", {**of, **words}, features)


def _asked(said: Saying) -> Iterator[tuple[Op, float, dict[int, float]]]:
    """The comparison, the days, and where both are said."""
    for place, mark in enumerate(said.marks[:-1]):
        unit = said.marks[place + 1]
        if mark.letter == "N" and mark.number is not None and unit.carries in _DAYS:
            sign = sign_of(said.marks, place)
            least: Op = "<=" if _WITHIN.search(said.words) else ">"
            op: Op = said.marks[sign].carries if sign is not None else least  # type: ignore[assignment]  # "O" marks carry comparisons
            words = {place: 1.0, place + 1: 1.0} | ({sign: 1.0} if sign is not None else {})
            yield op, mark.number * _DAYS[unit.carries], words
    if _SAME_DAY.search(said.words):
        yield "=", 0.0, said.places("G", "day")
