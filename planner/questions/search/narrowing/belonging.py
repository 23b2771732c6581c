"""Rows by what belongs to them in another file: so many of them, in each of two years, or of a kind. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from memory.model.work.value import FileInfo
from planner.questions.conditions.telling import told as shown
from planner.questions.search.narrowing.comparisons import sign_of
from planner.questions.search.narrowing.contrasts import step_of
from planner.questions.search.narrowing.moments import held_by, placed_in, says
from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import Role
from planner.questions.spec import Filter, Linked, OneOf
from planner.questions.words.points import Period
from planner.questions.words.terms import Ref, Vocabulary


def so_many(said: Saying, held: Linked, words: Mapping[int, float]) -> Iterator[Piece[Held]]:
    """Rows with so many partners: "more than two orders", "who came more than once"."""
    named = max(words.values(), default=0.0)
    for place in said.places("p"):
        features = {"many link": named, "many again": 1.0}
        made = held.model_copy(update={"at_least": 2})
        yield Piece((made, shown(made)), "many partners", {**words, place: 1.0}, features)
    for place, at, least, negated in _bounds(said):
        times = {p: 1.0 for p in said.places("!") if abs(p - place) < 3}
        near = float(any(0 < p - place <= 2 for p in words))
        features = {"many link": named, "many near": near, "many times": float(bool(times))}
        made = held.model_copy(update={"at_least": least, "negated": negated})
        kind = "few partners" if negated else "many partners"
        yield Piece((made, shown(made)), kind, {**words, **times, place: 1.0, at: 1.0}, features)


def _bounds(said: Saying) -> Iterator[tuple[int, int, int, bool]]:
    """Where a number and its sign stand, from how many on, and whether rather fewer are meant."""
    for place, mark in enumerate(said.marks):
        at = sign_of(said.marks, place) if mark.letter == "N" and mark.number is not None else None
        bound = _bound(said.marks[at].carries, mark.number or 0) if at is not None else None
        if at is not None and bound is not None:
            yield place, at, *bound


def _bound(op: str, number: float) -> tuple[int, bool] | None:
    """From how many on, and whether rather fewer are meant; None where it is no number of rows."""
    if number != int(number) or not 0 < number < 1000:
        return None
    least = int(number) + (op in {">", "<="})
    told = {">": False, ">=": False, "<": True, "<=": True}
    return (least, told[op]) if op in told and (least > 1 or not told[op]) else None


def each_of(said: Saying, held: Linked, words: Mapping[int, float]) -> Iterator[Piece[Held]]:
    """A partner in each of two spans: "paid in both 2023 and 2024"."""
    spans = {p: mark.period for p, mark in enumerate(said.marks) if mark.period is not None}
    joined, told = said.places("y"), [*spans.values()]
    if len(told) < 2 or not joined:
        return
    for ref in said.reading.vocabulary.of_file(held.other.file):
        where = _years(ref, told)
        if where is None:
            continue
        grain = None if ref.role is Role.YEAR else step_of(told)
        update = {"where": (where,), "at_least": len(told), "each": ref.field, "grain": grain}
        features = {"each link": max(words.values(), default=0.0)}
        made, of = held.model_copy(update=update), {**words, **dict.fromkeys(spans, 1.0), **joined}
        yield Piece((made, shown(made)), "partner in each", of, features)


def _years(ref: Ref, told: Sequence[Period]) -> Filter | None:
    """The condition that it is one of the spans; None where the column can't say so."""
    years = tuple(float(period.year) for period in told if period.year)
    if ref.role is Role.YEAR:
        return OneOf(field=ref.field, values=years) if len(years) == len(told) else None
    return held_by(ref.field, told) if ref.role is Role.DATE else None


def whose(
    said: Saying, held: Linked, words: Mapping[int, float], signs: Mapping[int, float]
) -> Iterator[Piece[Held]]:
    """Rows with a partner of a kind, or without one: "customers who ordered in March", "who sold nothing"."""
    named = max(words.values(), default=0.0)
    for where, of, kind in _kinds(said, said.reading.files.by_path[held.other.file]):
        features = {"whose link": named, f"whose {kind}": 1.0}
        made = held.model_copy(update={"where": (where,)})
        yield Piece((made, shown(made)), "partner of a kind", {**words, **of}, features)
        if signs:
            without = made.model_copy(update={"negated": True})
            every = {**words, **of, **signs}
            yield Piece((without, shown(without)), "no partner of a kind", every, features)


def _kinds(said: Saying, file: FileInfo) -> Iterator[tuple[Filter, dict[int, float], str]]:
    """What words say of the rows of another file: a value of theirs, or when they were."""
    known = Vocabulary([file])
    dates = known.dates(file.path)[:1]
    for place, mark in enumerate(said.marks):
        period = mark.period
        if period is not None and says(period):
            for ref in dates:
                made = held_by(ref.field, [placed_in(ref, period, said.reading.today)])
                if made is not None:
                    yield made, {place: 1.0}, "span"
        found = known.value(mark.words) if mark.letter in "K~CV" else None
        for ref, values in found.values if found is not None else ():
            yield OneOf(field=ref.field, values=tuple(values)), {place: 1.0}, "value"
