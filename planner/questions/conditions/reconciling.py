"""Conditions on one column that no row can fulfil together: they are alternatives, or a comparison."""

import re
from collections.abc import Iterator, Sequence

from planner.questions.conditions.telling import told
from planner.questions.conditions.values import letters_between
from planner.questions.readers.state import Parts, Reading, slug
from planner.questions.spec import DatePart, During, Filter, Grain, Group, Measure, Missing, OneOf
from planner.questions.truth.contradictions import are_apart
from planner.questions.words.marks import Mark

_GRAINS: dict[str, Grain] = {"month": "month_name", "quarter": "quarter", "year": "year", "weekday": "weekday"}  # fmt: skip


def reconcile(marks: Sequence[Mark], reading: Reading) -> None:
    """Put values or spans of one column together: each apart where they were asked for each.

    "how many boys and how many girls" are two figures; "an offer or hired" is one of both.
    """
    parts = reading.parts
    parts.filters = [*dict.fromkeys(parts.filters)]
    _part_of(marks, reading)
    for first, second in [*_apart(parts.filters)]:
        if first not in parts.filters or second not in parts.filters:
            continue
        joint = _joined(first, second)
        group = _group(joint, reading)
        apart = _each(marks) and parts.measures and not parts.groups
        if apart and group is None:
            parts.filters = [held for held in parts.filters if held not in (first, second)]
            parts.measures = [
                _only(measure, held) for measure in parts.measures for held in (first, second)
            ]
            continue
        parts.filters[parts.filters.index(first)] = joint
        parts.filters.remove(second)
        if apart and group is not None:
            parts.groups.append(group)
    _averaged(marks, reading)


def _averaged(marks: Sequence[Mark], reading: Reading) -> None:
    """ "average size of A and B": one average of both says nothing of either."""
    parts = reading.parts
    listed = [held for held in parts.filters if isinstance(held, OneOf) and len(held.values) > 1]
    if len(listed) != 1 or listed[0].negated or not _only_averages(parts):
        return
    group = _group(listed[0], reading) if _is_list(marks, listed[0]) else None
    parts.groups += [group] if group is not None else []


def _only_averages(parts: Parts) -> bool:
    """Whether it asks for averages, of all rows and in no order."""
    of_each = (m.function in {"avg", "median"} and not m.only for m in parts.measures)
    whole = not (parts.groups or parts.order or parts.rank)
    return whole and bool(parts.measures) and all(of_each)


def _is_list(marks: Sequence[Mark], held: OneOf) -> bool:
    """Whether the values stand side by side with an "and" or a comma, and none with an "or"."""
    between = letters_between(marks, held.field)
    return bool(between & set("a,")) and "o" not in between


def _part_of(marks: Sequence[Mark], reading: Reading) -> None:
    """ "how many drops and how many failed": the condition is on the second figure alone."""
    parts = reading.parts
    letters = "".join(
        "!" if m.letter in "!F" else m.letter for m in marks if m.letter not in "IwW~"
    )
    if not re.fullmatch(r"[^!VXz$ON\"]*![CEA]+[a,]*a[a,]*![a,]*X?[VC][CEz]*", letters):
        return
    if not parts.filters or not parts.measures or parts.groups or len(parts.measures) > 2:
        return
    held = tuple(parts.filters)
    second = parts.measures[-1]
    name = f"{second.name}_{slug(' '.join(map(told, held)))}"[:50].rstrip("_")
    narrowed = second.model_copy(update={"only": held, "name": name})
    first = parts.measures[:-1] or [second]
    parts.measures, parts.filters = [*first, narrowed], []


def _only(measure: Measure, held: Filter) -> Measure:
    name = f"{measure.name}_{slug(told(held))}"[:50].rstrip("_")
    return measure.model_copy(update={"only": (*measure.only, held), "name": name})


def _apart(filters: Sequence[Filter]) -> Iterator[tuple[Filter, Filter]]:
    for place, first in enumerate(filters):
        for second in filters[place + 1 :]:
            alike = type(first) is type(second) and not isinstance(first, Missing)
            alike = alike and not _is_turned(first) and not _is_turned(second)
            if alike and are_apart(first, second):
                yield first, second


def _is_turned(held: Filter) -> bool:
    return isinstance(held, OneOf | DatePart | During) and held.negated


def _joined(first: Filter, second: Filter) -> Filter:
    match first, second:
        case OneOf(), OneOf():
            return first.model_copy(update={"values": (*first.values, *second.values)})
        case DatePart(), DatePart():
            return first.model_copy(update={"numbers": (*first.numbers, *second.numbers)})
        case During(), During():
            return first.model_copy(update={"spans": (*first.spans, *second.spans)})
        case _:
            raise AssertionError(first)


def _each(marks: Sequence[Mark]) -> bool:
    """Whether a figure was asked for each: by a comparison, or by asking twice."""
    letters = [mark.letter for mark in marks if mark.letter not in "IwW"]
    asked = [n for n, letter in enumerate(letters) if letter in "!F"]
    return "v" in letters or (
        len(asked) > 1 and any(x in "ao," for x in letters[asked[0] : asked[-1]])
    )


def _group(joint: Filter, reading: Reading) -> Group | None:
    match joint:
        case OneOf(field=field):
            ref = reading.vocabulary.ref(field)
            return reading.group(ref) if ref is not None else None
        case DatePart(field=field, part=part, numbers=numbers) if len(numbers) == 2:  # one each
            if part not in _GRAINS:
                return None
            return Group(field=field, grain=_GRAINS[part], name=part)
        case During(field=field, spans=spans):
            grain = _grain_of(spans)
            return Group(field=field, grain=grain, name=grain) if grain is not None else None
        case _:
            return None


def _grain_of(spans: Sequence[tuple[object, object]]) -> Grain | None:
    """By what spans of the same kind can be told apart."""
    days = {(e - s).days for s, e in spans if s is not None and e is not None}  # type: ignore[operator]  # dates
    if len(days) == 0 or any(None in span for span in spans):
        return None
    if days <= {365, 366}:
        return "year"
    if days <= {28, 29, 30, 31}:
        return "month"
    return "day" if days == {1} else None
