"""Conditions that no row can fulfil together. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date

from planner.questions.spec import (
    Age,
    Compare,
    DatePart,
    During,
    Field,
    Filter,
    Missing,
    OneOf,
    Operand,
    QuerySpec,
)

Span = tuple[date | None, date | None]


def contradictions(spec: QuerySpec) -> tuple[Field, ...]:
    """The columns of which something is asked that can't be: one value and another, over 5 and under 3."""
    told = spec.filters
    pools = [told, *((*told, *measure.only) for measure in spec.measures)]
    return tuple(dict.fromkeys(field for pool in pools for field in _of(pool)))


def _turned(held: Filter) -> bool:
    return bool(getattr(held, "negated", False)) and not isinstance(held, Missing)


def _of(filters: Sequence[Filter]) -> Iterator[Field]:
    for place, first in enumerate(filters):
        yield from _by_itself(first)
        for second in filters[place + 1 :]:
            if are_apart(first, second):
                yield from _field(first)
    yield from _empty_ranges([held for held in filters if isinstance(held, Compare)])


def _by_itself(held: Filter) -> Iterator[Field]:
    if isinstance(held, During) and all(_is_empty(span) for span in held.spans):
        yield held.field


def _is_empty(span: Span) -> bool:
    start, end = span
    return start is not None and end is not None and start >= end


def are_apart(first: Filter, second: Filter) -> bool:
    """Whether both are about one column, and no row can be both."""
    fields = [*_field(first), *_field(second)]
    if len(fields) < 2 or fields[0] != fields[1]:
        return False
    if _turned(first) or _turned(second):
        return _is_contrary(first, second)
    match first, second:
        case OneOf(), OneOf():
            return not _values(first) & _values(second)
        case DatePart(), DatePart():
            return first.part == second.part and not {*first.numbers} & {*second.numbers}
        case During(), During():
            return not any(_overlap(a, b) for a in first.spans for b in second.spans)
        case _:
            return _is_empty_and_not(first, second)


def _is_contrary(first: Filter, second: Filter) -> bool:
    """One of these values, and none of them."""
    if not isinstance(first, OneOf) or not isinstance(second, OneOf):
        return False
    turned, held = (first, second) if first.negated else (second, first)
    return not held.negated and _values(held) <= _values(turned)


def _is_empty_and_not(first: Filter, second: Filter) -> bool:
    empty = [held for held in (first, second) if isinstance(held, Missing)]
    if len(empty) == 2:
        return empty[0].negated != empty[1].negated
    return len(empty) == 1 and not empty[0].negated and not empty[0].zero


def _values(held: OneOf) -> set[object]:
    return {v.strip().casefold() if isinstance(v, str) else v for v in held.values}


def _overlap(first: Span, second: Span) -> bool:
    (start, end), (other_start, other_end) = first, second
    before = start is not None and other_end is not None and start >= other_end
    return not before and not (end is not None and other_start is not None and other_start >= end)


def _empty_ranges(filters: Sequence[Compare]) -> Iterator[Field]:
    bounds: dict[Operand, list[Compare]] = {}
    for held in filters:
        if not held.average:
            bounds.setdefault(held.of, []).append(held)
    for of, held_of in bounds.items():
        low = max((c.value for c in held_of if c.op in {">", ">=", "="}), default=None)
        high = min((c.value for c in held_of if c.op in {"<", "<=", "="}), default=None)
        if low is None or high is None or low < high:
            continue
        if low > high or any(c.op in {"<", ">"} and c.value == low for c in held_of):
            yield from _fields(of)


def _fields(of: Operand) -> Iterator[Field]:
    if isinstance(of, Field):
        yield of
    else:
        yield of.born if isinstance(of, Age) else of.first


def _field(held: Filter) -> Iterator[Field]:
    if isinstance(held, OneOf | DatePart | During | Missing):
        yield held.field
