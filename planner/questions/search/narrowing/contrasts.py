"""Values, months or spans that are held beside each other: "cash or card", "March vs April". Pure."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from planner.questions.search.pieces import Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import Role
from planner.questions.spec import DatePart, During, Field, Filter, Grain, Group, OneOf
from planner.questions.words.points import Period
from planner.questions.words.terms import Ref

_SINGLE = 366
"""In so many days each month comes once."""


def contrasts(said: Saying, held: Sequence[Filter]) -> list[Piece[tuple[Group, ...]]]:
    """By what the conditions take more than one of: each of them has its own figure."""
    compared = said.places("v")
    listed = said.places("oa,")
    found: list[Piece[tuple[Group, ...]]] = []
    for condition in held:
        ref = _ref(said, condition)
        made = _grouped(said, ref, condition) if ref is not None else ()
        if made:
            features = {
                "contrast said": float(bool(compared)),
                "contrast listed": float(bool(listed)),
            }
            found.append(Piece(made, "group compared", {**compared, **listed}, features))
    return found


def _ref(said: Saying, held: Filter) -> Ref | None:
    match held:
        case OneOf(field=field) | DatePart(field=field) | During(field=field):
            return said.reading.vocabulary.ref(field)
        case _:
            return None


def _grouped(said: Saying, ref: Ref, held: Filter) -> tuple[Group, ...]:
    match held:
        case OneOf(values=values, negated=False) if len({*map(_folded, values)}) > 1:
            boolean, own = ref.role is Role.BOOLEAN, ref.file.path == said.reading.base.path
            group = said.reading.group(ref)
            return () if boolean else (group,) if own else said.reading.named(ref)
        case DatePart(part=part, numbers=numbers, negated=False) if len(numbers) > 1:
            grain = _GRAINS[part]
            if part == "month" and _days(ref) <= _SINGLE:
                grain = "month"
            return (Group(field=ref.field, grain=grain, name=grain),)
        case During(spans=spans, negated=False) if len(spans) > 1:
            grain = _step(spans)
            return (Group(field=ref.field, grain=grain, name=grain),)
        case _:
            return ()


_GRAINS: dict[str, Grain] = {
    "month": "month_name", "quarter": "quarter", "weekday": "weekday", "hour": "hour_of_day", "year": "year",
}  # fmt: skip


def _folded(value: object) -> str:
    return str(value).strip().casefold()


def _days(ref: Ref) -> int:
    try:
        first, last = (date.fromisoformat(day[:10]) for day in (ref.column.least, ref.column.most))
    except ValueError:
        return _SINGLE + 1
    return (last - first).days


def step_of(told: Sequence[Period]) -> Grain:
    """The part of time that the spans are: a month each, a year each."""
    return _step([(period.start, period.end) for period in told])


def _step(spans: Sequence[tuple[date | None, date | None]]) -> Grain:
    days = max((end - start).days for start, end in spans if start and end)
    steps: tuple[tuple[int, Grain], ...] = ((2, "day"), (8, "week"), (32, "month"), (93, "quarter"))
    return next((grain for most, grain in steps if days < most), "year")


def reconciled(held: Sequence[Filter]) -> list[Filter]:
    """The conditions, where two that no row meets both of are either of them."""
    found: list[Filter] = []
    for condition in held:
        place, joined = next(_joined(found, condition), (None, condition))
        if place is None:
            found.append(condition)
        else:
            found[place] = joined
    return found


def _joined(found: Sequence[Filter], later: Filter) -> Iterator[tuple[int, Filter]]:
    for place, earlier in enumerate(found):
        either = _of_either(earlier, later)
        if either is not None:
            yield place, either


def _of_either(first: Filter, second: Filter) -> Filter | None:
    match first, second:
        case OneOf(values=a, negated=False), OneOf(values=b, negated=False):
            apart = _same(first.field, second.field) and not {*a} & {*b}
            return first.model_copy(update={"values": (*a, *b)}) if apart else None
        case DatePart(numbers=c, negated=False), DatePart(numbers=d, negated=False):
            apart = _same(first.field, second.field) and first.part == second.part
            return (
                first.model_copy(update={"numbers": (*c, *d)})
                if apart and not {*c} & {*d}
                else None
            )
        case During(spans=e, negated=False), During(spans=f, negated=False):
            apart = _same(first.field, second.field) and _are_apart([*e, *f])
            return first.model_copy(update={"spans": (*e, *f)}) if apart else None
        case _:
            return None


def _same(first: Field, second: Field) -> bool:
    return (first.file, first.column) == (second.file, second.column)


def _are_apart(spans: Sequence[tuple[date | None, date | None]]) -> bool:
    return all(
        (a[1] is not None and b[0] is not None and a[1] <= b[0])
        or (b[1] is not None and a[0] is not None and b[1] <= a[0])
        for a, b in combinations(spans, 2)
    )  # fmt: skip
